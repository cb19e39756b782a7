package durable

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// frail is a disk that may lose power at any moment. Content that was not synced may be on
// it in part or not at all; of changes of names that were not synced, the first few may be.
type frail struct {
	content map[int][]byte   // by inode, as programs see it
	synced  map[int]bool     // whose content is on the disk
	names   map[string]int   // as programs see them
	onDisk  map[string]int   // names as of the last sync of the directory
	since   []map[string]int // and after each change from then on
	after   func(*frail)     // called after every step
	fail    string           // the step that finds the disk full
}

func newFrail(name, content string) *frail {
	return &frail{content: map[int][]byte{1: []byte(content)}, synced: map[int]bool{1: true},
		names: map[string]int{name: 1}, onDisk: map[string]int{name: 1}, after: func(*frail) {}}
}

func (d *frail) step(what string) error {
	d.since = append(d.since, maps.Clone(d.names))
	d.after(d)
	if d.fail == what || d.fail == "any" {
		return syscall.ENOSPC
	}
	return nil
}

func (d *frail) write(path string, data []byte) error {
	inode := len(d.content) + 1
	d.content[inode], d.names[path] = nil, inode
	if err := d.step("create"); err != nil {
		return err
	}
	d.content[inode] = data[:len(data)/2]
	if err := d.step("write"); err != nil {
		return err
	}
	d.content[inode] = data
	return d.step("written")
}

func (d *frail) sync(path string) error {
	if err := d.step("sync"); err != nil {
		return err
	}
	d.synced[d.names[path]] = true
	return nil
}

func (d *frail) rename(from, to string) error {
	if err := d.step("rename"); err != nil {
		return err
	}
	d.names[to] = d.names[from]
	delete(d.names, from)
	return d.step("renamed")
}

func (d *frail) remove(path string) error { delete(d.names, path); return d.step("removed") }

func (d *frail) read(path string) ([]byte, error) {
	inode, ok := d.names[path]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return d.content[inode], nil
}

func (d *frail) syncDir(string) error {
	d.onDisk, d.since = maps.Clone(d.names), nil
	return d.step("dir synced")
}

// found gives everything that a reader of the file may find after a power loss now.
func (d *frail) found(path string) []string {
	var out []string
	for _, names := range append([]map[string]int{d.onDisk, d.names}, d.since...) {
		inode, ok := names[path]
		if !ok {
			out = append(out, "(no file)")
			continue
		}
		now := d.content[inode]
		out = append(out, string(now))
		if !d.synced[inode] {
			out = append(out, "", string(now[:len(now)/2]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

const path = "dir/report.json"

// TestPowerLoss loses power after every step: the file is the old or the whole new one, and
// the new one for good once Replace has returned.
func TestPowerLoss(t *testing.T) {
	d := newFrail(path, "old and whole")
	var seen []string
	d.after = func(d *frail) {
		for _, content := range d.found(path) {
			require.Contains(t, []string{"old and whole", "new and whole"}, content)
			seen = append(seen, content)
		}
	}
	require.NoError(t, replace(d, "dir", "report.json", []byte("new and whole")))
	require.Contains(t, seen, "old and whole")
	require.Equal(t, []string{"new and whole"}, d.found(path))
}

// TestPowerLossIsSeen: the disk of the test tells a writer that takes a short cut.
func TestPowerLossIsSeen(t *testing.T) {
	d := newFrail(path, "old")
	require.NoError(t, d.write(".new", []byte("new!")))
	require.NoError(t, d.rename(".new", path))
	require.Equal(t, []string{"", "ne", "new!", "old"}, d.found(path), "nothing was synced")
}

// TestFullDisk finds no room at every step: the old content stays, nothing lies about.
func TestFullDisk(t *testing.T) {
	for _, at := range []string{"create", "write", "written", "sync", "rename"} {
		d := newFrail(path, "old")
		d.fail = at
		err := full("dir", replace(d, "dir", "report.json", []byte("new")))
		var no *FullError
		require.ErrorAs(t, err, &no, at)
		require.ErrorContains(t, err, "the disk of dir is full")
		require.NotEmpty(t, no.Hint())
		require.Equal(t, []string{"old"}, d.found(path), at)
		require.Len(t, d.names, 1, at)
	}
}

func TestReplace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a/b")
	require.NoError(t, MkdirAll(dir))
	require.NoError(t, MkdirAll(dir), "a second time there is nothing to do")
	read := func() string {
		data, err := os.ReadFile(filepath.Join(dir, "x.json"))
		require.NoError(t, err)
		return string(data)
	}
	for i := range 3 {
		require.NoError(t, Replace(dir, "x.json", []byte(strconv.Itoa(i))))
		require.Equal(t, strconv.Itoa(i), read())
	}
	left := filepath.Join(dir, ".x.json.ABCDEFGH.unfinished")
	require.NoError(t, os.WriteFile(left, []byte("hal"), 0o600))
	require.NoError(t, Sweep(dir))
	require.NoFileExists(t, left)
	require.Equal(t, "2", read())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left beside it")
	info, err := entries[0].Info()
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o644), info.Mode().Perm())
	require.Error(t, Replace(filepath.Join(dir, "nowhere"), "x.json", nil))
	err = MkdirAll(filepath.Join(dir, "x.json", "y"))
	require.Error(t, err)
	require.False(t, errors.As(err, new(*FullError)))
}
