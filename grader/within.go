package grader

import (
	"path/filepath"
	"strings"
)

// within reports whether path is dir or lies in it, links followed as far as there is
// something to follow. Of a dir that is not there, nothing is inside.
func within(dir, path string) bool {
	root, err := resolved(dir)
	if err != nil {
		return false
	}
	at, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	rest := ""
	for {
		if real, err := resolved(at); err == nil {
			at = filepath.Join(real, rest)
			break
		}
		if at == filepath.Dir(at) {
			return false
		}
		at, rest = filepath.Dir(at), filepath.Join(filepath.Base(at), rest)
	}
	rel, err := filepath.Rel(root, at)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func resolved(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}
