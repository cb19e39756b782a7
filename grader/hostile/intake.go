package hostile

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"firedrill/grader/submission"
)

const (
	notesFile   = submission.NotesFile
	composeFile = "docker-compose.yml"
)

func errJoin(errs ...error) error { return errors.Join(errs...) }

func rejected(r submission.Reason) Want { return Want{Class: Rejected, Reason: string(r)} }

// intakeCases are group A: what a directory can hold.
func intakeCases() []Case {
	linkTo := func(name string, target func(t *Tree) string) func(*Tree) {
		return func(t *Tree) { t.Symlink(name, target(t)) }
	}
	canary := func(t *Tree) string { return t.Canary }
	up := func(t *Tree) string {
		rel, err := filepath.Rel(t.Dir, t.Canary)
		t.Do(func() error { return err })
		return rel
	}
	named := func(name string) func(*Tree) {
		return func(t *Tree) { t.Write("service/"+name, "package main\n") }
	}
	return []Case{
		{ID: "A link-absolute", Threat: "the notes are a link to a secret file of the host", Base: Kit,
			Make: linkTo(notesFile, canary), Want: rejected(submission.SymbolicLink), Defence: linksUnfollowed},
		{ID: "A link-upwards", Threat: "the notes are a link with .. to a secret file", Base: Strong,
			Make: linkTo(notesFile, up), Want: rejected(submission.SymbolicLink), Defence: linksUnfollowed},
		{ID: "A link-source", Threat: "a source file is a link to a secret file, to be shown as a difference",
			Base: Kit, Make: linkTo("service/extra.go", canary),
			Want: rejected(submission.SymbolicLink), Defence: linksUnfollowed},
		{ID: "A link-directory", Threat: "service is a link with a trailing slash to a directory of the host",
			Base: Kit, Make: func(t *Tree) { t.Symlink("service", filepath.Dir(t.Canary)+"/") },
			Want: rejected(submission.SymbolicLink), Defence: linksUnfollowed},
		{ID: "A link-compose", Threat: "the compose file is a link to a secret file", Base: Kit,
			Make: linkTo(composeFile, canary), Want: rejected(submission.SymbolicLink), Defence: linksUnfollowed},
		{ID: "A link-elsewhere", Threat: "a file that is not graded is a link to a secret file", Base: Kit,
			Make: linkTo("metrics/latency.txt", canary),
			Want: Want{Class: AsUsual, Check: skipped(submission.SymbolicLink)}, Defence: linksUnfollowed},
		{ID: "A swap", Threat: "the notes are swapped for a link to a secret file while they are read",
			Base: Kit, Make: swap, Want: Want{Class: Harmless}, Defence: linksUnfollowed},
		{ID: "A hard-link", Threat: "a source file is a further name of a secret file", Base: Kit,
			Make: func(t *Tree) {
				t.Do(func() error { return os.Link(t.Canary, t.Path("service/extra.go")) })
			}, Want: rejected(submission.HardLink), Defence: oneName},
		{ID: "A fifo", Threat: "the notes are a pipe that nobody writes to", Base: Kit,
			Make: func(t *Tree) {
				t.Remove(notesFile)
				t.Do(func() error { return syscall.Mkfifo(t.Path(notesFile), 0o644) })
			}, Want: rejected(submission.SpecialFile), Defence: plainFiles},
		{ID: "A socket", Threat: "a source file is a socket", Base: Kit,
			Make: socket, Want: rejected(submission.SpecialFile), Defence: plainFiles},
		{ID: "A device", Threat: "a source file is a device", Base: Kit,
			Make: func(t *Tree) { // the one device that everybody may make: 0:0
				t.Do(func() error { return syscall.Mknod(t.Path("service/extra.go"), syscall.S_IFCHR|0o644, 0) })
			}, Want: rejected(submission.SpecialFile), Defence: plainFiles},
		{ID: "A notes-directory", Threat: "the notes are a directory", Base: Kit,
			Make: func(t *Tree) { t.Remove(notesFile); t.Write(notesFile+"/x", "x") },
			Want: rejected(submission.WrongKind), Defence: rightKind},
		{ID: "A setuid", Threat: "a source file would run as its owner", Base: Kit,
			Make: func(t *Tree) {
				t.Do(func() error { return os.Chmod(t.Path("service/main.go"), 0o755|os.ModeSetuid) })
			}, Want: rejected(submission.SetID), Defence: noSetID},
		{ID: "A sparse", Threat: "a file of a terabyte that holds nothing", Base: Kit,
			Make: func(t *Tree) {
				t.Write("service/big.go", "package main\n")
				t.Do(func() error { return os.Truncate(t.Path("service/big.go"), 1<<40) })
			}, Want: rejected(submission.TooLarge), Defence: fileSize},
		{ID: "A large-together", Threat: "many files that are large together", Base: Kit,
			Make: func(t *Tree) {
				for i := range 12 {
					t.Write(fmt.Sprintf("service/f%d.txt", i), strings.Repeat("x", 2<<20-1))
				}
			}, Want: rejected(submission.TotalLarge), Defence: totalSize},
		{ID: "A many-files", Threat: "twenty thousand files", Base: Kit,
			Make: func(t *Tree) {
				for i := range 20_000 {
					t.Write(fmt.Sprintf("service/many/%d", i), "")
				}
			}, Want: rejected(submission.TooMany), Defence: entries},
		{ID: "A deep", Threat: "directories nested 5,000 deep", Base: Kit,
			Make: deep, Want: rejected(submission.TooDeep), Defence: depth},
		{ID: "A name-escape", Threat: "a name that writes to the terminal", Base: Kit,
			Make: named("\x1b]52;c;cm0gLXJmIC8=\a\n.go"), Want: rejected(submission.HostileName), Defence: safeNames},
		{ID: "A name-bytes", Threat: "a name that is no text", Base: Kit,
			Make: named("\xff\xfe.go"), Want: rejected(submission.HostileName), Defence: safeNames},
		{ID: "A name-option", Threat: "a name that a tool takes for an option", Base: Kit,
			Make: named("-toolexec=sh.go"), Want: rejected(submission.HostileName), Defence: safeNames},
		{ID: "A name-bidi", Threat: "a name that reads backwards", Base: Kit,
			Make: named("og.\u202eniam"), Want: rejected(submission.HostileName), Defence: safeNames},
		{ID: "A name-elsewhere", Threat: "a hostile name beside what is graded", Base: Kit,
			Make: func(t *Tree) { t.Write("metrics/\x1b[2J\x1b[31m.txt", "x") },
			Want: Want{Class: AsUsual, Check: skipped(submission.HostileName)}, Defence: safeNames},
		{ID: "A source-escapes", Threat: "source that writes to the terminal of whoever reads what was changed", Base: Kit,
			Make: func(t *Tree) {
				t.Write("service/extra.go", "package main\n\n// \x1b]52;c;cm0gLXJmIC8=\a\x1b[2J \u202egood\u202c \u009b31m\n")
			}, Want: Want{Class: AsUsual}, Defence: spelledOut},
		{ID: "A case-twins", Threat: "two names that are one on other machines", Base: Kit,
			Make: named("MAIN.go"), Want: rejected(submission.CaseTwins), Defence: caseTwins},
		{ID: "A git-hooks", Threat: "a repository whose hooks and filters run when it is looked at", Base: Kit,
			Make: func(t *Tree) {
				t.Write(".git/config", "[core]\n\tfsmonitor = touch hooked\n\thooksPath = .git/hooks\n")
				t.Write(".git/HEAD", "ref: refs/heads/main\n")
				t.Write(".git/hooks/post-checkout", "#!/bin/sh\ntouch hooked\n")
				t.Do(func() error { return os.Chmod(t.Path(".git/hooks/post-checkout"), 0o755) })
			}, Want: Want{Class: AsUsual, Check: skipped(submission.Ignored)}, Defence: toolDirs},
		{ID: "A archives", Threat: "archives with .. in names, links and a bomb", Base: Kit,
			Make: archives, Want: Want{Class: AsUsual}, Defence: noUnpack},
	}
}

// skipped wants an entry to be left out for a reason.
func skipped(reason submission.Reason) func(*Seen) error {
	return func(s *Seen) error {
		for _, k := range s.Report.Submission.Skipped {
			if k.Reason == string(reason) {
				return nil
			}
		}
		return fmt.Errorf("nothing was left out as %q: %v", reason, s.Report.Submission.Skipped)
	}
}

// swap exchanges the notes and a link to the canary while they are read.
func swap(t *Tree) {
	t.Symlink("other", t.Canary)
	t.Background = func(stop <-chan struct{}) {
		notes, other, spare := t.Path(notesFile), t.Path("other"), t.Path("spare")
		for {
			select {
			case <-stop:
				return
			default:
			}
			_ = os.Rename(notes, spare)
			_ = os.Rename(other, notes)
			_ = os.Rename(spare, other)
		}
	}
}

func socket(t *Tree) {
	t.Do(func() error { return syscall.Mknod(t.Path("service/extra.go"), syscall.S_IFSOCK|0o644, 0) })
}

// deep nests directories beyond any path's length.
func deep(t *Tree) {
	t.Do(func() error {
		at, err := os.OpenRoot(t.Path("service"))
		for i := 0; err == nil && i < 5000; i++ {
			var next *os.Root
			if err = at.Mkdir("d", 0o755); err == nil {
				next, err = at.OpenRoot("d")
			}
			_ = at.Close()
			at = next
		}
		if err == nil {
			err = at.Close()
		}
		return err
	})
}

// archives puts a slip and a bomb beside what is graded.
func archives(t *Tree) {
	t.Do(func() error {
		var slip bytes.Buffer
		z := zip.NewWriter(&slip)
		for _, name := range []string{"../../../../tmp/firedrill-slip", "/tmp/firedrill-slip", `..\slip`} {
			w, err := z.Create(name)
			if err != nil {
				return err
			}
			if _, err := io.WriteString(w, "slipped"); err != nil {
				return err
			}
		}
		if err := z.Close(); err != nil {
			return err
		}
		var bomb bytes.Buffer
		g, err := gzip.NewWriterLevel(&bomb, gzip.BestCompression)
		if err != nil {
			return err
		}
		zeros := make([]byte, 1<<20)
		for range 200 {
			if _, err := g.Write(zeros); err != nil {
				return err
			}
		}
		if err := g.Close(); err != nil {
			return err
		}
		return errors.Join(
			os.WriteFile(t.Path("submission.zip"), slip.Bytes(), 0o644),
			os.WriteFile(t.Path("notes.md.gz"), bomb.Bytes(), 0o644))
	})
}
