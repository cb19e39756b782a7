package image

import (
	"bytes"
	"context"
	"path"
)

// passwd and group name the users of our images.
const (
	passwd = "root:x:0:0:root:/:/sbin/nologin\n" +
		"nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n"
	group = "root:x:0:\nnonroot:x:65532:\n"
	hosts = "hosts: files dns\n" // nsswitch.conf: the platform's DNS is asked, nothing else
)

// Runtime is a nearly empty root for static programs: no shell, no libraries.
// The candidate's service is laid into it as /app/….
func Runtime() Image {
	return Image{name: "runtime", variants: []variant{{
		origin: Local,
		inputs: []string{"layout 1", passwd, group, hosts},
		make: func(ctx context.Context, w *workshop, ref string) error {
			var root bytes.Buffer
			a := NewArchive(&root)
			if err := a.emptyRoot(""); err != nil {
				return err
			}
			if err := a.Close(); err != nil {
				return err
			}
			return w.load(ctx, ref, &root, "USER "+User, "WORKDIR "+AppDir, "ENV HOME=/tmp")
		},
	}}}
}

// emptyRoot adds the directories and files that a static program expects.
func (a *Archive) emptyRoot(to string) error {
	for _, d := range []struct {
		name string
		mode int64
	}{{"etc", 0o755}, {"app", 0o755}, {"src", 0o755}, {"out", 0o1777}, {"tmp", 0o1777}} {
		if err := a.Dir(path.Join(to, d.name), d.mode, 0, 0); err != nil {
			return err
		}
	}
	for _, f := range []struct{ name, text string }{
		{"etc/passwd", passwd}, {"etc/group", group}, {"etc/nsswitch.conf", hosts},
	} {
		if err := a.File(path.Join(to, f.name), 0o644, []byte(f.text)); err != nil {
			return err
		}
	}
	return nil
}
