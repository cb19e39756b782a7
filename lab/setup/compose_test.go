package setup

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestComposeIsProvided(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*fakeMachine)
		did    []string
	}{
		"a bare Debian": {func(*fakeMachine) {}, []string{
			"install docker-compose", update, getAll + "docker-compose",
			"install curl", update, getAll + "curl"}},
		"there already": {func(m *fakeMachine) {
			m.installed["docker-compose"], m.installed["curl"] = true, true
		}, nil},
		"one of them": {func(m *fakeMachine) { m.installed["curl"] = true },
			[]string{"install docker-compose", update, getAll + "docker-compose"}},
		"not root": {func(m *fakeMachine) { m.root, m.installed["curl"] = false, true }, []string{
			"no docker-compose for the tests of the kit, install it yourself: " +
				"packages docker-compose are missing"}},
	} {
		m := bare()
		tc.change(m)
		m.host().compose(t.Context())
		require.Equal(t, tc.did, m.did, name)
	}
}
