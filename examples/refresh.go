package examples

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Refresh makes every example in the host's directory dir equal to the kit but for what
// its expectation lists as changed. It removes files that the kit no longer has, and
// returns the paths that it wrote or removed.
func Refresh(dir string, kit fs.FS) ([]string, error) {
	names, err := Names(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	var done []string
	for _, name := range names {
		e, err := Load(os.DirFS(dir), name)
		if err != nil {
			return done, err
		}
		root := filepath.Join(dir, name)
		if err := os.MkdirAll(root, 0o755); err != nil {
			return done, fmt.Errorf("refresh %s: %w", name, err)
		}
		paths, err := refresh(root, kit, e.Changed)
		done = append(done, paths...)
		if err != nil {
			return done, fmt.Errorf("refresh %s: %w", name, err)
		}
	}
	return done, nil
}

func refresh(root string, kit fs.FS, changed []string) ([]string, error) {
	var done []string
	err := each(kit, func(name string, data []byte) error {
		full := filepath.Join(root, filepath.FromSlash(name))
		if slices.Contains(changed, name) {
			return nil
		}
		if old, err := os.ReadFile(full); err == nil && string(old) == string(data) {
			return nil
		}
		info, err := fs.Stat(kit, name)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		done = append(done, full)
		return os.WriteFile(full, data, info.Mode().Perm())
	})
	if err != nil {
		return done, err
	}
	err = each(os.DirFS(root), func(name string, _ []byte) error {
		if _, err := fs.Stat(kit, name); err == nil || slices.Contains(changed, name) {
			return nil
		}
		full := filepath.Join(root, filepath.FromSlash(name))
		done = append(done, full)
		return os.Remove(full)
	})
	return done, err
}
