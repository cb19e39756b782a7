package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

func (s session) kitCommand() *cobra.Command {
	var examiner bool
	cmd := &cobra.Command{
		Use:   "kit DIR",
		Short: "write what a candidate gets, or the examiner's papers",
		Long: `Writes the candidate's kit into the new directory DIR: papers, metrics, the service with its
sources, and a compose file that starts everything by itself, with the images of this machine. A
kit in which a word of the answer could be read is refused. With --examiner it writes the
examiner's papers: they hold the answer and never go near a candidate.`,
		Example: `lab kit ~/exam/kit
lab kit ~/exam/papers --examiner`,
		GroupID:           groupPapers,
		Args:              cli.Args(1, 1, "directory"),
		ValidArgsFunction: cli.First(cli.Dirs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if examiner {
				return s.kit(cmd.Context(), args[0], "the examiner's papers", s.examinerPapers)
			}
			return s.kit(cmd.Context(), args[0], "the candidate's kit", s.candidateKit)
		},
	}
	cmd.Flags().BoolVar(&examiner, "examiner", false, "the examiner's papers instead of the kit")
	return cmd
}

// kit writes the tree that give gives, which people call what.
func (s session) kit(ctx context.Context, dir, what string,
	give func(context.Context) (fs.FS, error)) error {
	if err := mustBeFree(dir); err != nil {
		return err
	}
	tree, err := give(ctx)
	if err != nil {
		return err
	}
	n, err := writeTree(dir, tree)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "wrote %s, %d files, to %s\n", what, n, dir)
	return err
}

// candidateKit is made for the images of this machine: its compose file names them.
func (s session) candidateKit(ctx context.Context) (fs.FS, error) {
	if s.Exam.Kit == nil {
		return nil, fmt.Errorf("exam %s has no kit", s.Exam.Name)
	}
	eng, err := engine.ConnectLasting(ctx)
	if err != nil {
		return nil, err
	}
	defer eng.Close()
	ref, err := s.find(ctx, eng)
	if err != nil {
		return nil, err
	}
	return s.Exam.Kit(ref)
}

func (s session) examinerPapers(context.Context) (fs.FS, error) {
	if s.Exam.Papers == nil {
		return nil, fmt.Errorf("exam %s has no examiner's papers", s.Exam.Name)
	}
	return s.Exam.Papers()
}

// writeTree writes a tree into a directory that is new or empty: all of it or nothing.
func writeTree(dir string, tree fs.FS) (files int, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return 0, err
	}
	if err := mustBeFree(dir); err != nil {
		return 0, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return 0, err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".lab-kit-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	if files, err = copyTree(tmp, tree); err != nil {
		return 0, err
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return 0, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	return files, os.Rename(tmp, dir)
}

// mustBeFree refuses a directory in which anything lies: somebody's work may be there.
func mustBeFree(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) > 0:
		return &Error{Err: fmt.Errorf("directory %s is not empty", dir),
			hint: "name a new one; nothing is overwritten", code: ExitFailed}
	}
	return nil
}

func copyTree(dir string, tree fs.FS) (files int, err error) {
	err = fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if e.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		files++
		return os.WriteFile(to, data, info.Mode().Perm())
	})
	return files, err
}
