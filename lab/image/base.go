package image

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// suite is the Debian release that base is made of.
const suite = "bookworm"

// leaner are files that no container of ours reads.
func leaner() []string {
	return []string{
		"dev/*", "proc/*", "sys/*", "var/cache/apt/archives/*.deb", "var/lib/apt/lists/*",
		"usr/share/doc/*", "usr/share/man/*", "usr/share/locale/*",
	}
}

// Base is a minimal Debian, made with debootstrap from the mirror that this
// machine uses, so that apt works in builds on top of it as it does here. The
// mirror is no input: the packages are the same wherever they come from.
func Base() Image {
	return Image{name: "base", variants: []variant{{
		origin: Debian,
		inputs: append([]string{"debootstrap minbase 1", suite, passwd, group}, leaner()...),
		make:   makeBase,
	}}}
}

func makeBase(ctx context.Context, w *workshop, ref string) error {
	if err := checkDebootstrap(w.image.name); err != nil {
		return err
	}
	apt, err := ReadApt(os.DirFS("/etc/apt"))
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "firedrill-base-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	root := filepath.Join(dir, "root")
	args := []string{"--variant=minbase", suite, root}
	if apt.Mirror != "" {
		args = append(args, apt.Mirror)
	}
	w.say("debootstrap %s", suite)
	if err := w.run(ctx, Command{
		Name: "debootstrap", Args: args,
	}); err != nil {
		w.unmount(context.WithoutCancel(ctx), root)
		return err
	}
	if err := apt.install(root); err != nil {
		return err
	}
	if err := addUsers(root); err != nil {
		return err
	}
	w.say("import")
	return w.pipe(ctx, ref, tarCommand(root))
}

// unmount takes away what an interrupted debootstrap leaves mounted in its root,
// so that the root can be removed. Usually there is nothing, which is no error.
func (w *workshop) unmount(ctx context.Context, root string) {
	for _, dir := range []string{"proc", "sys"} {
		_ = w.run(ctx, Command{Name: "umount", Args: []string{"--lazy", filepath.Join(root, dir)}})
	}
}

// tarCommand packs a root as GNU tar does: owners, links and modes as they are.
func tarCommand(root string) Command {
	args := []string{"--create", "--numeric-owner", "--one-file-system", "--directory", root}
	for _, p := range leaner() {
		args = append(args, "--exclude=./"+p)
	}
	return Command{Name: "tar", Args: append(args, ".")}
}

// pipe imports what a command writes.
func (w *workshop) pipe(ctx context.Context, ref string, c Command) error {
	r, out := io.Pipe()
	c.Out = out
	done := make(chan error, 1)
	go func() {
		err := w.run(ctx, c)
		out.CloseWithError(err)
		done <- err
	}()
	err := w.load(ctx, ref, r)
	r.Close()
	if failed := <-done; failed != nil && err == nil {
		return failed
	}
	return err
}

// addUsers names our user in a Debian root.
func addUsers(root string) error {
	for file, text := range map[string]string{"etc/passwd": passwd, "etc/group": group} {
		_, ours, _ := strings.Cut(text, "\n") // root is there already
		f, err := os.OpenFile(filepath.Join(root, file), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteString(ours)
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
	}
	return nil
}
