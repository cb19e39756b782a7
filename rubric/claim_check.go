package rubric

import (
	"fmt"
	"math"
	"slices"
)

// CheckClaims holds statements against observations, in the order of the statements. It is
// a pure function; what it is not given is not checked.
func CheckClaims(r *Rubric, said []Said, obs []Observation) []Claimed {
	s := scorer{in: Inputs{Observations: obs}}
	out := make([]Claimed, 0, len(said))
	for _, one := range said {
		c, ok := r.claim(one.Claim)
		if !ok {
			continue
		}
		got := Claimed{Claim: c.ID, Says: c.Says, Verdict: NotChecked,
			Lines: one.Lines, Quote: one.Quote, Rule: one.Rule}
		switch c.Figure {
		case "":
			s.plainClaim(c, &got)
		case Amount:
			s.amountClaim(c, largest(said, c.ID), &got)
		default:
			s.shareClaim(c, one, &got)
		}
		out = append(out, got)
	}
	return out
}

// seen gives a probe's observation, or says in the claim why there is none.
func (s *scorer) seen(probe string, got *Claimed) (Observation, bool) {
	o, reason := s.observation(probe)
	switch {
	case reason != "":
		got.Reason, got.Pending = reason, true
	case o.Down != "":
		got.Reason = "nothing could be observed: " + o.Down
	default:
		return o, true
	}
	return o, false
}

// counts reads counts of an observation; a missing one is told in the claim.
func (s *scorer) counts(probe string, got *Claimed, names ...string) ([]int, bool) {
	o, ok := s.seen(probe, got)
	if !ok {
		return nil, false
	}
	var out []int
	for _, name := range names {
		n, ok := o.Counts[name]
		if !ok || n < 0 {
			got.Reason = fmt.Sprintf("the probe %s gave no count %q", probe, name)
			got.Pending = true
			return nil, false
		}
		out = append(out, n)
	}
	got.Probe, got.World = o.Probe, o.World
	return out, true
}

func (s *scorer) plainClaim(c Claim, got *Claimed) {
	confirmed := s.holds(c.Confirmed, got)
	contradicted := s.holds(c.Contradicted, got)
	switch {
	case got.Reason != "":
	case confirmed && !contradicted:
		got.Verdict = Confirmed
	case contradicted && !confirmed:
		got.Verdict = Contradicted
	default:
		got.Reason = "what was observed decides neither way"
	}
}

// holds reports whether there are conditions and all of them hold. A count that is missing,
// as an old record may lack a new one, matters only where all others hold.
func (s *scorer) holds(all []Condition, got *Claimed) bool {
	held, unknown := len(all) > 0, ""
	for _, w := range all {
		o, ok := s.seen(w.Probe, got)
		if !ok {
			return false
		}
		k := w.apply(o.Counts)
		if k.unknown != "" {
			unknown = k.unknown
			continue
		}
		if words := w.counted(o.Counts); !slices.Contains(got.Observed, words) {
			got.Observed = append(got.Observed, words)
		}
		got.Probe, got.World = o.Probe, o.World
		held = held && k.holds
	}
	if held && unknown != "" {
		got.Reason, got.Pending = unknown, true
		return false
	}
	return held
}

// counted spells what a condition reads, without its limits.
func (c Condition) counted(counts map[string]int) string {
	if c.Count != "" {
		return fmt.Sprintf("%d %s", counts[c.Count], readable(c.Count))
	}
	part, whole := counts[c.Of[0]], counts[c.Of[1]]
	return fmt.Sprintf("%d %s of %d %s%s", part, readable(c.Of[0]), whole, readable(c.Of[1]),
		percent(uint64(part), uint64(whole)))
}

// basis is one whole in the unit of shares, a hundredth of a percent.
const basis = 10_000

func (s *scorer) shareClaim(c Claim, said Said, got *Claimed) {
	stated, ok := share(said.Figures)
	if !ok {
		got.Reason = "the statement gives no single share"
		return
	}
	if c.Figure == Failure {
		stated = basis - stated
	}
	n, ok := s.counts(c.Probe, got, c.Of[0], c.Of[1])
	if !ok {
		return
	}
	got.Observed = []string{Condition{Of: c.Of}.counted(map[string]int{c.Of[0]: n[0], c.Of[1]: n[1]})}
	if n[1] == 0 {
		got.Reason = "nothing was asked for"
		return
	}
	// above is by how much more succeeds than is stated, times the number asked for.
	above := n[0]*basis - stated*n[1]
	switch {
	case above >= -int(c.Near.Num)*n[1] && above <= int(c.Near.Num)*n[1]:
		got.Verdict = Confirmed
	case stated >= int(c.Stated.Num) && n[0]*basis < int(c.Below.Num)*n[1]:
		got.Verdict = Contradicted
	case above > 0:
		got.Reason = "more was observed to succeed than is stated"
	default:
		got.Reason = "less was observed to succeed than is stated, but it may be of other requests"
	}
}

// share reads figures as a part of a whole, in hundredths of a percent: the first phrase
// that holds nothing but one percentage, or two numbers such as 19 of 20.
func share(all []Figure) (int, bool) {
	for rest := all; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Part == rest[0].Part {
			n++
		}
		one, other := rest[0], rest[n-1]
		switch {
		case n == 1 && one.Class == "pct" && one.Value >= 0 && one.Value <= 100:
			return int(math.Round(one.Value * basis / 100)), true
		case n == 2 && one.Class == "num" && other.Class == "num" &&
			one.Value >= 0 && one.Value <= other.Value && other.Value > 0:
			return int(math.Round(one.Value * basis / other.Value)), true
		}
		rest = rest[n:]
	}
	return 0, false
}

func (s *scorer) amountClaim(c Claim, dollars float64, got *Claimed) {
	const most = 1e12 // dollars; more is no amount
	if dollars <= 0 || dollars > most {
		got.Reason = "the statement gives no amount"
		return
	}
	n, ok := s.counts(c.Probe, got, c.Count)
	if !ok {
		return
	}
	cents, seen := int(math.Round(dollars*100)), n[0]
	if c.Unit == "dollars" {
		seen *= 100
	}
	got.Observed = []string{fmt.Sprintf("%d %s; at most %d.%02d dollars stated", n[0],
		readable(c.Count), cents/100, cents%100)}
	got.Verdict = Confirmed
	if seen > cents {
		got.Verdict = Contradicted
	}
}

// largest is the largest amount that statements of a claim give: a bound may have steps.
func largest(said []Said, claim string) float64 {
	out := 0.0
	for _, one := range said {
		for _, f := range one.Figures {
			if one.Claim == claim && (f.Class == "money" || f.Class == "num") {
				out = max(out, f.Value)
			}
		}
	}
	return out
}

// claims scores a criterion over claims.
func (s *scorer) claims(c Criterion, r *Result) {
	per := map[Verdict][]Claimed{}
	pending := ""
	for _, k := range s.in.Claims {
		if len(c.Claims) > 0 && !slices.Contains(c.Claims, k.Claim) {
			continue
		}
		per[k.Verdict] = append(per[k.Verdict], k)
		if k.Pending && pending == "" {
			pending = fmt.Sprintf("the claim %s could not be checked: %s", k.Claim, k.Reason)
		}
	}
	told := fmt.Sprintf("of the notes' claims %d confirmed, %d contradicted, %d not checked",
		len(per[Confirmed]), len(per[Contradicted]), len(per[NotChecked]))
	decisive := per[Contradicted]
	if len(decisive) == 0 {
		decisive = per[Confirmed]
	}
	for _, k := range decisive {
		r.Evidence = append(r.Evidence, s.claimEvidence(k))
	}
	if len(r.Evidence) == 0 {
		r.Evidence = []Evidence{{Kind: KindNone, Reason: told}}
	}
	contradicted := len(per[Contradicted]) > 0
	switch {
	case contradicted && c.Verdict == WantContradicted:
		r.decide(Met, -c.Points, told)
	case contradicted:
		r.decide(NotMet, 0, told)
	case pending != "":
		r.open(NotGradable, pending)
	case c.Verdict == WantNotContradicted, c.Verdict == WantConfirmed && len(per[Confirmed]) > 0:
		r.decide(Met, c.Points, told)
	default:
		r.decide(NotMet, 0, told)
	}
}

func (s *scorer) claimEvidence(k Claimed) Evidence {
	return Evidence{Kind: KindClaim, File: s.in.NotesFile, Lines: k.Lines, Quote: k.Quote,
		Rule: k.Rule, Probe: k.Probe, World: k.World, Counted: k.Observed, Verdict: k.Verdict,
		Reason: "the notes claim that " + k.Says}
}

// Readable reports whether the figure that the claim needs can be read from a statement.
func (c Claim) Readable(said []Said) bool {
	switch c.Figure {
	case "":
		return true
	case Amount:
		return largest(said, c.ID) > 0
	}
	return slices.ContainsFunc(said, func(s Said) bool {
		_, ok := share(s.Figures)
		return ok
	})
}
