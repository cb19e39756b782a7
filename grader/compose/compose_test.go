package compose_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/compose"
)

const kit = `services:
  app:
    image: x
    environment:
      PORT: "8080"
      TIMEOUT: 5s
      LEVEL: info
    ports:
      - "127.0.0.1:${SERVICE_PORT:-8080}:8080"
  db:
    image: postgres
`

func compare(t *testing.T, candidate string) (compose.Overrides, string) {
	t.Helper()
	o, changes := compose.Compare([]byte(kit), []byte(candidate), []byte("MODE=soft # x\nQUOTED=\"a b\"\n"), "app")
	var lines []string
	for _, c := range changes {
		lines = append(lines, c.String())
	}
	return o, strings.Join(lines, "\n")
}

func edit(from, to string) string {
	if !strings.Contains(kit, from) {
		panic(from)
	}
	return strings.Replace(kit, from, to, 1)
}

func TestUnchanged(t *testing.T) {
	o, said := compare(t, kit)
	require.Empty(t, said)
	require.Empty(t, o.Set)
	_, said = compare(t, "# a comment\n"+kit)
	require.Empty(t, said)
}

func TestEnvironmentIsApplied(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		set  map[string]string
	}{
		"new":       {edit("LEVEL: info", "LEVEL: info\n      DEGRADED: \"on\""), map[string]string{"DEGRADED": "on"}},
		"changed":   {edit("TIMEOUT: 5s", "TIMEOUT: 800ms"), map[string]string{"TIMEOUT": "800ms"}},
		"default":   {edit("TIMEOUT: 5s", "TIMEOUT: ${NOWHERE:-800ms}"), map[string]string{"TIMEOUT": "800ms"}},
		"from .env": {edit("TIMEOUT: 5s", "TIMEOUT: ${MODE:-1s}"), map[string]string{"TIMEOUT": "soft # x"}},
		"quoted":    {edit("TIMEOUT: 5s", "TIMEOUT: $QUOTED"), map[string]string{"TIMEOUT": "a b"}},
		"dollar":    {edit("TIMEOUT: 5s", "TIMEOUT: a$$b"), map[string]string{"TIMEOUT": "a$b"}},
		"list form": {edit("      PORT: \"8080\"\n      TIMEOUT: 5s\n      LEVEL: info\n",
			"      - PORT=8080\n      - TIMEOUT=5s\n      - LEVEL=info\n      - X=1=2\n"),
			map[string]string{"X": "1=2"}},
	} {
		o, said := compare(t, c.file)
		require.Equal(t, c.set, o.Set, name)
		require.NotContains(t, said, "not applied", name)
		require.Equal(t, 1, strings.Count(said, "applied"), name)
	}
	o, said := compare(t, edit("      LEVEL: info\n", ""))
	require.Equal(t, []string{"LEVEL"}, o.Unset)
	require.Contains(t, said, "taken out")
}

// TestHostMachineIsNeverRead: a variable of the grader's own environment is no value.
func TestHostMachineIsNeverRead(t *testing.T) {
	t.Setenv("SECRET_OF_HOST", "canary")
	o, said := compare(t, edit("TIMEOUT: 5s", "TIMEOUT: ${SECRET_OF_HOST}"))
	require.Empty(t, o.Set)
	require.Contains(t, said, "SECRET_OF_HOST is set neither in .env nor by a default")
	_, said = compare(t, edit("LEVEL: info", "LEVEL: info\n      SECRET_OF_HOST:"))
	require.NotContains(t, said, "canary")
}

// TestNotApplied: everything else is listed with its line and has no effect.
func TestNotApplied(t *testing.T) {
	for name, c := range map[string]struct{ file, says string }{
		"privileged": {edit("    image: x\n", "    image: x\n    privileged: true\n"), "services.app.privileged (line 4): not applied"},
		"socket": {edit("    image: x\n", "    image: x\n    volumes: [\"/var/run/docker.sock:/s\"]\n"),
			"services.app.volumes[0] (line 4): not applied"},
		"other service's env": {edit("    image: postgres\n", "    image: postgres\n    environment: {A: b}\n"),
			"services.db.environment.A (line 12): not applied"},
		"port":       {edit(`PORT: "8080"`, `PORT: "9090"`), "the platform fixes it"},
		"image":      {edit("image: postgres", "image: evil"), "services.db.image (line 11): not applied"},
		"odd name":   {edit("LEVEL: info", "LEVEL: info\n      \"a b\": c"), "not the name of a variable"},
		"a new one":  {kit + "  stub:\n    image: y\n", "services.stub.image (line 13): not applied"},
		"huge value": {edit("LEVEL: info", "LEVEL: "+strings.Repeat("x", 5000)), "longer than 4096"},
		"env_file":   {edit("    image: x\n", "    image: x\n    env_file: /etc/passwd\n"), "services.app.env_file (line 4): not applied"},
		"include":    {"include: [../x.yml]\n" + kit, "include[0] (line 1): not applied"},
	} {
		o, said := compare(t, c.file)
		require.Contains(t, said, c.says, name)
		require.Empty(t, o.Set, name)
		require.Empty(t, o.Unset, name)
	}
}

// TestUnreadable: what the reader does not accept is said, once, and nothing is applied.
func TestUnreadable(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x]\n"
	for i := range 8 {
		bomb += fmt.Sprintf("b%d: &b%d [*a,*a,*a,*a,*a,*a,*a,*a]\n", i, i)
	}
	for name, file := range map[string]string{
		"no yaml":   "services: [",
		"bomb":      bomb,
		"twice":     edit("TIMEOUT: 5s", "TIMEOUT: 5s\n      TIMEOUT: 6s"),
		"merge":     edit("LEVEL: info", "LEVEL: info\n      <<: {A: b}"),
		"too large": strings.Repeat("#", compose.MaxSize+1),
		"deep":      strings.Repeat("[", 5000),
		"empty":     "",
	} {
		o, said := compare(t, file)
		require.Contains(t, said, "the whole file", name)
		require.Contains(t, said, "not applied", name)
		require.Empty(t, o.Set, name)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add([]byte(kit), []byte("A=b"))
	f.Add([]byte(edit("TIMEOUT: 5s", "TIMEOUT: ${A:-${B}}")), []byte(""))
	f.Fuzz(func(t *testing.T, candidate, dotenv []byte) {
		o, changes := compose.Compare([]byte(kit), candidate, dotenv, "app")
		applied := 0
		for _, c := range changes {
			if c.Applied {
				applied++
				require.True(t, strings.HasPrefix(c.Path, "services.app.environment."), c.Path)
			} else {
				require.NotEmpty(t, c.Reason)
			}
		}
		require.LessOrEqual(t, len(o.Set)+len(o.Unset), applied)
	})
}
