//go:build soak

package grader_test

import (
	"bufio"
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
	soakDocker  = flag.Int("soak.docker", 14, "submissions that are graded in full")
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
	rss          []int64  // of the process that is not killed, in KiB, at each end
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

// start runs the grader over all submissions. With kill it ends the process at a seeded moment
// while grades are under way, after so many have ended; restart is called at that moment
// instead, where it is not nil. It gives the exit code, -1 for a killed process.
func (s *soaking) start(after int, sig os.Signal, restart func()) int {
	s.Helper()
	s.starts++
	cmd := exec.Command(s.program, append(append([]string{"--out", s.out, "--jobs", strconv.Itoa(*soakJobs)},
		s.args...), s.dirs...)...)
	errs, err := cmd.StderrPipe()
	require.NoError(s, err)
	require.NoError(s, cmd.Start())
	s.pids = append(s.pids, cmd.Process.Pid)
	began, ended, due := 0, 0, false
	var timer *time.Timer
	fired := make(chan time.Time, 1)
	var said []string
	for in := bufio.NewScanner(errs); in.Scan(); {
		line := in.Text()
		said = append(said, line)
		switch {
		case beginLine.MatchString(line):
			began++
		case endLine.MatchString(line):
			ended++
			if sig == nil && restart == nil {
				s.rss = append(s.rss, rss(cmd.Process.Pid))
			}
		}
		kept := strings.HasSuffix(line, "graded before")
		if due || (sig == nil && restart == nil) || kept || ended < after || !beginLine.MatchString(line) {
			continue
		}
		due = true
		timer = time.AfterFunc(time.Duration(s.rand.Int64N(int64(s.delay))), func() {
			at := time.Now()
			if restart != nil {
				restart()
			} else {
				_ = cmd.Process.Signal(sig)
			}
			fired <- at
		})
	}
	err = cmd.Wait()
	if timer != nil && !timer.Stop() {
		at := <-fired
		if sig == nil {
			return exitCode(s.T, err, said)
		}
		// Ends that were told are not under way; nor is what an earlier start had graded.
		open := min(*soakJobs, max(0, began-(ended-count(said, "graded before"))))
		s.hit += open
		s.killed = append(s.killed, fmt.Sprintf("%v with %d under way, ended after %s",
			sig, open, time.Since(at).Round(10*time.Millisecond)))
		if sig == os.Interrupt {
			require.Less(s, time.Since(at), 15*time.Second)
		}
	}
	return exitCode(s.T, err, said)
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

func count(all []string, end string) int {
	n := 0
	for _, line := range all {
		if strings.Contains(line, end) {
			n++
		}
	}
	return n
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

// killATenth starts the grader until a tenth of the grades was under way in a process that
// was killed; then lets it end.
func (s *soaking) killATenth() {
	for after := 0; s.hit*10 < len(s.dirs) && s.starts < len(s.dirs); {
		sig := os.Signal(os.Interrupt)
		if s.rand.IntN(2) == 0 {
			sig = syscall.SIGKILL
		}
		if s.start(after, sig, nil) == 0 {
			return // all were graded before it was time
		}
		after = s.rand.IntN(max(1, 10*(*soakJobs)))
	}
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

// TestSoakNotes: many grades, a tenth of them killed half way, and a process that grades all
// of them in one go with memory that stays flat.
func TestSoakNotes(t *testing.T) {
	s := newSoaking(t, soakProgram(t), *soakN, "--notes-only")
	s.delay = 2 * time.Second
	s.killATenth()
	require.Zero(t, s.start(0, nil, nil))
	s.check(false)
	s.rss, s.args = nil, append(s.args, "--again")
	require.Zero(t, s.start(0, nil, nil))
	s.check(false)
	mean := func(of []int64) (sum int64) {
		for _, n := range of {
			sum += n
		}
		return sum / int64(max(1, len(of)))
	}
	quarter := len(s.rss) / 4
	early, late := mean(s.rss[quarter:2*quarter]), mean(s.rss[3*quarter:])
	t.Logf("memory: %d MiB in the second quarter of %d grades, %d MiB in the last, %d MiB at most",
		early>>10, len(s.rss), late>>10, slices.Max(s.rss)>>10)
	require.LessOrEqual(t, late*100, early*110, "memory stays flat within 10 %%")
}

// TestSoakDocker: full grades side by side, killed half way, with an engine that is started
// anew meanwhile; afterwards nothing is left of any process.
func TestSoakDocker(t *testing.T) {
	s := newSoaking(t, soakProgram(t), *soakDocker)
	s.delay = 20 * time.Second
	s.killATenth()
	if *soakRestart != "" {
		plain := s.args
		s.args = append(slices.Clone(plain), "--again")
		for i := range *soakTimes {
			code := s.start(i*(*soakDocker)/4, nil, func() {
				out, err := exec.Command("sh", "-c", *soakRestart).CombinedOutput()
				t.Logf("engine started anew: %v: %s", err, out)
			})
			t.Logf("exit %d after a restart of the engine", code)
		}
		s.args = plain
	}
	code := s.start(0, nil, nil)
	for range 2 { // what could not be checked is graded again
		if code != 0 {
			code = s.start(0, nil, nil)
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
