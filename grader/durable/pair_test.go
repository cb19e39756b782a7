package durable

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// two is a pair whose heads are "text, hash of the tail".
var two = Pair{Dir: "dir", Head: "head", Tail: "tail", Names: func(head []byte) string {
	_, hash, _ := strings.Cut(string(head), ", ")
	return hash
}}

func headOf(text, tail string) []byte { return []byte(text + ", " + Hash([]byte(tail))) }

// oldPair is a disk with a pair on it.
func oldPair(t *testing.T) *frail {
	t.Helper()
	d := newFrail("dir/head", string(headOf("old", "old tail")))
	require.NoError(t, replace(d, "dir", "tail", []byte("old tail")))
	return d
}

// reads gives what a reader of the pair finds: the head's text and its tail.
func reads(t *testing.T, d *frail) string {
	t.Helper()
	head, err := d.read("dir/head")
	require.NoError(t, err)
	tail, err := two.TailOf(head, d.read)
	require.NoError(t, err)
	text, _, _ := strings.Cut(string(head), ", ")
	return text + " with " + string(tail)
}

// worlds are the disks that may be found when the machine is started again after a power loss
// now, and, last, what a killed process leaves.
func (d *frail) worlds() []*frail {
	var out []*frail
	for _, names := range append([]map[string]int{d.onDisk}, d.since...) {
		whole := func(data []byte) []byte { return data }
		half := func(data []byte) []byte { return data[:len(data)/2] }
		none := func([]byte) []byte { return nil }
		for _, lost := range []func([]byte) []byte{whole, half, none} {
			out = append(out, d.again(names, lost))
		}
	}
	return append(out, d.again(d.names, func(data []byte) []byte { return data }))
}

// again is a disk with some names, on which what was not synced is there in part.
func (d *frail) again(names map[string]int, lost func([]byte) []byte) *frail {
	w := &frail{content: maps.Clone(d.content), synced: map[int]bool{}, names: maps.Clone(names),
		onDisk: maps.Clone(names), after: func(*frail) {}}
	for inode, data := range w.content {
		if !d.synced[inode] {
			w.content[inode] = lost(data)
		}
		w.synced[inode] = true
	}
	return w
}

const oldOne, newOne = "old with old tail", "new with new tail"

// TestPairPowerLoss stops after every step, by a kill or with the power: a reader finds the
// old pair or the new one, and so does the next one who settles it or writes it again.
func TestPairPowerLoss(t *testing.T) {
	d := oldPair(t)
	var seen []string
	d.after = func(d *frail) {
		for _, w := range d.worlds() {
			found := reads(t, w)
			require.Contains(t, []string{oldOne, newOne}, found)
			seen = append(seen, found)
			require.NoError(t, two.settle(w))
			require.Equal(t, found, reads(t, w), "settling changes nothing for a reader")
			tail, err := w.read("dir/tail")
			require.NoError(t, err)
			require.True(t, strings.HasSuffix(found, " with "+string(tail)), "%s, %s", found, tail)
			require.NoError(t, two.replace(w, headOf("newer", "newer tail"), []byte("newer tail")))
			require.Equal(t, "newer with newer tail", reads(t, w))
		}
	}
	require.NoError(t, two.replace(d, headOf("new", "new tail"), []byte("new tail")))
	require.Contains(t, seen, oldOne)
	require.Contains(t, seen, newOne)
	d.after = func(*frail) {}
	require.Equal(t, newOne, reads(t, d))
	require.Len(t, d.names, 2)
	require.Equal(t, d.names, d.onDisk, "for good")
}

// TestPairFullDisk finds no room at every step, of the tail and of the head: the old pair or
// the new one stays, nothing lies about, and with room again the same is written.
func TestPairFullDisk(t *testing.T) {
	steps := 0
	d := oldPair(t)
	d.after = func(*frail) { steps++ }
	require.NoError(t, two.replace(d, headOf("new", "new tail"), []byte("new tail")))
	require.Greater(t, steps, 12)
	kept := 0
	for full := range steps {
		d := oldPair(t)
		n := 0
		d.after = func(d *frail) {
			d.fail = ""
			if n == full {
				d.fail = "any"
			}
			n++
		}
		err := two.replace(d, headOf("new", "new tail"), []byte("new tail"))
		require.Error(t, err, full)
		d.after, d.fail = func(*frail) {}, ""
		found := reads(t, d)
		require.Contains(t, []string{oldOne, newOne}, found, full)
		if found == oldOne {
			kept++
		}
		require.NoError(t, two.settle(d))
		require.Equal(t, found, reads(t, d))
		require.Len(t, d.names, 2, full)
		require.NoError(t, two.replace(d, headOf("new", "new tail"), []byte("new tail")))
		require.Equal(t, newOne, reads(t, d))
	}
	require.Greater(t, kept, 6)
}

// TestPair is on a real disk: a head without a tail, and a tail that nobody names.
func TestPair(t *testing.T) {
	p := two
	p.Dir = t.TempDir()
	at := func(name string) string { return filepath.Join(p.Dir, name) }
	require.NoError(t, p.Replace(headOf("one", "tail one"), []byte("tail one")))
	require.True(t, p.Settled())
	require.NoError(t, p.Settle())
	require.NoError(t, os.WriteFile(at(".tail.next"), []byte("nobody's"), 0o600))
	require.False(t, p.Settled())
	require.NoError(t, p.Settle())
	require.NoFileExists(t, at(".tail.next"))
	require.NoError(t, p.Replace([]byte("alone, "), nil))
	head, err := os.ReadFile(at("head"))
	require.NoError(t, err)
	tail, err := p.TailOf(head, os.ReadFile)
	require.NoError(t, err)
	require.Nil(t, tail, "the one that lies there is another's")
}
