package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"firedrill/rubric"
)

// world is one state of the lab with the probes that ran in it.
type world struct {
	Name, Doc string
	Runs      []run
	// Strip is when each probe ran, for the timeline; Words says it.
	Strip []slot
	Words string
}

// slot is a probe's time in a strip, in hundredths of its width.
type slot struct{ X, Width, Class string }

// run is one probe's answers over its time.
type run struct {
	Probe, Doc string
	// Chart is empty where nothing was timed; Words says what it shows, or why there is none.
	Chart chart
	Words string
	Uses  []item
	Class string
}

// chart is a stroke for each answer: its place is the order, its height the time.
type chart struct {
	Width                      int
	OK, Refused, Failed, Never string // paths
}

// Heights of the charts, in units of their view box, and the times at bottom and top.
const (
	chartHeight = 40
	bottomTime  = 100 * time.Microsecond
	topTime     = 12 * time.Second
)

// Grid gives the heights of 1 ms, 10 ms, 100 ms, 1 s.
func (chart) Grid() []string {
	var out []string
	for _, d := range []time.Duration{time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second} {
		out = append(out, fmt.Sprintf("%.1f", chartHeight-height(d)))
	}
	return out
}

// height is where a time stands, on a logarithmic scale.
func height(d time.Duration) float64 {
	d = min(max(d, bottomTime*5/4), topTime) // the shortest is still seen
	return chartHeight * math.Log(float64(d)/float64(bottomTime)) / math.Log(float64(topTime)/float64(bottomTime))
}

// worldDocs explain the worlds that labs have.
var worldDocs = map[string]string{
	"faulty": "the fault persists", "healed": "the fault is gone", "relapsed": "the fault is back",
}

// worlds lays the probes out by the worlds in which they ran. Seconds is the whole time.
func (b *builder) worlds(all []rubric.Observation) (out []world, seconds string) {
	var end int64
	for _, o := range all {
		if o.Pace != nil {
			end = max(end, o.Pace.Began+o.Pace.Took)
		}
	}
	for _, o := range all {
		i := slices.IndexFunc(out, func(w world) bool { return w.Name == o.World })
		if i < 0 {
			i, out = len(out), append(out, world{Name: o.World, Doc: worldDocs[o.World]})
		}
		r := run{Probe: o.Probe, Doc: sentence(b.docs[o.Probe].Doc), Uses: b.uses[o.Probe]}
		r.Class = "free"
		if len(r.Uses) > 0 {
			r.Class = r.Uses[0].Class
		}
		r.Chart, r.Words = answered(o, end > 0)
		out[i].Runs = append(out[i].Runs, r)
		if o.Pace != nil && end > 0 {
			out[i].Strip = append(out[i].Strip, slot{share(int(o.Pace.Began), int(end)),
				share(max(int(o.Pace.Took), int(end/400)), int(end)), r.Class})
		}
	}
	for i := range out {
		out[i].words(all)
	}
	if end > 0 {
		seconds = fmt.Sprintf("%.1f s", float64(end)/1000)
	}
	return out, seconds
}

// words says what the strip shows.
func (w *world) words(all []rubric.Observation) {
	from, to := int64(math.MaxInt64), int64(0)
	for _, o := range all {
		if o.World == w.Name && o.Pace != nil {
			from, to = min(from, o.Pace.Began), max(to, o.Pace.Began+o.Pace.Took)
		}
	}
	w.Words = plural(len(w.Runs), "probe")
	if to > 0 {
		w.Words += fmt.Sprintf(" from %.1f s to %.1f s", float64(from)/1000, float64(to)/1000)
	}
}

// answered draws and says how a probe's requests were answered. A record of times without
// any of this probe says that it made none; one that knows no times has those of the quoted
// requests.
func answered(o rubric.Observation, timed bool) (chart, string) {
	switch {
	case o.Unchecked != "":
		return chart{}, "not checked: " + o.Unchecked
	case o.Down != "":
		return chart{}, o.Down
	}
	asked, all := 0, []rubric.Answer(nil)
	if o.Pace != nil {
		asked, all = o.Pace.Asked, o.Pace.Answers
	} else if !timed {
		for _, x := range o.Transcript {
			all = append(all, rubric.Answer{Status: x.Status, Micros: x.Micros})
		}
		asked = len(all)
	}
	if len(all) == 0 {
		return chart{}, "no requests of its own"
	}
	return draw(all), sum(asked, all)
}

// draw makes the strokes.
func draw(all []rubric.Answer) chart {
	const step, least = 4, 40 // units of a stroke; strokes that fill the width
	c := chart{Width: step * max(len(all), least)}
	var paths [4]strings.Builder
	for i, a := range all {
		d := time.Duration(a.Micros) * time.Microsecond
		if a.Status == 0 {
			d = topTime
		}
		fmt.Fprintf(&paths[kind(a)], "M%d %dV%.1f", i*step+step/2, chartHeight, chartHeight-height(d))
	}
	c.OK, c.Refused, c.Failed, c.Never = paths[0].String(), paths[1].String(), paths[2].String(), paths[3].String()
	return c
}

// kind sorts answers: 2xx and 3xx, 4xx, 5xx and others, none.
func kind(a rubric.Answer) int {
	switch {
	case a.Status == 0:
		return 3
	case a.Status >= 200 && a.Status < 400:
		return 0
	case a.Status >= 400 && a.Status < 500:
		return 1
	}
	return 2
}

// sum says the same in words.
func sum(asked int, all []rubric.Answer) string {
	var n [4]int
	var times []time.Duration
	for _, a := range all {
		n[kind(a)]++
		if a.Status != 0 {
			times = append(times, time.Duration(a.Micros)*time.Microsecond)
		}
	}
	slices.Sort(times)
	var parts []string
	for i, word := range []string{"2xx", "4xx", "5xx", "no answer"} {
		if n[i] > 0 {
			parts = append(parts, fmt.Sprintf("%d × %s", n[i], word))
		}
	}
	text := plural(asked, "request") + ": " + strings.Join(parts, ", ")
	if asked > len(all) {
		text = fmt.Sprintf("%s, of which the worst of every %d: %s", plural(asked, "request"),
			(asked+len(all)-1)/len(all), strings.Join(parts, ", "))
	}
	if len(times) > 0 {
		text += fmt.Sprintf("; median %s, slowest %s", short(times[len(times)/2]), short(times[len(times)-1]))
	}
	return text
}

// short spells a time with two digits.
func short(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
