package image

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

func TestAllowedModulesAgreeWithOurOwn(t *testing.T) {
	allowed, err := AllowedModules()
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	require.NoError(t, err)
	ours, err := modfile.Parse("go.mod", data, nil)
	require.NoError(t, err)
	version := map[string]string{}
	for _, r := range ours.Require {
		version[r.Mod.Path] = r.Mod.Version
	}
	shared := 0
	for _, m := range allowed {
		if v, ok := version[m.Path]; ok {
			shared++
			require.Equal(t, v, m.Version,
				"%s: programs are tested here with one version and built with the other", m.Path)
		}
	}
	require.GreaterOrEqual(t, shared, 5)
	for _, path := range []string{
		"github.com/go-chi/chi/v5", "github.com/jackc/pgx/v5", "github.com/miekg/dns",
		"github.com/sony/gobreaker/v2",
	} {
		require.Contains(t, paths(allowed), path)
	}
	file, err := modfile.Parse("allowed.mod", []byte(allowedMod), nil)
	require.NoError(t, err)
	require.Equal(t, ours.Go.Version, file.Go.Version)
}

func paths(ms []Module) []string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Path)
	}
	return out
}

func TestEveryAllowedModuleHasItsSums(t *testing.T) {
	allowed, err := AllowedModules()
	require.NoError(t, err)
	require.IsIncreasing(t, paths(allowed))
	sums := string(ModuleSums())
	for _, m := range allowed {
		require.Contains(t, sums, m.Path+" "+m.Version+" h1:")
		require.Contains(t, sums, m.Path+" "+m.Version+"/go.mod h1:")
	}
	ModuleSums()[0] = 'X'
	require.Equal(t, sums, string(ModuleSums()), "callers get a copy")
}

func TestWarmPackagesAreOfDirectModules(t *testing.T) {
	allowed, err := AllowedModules()
	require.NoError(t, err)
	warm := map[string]bool{}
	for _, p := range warmPackages() {
		found := ""
		for _, m := range allowed {
			if p == m.Path || strings.HasPrefix(p, m.Path+"/") {
				require.False(t, m.Indirect, p)
				found = m.Path
			}
		}
		require.NotEmpty(t, found, p)
		warm[found] = true
	}
	for _, m := range allowed {
		require.True(t, m.Indirect || warm[m.Path], "%s is allowed but never compiled", m.Path)
	}
}
