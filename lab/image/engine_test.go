package image_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"firedrill/lab/image"
)

// The tests in this file need a running engine; `make setup` provides it.

func TestMain(m *testing.M) {
	// The containers are removed by the tests; the reaper's image may not be had.
	_ = os.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
	os.Exit(m.Run())
}

// ensure provides an image and gives its reference.
func ensure(t *testing.T, img image.Image) string {
	t.Helper()
	cli, err := client.New(client.FromEnv)
	require.NoError(t, err)
	t.Cleanup(func() { _ = cli.Close() })
	report := func(p image.Progress) { t.Logf("%s: %s", p.Image, p.Line) }
	ref, err := image.NewStore(cli, report).Ensure(t.Context(), img)
	require.NoError(t, err, "hint: run `make setup`")
	return ref
}

// start runs a container under the limits of a lab.
func start(t *testing.T, req testcontainers.ContainerRequest) testcontainers.Container {
	t.Helper()
	own := req.HostConfigModifier
	req.HostConfigModifier = func(h *container.HostConfig) {
		pids := int64(128)
		h.ReadonlyRootfs = true
		h.CapDrop = []string{"ALL"}
		h.SecurityOpt = []string{"no-new-privileges"}
		h.IpcMode = "none"
		h.Resources.Memory, h.Resources.MemorySwap = 1<<30, 1<<30
		h.Resources.PidsLimit = &pids
		h.Tmpfs = map[string]string{"/tmp": "rw,noexec,nosuid,nodev,size=512m,mode=1777"}
		if own != nil {
			own(h)
		}
	}
	if req.ConfigModifier == nil {
		req.ConfigModifier = func(c *container.Config) { c.User = image.User }
	}
	c, err := testcontainers.GenericContainer(t.Context(), testcontainers.GenericContainerRequest{
		ContainerRequest: req, Started: true,
	})
	testcontainers.CleanupContainer(t, c)
	require.NoError(t, err, "logs:\n%s", logs(c))
	return c
}

func logs(c testcontainers.Container) string {
	if c == nil {
		return ""
	}
	r, err := c.Logs(context.Background()) // the test's context may be over
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	data, _ := io.ReadAll(r)
	return string(data)
}

// exited waits for a program's end and gives its exit code and output.
func exited(t *testing.T, ref string, req testcontainers.ContainerRequest) (int, string) {
	t.Helper()
	req.Image, req.NetworkMode = ref, "none"
	req.WaitingFor = wait.ForExit().WithPollInterval(20 * time.Millisecond)
	c := start(t, req)
	state, err := c.State(t.Context())
	require.NoError(t, err)
	return state.ExitCode, logs(c)
}

// scripts initialise the test's database, and try to reach it over TCP meanwhile.
var scripts = fstest.MapFS{
	"1-tables.sql": {Data: []byte("CREATE TABLE customers (id int);\n" +
		"DO $$ BEGIN\n  INSERT INTO customers VALUES (1), (2);\nEND $$;\n")},
	"2-probe.sh": {Data: []byte("if psql -h 127.0.0.1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" " +
		"-c 'SELECT 1' 2>/tmp/probe; then reached=true; else reached=false; fi\n" +
		"sql \"$POSTGRES_DB\" -c \"CREATE TABLE early AS SELECT $reached AS reached\"\n")},
}

func database(name string) image.Database {
	return image.Database{User: "paymentuser", Password: "it's secret", Name: name, Scripts: scripts}
}

// startPostgres starts a database with the test's scripts and gives its address.
func startPostgres(t *testing.T, ref string, env map[string]string, more ...string) (
	testcontainers.Container, string,
) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	for name, f := range scripts {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), f.Data, 0o644))
	}
	c := start(t, testcontainers.ContainerRequest{
		Image: ref, Env: env, Cmd: more, ExposedPorts: []string{"5432/tcp"},
		WaitingFor: ready(),
		HostConfigModifier: func(h *container.HostConfig) {
			h.Binds = []string{dir + ":/docker-entrypoint-initdb.d:ro"}
			h.Resources.Memory, h.Resources.MemorySwap = 384<<20, 384<<20
			for path, opts := range image.PostgresTmpfs() {
				h.Tmpfs[path] = opts
			}
		},
	})
	port, err := c.MappedPort(t.Context(), "5432/tcp")
	require.NoError(t, err)
	return c, "127.0.0.1:" + port.Port()
}

// ready is reached when the server says so for the second time: the first is
// while its scripts run.
func ready() wait.Strategy {
	return wait.ForLog("database system is ready to accept connections").
		WithOccurrence(2).WithPollInterval(10 * time.Millisecond).WithStartupTimeout(time.Minute)
}

func connect(t *testing.T, addr, user, password, name string) (*pgx.Conn, error) {
	t.Helper()
	cfg, err := pgx.ParseConfig("postgres://" + addr + "/" + name + "?sslmode=disable")
	require.NoError(t, err)
	cfg.User, cfg.Password = user, password
	return pgx.ConnectConfig(t.Context(), cfg)
}

// requireDatabase checks everything that POSTGRES_* and the scripts promise.
func requireDatabase(t *testing.T, addr, name string) {
	t.Helper()
	conn, err := connect(t, addr, "paymentuser", "it's secret", name)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	const own = "SELECT string_agg(DISTINCT pg_get_userbyid(datdba), ' ') FROM pg_database"
	const names = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database " +
		"WHERE NOT datistemplate"
	for query, want := range map[string]string{
		"SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolname !~ '^pg_'": "paymentuser",
		"SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user":      "true",
		own:                                    "paymentuser",
		names:                                  name + " postgres",
		"SELECT count(*)::text FROM customers": "2",
		"SELECT reached::text FROM early":      "false",
		"SHOW server_encoding":                 "UTF8",
		"SELECT left(current_setting('server_version'), 3)": "15.",
	} {
		var got string
		require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&got), query)
		require.Equal(t, want, got, query)
	}
	for _, login := range [][2]string{
		{"paymentuser", "wrong"}, {"postgres", ""}, {"firedrill_setup", ""},
	} {
		_, err := connect(t, addr, login[0], login[1], name)
		require.ErrorContains(t, err, "28", "%s must not get in", login[0])
	}
}

func TestPostgres(t *testing.T) {
	ref := ensure(t, image.Postgres())
	t.Run("as asked by its environment", func(t *testing.T) {
		c, addr := startPostgres(t, ref, database("payments").Env(), "-c", "fsync=off")
		requireDatabase(t, addr, "payments")
		code, out, err := c.Exec(t.Context(), []string{"psql", "-U", "paymentuser", "payments",
			"-c", "SHOW fsync"})
		require.NoError(t, err)
		text, _ := io.ReadAll(out)
		require.Zero(t, code, "%s", text)
		require.Contains(t, string(text), "off")
	})
	t.Run("with arguments for initdb", func(t *testing.T) {
		env := database("payments").Env()
		env["POSTGRES_INITDB_ARGS"] = "--data-checksums --encoding=UTF8"
		_, addr := startPostgres(t, ref, env)
		requireDatabase(t, addr, "payments")
		conn, err := connect(t, addr, "paymentuser", "it's secret", "payments")
		require.NoError(t, err)
		defer conn.Close(t.Context())
		var sums string
		require.NoError(t, conn.QueryRow(t.Context(), "SHOW data_checksums").Scan(&sums))
		require.Equal(t, "on", sums)
	})
	t.Run("as the user and with the place of the image", func(t *testing.T) {
		c := start(t, testcontainers.ContainerRequest{
			Image: ref, Env: map[string]string{"POSTGRES_PASSWORD": "x"},
			ConfigModifier:     func(*container.Config) {},
			HostConfigModifier: func(h *container.HostConfig) { h.ReadonlyRootfs = false },
			WaitingFor:         ready(),
		})
		code, _, err := c.Exec(t.Context(), []string{"psql", "-c", "SELECT 1"})
		require.NoError(t, err)
		require.Zero(t, code)
	})
	t.Run("with a place that is another user's", func(t *testing.T) {
		code, out := exited(t, ref, testcontainers.ContainerRequest{
			Env: map[string]string{"POSTGRES_PASSWORD": "x", "PGDATA": "/var/run/postgresql"},
		})
		require.Equal(t, 1, code)
		require.Contains(t, out, "error: PGDATA /var/run/postgresql is not this user's own\nhint: ")
	})
	t.Run("without password", func(t *testing.T) {
		code, out := exited(t, ref, testcontainers.ContainerRequest{
			Env: map[string]string{"PGDATA": "/tmp/data"},
		})
		require.Equal(t, 1, code)
		require.Contains(t, out, "error: POSTGRES_PASSWORD is not set\nhint: set it")
	})
	t.Run("with a script that fails", func(t *testing.T) {
		env := database("payments").Env()
		env["PGDATA"] = "/tmp/data"
		dir := t.TempDir()
		require.NoError(t, os.Chmod(dir, 0o755))
		bad := filepath.Join(dir, "bad.sql")
		require.NoError(t, os.WriteFile(bad, []byte("CREATE TABLE;"), 0o644))
		code, out := exited(t, ref, testcontainers.ContainerRequest{
			Env: env, HostConfigModifier: func(h *container.HostConfig) {
				h.Binds = []string{dir + ":/docker-entrypoint-initdb.d:ro"}
			},
		})
		require.NotZero(t, code)
		require.Contains(t, out, "syntax error")
		require.NotContains(t, out, "init process complete")
	})
}

func TestPrepared(t *testing.T) {
	img, err := image.Prepared(database("payments"))
	require.NoError(t, err)
	ref := ensure(t, img)
	const prepared = "the image's prepared database"
	t.Run("unpacks what was prepared", func(t *testing.T) {
		c, addr := startPostgres(t, ref, database("payments").Env())
		require.Contains(t, logs(c), prepared)
		requireDatabase(t, addr, "payments")
	})
	t.Run("initialises when asked for another", func(t *testing.T) {
		c, addr := startPostgres(t, ref, database("ledger").Env())
		require.NotContains(t, logs(c), prepared)
		requireDatabase(t, addr, "ledger")
	})
}

// build compiles a program in the builder as a candidate's is: offline, bounded.
func build(t *testing.T, ref string, files map[string]string) (code int, output, out string) {
	t.Helper()
	src, out := t.TempDir(), t.TempDir()
	require.NoError(t, os.Chmod(src, 0o755))
	require.NoError(t, os.Chmod(out, 0o777))
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(src, name), []byte(text), 0o644))
	}
	program := filepath.Join(out, "program")
	code, output = exited(t, ref, testcontainers.ContainerRequest{
		Cmd: image.BuildCommand("/out/program", "."),
		HostConfigModifier: func(h *container.HostConfig) {
			h.Binds = []string{src + ":" + image.SourceDir + ":ro", out + ":/out"}
		},
	})
	return code, output, program
}

func TestBuilderCompilesOffline(t *testing.T) {
	ref := ensure(t, image.Builder())
	modules, err := image.AllowedModules()
	require.NoError(t, err)
	mod := "module hello\n\ngo 1.26.0\n"
	for _, m := range modules {
		mod += fmt.Sprintf("require %s %s\n", m.Path, m.Version)
	}
	// Packages that nothing else of ours uses: neither compiled nor indexed by chance.
	const main = `package main

import (
	"encoding/xml"
	"fmt"
	"os/user"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/tracelog"
	"golang.org/x/text/language"
)

var _ = []any{xml.Marshal, user.Current, pgxpool.New, tracelog.LogLevelInfo, language.English}

func main() { fmt.Println("hello", chi.NewRouter() != nil) }
`
	code, output, program := build(t, ref, map[string]string{
		"go.mod": mod, "go.sum": string(image.ModuleSums()), "main.go": main,
	})
	require.Zero(t, code, output)
	said, err := exec.CommandContext(t.Context(), program).CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, "hello true\n", string(said))

	t.Run("and nothing else", func(t *testing.T) {
		for name, tc := range map[string]struct{ mod, main, want string }{
			"a module that is not allowed": {
				mod + "require github.com/gorilla/mux v1.8.1\n",
				"package main\n\nimport _ \"github.com/gorilla/mux\"\n\nfunc main() {}\n",
				"github.com/gorilla/mux",
			},
			"another toolchain": {
				strings.Replace(mod, "go 1.26.0", "go 1.99.0", 1), main,
				"requires go >= 1.99.0",
			},
			"cgo": {
				mod, "package main\n\nimport \"C\"\n\nfunc main() {}\n", "build constraints exclude",
			},
			"a mistake": {mod, "package main\n\nfunc main() { x }\n", "undefined: x"},
		} {
			code, output, _ := build(t, ref, map[string]string{
				"go.mod": tc.mod, "go.sum": string(image.ModuleSums()), "main.go": tc.main,
			})
			require.NotZero(t, code, name)
			require.Contains(t, output, tc.want, name)
		}
	})
}

func TestToolsRunUnderHardening(t *testing.T) {
	img, err := image.Tools(
		image.Program{Name: "hello", Source: fstest.MapFS{"main.go": {Data: []byte(
			"package main\n\nimport \"os\"\n\nfunc main() {\n\t_, err := os.Create(\"/x\")\n" +
				"\tos.Stdout.WriteString(err.Error())\n}\n")}}},
		image.Program{Name: "names", Source: fstest.MapFS{"main.go": {Data: []byte(
			"package main\n\nimport (\n\t\"os\"\n\n\t\"github.com/miekg/dns\"\n)\n\n" +
				"func main() { os.Stdout.WriteString(dns.Fqdn(\"a.b\")) }\n")}}},
	)
	require.NoError(t, err)
	ref := ensure(t, img)
	requireNoStage(t, ref)
	for program, want := range map[string]string{
		"hello": "open /x: read-only file system", "names": "a.b.",
	} {
		code, out := exited(t, ref, testcontainers.ContainerRequest{
			Entrypoint: []string{"/bin/" + program},
		})
		require.Zero(t, code, out)
		require.Contains(t, out, want)
	}
}

// requireNoStage checks that a build left nothing without a name behind.
func requireNoStage(t *testing.T, ref string) {
	t.Helper()
	cli, err := client.New(client.FromEnv)
	require.NoError(t, err)
	defer cli.Close()
	stage := "firedrill.stage=" + strings.ReplaceAll(ref, ":", ".")
	list, err := cli.ImageList(t.Context(), client.ImageListOptions{
		Filters: client.Filters{}.Add("dangling", "true").Add("label", stage),
	})
	require.NoError(t, err)
	require.Empty(t, list.Items)
}
