package grader_test

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

var updateAPI = flag.Bool("api", false, "accept what is exported now")

const apiDir = "testdata/api"

// TestAPI holds what every package exports to the listing in testdata/api, so that nothing is
// exported by accident and nothing that others use goes away unseen. After a change that is
// meant: go test ./grader -run TestAPI -api, and look at what git shows.
func TestAPI(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Context: t.Context(), Dir: "..",
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports}, "./...")
	require.NoError(t, err)
	listed := map[string]bool{}
	for _, p := range pkgs {
		require.Empty(t, p.Errors)
		if p.Name == "main" || !strings.HasPrefix(p.PkgPath, "firedrill/") {
			continue
		}
		file := apiFile(p.PkgPath)
		is := strings.Join(exported(p.Types), "\n") + "\n"
		if is == "\n" {
			continue // tests alone
		}
		listed[filepath.Base(file)] = true
		if *updateAPI {
			require.NoError(t, os.WriteFile(file, []byte(is), 0o644))
		}
		was, err := os.ReadFile(file)
		require.NoError(t, err, "%s is new: go test ./grader -run TestAPI -api lists what it exports", p.PkgPath)
		require.Empty(t, changed(string(was), is),
			"%s exports something else: where it is meant, go test ./grader -run TestAPI -api", p.PkgPath)
	}
	files, err := os.ReadDir(apiDir)
	require.NoError(t, err)
	for _, f := range files {
		if !listed[f.Name()] && *updateAPI {
			require.NoError(t, os.Remove(filepath.Join(apiDir, f.Name())))
			continue
		}
		require.True(t, listed[f.Name()], "%s lists a package that is gone", f.Name())
	}
}

func apiFile(pkg string) string {
	return filepath.Join(apiDir, strings.ReplaceAll(strings.TrimPrefix(pkg, "firedrill/"), "/", ".")+".txt")
}

// changed gives the lines that came (+) and went (-).
func changed(was, is string) []string {
	var out []string
	old, now := strings.Split(was, "\n"), strings.Split(is, "\n")
	for _, line := range now {
		if !slices.Contains(old, line) {
			out = append(out, "+ "+line)
		}
	}
	for _, line := range old {
		if !slices.Contains(now, line) {
			out = append(out, "- "+line)
		}
	}
	return out
}

// exported lists what a package exports, a line each.
func exported(pkg *types.Package) []string {
	var out []string
	short := func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		typ := types.TypeString(obj.Type(), short)
		switch obj := obj.(type) {
		case *types.Const:
			add("const %s %s", name, typ) // its value is for tests of its meaning
		case *types.Var:
			add("var %s %s", name, typ)
		case *types.Func:
			add("func %s%s", name, strings.TrimPrefix(typ, "func"))
		case *types.TypeName:
			out = append(out, exportedType(obj, short)...)
		}
	}
	slices.Sort(out)
	return out
}

// exportedType lists a type with its fields and methods.
func exportedType(obj *types.TypeName, short types.Qualifier) []string {
	name := obj.Name()
	if obj.IsAlias() {
		return []string{fmt.Sprintf("type %s = %s", name, types.TypeString(types.Unalias(obj.Type()), short))}
	}
	var out []string
	switch u := obj.Type().Underlying().(type) {
	case *types.Struct:
		out = append(out, fmt.Sprintf("type %s struct", name))
		for f := range u.Fields() {
			if f.Exported() {
				out = append(out, fmt.Sprintf("type %s struct, %s %s", name, f.Name(), types.TypeString(f.Type(), short)))
			}
		}
	default:
		out = append(out, fmt.Sprintf("type %s %s", name, types.TypeString(u, short)))
	}
	named, ok := obj.Type().(*types.Named)
	if !ok {
		return out
	}
	for m := range named.Methods() {
		if !m.Exported() {
			continue
		}
		recv := types.TypeString(m.Signature().Recv().Type(), short)
		out = append(out, fmt.Sprintf("method (%s) %s%s", recv, m.Name(),
			strings.TrimPrefix(types.TypeString(m.Type(), short), "func")))
	}
	return out
}

// TestEveryPackageShowsAnExample: a reader of its documentation sees how it is used.
func TestEveryPackageShowsAnExample(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Context: t.Context(), Dir: "..",
		Mode: packages.NeedName | packages.NeedFiles, Tests: true}, "./...")
	require.NoError(t, err)
	shows, files := map[string]bool{}, map[string]bool{}
	for _, p := range pkgs {
		path := strings.TrimSuffix(p.PkgPath, "_test")
		if p.Name == "main" || strings.HasSuffix(path, ".test") {
			continue
		}
		for _, f := range p.GoFiles {
			if !strings.HasSuffix(f, "_test.go") {
				files[path] = true
				continue
			}
			data, err := os.ReadFile(f)
			require.NoError(t, err)
			shows[path] = shows[path] || strings.Contains(string(data), "\nfunc Example")
		}
	}
	var without []string
	for path := range files {
		if !shows[path] {
			without = append(without, path)
		}
	}
	slices.Sort(without)
	require.Empty(t, without, "write an Example for each, in a file example_test.go")
}
