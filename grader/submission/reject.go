package submission

import "fmt"

// Reason names what an entry breached. The text is stable: reports hold it.
type Reason string

const (
	SymbolicLink Reason = "symbolic link"
	HardLink     Reason = "hard link"
	SpecialFile  Reason = "neither file nor directory"
	SetID        Reason = "setuid, setgid or sticky file"
	HostileName  Reason = "name that cannot be shown safely"
	CaseTwins    Reason = "names that differ only in case"
	TooDeep      Reason = "nested too deeply"
	TooMany      Reason = "too many entries"
	TooLarge     Reason = "file too large"
	TotalLarge   Reason = "files too large together"
	Unreadable   Reason = "cannot be read"
	Changed      Reason = "changed while it was read"
	WrongKind    Reason = "a directory in place of a file, or the reverse"
	Ignored      Reason = "directory of a tool"
)

// hint says what a candidate or an examiner can do.
func (r Reason) hint() string {
	switch r {
	case SymbolicLink, HardLink:
		return "replace it by a copy of the file"
	case SpecialFile, SetID:
		return "hand in plain files only"
	case HostileName, CaseTwins:
		return "rename it"
	case TooDeep, TooMany, TooLarge, TotalLarge:
		return "leave out what the service does not need"
	case Unreadable:
		return "check the permissions"
	case Changed:
		return "grade a directory that nothing else writes to"
	case WrongKind:
		return "compare with the kit"
	}
	return ""
}

// RejectedError says why a submission cannot be graded as it stands.
type RejectedError struct {
	Reason Reason
	// Path may hold any bytes; Error quotes it.
	Path string
}

// Error names the reason and the path.
func (e *RejectedError) Error() string {
	return fmt.Sprintf("rejected: %s: %+q", e.Reason, e.Path)
}

// Hint says what to do about it.
func (e *RejectedError) Hint() string { return e.Reason.hint() }
