package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"firedrill/grader/probe"
	"firedrill/rubric"
)

// item is one criterion.
type item struct {
	Anchor, ID, Title string
	// Outcome is in words, Class names its colour and sign: met, part, not, open, gone (could
	// not be checked), due (a penalty) or free (a penalty that is not due).
	Outcome, Class string
	// Points is what it earned of how much.
	Points, Judge string
	// Stake is how many points a person decides on.
	Stake int
	// Needed says what a pass needs of it, Replaced what a person's decision replaced; empty
	// where there is no such thing.
	Needed, Replaced string
	// Reason is empty where the only evidence says the same.
	Reason string
	// Brief is one line of why, for the folded criterion.
	Brief string
	// Quoted tells that Brief is the candidate's own words.
	Quoted bool
	Lines  cites
	Proofs []proof
}

// proof is one piece of evidence.
type proof struct {
	rubric.Evidence
	Verdict, VerdictClass, Told string
	Lines                       cites
	Doc, Needs                  string
	Counts                      []reading
	Terms                       []fact // what the counts mean
}

// builder makes items and notes which lines they cite.
type builder struct {
	shown int
	by    citations
	docs  map[string]probe.Probe
	file  string
	uses  map[string][]item // criteria that look at each probe
}

// looks are the words and classes of outcomes.
func looks(c rubric.Result) (words, class string) {
	switch {
	case c.Source == rubric.FromExaminer && c.Outcome == rubric.NeedsReview:
		return "not marked yet", "open"
	case c.Outcome == rubric.NeedsReview:
		return "needs review", "open"
	case c.Outcome == rubric.NotGradable:
		return "not gradable", "gone"
	case c.Of == 0 && c.Points < 0:
		return "due", "due"
	case c.Of == 0:
		return "not due", "free"
	case c.Outcome == rubric.Met:
		return "met", "met"
	case c.Points > 0:
		return "partly met", "part"
	}
	return "not met", "not"
}

// weights order the classes where a line has several.
var weights = map[string]int{"due": 7, "open": 6, "met": 5, "part": 4, "claim": 3, "not": 2, "free": 1}

func (b *builder) item(c rubric.Result) item {
	i := item{Anchor: "c-" + c.ID, ID: c.ID, Title: c.Title, Stake: c.Highest - c.Lowest, Reason: c.Reason}
	i.Outcome, i.Class = looks(c)
	i.Points = worth(c)
	i.Judge = judges[c.Source]
	if len(c.Evidence) == 1 && c.Evidence[0].Reason == c.Reason {
		i.Reason = ""
	}
	if c.Required > 0 {
		i.Needed = fmt.Sprintf("a pass needs at least %d of it", c.Required)
	}
	if a := c.Automatic; a != nil {
		i.Replaced = fmt.Sprintf("decided by a person; without that it would be %s, %s points: %s",
			strings.ReplaceAll(string(a.Outcome), "_", " "), signed(a.Points), a.Reason)
	}
	var all []int
	for _, e := range c.Evidence {
		i.Proofs = append(i.Proofs, b.proof(e))
		all = merge(all, e.Lines)
		class := i.Class
		if e.Kind == rubric.KindClaim {
			class = verdictClass(e.Verdict)
		}
		b.by.add(e.Lines, citing{i.Anchor, c.ID, i.Outcome + ", " + i.Points, class, weights[class]})
	}
	i.Lines = cite(all, b.shown)
	i.brief(c)
	seen := map[string]bool{}
	for _, e := range c.Evidence {
		if e.Probe != "" && e.Kind != rubric.KindClaim && !seen[e.Probe] {
			seen[e.Probe] = true
			b.uses[e.Probe] = append(b.uses[e.Probe], i)
		}
	}
	return i
}

// judges say who decides a criterion.
var judges = map[rubric.Source]string{
	rubric.FromNotes: "read from the notes", rubric.FromProbe: "probed",
	rubric.FromExaminer: "marked by a person", rubric.FromClaims: "claims held against facts",
}

// worth spells a criterion's points.
func worth(c rubric.Result) string {
	if c.Of == 0 {
		switch {
		case c.Lowest != c.Highest:
			return fmt.Sprintf("%s to %s", signed(c.Highest), signed(c.Lowest))
		case c.Points == 0 && c.Penalty > 0:
			return fmt.Sprintf("0, would cost %d", c.Penalty)
		}
		return signed(c.Points)
	}
	if c.Lowest != c.Highest {
		return fmt.Sprintf("%s–%s of %d", signed(c.Lowest), signed(c.Highest), c.Of)
	}
	return fmt.Sprintf("%d of %d", c.Points, c.Of)
}

// brief finds the line that stands under a folded criterion's title: the quote that earned
// it, what was counted, or why not.
func (i *item) brief(c rubric.Result) {
	for _, e := range c.Evidence {
		switch {
		case e.Kind == rubric.KindNotes && e.Quote != "" && c.Outcome == rubric.Met:
			i.Brief, i.Quoted = e.Quote, true
			return
		case e.Kind == rubric.KindProbe:
			for _, s := range e.Counted {
				r := read(s)
				if c.Outcome == rubric.Met || r.Sign == "no" {
					i.Brief = r.Text + named("; %s", r.Wanted)
					return
				}
			}
		}
	}
	i.Brief = c.Reason
}

func named(format, s string) string {
	if s == "" {
		return ""
	}
	return fmt.Sprintf(format, s)
}

// merge puts two ascending lists of lines together.
func merge(a, b []int) []int {
	out := make([]int, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0] <= b[0] {
			a, b = b, a // the smaller first one is b's
		}
		if n := len(out); n == 0 || out[n-1] != b[0] {
			out = append(out, b[0])
		}
		b = b[1:]
	}
	return out
}

func (b *builder) proof(e rubric.Evidence) proof {
	p := proof{Evidence: e, Lines: cite(e.Lines, b.shown)}
	if e.Verdict != "" {
		p.Verdict, p.VerdictClass = verdict(e.Verdict), verdictClass(e.Verdict)
	}
	d, ok := b.docs[e.Probe]
	if ok && e.Kind == rubric.KindProbe {
		p.Doc = sentence(d.Doc)
	}
	used := map[string]bool{}
	for _, s := range e.Counted {
		r := read(s)
		p.Counts = append(p.Counts, r)
		for _, name := range r.names {
			if doc := d.Counts[strings.ReplaceAll(name, " ", "_")]; doc != "" && !used[name] {
				used[name] = true
				p.Terms = append(p.Terms, fact{name, doc})
			}
		}
	}
	return p
}

// sentence makes a probe's documentation one.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func verdict(v rubric.Verdict) string { return strings.ReplaceAll(string(v), "_", " ") }

func verdictClass(v rubric.Verdict) string {
	switch v {
	case rubric.Confirmed:
		return "met"
	case rubric.Contradicted:
		return "due"
	}
	return "gone"
}

// claim is what the notes state, in one or more places, beside what was observed.
type claim struct {
	rubric.Claimed
	Anchor, Words, Class string
	Quotes               []quoted
	Observed             []reading
}

// quoted is the candidate's own text with its lines.
type quoted struct {
	Text  string
	Lines cites
}

// claims puts statements together that claim the same and were held against the same; the
// contradicted ones come first.
func (b *builder) claims(all []rubric.Claimed) []claim {
	var out []claim
	for _, c := range all {
		i := slices.IndexFunc(out, func(o claim) bool {
			return o.Claim == c.Claim && o.Verdict == c.Verdict && o.Reason == c.Reason &&
				slices.Equal(o.Claimed.Observed, c.Observed)
		})
		if i < 0 {
			one := claim{Claimed: c, Anchor: fmt.Sprintf("s-%d", len(out)+1), Words: verdict(c.Verdict),
				Class: verdictClass(c.Verdict)}
			for _, s := range c.Observed {
				one.Observed = append(one.Observed, read(s))
			}
			i, out = len(out), append(out, one)
		}
		out[i].Quotes = append(out[i].Quotes, quoted{c.Quote, cite(c.Lines, b.shown)})
		b.by.add(c.Lines, citing{out[i].Anchor, "claim " + c.Claim, out[i].Words, "claim", weights["claim"]})
	}
	rank := map[rubric.Verdict]int{rubric.Contradicted: -2, rubric.Confirmed: -1}
	slices.SortStableFunc(out, func(a, b claim) int { return cmp.Compare(rank[a.Verdict], rank[b.Verdict]) })
	return out
}
