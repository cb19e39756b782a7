package hostile

import "fmt"

// Defences against those who say too much: to the agent, or to whom it asks.
var (
	keptWords  = absent("all that a service says is kept to a bound", "the agent's image holds it; probe/agent tests it")
	keptChecks = absent("the fraud API's record has a size that can be read", "the fraud API's image holds it; fixtures/payment/fraudapi tests it")
	keptDoors  = absent("the grader's way to the fraud API is its own", "the fraud API's image holds it; fixtures/payment/fraudapi tests it")
)

// answersCases are more of group E: services that say so much that nobody can be asked any more.
func answersCases() []Case {
	server := func(payment string) func(*Tree) {
		return func(t *Tree) {
			t.Service(fmt.Sprintf(bareService, `if r.Method == "GET" { return }; `+payment))
		}
	}
	attack := func(statements string) func(*Tree) { return func(t *Tree) { t.Attack("\t" + statements) } }
	const grow = `INSERT INTO transactions (customer_id, type, status, amount, currency, fraud_decision) ` +
		`VALUES (1, 'payment', repeat('x', 3000000), 1, 'USD', 'exempt')`
	return []Case{
		{ID: "E no-answer", Threat: "answers payments with 9 MB that are no answer", Base: Strong, Scope: FirstProbe,
			Make: server(`c, _, err := w.(http.Hijacker).Hijack(); if err != nil { return }; defer c.Close(); for range 9 { if _, err := c.Write(make([]byte, 1<<20)); err != nil { return } }; _, _ = c.Write([]byte("\n"))`),
			Want: Want{Class: ServiceFailed}, Defence: keptWords},
		{ID: "E early-answers", Threat: "says without end that it is going to answer", Base: Strong, Scope: FirstProbe,
			Make: server(`for range 20_000 { w.Header().Set("Link", "<"+r.URL.Path+">; rel=preload"); w.WriteHeader(103) }`),
			Want: Want{Class: ServiceFailed}, Defence: keptWords},
		{ID: "E sql-rows", Threat: "writes rows that nobody can hold", Base: Strong, Scope: FirstProbe,
			Make: attack("attackSQL(false, `ALTER TABLE transactions ALTER status TYPE text`, " +
				"`CREATE FUNCTION attack_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF pg_trigger_depth() = 1 THEN " + grow + "; END IF; RETURN NULL; END $$`, " +
				"`CREATE TRIGGER attack_grow AFTER INSERT ON transactions FOR EACH STATEMENT EXECUTE FUNCTION attack_grow()`)"),
			Want: Want{Class: ServiceFailed, Reason: "the answer is larger than 4 MB"}, Defence: keptWords},
		{ID: "E record", Threat: "asks the fraud API so much that its record cannot be read", Base: Partial, Scope: Whole,
			Make: attack("attackChecks(10_000)"),
			Want: Want{Class: NoGain, Says: []string{"checks: 5000 asked"}}, Defence: keptChecks},
		{ID: "E callers", Threat: "takes every connection that the fraud API has", Base: Partial, Scope: Whole,
			Make: attack(`for range 2 { go attackAgain("callers") }`),
			Want: Want{Class: NoGain, Says: []string{"callers: some were hung up on"}}, Defence: keptDoors},
	}
}
