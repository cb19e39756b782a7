package report

import "fmt"

// shownSettings bounds the changes that are printed; JSON has more.
const shownSettings = 40

// settings prints what was changed in the compose file, each change with its place.
func (p *printer) settings(all []Setting) {
	if len(all) == 0 {
		return
	}
	p.gap()
	p.para(0, "", "changes of "+all[0].File+", and whether the lab was started with them")
	for i, s := range all {
		if i == shownSettings {
			p.para(indent, "", fmt.Sprintf("(%d more in %s)", len(all)-i, FileName))
			return
		}
		p.setting(s)
	}
}

func (p *printer) setting(s Setting) {
	at := s.File
	if s.Line > 0 {
		at += fmt.Sprintf(":%d", s.Line)
	}
	became := "applied"
	if !s.Applied {
		became = "not applied: " + short(s.Reason)
	}
	if s.Line == 0 {
		became = "taken out, " + became
	}
	p.para(indent, "", fmt.Sprintf("%s: %s%s: %s", at, short(s.Path), named(" = %s", short(s.Value)), became))
}
