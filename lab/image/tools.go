package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Program is the source of one of our own container programs.
type Program struct {
	// Name is the program's name: it becomes /bin/NAME.
	Name string
	// Source is a flat package main. It may use the allowed modules and nothing
	// of our own module, so that it can be compiled from embedded files. Its
	// files count, also those that it embeds; tests, go.mod and directories do not.
	Source fs.FS
}

// Tools is one image with all given programs, compiled in the builder image.
// Each lies in /bin and runs as nobody on a root like that of Runtime.
func Tools(programs ...Program) (Image, error) {
	programs = slices.Clone(programs)
	slices.SortFunc(programs, func(a, b Program) int { return strings.Compare(a.Name, b.Name) })
	inputs := []string{toolsDockerfile("builder", ""), passwd, group, hosts}
	var sources []file
	for i, p := range programs {
		if p.Name == "" || p.Name != path.Base(p.Name) || strings.HasPrefix(p.Name, ".") {
			return Image{}, fmt.Errorf("program %q: the name must be one path element", p.Name)
		}
		if i > 0 && programs[i-1].Name == p.Name {
			return Image{}, fmt.Errorf("program %q is given twice", p.Name)
		}
		files, err := p.files()
		if err != nil {
			return Image{}, fmt.Errorf("program %q: %w", p.Name, err)
		}
		for _, f := range files {
			sum := sha256.Sum256(f.data)
			inputs = append(inputs, f.name, hex.EncodeToString(sum[:]))
		}
		sources = append(sources, files...)
	}
	return Image{name: "tools", variants: []variant{{
		origin: Local,
		inputs: inputs,
		needs:  []Image{Builder()},
		make: func(ctx context.Context, w *workshop, ref string) error {
			return makeTools(ctx, w, ref, sources)
		},
	}}}, nil
}

// files are the program's sources under cmd/NAME, sorted.
func (p Program) files() ([]file, error) {
	entries, err := fs.ReadDir(p.Source, ".")
	if err != nil {
		return nil, err
	}
	var out []file
	code := false
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "go.") {
			continue
		}
		data, err := fs.ReadFile(p.Source, name)
		if err != nil {
			return nil, err
		}
		code = code || path.Ext(name) == ".go"
		out = append(out, file{path.Join("cmd", p.Name, name), data})
	}
	if !code {
		return nil, errors.New("no Go files")
	}
	return out, nil
}

func toolsDockerfile(builder, stage string) string {
	return strings.Join([]string{
		"FROM " + builder + " AS build",
		"LABEL " + labelStage + "=" + stage,
		"USER 0:0",
		"COPY src " + SourceDir,
		"RUN " + execForm(BuildCommand("/out/", "./cmd/...")),
		"FROM scratch",
		"COPY root /",
		"COPY --from=build /out /bin",
		"ENV HOME=/tmp PATH=/bin",
		"USER " + User,
		"",
	}, "\n")
}

func makeTools(ctx context.Context, w *workshop, ref string, sources []file) error {
	builder, err := w.store.Find(ctx, Builder())
	if err != nil {
		return err
	}
	w.say("compile %s", programNames(sources))
	stage := strings.ReplaceAll(ref, ":", ".")
	err = w.build(ctx, ref, "none", func(a *Archive) error {
		if err := a.File("Dockerfile", 0o644, []byte(toolsDockerfile(builder, stage))); err != nil {
			return err
		}
		if err := a.emptyRoot("root"); err != nil {
			return err
		}
		if err := a.module("src"); err != nil {
			return err
		}
		for _, f := range sources {
			if err := a.File(path.Join("src", f.name), 0o644, f.data); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.dropStage(ctx, stage)
}

// programNames lists the programs behind sources for people.
func programNames(sources []file) string {
	var names []string
	for _, f := range sources {
		names = append(names, path.Base(path.Dir(f.name)))
	}
	return strings.Join(slices.Compact(names), ", ")
}
