package engine

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// Labels that every object of ours carries.
const (
	LabelRun     = "firedrill.run"     // which run made it
	LabelOwner   = "firedrill.owner"   // which process, see Owner
	LabelExpires = "firedrill.expires" // RFC 3339, UTC: after that anyone may remove it
	LabelName    = "firedrill.name"    // its name inside the run
	LabelOf      = "firedrill.of"      // what the run is of, in its maker's word
)

// Run identifies one use of the engine: a lab, a build. All objects of a run go together.
type Run struct {
	ID      string
	Expires time.Time
	// Of is a word of the maker's by which it finds its runs again. It can be read by
	// whoever may talk to the engine.
	Of string
}

// NewRun gives a run with a fresh id that expires at the given time.
func NewRun(expires time.Time) Run {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return Run{ID: hex.EncodeToString(b[:]), Expires: expires.UTC()}
}

func (e *Engine) labels(run Run, name string) map[string]string {
	return map[string]string{
		LabelRun:     run.ID,
		LabelOwner:   e.owner.String(),
		LabelExpires: run.Expires.Format(time.RFC3339),
		LabelName:    name,
		LabelOf:      run.Of,
	}
}

// objectName is what Docker calls an object. It must be unique on the engine, and it says
// nothing of what the object is for: a candidate's program may learn it.
func objectName(run Run, name string) string { return "fd-" + run.ID + "-" + name }
