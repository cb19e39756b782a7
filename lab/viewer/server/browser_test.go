package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// page is a tab of a real browser with the viewer before a fake log proxy.
type page struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu       sync.Mutex
	problems []string // errors of the console
	asked    []string // addresses that it loaded
}

// viewerOf runs the program's parts before a fake proxy.
func viewerOf(t testing.TB, p *fakeProxy) (base string, store *Store) {
	t.Helper()
	store = newStore("test", linesPerContainer, bytesPerContainer)
	ctx, cancel := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		newWatcher(newSource(p.file), store, slog.New(slog.DiscardHandler)).run(ctx)
	}()
	server := httptest.NewServer(newServer(store))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		cancel()
		<-watched
	})
	return server.URL, store
}

// chromium finds the browser; make setup installs it.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	require.Fail(t, "no chromium: run `make setup` or install chromium")
	return ""
}

func openPage(t *testing.T, base string) *page {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WindowSize(1360, 800))
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx, base: base}
	p.run() // starts the browser
	require.NoError(t, chromedp.Listen(ctx, p.listen))
	call(p, network.Enable, network.EnableParams{})
	call(p, cdplog.Enable, cdp.Empty{})
	p.run(chromedp.Navigate(base + "/"))
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		require.Empty(t, p.problems, "errors in the console")
		for _, address := range p.asked {
			ours := strings.HasPrefix(address, base+"/") || strings.HasPrefix(address, "data:")
			require.True(t, ours, "the page loads %s", address)
		}
	})
	return p
}

func (p *page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, fmt.Sprint(e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		p.problems = append(p.problems, fmt.Sprint(e.Type, e.Args))
	case *cdplog.EventEntryAdded:
		// A refused filter is an answer with status 400, which the browser notes.
		if e.Entry.Source != cdplog.EntrySourceNetwork {
			p.problems = append(p.problems, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		p.asked = append(p.asked, e.Request.URL)
	}
}

// call sends one command of the browser's protocol.
func call[P, R any](p *page, command cdp.Command[P, R], params P) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, command, params)
	require.NoError(p.t, err)
}

func (p *page) run(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, actions...))
}

// eval runs an expression in the page and gives its value as text.
func (p *page) eval(expression string) string {
	p.t.Helper()
	out, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	require.NoError(p.t, err)
	return out
}

// wait blocks until an expression in the page is true.
func (p *page) wait(expression string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression,
		chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(30*time.Second)))
	if err != nil {
		p.shot("failed")
	}
	require.NoError(p.t, err, expression)
}

func (p *page) press(keys string) {
	p.t.Helper()
	p.eval(`document.activeElement.blur()`)
	p.run(chromedp.KeyEvent(keys))
}

// shot saves a picture where VIEWER_SHOTS says, for people to look at.
func (p *page) shot(name string) {
	p.t.Helper()
	dir := os.Getenv("VIEWER_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

// write plays a busy lab: rate lines per second on several containers until the test ends.
func write(t *testing.T, p *fakeProxy, rate int) {
	t.Helper()
	const perTick = 20 // ticks per second
	service, db := p.add("payment-processor"), p.add("payment-db")
	traffic := p.add("traffic-generator")
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	send := func(c chan<- []byte, stderr bool, text string) {
		select {
		case c <- frame(stderr, stamped(time.Now(), text)):
		case <-done:
		}
	}
	go func() {
		tick := time.NewTicker(time.Second / perTick)
		defer tick.Stop()
		for n := 0; ; {
			for range rate / perTick / 2 {
				n++
				send(service, false, serviceLine(n))
				if n%7 == 0 {
					send(db, true, dbLine(n))
				} else {
					send(traffic, false, trafficLine(n))
				}
			}
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
}

func serviceLine(n int) string {
	at := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	switch {
	case n%400 == 7:
		return fmt.Sprintf(`time=%s level=ERROR msg="payment failed" request_id=%08x customer_id=%d `+
			`amount=149.90 status=503 err="dial tcp: lookup fraud-api.internal.corp: no such host"`,
			at, n, n%6+1)
	case n%31 == 0:
		return fmt.Sprintf(`time=%s level=WARN msg="slow query" table=transactions ms=%d`, at, 200+n%90)
	}
	return fmt.Sprintf(`time=%s level=INFO msg=request method=GET path=/api/transactions/%d `+
		`status=200 ms=%d`, at, n, n%17+1)
}

func trafficLine(n int) string {
	return fmt.Sprintf(`{"time":"%s","level":"INFO","msg":"request","method":"GET",`+
		`"path":"/api/accounts/%d/balance","status":200,"ms":%d}`,
		time.Now().UTC().Format(time.RFC3339Nano), n%6+1, n%23+1)
}

func dbLine(n int) string {
	at := time.Now().UTC().Format("2006-01-02 15:04:05.000 UTC")
	if n%98 == 0 {
		return at + ` [71] LOG:  checkpoint starting: time`
	}
	return fmt.Sprintf(`%s [%d] LOG:  duration: %d.412 ms  statement: SELECT id, amount, status `+
		`FROM transactions`, at, 60+n%5, n%9+1)
}

// TestBrowserUnderLoad works with the page while 1,000 lines come each second.
func TestBrowserUnderLoad(t *testing.T) {
	proxy := newFakeProxy(t)
	write(t, proxy, 1000)
	base, store := viewerOf(t, proxy)
	p := openPage(t, base)
	p.wait(`document.getElementById("status").textContent === "Live"`)
	p.wait(`document.querySelectorAll("#containers .facet").length === 3`)

	// It keeps up: what is at the bottom is what was stored less than a second ago.
	p.wait(`parseInt(document.getElementById("rate").textContent.replace(",", "")) > 800`)
	p.wait(`document.querySelectorAll(".row").length > 10`)
	p.wait(`document.querySelectorAll(".row").length < 100`)
	behind := `Date.now() - Math.max(...[...document.querySelectorAll(".row:not([hidden]) .time")]` +
		`.map((e) => Date.parse(new Date().toISOString().slice(0, 11) + e.textContent + "Z"))) < 1000`
	p.wait(behind)
	p.shot("load-light")

	// Filter by text: only lines with it, and they are errors of the service.
	p.press("/")
	p.wait(`document.activeElement.id === "text"`)
	p.eval(`document.getElementById("text").value = ""`) // a pressed key is also typed here
	p.run(chromedp.SendKeys("#text", "no such host"))
	const rows = `[...document.querySelectorAll(".row:not([hidden])")]`
	p.wait(rows + `.length > 1 && ` + rows + `.every((r) => r.textContent.includes("no such host") &&` +
		` r.dataset.level === "error" && r.querySelector("mark").textContent === "no such host")`)
	p.wait(`location.search === "?q=no+such+host"`)

	// A line's link leads to the same line in a new page, with what was around it.
	p.eval(`document.querySelector(".row").click()`)
	p.wait(`location.hash.startsWith("#payment-processor@")`)
	p.wait(`document.getElementById("fields").textContent.includes("fraud-api.internal.corp")`)
	p.shot("filter-light")
	link := p.eval(`location.origin + "/" + location.hash`)
	picked := p.eval(`document.getElementById("detailText").textContent`)
	p.run(chromedp.Navigate("about:blank"), chromedp.Navigate(link))
	p.wait(`document.getElementById("detailText").textContent === ` + fmt.Sprintf("%q", picked))
	require.Contains(t, picked, p.eval(`document.querySelector(".row.picked .text").textContent`))
	p.wait(`document.getElementById("status").dataset.mode === "linked"`)
	p.wait(rows + `.length > 20`)
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	p.shot("link-dark")

	// Go live, then pause: nothing moves, what comes is counted, and nothing is missed.
	p.press(" ")
	p.wait(`document.getElementById("status").dataset.mode === "live"`)
	p.wait(behind)
	p.shot("load-dark")
	p.press(" ")
	p.wait(`/Paused · [\d,]+ new/.test(document.getElementById("status").textContent)`)
	still := p.eval(`document.getElementById("window").textContent`)
	p.wait(`parseInt(document.getElementById("status").textContent.replace(/\D/g, "")) > 500`)
	require.Equal(t, still, p.eval(`document.getElementById("window").textContent`))
	p.press(" ")
	p.wait(behind)
	require.NotContains(t, p.eval(`document.getElementById("window").textContent`), "were missed")

	// Scrolling up ends following; f takes it up again.
	p.eval(`document.getElementById("rows").scrollTop -= 400`)
	p.wait(`document.getElementById("follow").getAttribute("aria-pressed") === "false"`)
	p.press("f")
	p.wait(behind)
	require.True(t, store.Online())
}

// TestBrowserFilters works with containers, levels, expressions and the download.
func TestBrowserFilters(t *testing.T) {
	proxy := newFakeProxy(t)
	a, b := proxy.add("alpha"), proxy.add("beta")
	base, _ := viewerOf(t, proxy)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i := range 10 {
		now := at.Add(time.Duration(2*i) * time.Second)
		a <- frame(false, stamped(now, fmt.Sprintf("level=INFO n=%d", i)))
		b <- frame(true, stamped(now.Add(time.Second), fmt.Sprintf("level=ERROR n=%d <b>", i)))
	}
	p := openPage(t, base)
	shown := func(n int) {
		t.Helper()
		p.wait(fmt.Sprintf(`document.querySelectorAll(".row:not([hidden])").length === %d`, n))
	}
	shown(20)
	// The levels' counts and the escaped text.
	p.wait(`document.querySelector("#levels .count").textContent === "10"`)
	require.Equal(t, "0", p.eval(`document.querySelectorAll(".row b").length`))

	p.run(chromedp.Click(`#containers .facet:nth-child(2) input`))
	shown(10)
	p.wait(`location.search === "?c=alpha"`)
	p.run(chromedp.Click(`#levels .facet:nth-child(3) input`))
	p.wait(`document.getElementById("emptyText").textContent === "No line matches the filters."`)
	shown(0)
	p.shot("empty-light")
	p.run(chromedp.Click(`#clear`))
	shown(20)

	p.run(chromedp.Click(`#regex`), chromedp.SendKeys("#text", "n=[3-5]( <b>)?$"))
	shown(6)
	p.run(chromedp.SendKeys("#text", "("))
	p.wait(`document.getElementById("problem").textContent.includes("missing closing )")`)
	p.shot("problem-light")
	p.run(chromedp.SendKeys("#text", "\b"))
	shown(6)

	dir := t.TempDir()
	done := make(chan string, 1)
	require.NoError(t, chromedp.ListenBrowser(p.ctx, func(event any) {
		e, ok := event.(*browser.EventDownloadProgress)
		if ok && e.State == browser.DownloadProgressStateCompleted {
			done <- e.GUID
		}
	}))
	params := browser.SetDownloadBehaviorParams{
		Behavior:     browser.SetDownloadBehaviorBehaviorAllowAndName,
		DownloadPath: dir, EventsEnabled: new(true)}
	_, err := chromedp.CallBrowser(p.ctx, browser.SetDownloadBehavior, params)
	require.NoError(t, err)
	p.run(chromedp.Click("#download"))
	select {
	case guid := <-done:
		data, err := os.ReadFile(filepath.Join(dir, guid))
		require.NoError(t, err)
		require.Equal(t, 6, strings.Count(string(data), "\n"), string(data))
		require.Contains(t, string(data),
			"2026-03-01T12:00:06.000000000Z alpha stdout info level=INFO n=3\n")
	case <-p.ctx.Done():
		require.Fail(t, "nothing was downloaded")
	}
}
