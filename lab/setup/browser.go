package setup

import "context"

// browsers are the programs that the log viewer's tests can use, the first one found.
func browsers() []string { return []string{"chromium", "chromium-browser", "google-chrome"} }

// browser provides a browser for the tests of the log viewer. Nothing but tests needs it;
// so where there is none to be had, set-up says so and goes on.
func (h *host) browser(ctx context.Context) {
	for _, name := range browsers() {
		if h.look(name) == nil {
			return
		}
	}
	if err := h.install(ctx, "chromium"); err != nil {
		h.say("no chromium for the tests of the log viewer, install one yourself: %v", err)
	}
}
