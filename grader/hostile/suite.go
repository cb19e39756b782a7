package hostile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"

	"firedrill/examples"
	"firedrill/lab/engine"
	"firedrill/rubric"
)

// caseTime bounds one case: the longest wait of a grade, and a busy machine.
const caseTime = 5 * time.Minute

// Suite plays cases, each in a process of its own.
type Suite struct {
	Ground Ground
	// Program is this program: it is started again for each case, see Play.
	Program string
	// Root is the module's directory; programs without a defence are built from it.
	Root string
	// Parallel is how many cases are played at once.
	Parallel int
	// Only selects cases by their id; nil takes all.
	Only *regexp.Regexp
	// Defended plays the cases as they are, Undefended once more without their defences.
	Defended, Undefended bool
	// Out takes the tables.
	Out io.Writer

	eng      *engine.Engine
	work     string
	hosts    []string
	visits   atomic.Int64
	mu       sync.Mutex
	controls map[string]rubric.Grade
}

// result is one line of a table.
type result struct {
	id, outcome, defence string
	wrong                []string
	// died says that the process that grades gave no result, unchecked that its grade is left
	// open; said is what proves a defence.
	died, unchecked bool
	said            string
	took            time.Duration
}

// ErrFailed says that a case did not end as expected; the table tells which.
var ErrFailed = errors.New("not every case ended as it must")

// Run plays everything and prints the tables.
func (s *Suite) Run(ctx context.Context) error {
	var err error
	if s.eng, err = engine.Connect(ctx); err != nil {
		return err
	}
	defer s.eng.Close()
	if s.work, err = os.MkdirTemp("", "firedrill-hostile-"); err != nil {
		return err
	}
	defer os.RemoveAll(s.work)
	stop, err := s.listen()
	if err != nil {
		return err
	}
	defer stop()
	began := time.Now()
	if err := s.control(ctx); err != nil {
		return err
	}
	bad := 0
	if s.Defended {
		results := s.playAll(ctx)
		for _, r := range results {
			if len(r.wrong) > 0 {
				bad++
			}
		}
		if s.visits.Load() > 0 {
			bad++
		}
		fmt.Fprintf(s.Out, "\n%d cases, %d not as expected, %d connections reached the host, %.0f s\n",
			len(results), bad, s.visits.Load(), time.Since(began).Seconds())
	}
	if s.Undefended && ctx.Err() == nil {
		bad += s.undefended(ctx)
		fmt.Fprintf(s.Out, "\n%d not as expected, all in %.0f s\n", bad, time.Since(began).Seconds())
	}
	if bad > 0 {
		return ErrFailed
	}
	return ctx.Err()
}

// listen opens a door on every address of the host and counts who comes.
func (s *Suite) listen() (stop func(), err error) {
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return nil, err
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	for _, a := range addrs {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			s.hosts = append(s.hosts, net.JoinHostPort(ip.IP.String(), port))
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.visits.Add(1)
			_ = c.Close()
		}
	}()
	return func() { _ = l.Close() }, nil
}

// control grades the submissions that others are held against. The whole grades must be
// those that stand beside the examples.
func (s *Suite) control(ctx context.Context) error {
	s.controls = map[string]rubric.Grade{}
	var g errgroup.Group
	g.SetLimit(max(1, s.Parallel))
	for _, c := range s.controlled() {
		g.Go(func() error {
			seen, _, err := s.child(ctx, s.Program, c, fmt.Sprintf("%s-%d", c.name(), c.Scope))
			if err == nil && seen.Report == nil {
				err = errors.New(seen.Err)
			}
			if err == nil && c.Scope == Whole {
				err = s.exact(c.Base, seen)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", c.ID, err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.controls[key(c.Base, c.Scope)] = seen.Report.Grade
			return nil
		})
	}
	return g.Wait()
}

// controlled are the submissions that the selected cases are held against, and the three
// controls as a whole where Docker is needed at all.
func (s *Suite) controlled() []Case {
	var out []Case
	add := func(c Case) {
		if !slices.ContainsFunc(out, func(o Case) bool { return o.Base == c.Base && o.Scope == c.Scope }) {
			out = append(out, c)
		}
	}
	for _, c := range s.selected() {
		add(control(c.against(), c.Scope))
		if c.Docker() {
			for _, base := range []string{Kit, Strong, Partial} {
				add(control(base, Whole))
			}
		}
	}
	return out
}

// exact wants the grade that stands beside an example.
func (s *Suite) exact(name string, seen *Seen) error {
	want, err := examples.Load(s.Ground.Examples, name)
	if err != nil {
		return err
	}
	if d := want.Differences(seen.Report.Grade); len(d) > 0 {
		return fmt.Errorf("its grade is not the usual one: %s", strings.Join(d, "; "))
	}
	return nil
}

func key(base string, scope Scope) string { return fmt.Sprintf("%s %d", base, scope) }

// playAll plays the selected cases side by side, with the reference submission among them:
// it must get exactly its usual grade whatever runs beside it.
func (s *Suite) playAll(ctx context.Context) []result {
	var all []Case
	for i, c := range s.selected() {
		if c.Docker() && i%25 == 12 {
			n := control(Strong, Whole)
			n.ID = fmt.Sprintf("- neighbour-%d", i/25+1)
			n.Threat = "the reference submission, graded beside attacks"
			all = append(all, n)
		}
		all = append(all, c)
	}
	fmt.Fprintf(s.Out, "%-22s %-18s %-48s %s\n", "case", "outcome", "defence", "seconds")
	results := make([]result, len(all))
	var g errgroup.Group
	g.SetLimit(max(1, s.Parallel))
	for i, c := range all {
		g.Go(func() error {
			results[i] = s.one(ctx, s.Program, c, c.name())
			s.print(results[i])
			return nil
		})
	}
	_ = g.Wait()
	return results
}

func (s *Suite) selected() []Case {
	return slices.DeleteFunc(Cases(), func(c Case) bool { return s.Only != nil && !s.Only.MatchString(c.ID) })
}

func (s *Suite) print(r result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.Out, "%-22s %-18s %-48s %7.1f\n", r.id, r.outcome, r.defence, r.took.Seconds())
	if r.said != "" {
		fmt.Fprintf(s.Out, "    %.160q\n", r.said)
	}
	for _, w := range r.wrong[:min(len(r.wrong), 6)] {
		fmt.Fprintf(s.Out, "    %.300q\n", w)
	}
}

// one plays a case with a program and judges it.
func (s *Suite) one(ctx context.Context, program string, c Case, name string) result {
	r := result{id: c.ID, outcome: string(c.Want.Class), defence: "-"}
	if c.Defence != nil {
		r.defence = c.Defence.Name
	}
	began := time.Now()
	before := s.visits.Load()
	seen, left, err := s.child(ctx, program, c, name)
	r.took = time.Since(began)
	if err != nil {
		r.outcome, r.wrong, r.died = "FAILED", []string{err.Error()}, true
		return r
	}
	r.unchecked = seen.Unchecked
	seen.Left = append(left, s.volumesLeft(ctx, seen.Volumes)...)
	// Cases run side by side: a visitor is laid to each that ran meanwhile.
	seen.Reached = s.visits.Load() - before
	r.wrong = judge(c, seen, s.controls[key(c.against(), c.Scope)])
	if c.Defence == nil && seen.Report != nil {
		if err := s.exact(c.Base, seen); err != nil {
			r.wrong = append(r.wrong, err.Error())
		}
	}
	if len(r.wrong) > 0 {
		r.outcome = "FAILED"
	}
	return r
}

// child plays one case in a process of its own, whose memory, files and objects are looked
// at when it has ended. An error is one of the process; left is what stays in the engine.
func (s *Suite) child(ctx context.Context, program string, c Case, name string) (*Seen, []string, error) {
	dir := filepath.Join(s.work, name)
	defer os.RemoveAll(dir)
	for _, d := range []string{"cwd", "home", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return nil, nil, err
		}
	}
	order, err := json.Marshal(playOrder{ID: c.ID, Base: c.Base, Scope: c.Scope, Dir: dir, Hosts: s.hosts})
	if err != nil {
		return nil, nil, err
	}
	bound, cancel := context.WithTimeout(ctx, caseTime)
	defer cancel()
	cmd := exec.CommandContext(bound, program, "-play", string(order))
	cmd.Dir = filepath.Join(dir, "cwd")
	cmd.Env = append(os.Environ(), "HOME="+filepath.Join(dir, "home"), "TMPDIR="+filepath.Join(dir, "tmp"),
		canaryVariable+"="+canaryToken)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	out, err := cmd.CombinedOutput()
	left := s.leftBy(ctx, cmd.Process)
	if err != nil {
		if bound.Err() != nil {
			err = fmt.Errorf("it did not end within %s", caseTime)
		}
		return nil, left, fmt.Errorf("%w: %.400s", err, out)
	}
	var seen Seen
	data, err := os.ReadFile(filepath.Join(dir, "seen.json"))
	if err == nil {
		err = json.Unmarshal(data, &seen)
	}
	if err == nil {
		err = seen.read()
	}
	if err != nil {
		return nil, left, err
	}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		seen.MaxRSS = u.Maxrss << 10
	}
	for _, d := range []string{"cwd", "home", "tmp"} {
		entries, err := os.ReadDir(filepath.Join(dir, d))
		if err != nil {
			return nil, left, err
		}
		for _, e := range entries {
			seen.Written = append(seen.Written, d+"/"+e.Name())
		}
	}
	if seen.Grown, err = size(filepath.Join(dir, "out")); err != nil {
		return nil, left, err
	}
	if _, err := os.Lstat("/tmp/firedrill-slip"); !errors.Is(err, fs.ErrNotExist) {
		seen.Written = append(seen.Written, "/tmp/firedrill-slip")
	}
	return &seen, left, nil
}

// leftBy lists what a process that has ended left in the engine, and removes it.
func (s *Suite) leftBy(ctx context.Context, p *os.Process) []string {
	if p == nil {
		return nil
	}
	ctx, cancel := engine.Detach(ctx)
	defer cancel()
	all, err := s.eng.List(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	var left []string
	for _, o := range all {
		owner, err := engine.ParseOwner(o.Owner)
		if err != nil || owner.PID != p.Pid {
			continue
		}
		left = append(left, o.Kind+" "+o.Name)
		if _, err := s.eng.RemoveRun(ctx, o.Run); err != nil {
			left = append(left, err.Error())
		}
	}
	return left
}

// volumesLeft lists those of some volumes that are still there, and removes them: one that the
// engine made by itself has none of our labels.
func (s *Suite) volumesLeft(ctx context.Context, names []string) []string {
	ctx, cancel := engine.Detach(ctx)
	defer cancel()
	var left []string
	for _, name := range names {
		_, err := s.eng.Client().VolumeInspect(ctx, name, client.VolumeInspectOptions{})
		if errdefs.IsNotFound(err) {
			continue
		}
		left = append(left, "volume "+name)
		if err == nil {
			_, err = s.eng.Client().VolumeRemove(ctx, name, client.VolumeRemoveOptions{})
		}
		if err != nil {
			left = append(left, err.Error())
		}
	}
	return left
}

// playOrder tells a child what to play.
type playOrder struct {
	ID    string
	Base  string
	Scope Scope
	Dir   string
	Hosts []string
}

// Play carries out one order in this process and writes what it saw into the case's
// directory.
func Play(ctx context.Context, g Ground, order string) error {
	var o playOrder
	if err := json.Unmarshal([]byte(order), &o); err != nil {
		return err
	}
	c := control(o.Base, o.Scope)
	if i := slices.IndexFunc(Cases(), func(c Case) bool { return c.ID == o.ID }); i >= 0 {
		c = Cases()[i]
	}
	st := stage{dir: o.Dir, hosts: o.Hosts}
	if c.Docker() {
		eng, err := engine.Connect(ctx)
		if err != nil {
			return err
		}
		defer eng.Close()
		st.engine = eng
	}
	seen, err := g.play(ctx, c, st)
	if err != nil {
		return err
	}
	data, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.Dir, "seen.json"), data, 0o600)
}
