package rundir

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab/engine"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

var key = Key{Submission: "sha256:s", Rubric: "sha256:r", Grader: "sha256:g", Seed: 1, Repeat: 1}

func look(t *testing.T, dir string) State {
	t.Helper()
	s, err := Look(dir)
	require.NoError(t, err)
	return s
}

func events(t *testing.T, dir string) (out []Event) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, LogName))
	require.NoError(t, err)
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		var e Event
		if json.Unmarshal(in.Bytes(), &e) == nil {
			out = append(out, e)
		}
	}
	return out
}

func kinds(all []Event) (out []string) {
	for _, e := range all {
		out = append(out, e.Event)
	}
	return out
}

func TestOneGrade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "jane-report")
	require.Equal(t, State{}, look(t, dir), "nothing was begun")
	r, err := Begin(dir, time.Hour, clock)
	require.NoError(t, err)
	self, err := engine.Self()
	require.NoError(t, err)
	s := look(t, dir)
	require.True(t, s.Running(self, noon))
	require.False(t, s.Has(key))
	_, err = Begin(dir, time.Hour, clock)
	var busy *BusyError
	require.ErrorAs(t, err, &busy, "one at a time")
	require.Equal(t, os.Getpid(), busy.PID)
	require.NotEmpty(t, busy.Hint())

	r.Log(Event{Event: Phase, Phase: "notes", Text: "a \x1b[2J\nline"})
	require.NoError(t, r.Done(Whole{Key: key, Run: "abc"}))
	s = look(t, dir)
	require.False(t, s.Running(self, noon))
	require.True(t, s.Has(key))
	require.Equal(t, "abc", s.Whole.Run)
	for _, change := range []func(*Key){
		func(k *Key) { k.Submission += "x" }, func(k *Key) { k.Rubric += "x" },
		func(k *Key) { k.Grader += "x" }, func(k *Key) { k.NotesOnly = true },
		func(k *Key) { k.Seed++ }, func(k *Key) { k.Repeat++ },
	} {
		other := key
		change(&other)
		require.False(t, s.Has(other), "%+v", other)
	}
	require.Equal(t, []string{Begun, Phase, Done}, kinds(events(t, dir)))
	text, err := os.ReadFile(filepath.Join(dir, LogName))
	require.NoError(t, err)
	require.NotContains(t, string(text), "\x1b")
}

// TestFailureKeepsTheOldResult: so does a grade that is under way.
func TestFailureKeepsTheOldResult(t *testing.T) {
	dir := t.TempDir()
	r, err := Begin(dir, time.Hour, clock)
	require.NoError(t, err)
	require.NoError(t, r.Done(Whole{Key: key, Run: "first"}))
	r, err = Begin(dir, time.Hour, clock)
	require.NoError(t, err)
	require.Equal(t, "first", look(t, dir).Whole.Run)
	require.NoError(t, r.Fail(errors.New("interrupted")))
	s := look(t, dir)
	require.True(t, s.Has(key))
	require.Equal(t, "interrupted", s.Failed.Error)

	r, err = Begin(dir, time.Hour, clock)
	require.NoError(t, err)
	require.NoError(t, r.Done(Whole{Key: key, Run: "second", Unchecked: "the engine hung"}))
	s = look(t, dir)
	require.False(t, s.Has(key), "part of it could not be checked: it is made again")
	require.Nil(t, s.Failed)
}

// TestKilled: a process that began here is gone. Its half result is nobody's, the next one
// repeats it.
func TestKilled(t *testing.T) {
	child := exec.Command("sleep", "600")
	require.NoError(t, child.Start())
	self, err := engine.Self()
	require.NoError(t, err)
	owner, err := engine.Of(child.Process.Pid)
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, State{Whole: &Whole{Key: key, Run: "old"},
		Working: &Working{Owner: owner.String(), Began: noon, Expires: noon.Add(time.Hour)}}.write(dir))
	require.NoError(t, os.WriteFile(filepath.Join(dir, LogName), []byte(`{"event":"begun"}`+"\n"+`{"eve`), 0o600))
	left := filepath.Join(dir, ".report.json.XYZ.unfinished")
	require.NoError(t, os.WriteFile(left, []byte(`{"rep`), 0o600))
	_, err = Begin(dir, time.Hour, clock)
	require.ErrorAs(t, err, new(*BusyError), "it runs")
	require.FileExists(t, left)

	require.NoError(t, child.Process.Kill())
	_ = child.Wait()
	s := look(t, dir)
	require.False(t, s.Running(self, noon))
	require.False(t, s.Has(key), "a grade was asked for and not made")
	require.Equal(t, "old", s.Whole.Run)
	r, err := Begin(dir, time.Hour, clock)
	require.NoError(t, err)
	require.NoFileExists(t, left)
	require.NoError(t, r.Done(Whole{Key: key, Run: "new"}))
	require.True(t, look(t, dir).Has(key))
	all := events(t, dir)
	require.Equal(t, []string{Begun, Found, Begun, Done}, kinds(all), "half a line spoils no other")
	require.Contains(t, all[1].Text, "repeated")
}

func TestOwnersThatCannotBeSeen(t *testing.T) {
	self, err := engine.Self()
	require.NoError(t, err)
	far := engine.Owner{Boot: "b", Space: "pid:[1]", PID: 7, Start: "1"}
	for name, c := range map[string]struct {
		owner string
		left  time.Duration
		want  bool
	}{
		"on another machine":          {far.String(), time.Minute, true},
		"on another machine, expired": {far.String(), -time.Minute, false},
		"in a form of its own":        {"who", time.Minute, true},
		"in a form of its own, later": {"who", -time.Minute, false},
	} {
		s := State{Working: &Working{Owner: c.owner, Expires: noon.Add(c.left)}}
		require.Equal(t, c.want, s.Running(self, noon), name)
	}
}

// TestBrokenState: what cannot be read is no result, and does not stand in the way.
func TestBrokenState(t *testing.T) {
	for _, text := range []string{"", "{", `{"state":2}`, "\x00\x00\x00"} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, StateName), []byte(text), 0o600))
		s, err := Look(dir)
		require.ErrorContains(t, err, StateName)
		require.Equal(t, State{}, s)
		r, err := Begin(dir, time.Hour, clock)
		require.NoError(t, err)
		require.NoError(t, r.Done(Whole{Key: key}))
		require.True(t, look(t, dir).Has(key))
		require.Equal(t, Found, events(t, dir)[0].Event)
	}
}

func TestJournal(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, LogName)
	require.NoError(t, os.WriteFile(name, make([]byte, journalSize+1), 0o600))
	j, err := openJournal(dir)
	require.NoError(t, err)
	j.write(Event{Event: Begun})
	j.close()
	require.Equal(t, []string{Begun}, kinds(events(t, dir)), "it begins anew")
	require.NoError(t, os.Remove(name))
	require.NoError(t, os.Symlink(filepath.Join(dir, "elsewhere"), name))
	_, err = openJournal(dir)
	require.ErrorContains(t, err, "not a plain file")
}
