package setup

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBrowserIsProvided(t *testing.T) {
	get := getAll + "chromium"
	for name, tc := range map[string]struct {
		change func(*fakeMachine)
		did    []string
	}{
		"a bare Debian": {func(*fakeMachine) {}, []string{"install chromium", update, get}},
		"there already": {func(m *fakeMachine) { m.installed["chromium"] = true }, nil},
		"another one":   {func(m *fakeMachine) { m.installed["google-chrome"] = true }, nil},
		"not root": {func(m *fakeMachine) { m.root = false }, []string{
			"no chromium for the tests of the log viewer, install one yourself: " +
				"packages chromium are missing"}},
		"no network": {func(m *fakeMachine) { m.aptFails = true }, []string{
			"install chromium", update, "no chromium for the tests of the log viewer, install one " +
				"yourself: update list of packages: apt-get: exit status 100\nE: Unable to fetch some archives"}},
	} {
		m := bare()
		tc.change(m)
		m.host().browser(t.Context())
		require.Equal(t, tc.did, m.did, name)
	}
}
