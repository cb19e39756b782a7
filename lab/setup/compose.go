package setup

import "context"

// kitPrograms are what the tests of the kit and of the examiner's papers run; Debian's
// packages have the same names.
func kitPrograms() []string { return []string{"docker-compose", "curl"} }

// compose provides docker-compose and curl, by which tests start the exported kit and ask
// its endpoints. Labs run without; so where they are not to be had, set-up says so and goes on.
func (h *host) compose(ctx context.Context) {
	for _, name := range kitPrograms() {
		if h.look(name) == nil {
			continue
		}
		if err := h.install(ctx, name); err != nil {
			h.say("no %s for the tests of the kit, install it yourself: %v", name, err)
		}
	}
}
