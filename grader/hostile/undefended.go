package hostile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// undefended takes out one defence after the other and plays a case that it stops: the case
// must fail. It gives the number of those that do not.
func (s *Suite) undefended(ctx context.Context) int {
	fmt.Fprintf(s.Out, "\nwithout the defence\n%-22s %-18s %-48s %s\n", "case", "outcome", "defence", "seconds")
	all := s.selected()
	var g errgroup.Group
	g.SetLimit(max(1, s.Parallel))
	still := make(chan int, len(all))
	for i, c := range all {
		if c.Defence.Absent != "" || slices.ContainsFunc(all[:i], func(o Case) bool { return o.Defence.Name == c.Defence.Name }) {
			continue
		}
		g.Go(func() error {
			still <- s.without(ctx, c)
			return nil
		})
	}
	_ = g.Wait()
	close(still)
	bad := 0
	for n := range still {
		bad += n
	}
	absent := map[string]string{}
	for _, d := range Defences() {
		if d.Absent != "" {
			absent[d.Name] = d.Absent
		}
	}
	fmt.Fprintf(s.Out, "\nnothing to take out\n")
	for _, name := range sortedKeys(absent) {
		fmt.Fprintf(s.Out, "%-50s %s\n", name, absent[name])
	}
	return bad
}

// without plays one case in a program that lacks its defence, and counts 1 if it ends well.
func (s *Suite) without(ctx context.Context, c Case) int {
	began := time.Now()
	name := "without-" + c.name()
	program, err := s.build(ctx, *c.Defence, filepath.Join(s.work, name+".build"))
	r := result{id: c.ID, defence: c.Defence.Name, outcome: "fails, as it must"}
	if err == nil {
		got := s.one(ctx, program, c, name)
		if len(got.wrong) == 0 {
			err = errors.New("the case ends well without its defence: it proves nothing")
		}
	}
	r.took = time.Since(began)
	if err != nil {
		r.outcome, r.wrong = "FAILED", []string{err.Error()}
	}
	s.print(r)
	return len(r.wrong)
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
