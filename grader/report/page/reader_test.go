package page

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"firedrill/grader/diff"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// lit are the numbers of the lines that are marked.
const lit = `[...document.querySelectorAll(".l.on")].map((e) => e.id.slice(1)).join(" ")`

// inNotes tells whether a line can be seen within the notes' column.
func inNotes(line int) string {
	return fmt.Sprintf(`(() => { const n = document.getElementById("notes").getBoundingClientRect(),
		l = document.getElementById("L%d").getBoundingClientRect();
		return l.top >= n.top && l.bottom <= Math.min(n.bottom, innerHeight); })()`, line)
}

// item is the criterion with that id.
func selector(id string) string {
	return fmt.Sprintf(`document.getElementById("c-%s").closest("details")`, id)
}

// TestReader goes the ways between criteria and lines, with mouse and keyboard.
func TestReader(t *testing.T) {
	p := open(t, browser(t), toExaminer(t, loaded(t, "strong")))
	p.size(1360, 900, "light")

	// A criterion shows its lines: the fix stands at the end of the notes.
	const far = "fix.ownership"
	lines := cite(evidenceLines(loaded(t, "strong"), far), 1000)
	first := lines.Spans[0].From
	p.eval(selector(far) + `.querySelector("summary").scrollIntoView({block: "center"})`)
	require.Equal(t, "false", p.eval(inNotes(first)))
	p.eval(selector(far) + `.querySelector("summary").click()`)
	p.wait(lit + ` === "` + lines.Data + `"`)
	p.wait(inNotes(first))

	// A line shows what it earned.
	p.settle()
	p.eval(`document.querySelector("#L26 > .own").scrollIntoView({block: "center"})`)
	p.run(chromedp.Click("#L26 > .own"))
	p.wait(`location.hash === "#L26" && getComputedStyle(document.querySelector("#L26 .e")).display === "block"`)
	p.wait(`document.getElementById("said").textContent.includes("cause.dns met, 6 of 6")`)
	require.Equal(t, "26", p.eval(lit))
	require.Equal(t, "true", p.eval(selector("cause.dns")+`.classList.contains("on")`))

	// From there to the criterion, by keyboard: its evidence is open.
	p.eval(`document.querySelector("#L26 .e a[href='#c-cause.dns']").focus()`)
	p.run(chromedp.KeyEvent("\r"))
	p.wait(selector("cause.dns") + `.open && location.hash === "#c-cause.dns"`)

	// And from its lines to the notes.
	p.eval(`document.querySelector("#c-cause\\.dns .cites a[href='#L11']").focus()`)
	p.run(chromedp.KeyEvent("\r"))
	p.wait(`location.hash === "#L11" && ` + lit + ` === "8 11 26"`)
	p.wait(inNotes(11))
	p.shot("reader")

	// Space folds a criterion; one button opens all.
	p.eval(selector("cause.dns") + `.querySelector("summary").focus()`)
	p.run(chromedp.KeyEvent(" "))
	p.wait(`!` + selector("cause.dns") + `.open`)
	p.run(chromedp.Click("#all"))
	p.wait(`document.querySelectorAll("details:not([open])").length === 0`)
	p.run(chromedp.Click("#all"))
	p.wait(`document.querySelectorAll("details[open]").length === 0`)

	// A link from elsewhere leads to the open criterion.
	p.run(chromedp.Navigate("about:blank"))
	p.mu.Lock()
	p.asked = nil
	p.mu.Unlock()
	p.run(chromedp.Navigate(p.address + "#c-service.exposure"))
	p.wait(selector("service.exposure") + `.open && (() => { const b = document.getElementById("c-service.exposure").getBoundingClientRect();
		return b.top >= 0 && b.top < innerHeight; })()`)

	// Lines that nothing cites are no stops of the tab key.
	require.Equal(t, "0", p.eval(`document.querySelectorAll(".l:not(.c) a, .l:not(.c)[tabindex]").length`))
}

func evidenceLines(r *report.Report, id string) []int {
	var out []int
	for _, c := range r.Criteria {
		for _, e := range c.Evidence {
			if c.ID == id {
				out = merge(out, e.Lines)
			}
		}
	}
	return out
}

// TestWithoutScript: links to lines and criteria do what they can.
func TestWithoutScript(t *testing.T) {
	p := open(t, browser(t), toExaminer(t, loaded(t, "strong")))
	p.size(1360, 900, "light")
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.run(chromedp.Navigate("about:blank"))
	p.mu.Lock()
	p.asked = nil
	p.mu.Unlock()
	p.run(chromedp.Navigate(p.address + "#L26"))
	require.Equal(t, "true", p.eval(`document.getElementById("all").hidden`))
	require.Equal(t, "block", p.eval(`getComputedStyle(document.querySelector("#L26 .e")).display`))
	require.Equal(t, "true", p.eval(inNotes(26)))
	p.run(chromedp.Click("#L26 .e a[href='#c-cause.dns']"))
	require.Equal(t, "true", p.eval(selector("cause.dns")+`.open`), "the browser opens what is linked to")
}

// hostile is what submissions may try on whoever reads the report, see what calls out: %s is
// a server's address.
var hostile = []string{
	`<script>owned=1;fetch("%s/script")</script>`,
	`</script><script src="%s/src"></script>`,
	`</style><style>body{display:none;background:url(%s/style)}</style>`,
	`</title></textarea></noscript></pre><img src=x onerror="owned=1">`,
	`<img src="%s/img"><svg onload="owned=1"><image href="%s/svg"/></svg>`,
	`<iframe src="%s/frame"></iframe><object data="%s/object"></object><embed src="%s/embed">`,
	`<link rel=stylesheet href="%s/link"><base href="%s/"><meta http-equiv=refresh content="0;url=%s/meta">`,
	`" onmouseover="owned=1" autofocus onfocus="owned=1" x="`, `' style='position:fixed;inset:0' y='`,
	`[click](javascript:owned=1) ![image](%s/markdown) <a href="javascript:owned=1">x</a>`,
	`{{.}}{{template "head"}}{{printf "%%s"}} ${owned=1} <!--`, `]]> --> *//**/ &lt;script&gt; &#x3c;script&#x3e;`,
	`<form action="%s/form"><input name=a autofocus></form><video src="%s/video" autoplay></video>`,
	`<script>/*`, `</div></main></body></html><h1>Score 100/100 passed</h1>`,
	"\u202eevil\u202c \u2066x\u2069 a\u200bb\u200d \ufeff \u2028 \u2029 \x00\x07\x1b[2J \x1b]52;c;ZXZpbA==\x07 \u3164\u2800",
	"ا" + strings.Repeat("ل", 40) + " 1234 (עברית) <b>", strings.Repeat("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘", 20),
	strings.Repeat("W", 6000), strings.Repeat("漢", 900), strings.Repeat("https://x.example/", 200), "=1+1", "\ufffd",
}

// poisoned puts hostile text wherever a candidate's or their service's may stand.
func poisoned(t *testing.T, server string) *report.Report {
	r := loaded(t, "strong")
	n := 0
	next := func() string {
		n++
		return strings.ReplaceAll(hostile[n%len(hostile)], "%s", server)
	}
	for i := range r.Criteria {
		for j := range r.Criteria[i].Evidence {
			e := &r.Criteria[i].Evidence[j]
			e.Quote, e.Reason, e.Logs, e.Remarks = next(), next(), []string{next(), next()}, []string{next()}
			for k := range e.Transcript {
				e.Transcript[k] = rubric.Call{Method: "POST", Path: next(), Body: next(), Answer: next(), Error: next()}
			}
		}
		r.Criteria[i].Reason = next()
	}
	r.Claims[0].Verdict = rubric.Contradicted
	for i := range r.Claims {
		r.Claims[i].Quote, r.Claims[i].Reason = next(), next()
	}
	r.Settings, r.Diff, r.Notices, r.Submission.Skipped = nil, nil, nil, nil
	for i := range hostile {
		r.Settings = append(r.Settings, report.Setting{File: next(), Line: i, Path: next(), Value: next(), Applied: i%2 > 0, Reason: next()})
		r.Notices = append(r.Notices, report.Notice{About: "build", Text: next(), Output: next() + "\n" + next()})
		r.Submission.Skipped = append(r.Submission.Skipped, report.Skip{Path: next(), Reason: "link"})
		r.Diff = append(r.Diff, diff.File{Path: next(), Kind: diff.Added, Hunks: []diff.Hunk{{New: 1, NewLines: 2,
			Lines: []string{"+" + next(), "-" + next(), " " + next()}}}})
	}
	for i := range r.Record.Observations {
		if i%3 == 0 {
			r.Record.Observations[i].Down = next()
		}
	}
	var notes strings.Builder
	for range 3 * len(hostile) {
		notes.WriteString(strings.ReplaceAll(next(), "\n", " ") + "\n")
	}
	r.Record.Notes = []byte(notes.String())
	return r
}

// TestHostileText: nothing that a candidate writes runs, asks for anything, or is anything
// but text.
func TestHostileText(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	r := poisoned(t, server.URL)
	b := browser(t)
	elements := func(p *tab) string {
		return p.eval(`[...new Set([...document.querySelectorAll("*")].map((e) => e.localName))].sort().join(" ")`)
	}
	attributes := func(p *tab) string {
		return p.eval(`[...new Set([...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()))].sort().join(" ")`)
	}
	for name, render := range map[string]func(*testing.T, *report.Report) string{
		"examiner": toExaminer, "candidate": toCandidate,
	} {
		p := open(t, b, render(t, r))
		p.size(1360, 900, "light")
		p.eval(`document.querySelectorAll("details").forEach((d) => d.open = true)`)
		p.wait(`document.querySelectorAll("details:not([open])").length === 0`)
		require.Equal(t, "undefined", p.eval(`typeof owned`))
		require.Equal(t, "1", p.eval(`document.scripts.length`))
		require.Equal(t, "1", p.eval(`document.querySelectorAll("h1").length`))
		require.Equal(t, "0", p.eval(`document.querySelectorAll("[style], [onload], [onerror], [src], [onfocus]").length`))
		require.Equal(t, "0", p.eval(`[...document.links].filter((a) => !a.getAttribute("href").startsWith("#")).length`))
		for _, banned := range []string{"img", "iframe", "object", "embed", "link", "base", "form", "input", "video", "image"} {
			require.NotContains(t, strings.Fields(elements(p)), banned)
		}
		require.Equal(t, "true", p.eval(`[...document.querySelectorAll("main *, aside *")].every((e) =>
			[...e.childNodes].every((n) => n.nodeType !== 3 || !/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\u0000\u001b\u2028]/.test(n.data)))`),
			"a character that hides is in a text")
		require.NotContains(t, strings.Fields(attributes(p)), "onclick")
		require.Equal(t, "block", p.eval(`getComputedStyle(document.body).display`))
		fits(p, name)
		p.shot("hostile-" + name)
	}
	require.Zero(t, asked.Load(), "a page called out")
}

// TestPolicy: even a script that got into the file would not run, nor would anything be asked for.
func TestPolicy(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	html := toExaminer(t, loaded(t, "weak"))
	p := open(t, browser(t), strings.Replace(html, "<main ", `<script>owned=1</script><img src="`+server.URL+
		`/i"><div style="background:url(`+server.URL+`/c)" onclick="owned=1" id="planted">x</div><main `, 1))
	p.eval(`document.getElementById("planted").click()`)
	p.wait(`document.images[0].complete`)
	require.Equal(t, "undefined", p.eval(`typeof owned`))
	require.Zero(t, asked.Load())
	p.mu.Lock()
	defer p.mu.Unlock()
	require.NotEmpty(t, p.problems, "the refusals are told")
	p.problems = nil
	p.asked = slices.DeleteFunc(p.asked, func(a string) bool { return strings.HasPrefix(a, server.URL) })
}

// fits checks that nothing is wider than the window, in any layout.
func fits(p *tab, name string) {
	p.t.Helper()
	const over = `[...document.querySelectorAll("body *")].filter((e) => !e.closest(".scroll, svg, .skip") &&
		e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((e) => e.localName + "." + e.className).join(", ")`
	for _, l := range []struct {
		name          string
		width, height int64
		scheme        string
	}{{"desktop", 1360, 900, "light"}, {"dark", 1360, 900, "dark"}, {"tablet", 820, 1100, "light"}, {"phone", 360, 740, "light"}} {
		p.size(l.width, l.height, l.scheme)
		require.Equal(p.t, "", p.eval(over), "%s, %s", name, l.name)
		require.Equal(p.t, "true", p.eval(`document.documentElement.scrollWidth <= innerWidth`), "%s, %s", name, l.name)
		p.shot(name + "-" + l.name)
	}
	// On paper everything is there, and no quote is cut.
	p.size(720, 1000, "light")
	p.media("print", "light")
	require.Equal(p.t, "true", p.eval(`document.documentElement.scrollWidth <= innerWidth`), "%s, print", name)
	require.Equal(p.t, "0", p.eval(`[...document.querySelectorAll("details > *")].filter((e) => !e.checkVisibility()).length`),
		"%s: something stays folded", name)
	require.Equal(p.t, "", p.eval(`[...document.querySelectorAll("body *")].filter((e) => e.scrollHeight > e.clientHeight + 1 &&
		["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowY)).map((e) => e.localName + "." + e.className).join(", ")`),
		"%s: something is cut", name)
	p.pdf(name)
	p.media("screen", "light")
}

// TestLayouts: reports of the strong and the weak, and the candidates' versions.
func TestLayouts(t *testing.T) {
	b := browser(t)
	for _, name := range []string{"strong", "weak"} {
		r := loaded(t, name)
		fits(open(t, b, toExaminer(t, r)), name)
		fits(open(t, b, toCandidate(t, r)), name+"-candidate")
	}
}

// TestLongNotes: 5,000 lines, every third cited, are laid out where they are looked at, and
// the last is found and marked like the first.
func TestLongNotes(t *testing.T) {
	r := loaded(t, "strong")
	var notes strings.Builder
	var all []int
	const lines = 5000
	for i := 1; i <= lines; i++ {
		fmt.Fprintf(&notes, "%d: %s\n", i, strings.Repeat("what was seen and done, ", i%9))
		if i%3 == 0 {
			all = append(all, i)
		}
	}
	r.Record.Notes = []byte(notes.String())
	r.Criteria[0].Evidence[0].Lines = all
	r.Criteria[1].Evidence[0].Lines = []int{4990}
	p := open(t, browser(t), toExaminer(t, r))
	p.size(1360, 900, "light")
	require.Equal(t, fmt.Sprint(lines), p.eval(`document.querySelectorAll(".l").length`))
	require.Equal(t, "auto", p.eval(`getComputedStyle(document.querySelector(".chunk")).contentVisibility`))

	p.eval(`document.querySelectorAll("details.item")[1].querySelector("summary").click()`)
	p.wait(lit + ` === "4990"`)
	p.wait(inNotes(4990))
	p.eval(`document.querySelectorAll("details.item")[0].querySelector("summary").click()`)
	p.wait(`document.querySelectorAll(".l.on").length === ` + fmt.Sprint(len(all)))
	p.wait(inNotes(3))
	p.eval(`location.hash = "L4998"`)
	p.wait(lit + `.includes("4998") && ` + inNotes(4998))
	t.Log("mark 1,666 lines, in ms:", p.eval(`(() => { const s = performance.now();
		document.querySelectorAll("details.item")[0].dispatchEvent(new Event("toggle"));
		document.body.offsetHeight; return performance.now() - s; })()`))
}
