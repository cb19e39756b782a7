package report

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
)

// TestLoad: what is written is what is read, to the byte.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	r := sample()
	r.Record = &Record{Run: r.Run.ID, Notes: []byte("# notes\n\xe2\x80\xae"), Observations: []rubric.Observation{
		{Probe: "faulty.payments", Pace: &rubric.Pace{Asked: 1, Answers: []rubric.Answer{{Status: 202, Micros: 7}}}}}}
	_, err := r.Write(dir)
	require.NoError(t, err)
	back, err := Load(dir)
	require.NoError(t, err)
	want, err := r.JSON()
	require.NoError(t, err)
	got, err := back.JSON()
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
	require.Equal(t, r.Record.Notes, back.Record.Notes)
	require.Equal(t, r.Record.Observations, back.Record.Observations)

	// A record of another run is none of this report's.
	r.Record.Run = "other"
	_, err = r.Write(dir)
	require.NoError(t, err)
	back, err = Load(dir)
	require.NoError(t, err)
	require.Nil(t, back.Record)
}

func TestLoadRefuses(t *testing.T) {
	_, err := Load(t.TempDir())
	require.ErrorIs(t, err, fs.ErrNotExist)
	whole, err := sample().JSON()
	require.NoError(t, err)
	for text, want := range map[string]string{
		`{"report": 2, "criteria": "of another form"}`: "version 2 of the report's form, want 1",
		`{}`:                           "version 0 of the report's form, want 1",
		string(whole[:len(whole)/2]):   "not a whole report",
		`{"report": 1, "criteria": 7}`: "not a whole report",
	} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, FileName), []byte(text), 0o644))
		_, err := Load(dir)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, filepath.Join(dir, FileName))
	}
	// Fields of a later minor form are no reason to refuse.
	dir := t.TempDir()
	later := strings.Replace(string(whole), `"report": 1,`, `"report": 1, "mood": {"of": "the day"},`, 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, FileName), []byte(later), 0o644))
	_, err = Load(dir)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, RecordName), []byte("{"), 0o644))
	_, err = Load(dir)
	require.ErrorContains(t, err, RecordName)
}

// TestLoadFindsItsRecord: the record is the one that the report names, also where a killed
// grader had no time to put it in its place.
func TestLoadFindsItsRecord(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put := func(seed uint64) {
		r := sample()
		r.Record = &Record{Run: r.Run.ID, Seed: seed}
		_, err := r.Write(dir)
		require.NoError(t, err)
	}
	put(1)
	old, err := os.ReadFile(at(RecordName))
	require.NoError(t, err)
	put(2)
	require.NoError(t, os.Rename(at(RecordName), at("."+RecordName+".next")))
	require.NoError(t, os.WriteFile(at(RecordName), old, 0o644))
	for range 2 {
		r, err := Load(dir)
		require.NoError(t, err)
		require.EqualValues(t, 2, r.Record.Seed)
		rec, err := LoadRecord(dir)
		require.NoError(t, err)
		require.EqualValues(t, 2, rec.Seed)
		require.NoError(t, Settle(dir))
	}
	require.NoError(t, os.WriteFile(at(RecordName), old, 0o644))
	r, err := Load(dir)
	require.NoError(t, err)
	require.Nil(t, r.Record, "of the same run, and not what this grade was made of")
}
