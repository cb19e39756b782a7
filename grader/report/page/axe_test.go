package page

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"firedrill/lab/setup"
)

// violation is what axe-core finds.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target []any  `json:"target"`
		HTML   string `json:"html"`
	} `json:"nodes"`
}

// check gives the violations of a page as it is.
func (p *tab) check(axe string) []string {
	p.t.Helper()
	p.eval("(() => { " + axe + "\n; return typeof window.axe; })()")
	p.eval(`(window.found = undefined, axe.run(document, {resultTypes: ["violations"]}).then((r) => { window.found = JSON.stringify(r.violations); }), 1)`)
	p.wait(`window.found !== undefined`)
	raw, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`window.found`))
	require.NoError(p.t, err)
	var all []violation
	require.NoError(p.t, json.Unmarshal([]byte(raw), &all))
	var out []string
	for _, v := range all {
		n := v.Nodes[0]
		out = append(out, v.ID+": "+v.Help+": "+strings.Join(strings.Fields(n.HTML), " ")[:min(len(n.HTML), 200)])
	}
	return out
}

// TestAccessible: axe-core has nothing to say, folded and open, light and dark, on a desk and
// on a phone, and of hostile texts.
func TestAccessible(t *testing.T) {
	script, err := os.ReadFile(setup.Axe())
	require.NoError(t, err, "no axe-core: run `make setup`")
	axe := string(script)
	b := browser(t)
	for _, c := range []struct {
		name, html string
		looks      []string
	}{
		{"strong", toExaminer(t, loaded(t, "strong")), []string{"open", "dark"}},
		{"weak", toExaminer(t, loaded(t, "weak")), []string{"folded", "phone"}},
		{"hostile", toExaminer(t, poisoned(t, "http://127.0.0.1:1")), []string{"folded"}},
		{"candidate", toCandidate(t, loaded(t, "weak")), []string{"open", "dark"}},
	} {
		p := open(t, b, c.html)
		p.size(1360, 900, "light")
		for _, look := range c.looks {
			switch look {
			case "open":
				p.eval(`document.querySelectorAll("details").forEach((d) => d.open = true)`)
				p.eval(`location.hash = document.querySelector(".l.c").id`)
				p.settle()
			case "dark":
				p.size(1360, 900, "dark")
			case "phone":
				p.size(360, 740, "light")
			}
			require.Empty(t, p.check(axe), "%s, %s", c.name, look)
		}
	}
}
