//go:build soak

package grader_test

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/examples"
	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/lab/engine"
	"firedrill/rubric"
)

// The soak's parameters, see `make soak`.
var (
	soakN       = flag.Int("soak.n", 200, "submissions of which the notes are graded")
	soakDocker  = flag.Int("soak.docker", 200, "submissions that are graded in full")
	soakJobs    = flag.Int("soak.jobs", 4, "grades at a time")
	soakSeed    = flag.Uint64("soak.seed", 1, "what is killed, when, and how")
	soakRestart = flag.String("soak.restart", "", "shell command that starts the engine anew; empty: it is not")
	soakTimes   = flag.Int("soak.restarts", 2, "how often")
)

// soaking is a cohort that is graded by processes which are killed now and then.
type soaking struct {
	*testing.T
	program, out string
	dirs, names  []string // of a submission, and of the example that it is a copy of
	args         []string
	rand         *rand.Rand
	delay        time.Duration // the most that passes between a begun grade and a kill
	pids         []int
	starts       int
	hit          int      // grades that were under way when their process was killed
	killed       []string // how each kill ended
	rss          []int64  // of the last process, in KiB, at each end of a grade
}

func newSoaking(t *testing.T, program string, n int, args ...string) *soaking {
	s := &soaking{T: t, program: program, out: filepath.Join(t.TempDir(), "out"), args: args,
		rand: rand.New(rand.NewPCG(*soakSeed, uint64(n)))}
	names, err := examples.Names(os.DirFS(submissions))
	require.NoError(t, err)
	in := t.TempDir()
	for i := range n {
		name := names[i%len(names)]
		dir := filepath.Join(in, fmt.Sprintf("%03d-%s", i, name))
		require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join(submissions, name))))
		s.dirs, s.names = append(s.dirs, dir), append(s.names, name)
	}
	return s
}

var (
	endLine   = regexp.MustCompile(`\((\d+) of \d+\)$`)
	beginLine = regexp.MustCompile(`: grading$`)
)

// blow is something that hits the grader or the engine while grades are under way.
type blow struct {
	after int       // submissions that are graded by then, by whichever process
	sig   os.Signal // what the process is sent; nil: the engine is started anew
}

// blows plans, from the seed, kills enough to hit a tenth of the grades, all before the last two
// fifths so that one process grades these in one go, and the engine's restarts.
func (s *soaking) blows(restarts int) []blow {
	var all []blow
	for range len(s.dirs)/(10**soakJobs) + 2 {
		all = append(all, blow{s.rand.IntN(1 + len(s.dirs)*3/5), []os.Signal{os.Interrupt, syscall.SIGKILL}[s.rand.IntN(2)]})
	}
	for range restarts {
		all = append(all, blow{after: s.rand.IntN(1 + len(s.dirs)*4/5)})
	}
	slices.SortStableFunc(all, func(a, b blow) int { return cmp.Compare(a.after, b.after) })
	return all
}

// suffer starts the grader again and again until all blows have fallen that are due, and once
// more to the end. Kills stop where a tenth of the grades was hit.
func (s *soaking) suffer(all []blow) (code int) {
	s.Helper()
	for {
		if s.hit*10 >= len(s.dirs) {
			all = slices.DeleteFunc(all, func(b blow) bool { return b.sig != nil })
		}
		if code, all = s.start(all); code != -1 && code != grader.ExitInterrupted {
			require.GreaterOrEqual(s, s.hit*10, len(s.dirs), "a tenth of the grades is killed")
			return code
		}
	}
}

// start runs the grader over all submissions, to the end or to the first kill. A blow falls at
// a seeded moment after a grade has begun. It gives the exit code, -1 for a killed process, and
// the blows that have not fallen.
func (s *soaking) start(blows []blow) (int, []blow) {
	s.Helper()
	s.starts, s.rss = s.starts+1, nil
	cmd := exec.Command(s.program, append(append([]string{"--out", s.out, "--jobs", strconv.Itoa(*soakJobs)},
		s.args...), s.dirs...)...)
	errs, err := cmd.StderrPipe()
	require.NoError(s, err)
	require.NoError(s, cmd.Start())
	s.pids = append(s.pids, cmd.Process.Pid)
	began, ended, kept := 0, 0, 0
	var timer *time.Timer // of a blow that is about to fall
	fell := make(chan time.Time, 1)
	var said []string
	for in := bufio.NewScanner(errs); in.Scan(); {
		line := in.Text()
		said = append(said, line)
		switch {
		case strings.Contains(line, "graded before"):
			kept, ended = kept+1, ended+1
		case endLine.MatchString(line):
			ended++
			s.rss = append(s.rss, rss(cmd.Process.Pid))
		case beginLine.MatchString(line):
			began++
		}
		if timer != nil && blows[0].sig == nil && len(fell) > 0 {
			<-fell
			timer, blows = nil, blows[1:]
		}
		if timer != nil || len(blows) == 0 || ended < blows[0].after || !beginLine.MatchString(line) {
			continue
		}
		timer = time.AfterFunc(time.Duration(s.rand.Int64N(int64(s.delay))), func() {
			at := time.Now()
			if blows[0].sig != nil {
				_ = cmd.Process.Signal(blows[0].sig)
			} else {
				out, err := exec.Command("sh", "-c", *soakRestart).CombinedOutput()
				s.Logf("engine started anew after %d grades: %v: %s", blows[0].after, err, out)
			}
			fell <- at
		})
	}
	err = cmd.Wait()
	if timer == nil || timer.Stop() {
		return exitCode(s.T, err, said), blows
	}
	at, sig := <-fell, blows[0].sig
	if sig != nil {
		// Ends that were told are not under way; nor is what an earlier start had graded.
		open := min(*soakJobs, max(0, began-(ended-kept)))
		s.hit += open
		s.killed = append(s.killed, fmt.Sprintf("%v with %d under way, ended after %s",
			sig, open, time.Since(at).Round(10*time.Millisecond)))
		if sig == os.Interrupt {
			require.Less(s, time.Since(at), 15*time.Second)
		}
	}
	return exitCode(s.T, err, said), blows[1:]
}

// exitCode is how a process ended, -1 where it was killed.
func exitCode(t *testing.T, err error, said []string) int {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(t, err)
		return 0
	}
	if exit.ExitCode() != -1 && exit.ExitCode() != grader.ExitInterrupted {
		t.Logf("exit %d: %s", exit.ExitCode(), strings.Join(said[max(0, len(said)-20):], "\n"))
	}
	return exit.ExitCode()
}

// rss is a process's resident memory in KiB.
func rss(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n
		}
	}
	return 0
}

// check holds every grade to the example's. With full it does so for what the service shows too.
func (s *soaking) check(full bool) {
	wrong := 0
	for i, dir := range s.dirs {
		r, err := report.Load(filepath.Join(s.out, filepath.Base(dir)+"-report"))
		require.NoError(s, err)
		want, err := examples.Load(os.DirFS(submissions), s.names[i])
		require.NoError(s, err)
		var differ []string
		if full {
			differ = want.Differences(r.Grade)
		} else {
			for _, c := range r.Criteria {
				j := slices.IndexFunc(want.Criteria, func(w examples.Criterion) bool { return w.ID == c.ID })
				if c.Source == rubric.FromNotes && (want.Criteria[j].Points != c.Points || want.Criteria[j].Outcome != c.Outcome) {
					differ = append(differ, c.ID)
				}
			}
		}
		if len(differ) > 0 || len(r.Run.Attempts) > 1 {
			s.Logf("%s: %d attempts; %v", filepath.Base(dir), len(r.Run.Attempts), differ)
		}
		if len(differ) > 0 {
			wrong++
		}
	}
	s.Logf("%d grades of %d as expected, %d starts, %d grades were under way in a killed process: %s",
		len(s.dirs)-wrong, len(s.dirs), s.starts, s.hit, strings.Join(s.killed, "; "))
	require.Zero(s, wrong)
}

// program builds the grader.
func soakProgram(t *testing.T) string {
	out := filepath.Join(t.TempDir(), "grader")
	build := exec.Command("go", "build", "-o", out, "./cmd/grader")
	build.Stderr = os.Stderr
	require.NoError(t, build.Run())
	return out
}

// requireFlat holds the memory of the process that ended last, over the grades that it made.
func (s *soaking) requireFlat() {
	s.Helper()
	require.NotEmpty(s, s.rss)
	mean := func(of []int64) (sum int64) {
		for _, n := range of {
			sum += n
		}
		return sum / int64(max(1, len(of)))
	}
	quarter := len(s.rss) / 4
	early, late := mean(s.rss[quarter:2*quarter]), mean(s.rss[3*quarter:])
	s.Logf("memory: %d MiB in the second quarter of %d grades, %d MiB in the last, %d MiB at most",
		early>>10, len(s.rss), late>>10, slices.Max(s.rss)>>10)
	if len(s.rss) >= 40 { // fewer say too little of a process that collects garbage
		require.LessOrEqual(s, late*100, early*110, "memory stays flat within 10 %%")
	}
}

// TestSoakNotes: many grades, a tenth of them killed half way, and a process that grades all
// of them in one go with memory that stays flat.
func TestSoakNotes(t *testing.T) {
	s := newSoaking(t, soakProgram(t), *soakN, "--notes-only")
	s.delay = 2 * time.Second
	require.Zero(t, s.suffer(s.blows(0)))
	s.check(false)
	s.args = append(s.args, "--again")
	code, _ := s.start(nil)
	require.Zero(t, code)
	s.check(false)
	s.requireFlat()
}

// TestSoakDocker: full grades side by side, a tenth of them killed half way, with an engine that
// is started anew meanwhile; afterwards every submission has its grade, memory was flat, and
// nothing is left of any process.
func TestSoakDocker(t *testing.T) {
	s := newSoaking(t, soakProgram(t), *soakDocker)
	s.delay = 20 * time.Second
	restarts := *soakTimes
	if *soakRestart == "" {
		restarts = 0
	}
	code := s.suffer(s.blows(restarts))
	s.requireFlat()
	for range 2 { // what could not be checked is graded again
		if code != 0 {
			code, _ = s.start(nil)
		}
	}
	require.Zero(t, code)
	s.check(true)
	e := connect(t)
	all, err := e.List(t.Context())
	require.NoError(t, err)
	for _, o := range all {
		owner, err := engine.ParseOwner(o.Owner)
		if err == nil {
			require.NotContains(t, s.pids, owner.PID, "%s %s is left", o.Kind, o.Name)
		}
	}
}
