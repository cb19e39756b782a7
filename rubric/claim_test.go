package rubric

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// claimsFile holds one claim of each kind, about the probes of the small rubric.
const claimsFile = `version: 1
claims:
  - id: works
    says: work is accepted
    met:
      - rule: says so
        all: [works]
    examples: {for: [yes], against: [no]}
    observed:
      probe: faulty.work
      confirmed: [{of: [accepted, asked], at_least: 95%}]
      contradicted: [{of: [accepted, asked], at_most: 50%}]
  - id: share
    says: this share is accepted
    figure: success
    met:
      - rule: tally
        all: [accepted]
    examples: {for: [yes], against: [no]}
    observed: {probe: faulty.work, of: [accepted, asked], near: 5%, stated: 80%, below: 50%}
  - id: errors
    says: this share fails
    figure: failure
    met:
      - rule: errors
        all: [errors]
    examples: {for: [yes], against: [no]}
    observed: {probe: faulty.work, of: [accepted, asked], near: 5%, stated: 80%, below: 50%}
  - id: cap
    says: more is refused
    figure: amount
    met:
      - rule: cap
        all: [cap]
    examples: {for: [yes], against: [no]}
    observed: {probe: faulty.rest, count: rows, unit: cents}
`

// claiming is the small rubric with claims and a penalty for contradicted ones.
func claiming(more string) fstest.MapFS {
	text := strings.Replace(valid, "lexicon: lexicon.yaml\n", "lexicon: lexicon.yaml\nclaims: claims.yaml\n", 1)
	text = strings.Replace(text, "  - id: running\n", `      - id: claims.false
        title: Claims what is not so
        candidate: Claims are checked
        source: claims
        verdict: contradicted
        points: 1
        penalty: true
`+more+`  - id: running
`, 1)
	fsys := files(text)
	fsys["claims.yaml"] = &fstest.MapFile{Data: []byte(claimsFile)}
	return fsys
}

func pct(v float64) []Figure { return []Figure{{Class: "pct", Value: v}} }

func of(a, b float64) []Figure { return []Figure{{Class: "num", Value: a}, {Class: "num", Value: b}} }

func usd(v float64) []Figure { return []Figure{{Class: "money", Value: v}} }

func TestCheckClaims(t *testing.T) {
	r, err := Load(claiming(""), "r.yaml")
	require.NoError(t, err)
	for _, c := range []struct {
		name    string
		said    Said
		seen    Observation
		verdict Verdict
		tells   string
		pending bool
	}{
		{"confirmed", Said{Claim: "works"}, work(20, 20, 0), Confirmed, "20 accepted of 20 asked (100.0 %)", false},
		{"contradicted", Said{Claim: "works"}, work(20, 2, 0), Contradicted, "2 accepted of 20 asked (10.0 %)", false},
		{"between", Said{Claim: "works"}, work(20, 15, 0), NotChecked, "neither way", false},
		{"nothing asked", Said{Claim: "works"}, work(0, 0, 0), NotChecked, "neither way", false},
		{"unchecked", Said{Claim: "works"}, Observation{Probe: "faulty.work", Unchecked: "no engine"},
			NotChecked, "no engine", true},
		{"not probed", Said{Claim: "works"}, rest(1), NotChecked, "no observation", true},
		{"down", Said{Claim: "works"}, Observation{Probe: "faulty.work", Down: "does not compile"},
			NotChecked, "does not compile", false},
		{"count missing", Said{Claim: "works"}, Observation{Probe: "faulty.work", Counts: map[string]int{"asked": 1}},
			NotChecked, "gave no count", true},
		{"share of numbers", Said{Claim: "share", Figures: of(20, 20)}, work(200, 195, 0), Confirmed, "195 accepted", false},
		{"percentage", Said{Claim: "share", Figures: pct(97.5)}, work(200, 195, 0), Confirmed, "195 accepted", false},
		{"share of nothing", Said{Claim: "share", Figures: of(20, 20)}, work(200, 16, 0), Contradicted, "16 accepted", false},
		{"share of some", Said{Claim: "share", Figures: of(20, 20)}, work(200, 120, 0), NotChecked, "less was observed", false},
		{"at the limit", Said{Claim: "share", Figures: of(20, 20)}, work(200, 100, 0), NotChecked, "less was observed", false},
		{"small share", Said{Claim: "share", Figures: of(15, 20)}, work(200, 16, 0), NotChecked, "less was observed", false},
		{"modest share", Said{Claim: "share", Figures: of(10, 20)}, work(200, 200, 0), NotChecked, "more was observed", false},
		{"no figure", Said{Claim: "share"}, work(200, 200, 0), NotChecked, "no single share", false},
		{"more than all", Said{Claim: "share", Figures: of(21, 20)}, work(200, 200, 0), NotChecked, "no single share", false},
		{"impossible percentage", Said{Claim: "share", Figures: pct(130)}, work(200, 200, 0), NotChecked, "no single share", false},
		{"errors gone", Said{Claim: "errors", Figures: pct(0.4)}, work(200, 199, 0), Confirmed, "199 accepted", false},
		{"errors still there", Said{Claim: "errors", Figures: pct(0.4)}, work(200, 16, 0), Contradicted, "16 accepted", false},
		{"errors admitted", Said{Claim: "errors", Figures: of(9, 10)}, work(200, 16, 0), Confirmed, "16 accepted", false},
		{"cap holds", Said{Claim: "cap", Figures: usd(500)}, rest(500_00), Confirmed, "50000 rows; at most 500.00", false},
		{"cap is passed", Said{Claim: "cap", Figures: usd(500)}, rest(500_01), Contradicted, "50001 rows", false},
		{"cap without amount", Said{Claim: "cap"}, rest(1), NotChecked, "no amount", false},
		{"absurd cap", Said{Claim: "cap", Figures: usd(1e300)}, rest(1), NotChecked, "no amount", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := CheckClaims(r, []Said{c.said}, []Observation{c.seen})
			require.Len(t, got, 1)
			require.Equal(t, c.verdict, got[0].Verdict, got[0].Reason)
			require.Contains(t, got[0].Reason+strings.Join(got[0].Observed, "\n"), c.tells)
			require.Equal(t, c.pending, got[0].Pending)
		})
	}
	require.Empty(t, CheckClaims(r, []Said{{Claim: "gremlins"}}, nil))
	for i := range r.Claimable {
		if r.Claimable[i].ID == "cap" {
			r.Claimable[i].Unit = "dollars"
		}
	}
	for rows, want := range map[int]Verdict{500: Confirmed, 501: Contradicted} {
		require.Equal(t, want, CheckClaims(r, []Said{{Claim: "cap", Figures: usd(500)}},
			[]Observation{rest(rows)})[0].Verdict)
	}
	steps := []Said{{Claim: "cap", Figures: usd(100)}, {Claim: "cap", Figures: usd(500)}}
	for _, k := range CheckClaims(r, steps, []Observation{rest(300)}) {
		require.Equal(t, Confirmed, k.Verdict, "the largest amount is the bound")
	}
}

// TestReturnIsWaitedFor: that checks come back by themselves is contradicted only where the
// probe knows that they never would have, and an old record lacks what says so.
func TestReturnIsWaitedFor(t *testing.T) {
	r, err := Load(Shipped(), "payment/payment.yaml")
	require.NoError(t, err)
	back := map[string]int{"asked_in_api": 35, "approve_honoured": 20, "approve_asked": 20,
		"decline_honoured": 10, "decline_asked": 10}
	gone := map[string]int{"asked_in_api": 0, "approve_honoured": 0, "approve_asked": 20,
		"decline_honoured": 0, "decline_asked": 10}
	with := func(counts map[string]int, hopeless int) map[string]int {
		counts = maps.Clone(counts)
		counts["hopeless"] = hopeless
		return counts
	}
	for _, c := range []struct {
		name    string
		counts  map[string]int
		verdict Verdict
		pending bool
	}{
		{"back", with(back, 0), Confirmed, false},
		{"back, old record", back, Confirmed, false},
		{"not within the wait", with(gone, 0), NotChecked, false},
		{"nothing to wait for", with(gone, 1), Contradicted, false},
		{"not back, old record", gone, NotChecked, true},
	} {
		got := CheckClaims(r, []Said{{Claim: "recheck.returns"}},
			[]Observation{{Probe: "healed.decisions", World: "healed", Counts: c.counts}})
		require.Equal(t, c.verdict, got[0].Verdict, c.name)
		require.Equal(t, c.pending, got[0].Pending, c.name)
	}
}

// TestBoundedSharesAreTrue: what a bound on unchecked payments refused contradicts neither that
// payments work again nor a tally beneath the bound.
func TestBoundedSharesAreTrue(t *testing.T) {
	r, err := Load(Shipped(), "payment/payment.yaml")
	require.NoError(t, err)
	said := []Said{{Claim: "payments.restored"}, {Claim: "payments.share", Figures: of(20, 20)},
		{Claim: "payments.errors", Figures: pct(0.4)}}
	for unbounded, want := range map[int][]Verdict{
		36:  {NotChecked, Confirmed, Confirmed},
		200: {Contradicted, Contradicted, Contradicted},
	} {
		got := CheckClaims(r, said, []Observation{{Probe: "faulty.payments", World: "faulty",
			Counts: map[string]int{"asked": 200, "accepted": 36, "recorded": 36, "unbounded": unbounded}}})
		for i, k := range got {
			require.Equal(t, want[i], k.Verdict, "%s of %d", k.Claim, unbounded)
		}
	}
}

func TestScoreClaims(t *testing.T) {
	earns := `      - id: claims.true
        title: Claims what is so
        candidate: Claims are looked at
        source: claims
        verdict: VERDICT
        points: 1
`
	score := func(verdict string, claimed ...Claimed) (penalty, earned Result) {
		fsys := claiming(strings.Replace(earns, "VERDICT", verdict, 1))
		text := string(fsys["r.yaml"].Data)
		text = strings.Replace(text, "points: 3\n    criteria", "points: 4\n    criteria", 1)
		text = strings.Replace(text, "points: 10\n", "points: 11\n", 1)
		fsys["r.yaml"].Data = []byte(text)
		r, err := Load(fsys, "r.yaml")
		require.NoError(t, err)
		in := best()
		in.Claims = claimed
		for _, c := range Score(r, in).Criteria {
			switch c.ID {
			case "claims.false":
				penalty = c
			case "claims.true":
				earned = c
			}
		}
		return penalty, earned
	}
	yes := Claimed{Claim: "works", Verdict: Confirmed, Lines: []int{3}, Quote: "it works"}
	no := Claimed{Claim: "share", Verdict: Contradicted, Lines: []int{9}, Quote: "20 of 20"}
	grey := Claimed{Claim: "cap", Verdict: NotChecked}
	later := Claimed{Claim: "cap", Verdict: NotChecked, Pending: true, Reason: "no engine"}
	for _, c := range []struct {
		name, verdict   string
		claimed         []Claimed
		penalty, earned Outcome
		cost, points    int
	}{
		{"nothing claimed", WantConfirmed, nil, NotMet, NotMet, 0, 0},
		{"nothing claimed, nothing wrong", WantNotContradicted, nil, NotMet, Met, 0, 1},
		{"confirmed", WantConfirmed, []Claimed{yes, grey}, NotMet, Met, 0, 1},
		{"contradicted", WantConfirmed, []Claimed{yes, no, later}, Met, NotMet, -1, 0},
		{"contradicted, not wanted", WantNotContradicted, []Claimed{yes, no}, Met, NotMet, -1, 0},
		{"not checked never hurts", WantNotContradicted, []Claimed{grey}, NotMet, Met, 0, 1},
		{"pending", WantConfirmed, []Claimed{yes, later}, NotGradable, NotGradable, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			penalty, earned := score(c.verdict, c.claimed...)
			require.Equal(t, []Outcome{c.penalty, c.earned}, []Outcome{penalty.Outcome, earned.Outcome})
			require.Equal(t, []int{c.cost, c.points}, []int{penalty.Points, earned.Points})
			require.NotEmpty(t, penalty.Evidence)
			require.NotEmpty(t, earned.Evidence)
		})
	}
	penalty, _ := score(WantConfirmed, yes, no)
	require.Equal(t, "20 of 20", penalty.Evidence[0].Quote, "the contradicted claim is the evidence")
	require.Equal(t, []int{9}, penalty.Evidence[0].Lines)
}

func TestBrokenClaims(t *testing.T) {
	for _, c := range []struct{ file, old, with, want string }{
		{"claims.yaml", "at_least: 95%", "at_leest: 95%", `claims.yaml:11: claims[0].observed.confirmed[0].at_leest: unknown field`},
		{"claims.yaml", "figure: amount", "figure: size", `unknown figure "size"`},
		{"claims.yaml", "figure: amount", "figure: failure", "`of` is missing"},
		{"claims.yaml", "    observed: {probe: faulty.rest, count: rows, unit: cents}\n", "", "`observed` is missing"},
		{"claims.yaml", "count: rows", "count: columns", `the probe faulty.rest has no count "columns"`},
		{"claims.yaml", "probe: faulty.rest", "probe: faulty.sleep", `there is no probe "faulty.sleep"`},
		{"claims.yaml", "unit: cents", "unit: apples", `unknown unit "apples"`},
		{"claims.yaml", "id: cap", "id: share", "defined twice"},
		{"claims.yaml", "        all: [cap]", "        all: ['@cap']", "no concept is called cap"},
		{"claims.yaml", "    says: more is refused\n", "", "`says` is missing"},
		{"claims.yaml", "    says: more", "    sais: x\n    says: more", "claims[3].sais: unknown field"},
		{"r.yaml", "verdict: contradicted", "verdict: confirmed", `"confirmed" does not fit the criterion`},
		{"r.yaml", "verdict: contradicted", "verdict: contradicted\n        claims: [gremlin]", `no claim "gremlin" is defined`},
		{"r.yaml", "verdict: contradicted", "verdict: contradicted\n        rule: x", "does not belong to a criterion of source claims"},
		{"r.yaml", "claims: claims.yaml\n", "", "the rubric has no claims"},
		{"r.yaml", "claims: claims.yaml\n", "claims: lies.yaml\n", "cannot read the file"},
	} {
		fsys := claiming("")
		text := string(fsys[c.file].Data)
		require.Contains(t, text, c.old)
		fsys[c.file].Data = []byte(strings.Replace(text, c.old, c.with, 1))
		problems, err := Lint(fsys, "r.yaml", validProbes)
		require.NoError(t, err)
		var got []string
		for _, p := range problems {
			got = append(got, p.String())
		}
		require.Contains(t, strings.Join(got, "\n"), c.want)
	}
	problems, err := Lint(claiming(""), "r.yaml", validProbes)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestClaimsBelongToTheHash(t *testing.T) {
	fsys := claiming("")
	before, err := Load(fsys, "r.yaml")
	require.NoError(t, err)
	fsys["claims.yaml"].Data = append(fsys["claims.yaml"].Data, "# more\n"...)
	after, err := Load(fsys, "r.yaml")
	require.NoError(t, err)
	require.NotEqual(t, before.Hash, after.Hash)
}
