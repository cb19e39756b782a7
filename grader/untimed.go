package grader

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"

	"firedrill/grader/submission"
)

// timing is what a source that acts later by itself must hold somewhere.
var timing = regexp.MustCompile(`(?i)\btime\b|\bnow\b|tick|timer|sleep|cron|deadline`)

// calling is what a program that asks others must hold somewhere.
var calling = regexp.MustCompile(`(?i)client|dial|connect|transport|proxy|httputil|syscall|exec|` +
	`\bhttp\.(get|head|post|newrequest)|\brequire\b`)

// untimed reports that nothing of the candidate's could act later by itself: no line of the
// service that the kit does not hold deals with time, it stands on the same modules, and no
// further service asks anybody. Tests do not count. Where the kit is not known, everything may.
func (x *examination) untimed(src fs.FS) (bool, error) {
	if x.exam.Kit == nil {
		return false, nil
	}
	kit, err := x.exam.Kit()
	if err != nil {
		return false, err
	}
	known, err := sourceLines(kit, submission.ServiceDir)
	if err != nil {
		return false, err
	}
	own, err := sourceLines(src, ".")
	if err != nil {
		return false, err
	}
	for line, file := range own {
		if _, old := known[line]; old {
			continue
		}
		if path.Base(file) == "go.mod" || timing.MatchString(line) {
			return false, nil
		}
	}
	for _, e := range x.extras {
		own, err := sourceLines(x.files, e.Dir)
		if err != nil {
			return false, err
		}
		for line := range own {
			if calling.MatchString(line) {
				return false, nil
			}
		}
	}
	return true, nil
}

// sourceLines gives every line of a program's source with the file that it stands in last.
func sourceLines(fsys fs.FS, dir string) (map[string]string, error) {
	out := map[string]string{}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !isSource(path.Base(name)) {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		for line := range bytes.Lines(data) {
			out[string(bytes.TrimSpace(line))] = name
		}
		return err
	})
	return out, err
}

// isSource tells what a build may take in; go.sum only repeats go.mod.
func isSource(base string) bool {
	if ok, _ := path.Match("*_test.go", base); ok {
		return false
	}
	return path.Ext(base) == ".go" || path.Ext(base) == ".s" || base == "go.mod"
}
