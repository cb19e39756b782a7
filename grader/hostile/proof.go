package hostile

import (
	"errors"
	"fmt"
	"strings"
)

// proof says how a case must fail without its defence. A crash, a timeout, a broken engine or
// another complaint says nothing about what was taken out.
type proof struct {
	// says are parts of complaints of judge's, of which there must be one.
	says []string
	// dies says that the threat is the end of the grading process itself, or that it takes too
	// long, so that there is no result; unchecked says that it is a grade left open.
	dies, unchecked bool
}

// holds gives the complaint that proves a defence, or says why there is none.
func (p proof) holds(r result) (string, error) {
	switch {
	case len(r.wrong) == 0:
		return "", errors.New("the case ends well without its defence: it proves nothing")
	case r.died && p.dies:
		return r.wrong[0], nil
	case r.died:
		return "", fmt.Errorf("it proves nothing: no result: %s", r.wrong[0])
	case r.unchecked && !p.unchecked:
		return "", fmt.Errorf("it proves nothing: it could not be checked: %.400q", r.wrong)
	}
	for _, w := range r.wrong {
		for _, part := range p.says {
			if strings.Contains(w, part) {
				return w, nil
			}
		}
	}
	return "", fmt.Errorf("it proves nothing: none of %q in %.400q", p.says, r.wrong)
}

// by is a proof by one of several complaints.
func by(says ...string) proof { return proof{says: says} }

// Complaints that prove several defences.
const (
	stolen    = "a secret of the host"
	taken     = "it was not rejected"
	otherwise = "rejected as "
	unskipped = "nothing was left out as"
	gained    = "without the trick"
	acting    = "holds \""
	applied   = "is applied"
	untold    = "no change is listed as not applied"
	unnoticed = "no notice says"
	unusual   = ", usually "
	open      = "could not be checked"
	program   = "the program " // said, or did not say
	excused   = "no criterion says"
	memory    = "the grader took "
)

// proofs are those of all defences that can be taken out, by name.
var proofs = map[string]proof{
	linksUnfollowed.Name: by(stolen),
	oneName.Name:         by(taken),
	plainFiles.Name:      by(taken, otherwise),
	rightKind.Name:       by(taken, otherwise),
	noSetID.Name:         by(taken),
	safeNames.Name:       by(taken, unskipped),
	caseTwins.Name:       by(taken),
	depth.Name:           by(taken, otherwise),
	entries.Name:         by(taken, otherwise),
	fileSize.Name:        by(taken, otherwise),
	totalSize.Name:       by(taken),
	toolDirs.Name:        by(unskipped),

	spelledOut.Name:    by(acting),
	addressed.Name:     by(gained),
	hiddenText.Name:    by(gained),
	notesSize.Name:     by(taken, otherwise),
	saidOnce.Name:      by(gained),
	takenOut.Name:      by(acting),
	endsSomewhere.Name: by(gained),
	floods.Name:        by(gained),
	pastes.Name:        by(gained),

	allowList.Name:   by(applied, untold),
	ownOnly.Name:     by(applied, untold),
	fixedByLab.Name:  by(applied, untold),
	noHostEnv.Name:   by(applied, untold),
	ownNames.Name:    by(applied, untold),
	hostTargets.Name: by(applied, untold),
	plainYAML.Name:   {says: []string{applied, untold}, dies: true},
	shallowYAML.Name: {says: []string{applied, untold}, dies: true},
	trueLevels.Name:  {says: []string{applied, untold, memory}, dies: true},
	shortPaths.Name:  {says: []string{applied, untold, memory}, dies: true},
	noZone.Name:      {says: []string{applied, untold, open}, unchecked: true},
	buildersOwn.Name: {says: []string{open}, unchecked: true},
	askedFirst.Name:  {says: []string{open}, unchecked: true},
	onceEach.Name:    by(applied, untold),
	composeMax.Name:  by(applied, untold),
	goSource.Name:    by(applied, untold),
	insideOnly.Name:  by(applied, untold),

	"targets are addresses or containers": by(applied, untold),
	"built from Go modules only":          by(applied, untold),

	buildEnv("GOTOOLCHAIN", "").Name: by(unnoticed),
	buildEnv("GOWORK", "").Name:      by(unusual),
	buildEnv("GOFLAGS", "").Name:     by(unusual),
	buildEnv("CGO_ENABLED", "").Name: by(unnoticed, unusual),
	buildEnv("GOMODCACHE", "").Name:  by(unusual),
	outputBound.Name:                 by("bytes of output"),
	programBound.Name:                by(unnoticed),
	ownWords.Name:                    {says: []string{open}, unchecked: true},
	ownKill.Name:                     {says: []string{open}, unchecked: true},
	dotFiles.Name:                    by(unnoticed),

	memoryMax.Name:   by(program),
	pidsMax.Name:     by(program, excused),
	noCaps.Name:      by(program),
	nobody.Name:      by(program),
	readOnly.Name:    by(program),
	tmpBounds.Name:   by(program),
	descriptors.Name: by(program),
	logMax.Name:      by("MB of log"),
	noIPC.Name:       by("ipc is "),
	isolated.Name:    by(program, "connections reached the host"),
	listenMax.Name:   by(excused),
	answersMax.Name:  by(excused),
	killed.Name:      {says: []string{"left in the engine"}, unchecked: true},
	sealed.Name:      by(program, unusual),
	realTables.Name:  by(excused),
	gone.Name:        {says: []string{open}, unchecked: true},
	ownSchema.Name:   {says: []string{open}, unchecked: true},

	rowsCount.Name: by(gained),
}

// unplayed are cases that are not played without their defence, and why: the suite has a
// quarter of an hour. Others prove the same lines.
var unplayed = map[string]string{
	"E sql-lock":         "as E sql-types: the same line; each takes three attempts",
	"F forged-verdict":   "as F canned-answers: the same line",
	"F knows-the-prober": "as F canned-answers: the same line",
}
