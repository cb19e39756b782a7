package image

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// The module that the builder's cache is made for. It is kept as data, because
// a go.mod here would cut this directory out of our own module. To add a module,
// add its packages to warmPackages, put the two files as go.mod and go.sum beside
// a main.go that imports those packages, and run go mod tidy there.
//
//go:embed modules/allowed.mod
var allowedMod string

//go:embed modules/allowed.sum
var allowedSum string

// warmPackages are compiled into the builder's cache with all they import: what
// the exam's service and our own programs use, and what a candidate plausibly
// reaches for (circuit breakers, retries, limits).
func warmPackages() []string {
	return []string{
		"github.com/cenkalti/backoff/v5",
		"github.com/failsafe-go/failsafe-go",
		"github.com/failsafe-go/failsafe-go/circuitbreaker",
		"github.com/failsafe-go/failsafe-go/fallback",
		"github.com/failsafe-go/failsafe-go/failsafehttp",
		"github.com/failsafe-go/failsafe-go/retrypolicy",
		"github.com/failsafe-go/failsafe-go/timeout",
		"github.com/go-chi/chi/v5",
		"github.com/go-chi/chi/v5/middleware",
		"github.com/google/uuid",
		"github.com/hashicorp/go-retryablehttp",
		"github.com/jackc/pgx/v5",
		"github.com/jackc/pgx/v5/pgconn",
		"github.com/jackc/pgx/v5/pgtype",
		"github.com/jackc/pgx/v5/pgxpool",
		"github.com/jackc/pgx/v5/stdlib",
		"github.com/miekg/dns",
		"github.com/sony/gobreaker/v2",
		"golang.org/x/sync/errgroup",
		"golang.org/x/sync/semaphore",
		"golang.org/x/sync/singleflight",
		"golang.org/x/time/rate",
	}
}

// Module is a module version that builds may use.
type Module struct {
	Path, Version string
	// Indirect modules are there because others need them.
	Indirect bool
}

// AllowedModules are the modules that the builder image carries, by path. A
// build can use these versions and no others: it has no network.
func AllowedModules() ([]Module, error) {
	f, err := modfile.Parse("allowed.mod", []byte(allowedMod), nil)
	if err != nil {
		return nil, fmt.Errorf("parse list of allowed modules: %w", err)
	}
	var out []Module
	for _, r := range f.Require {
		out = append(out, Module{r.Mod.Path, r.Mod.Version, r.Indirect})
	}
	slices.SortFunc(out, func(a, b Module) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// ModuleSums are the go.sum lines of all allowed modules, sorted; a copy.
func ModuleSums() []byte { return []byte(allowedSum) }

// warmProgram imports every package that the cache shall hold.
func warmProgram() []byte {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n")
	for _, p := range warmPackages() {
		fmt.Fprintf(&b, "\t_ %q\n", p)
	}
	b.WriteString(")\n\nfunc main() {}\n")
	return b.Bytes()
}

// modules downloads the allowed modules into a module cache of their own under
// tmp and returns it. What this machine's cache holds is not downloaded again.
func (w *workshop) modules(ctx context.Context, tmp string) (string, error) {
	src, cache := filepath.Join(tmp, "src"), filepath.Join(tmp, "mod")
	if err := os.Mkdir(src, 0o755); err != nil {
		return "", err
	}
	for name, data := range map[string]string{"go.mod": allowedMod, "go.sum": allowedSum} {
		if err := os.WriteFile(filepath.Join(src, name), []byte(data), 0o644); err != nil {
			return "", err
		}
	}
	var out bytes.Buffer
	get := Command{Name: "go", Args: []string{"env", "GOMODCACHE", "GOPROXY"}, Dir: src, Out: &out}
	if err := w.run(ctx, get); err != nil {
		return "", fmt.Errorf("find module cache: %w", err)
	}
	have, proxy, _ := strings.Cut(strings.TrimSpace(out.String()), "\n")
	err := w.run(ctx, Command{Name: "go", Args: []string{"mod", "download"}, Dir: src, Env: []string{
		"GOMODCACHE=" + cache, "GOFLAGS=-modcacherw", "GOWORK=off",
		"GOPROXY=file://" + filepath.ToSlash(filepath.Join(have, "cache", "download")) + "," + proxy,
	}})
	if err != nil {
		return "", fmt.Errorf("download the allowed modules: %w", err)
	}
	return cache, nil
}

// keepOfModules drops the zips: the extracted files are what builds read.
func keepOfModules(rel string, _ fs.DirEntry) bool {
	return filepath.Ext(rel) != ".zip" && rel != "cache/download/sumdb"
}

// module adds a Go module that uses the allowed modules to a build context.
func (a *Archive) module(dir string) error {
	if err := a.File(dir+"/go.mod", 0o644, []byte(allowedMod)); err != nil {
		return err
	}
	return a.File(dir+"/go.sum", 0o644, []byte(allowedSum))
}
