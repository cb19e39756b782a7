package report

import (
	"fmt"
	"strings"

	"firedrill/rubric"
)

// claims prints what the notes state about the service beside what was observed.
func (p *printer) claims(r *Report) {
	if len(r.Claims) == 0 {
		return
	}
	p.gap()
	p.para(0, "", "what the notes claim about the service, and what was observed")
	for _, c := range r.Claims {
		p.gap()
		p.para(0, "  ", fmt.Sprintf("%s: %s", c.Claim, verdict(c.Verdict)))
		p.claim(indent, c, r.Submission.Notes, "the notes claim that "+c.Says)
	}
}

// claim prints both quotes: the notes' and the observation's.
func (p *printer) claim(at int, c rubric.Claimed, file, says string) {
	p.para(at, "> ", short(c.Quote))
	p.para(at, "", fmt.Sprintf("%s:%s: %s", file, list(c.Lines), says))
	if c.Probe != "" {
		p.para(at, "", fmt.Sprintf("%s by probe %s in the %s world:", verdict(c.Verdict), c.Probe, c.World))
	}
	for _, s := range c.Observed {
		p.para(at, "- ", short(s))
	}
	if c.Reason != "" {
		p.para(at, "", short(c.Reason))
	}
}

func verdict(v rubric.Verdict) string { return strings.ReplaceAll(string(v), "_", " ") }
