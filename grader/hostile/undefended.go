package hostile

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// undefended takes out one defence after the other and plays the cases that it stops: each
// must fail, and by a complaint that proofs names. It gives the number of those that do not.
func (s *Suite) undefended(ctx context.Context) int {
	fmt.Fprintf(s.Out, "\nwithout the defence\n%-22s %-18s %-48s %s\n", "case", "outcome", "defence", "seconds")
	all, not := s.replays()
	builds := map[string]*undefendedBuild{}
	for _, c := range all {
		b := builds[c.Defence.Name]
		if b == nil {
			b = &undefendedBuild{}
			b.program = sync.OnceValues(func() (string, error) {
				b.dir = filepath.Join(s.work, "without-"+c.name()+".build")
				return s.build(ctx, *c.Defence, b.dir)
			})
			builds[c.Defence.Name] = b
		}
		b.left.Add(1)
	}
	var bad atomic.Int64
	var g errgroup.Group
	g.SetLimit(max(1, s.Parallel))
	for _, c := range all {
		g.Go(func() error {
			b := builds[c.Defence.Name]
			if r := s.without(ctx, c, b.program); len(r.wrong) > 0 {
				bad.Add(1)
			}
			if b.left.Add(-1) == 0 {
				_ = os.RemoveAll(b.dir) // some forty programs would fill a small /tmp
			}
			return nil
		})
	}
	_ = g.Wait()
	s.printNot(not)
	return int(bad.Load())
}

// undefendedBuild is a program without one defence, for all cases that it stops.
type undefendedBuild struct {
	program func() (string, error)
	dir     string
	left    atomic.Int64
}

// replays are the selected cases that are played without their defence, and why the others
// are not.
func (s *Suite) replays() (all []Case, not map[string]string) {
	not = map[string]string{}
	for _, c := range s.selected() {
		switch why := unplayed[c.ID]; {
		case c.Defence.Absent != "":
			not[c.ID] = "nothing to take out: " + c.Defence.Name + ": " + c.Defence.Absent
		case why != "":
			not[c.ID] = c.Defence.Name + ": " + why
		default:
			all = append(all, c)
		}
	}
	slices.Reverse(all) // the longest stand last, and would be waited for alone
	return all, not
}

func (s *Suite) printNot(not map[string]string) {
	fmt.Fprintf(s.Out, "\nnot played without the defence\n")
	for _, id := range sortedKeys(not) {
		fmt.Fprintf(s.Out, "%-22s %s\n", id, not[id])
	}
}

// without plays one case in a program that lacks its defence. What is wrong of the result is
// that it ended well, or in a way that says nothing about the defence.
func (s *Suite) without(ctx context.Context, c Case, build func() (string, error)) result {
	began := time.Now()
	r := result{id: c.ID, defence: c.Defence.Name, outcome: "fails, as it must"}
	program, err := build()
	if err == nil {
		r.said, err = proofs[c.Defence.Name].holds(s.one(ctx, program, c, "without-"+c.name()))
	}
	r.took = time.Since(began)
	if err != nil {
		r.outcome, r.wrong, r.said = "FAILED", []string{err.Error()}, ""
	}
	s.print(r)
	return r
}

// build compiles this program without a defence.
func (s *Suite) build(ctx context.Context, d Defence, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	root, err := filepath.Abs(s.Root)
	if err != nil {
		return "", err
	}
	replaced, err := d.without(root)
	if err != nil {
		return "", err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for i, file := range sortedKeys(replaced) {
		to := filepath.Join(dir, fmt.Sprintf("%d-%s", i, filepath.Base(file)))
		if err := os.WriteFile(to, []byte(replaced[file]), 0o600); err != nil {
			return "", err
		}
		overlay.Replace[filepath.Join(root, file)] = to
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	list, program := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "hostile")
	if err := os.WriteFile(list, data, 0o600); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-overlay", list, "-o", program, "./grader/hostile/cmd/hostile")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build without %q: %w: %.600s", d.Name, err, out)
	}
	return program, nil
}

// without gives the files of the module as they are without the defence.
func (d Defence) without(root string) (map[string]string, error) {
	out := map[string]string{}
	for _, e := range d.Off {
		text, ok := out[e.File]
		if !ok {
			data, err := os.ReadFile(filepath.Join(root, e.File))
			if err != nil {
				return nil, err
			}
			text = string(data)
		}
		if n := strings.Count(text, e.Old); n != 1 {
			return nil, fmt.Errorf("%s holds %q %d times, want once", e.File, e.Old, n)
		}
		out[e.File] = strings.Replace(text, e.Old, e.New, 1)
	}
	return out, nil
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
