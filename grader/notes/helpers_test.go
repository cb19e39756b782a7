package notes

import (
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// loaded holds the payment exam's rules, read once for all tests.
var loaded = sync.OnceValues(func() (*rule.Set, error) {
	return rule.Load(os.DirFS("../../rubric/payment"), "lexicon.yaml", "notes.yaml", "weights.tsv")
})

// rules gives the payment exam's rules alone, readers with the second reader.
func rules(t testing.TB) *rule.Set { return alone(readers(t)) }

func readers(t testing.TB) *rule.Set {
	t.Helper()
	set, err := loaded()
	require.NoError(t, err)
	return set
}

// outcomes maps criteria to outcomes.
func outcomes(r Report) map[string]rubric.Outcome {
	out := map[string]rubric.Outcome{}
	for _, f := range r.Findings {
		out[f.Criterion] = f.Outcome
	}
	return out
}

// good is a set of notes that states most of what is asked.
const good = `# Incident

## Summary

Since 13:52 customers cannot pay: POST /api/payment fails for 92 % of requests and
POST /api/refund for 88 %, but only above $1000; small refunds go through. All reads are fine.

## Timeline

- 14:03 paged
- 14:05 opened error-rate.txt and latency.txt before anything else
- 14:12 log viewer
- 14:30 change live

## Investigation

First I suspected the database. Inserted a row by hand in 2 ms, so it is not the database.
Only the payment and the refund handler call the fraud check, nothing else does.

` + "```" + `
$ docker compose exec payment-processor nslookup fraud-api.internal.corp
** server can't find fraud-api.internal.corp: NXDOMAIN
` + "```" + `

## Root cause

The name fraud-api.internal.corp does not resolve: its DNS record is missing.

## Mitigation

Set FRAUD_CHECK_MODE=degraded: payments up to $200 are accepted as pending_review without a check,
above that they are refused. A stolen card may slip through, which we accept for an hour.
Only the payment handler is changed, the schema and the reads are untouched.

## Rollback

Set FRAUD_CHECK_MODE back to strict and restart once the name resolves.

## Verification

After the restart: 20 payments of $50, 20 accepted.

## Follow-ups

- Network team to restore the DNS record by Friday; told them at 14:33
- Alert on DNS lookup failures
- Retry with backoff and a proper circuit breaker in the client
`
