package image

import (
	"context"
	_ "embed"
	"errors"
	"strings"
)

//go:embed postgres/entrypoint.sh
var postgresEntrypoint string

//go:embed postgres/configure.sh
var postgresConfigure string

//go:embed postgres/prepare.sh
var postgresPrepare string

// installPostgres puts Debian's packages on base. The server's just-in-time
// compiler is left out: it is most of the size and no gain for short queries.
const installPostgres = `set -e; export DEBIAN_FRONTEND=noninteractive; ` +
	`mkdir -p /etc/postgresql-common; ` +
	`echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf; ` +
	`apt-get update -qq; ` +
	`apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null; ` +
	`apt-get clean; rm -rf /var/cache/apt/*.bin /var/lib/apt/lists/* /usr/share/doc/* ` +
	`/usr/lib/postgresql/15/lib/bitcode ` +
	`/usr/lib/postgresql/15/lib/llvmjit* /usr/lib/*/libLLVM* /usr/lib/*/libz3*; ` +
	`ln -s /usr/lib/postgresql/15/bin/* /usr/local/bin/`

// PostgresData is the default PGDATA. A container with a read-only root mounts a
// tmpfs there (PostgresTmpfs).
const PostgresData = "/var/lib/postgresql/data"

// PostgresTmpfs are the tmpfs mounts of a PostgreSQL container that runs as User
// with a read-only root: options by path, as the engine takes them.
func PostgresTmpfs() map[string]string {
	const opts = "rw,noexec,nosuid,nodev,uid=65532,gid=65532,"
	return map[string]string{
		PostgresData:          opts + "mode=0700,size=256m",
		"/var/run/postgresql": opts + "mode=0755,size=1m",
	}
}

// Postgres is PostgreSQL 15 as the upstream image offers it: POSTGRES_USER,
// POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD
// and their _FILE forms, PGDATA, scripts in /docker-entrypoint-initdb.d, "-c
// name=value" as command. It differs in three ways: it never runs as root, it
// runs as any user under a read-only root, and it carries an initialised cluster
// that is copied into an empty PGDATA instead of running initdb, which takes
// 0.8 s. Scripts in the directory may be *.sql, *.sql.gz and *.sh.
//
// Nobody can connect over TCP before the scripts are done.
func Postgres() Image {
	shared := []string{
		postgresEntrypoint, postgresConfigure, postgresPrepare,
	}
	return Image{name: "postgres", variants: []variant{{
		origin: Upstream,
		inputs: append([]string{UpstreamPostgres, postgresDockerfile(UpstreamPostgres, "")}, shared...),
		make: func(ctx context.Context, w *workshop, ref string) error {
			return makePostgres(ctx, w, ref, postgresDockerfile(UpstreamPostgres, ""))
		},
	}, {
		origin: Debian,
		inputs: append([]string{postgresDockerfile("base", installPostgres)}, shared...),
		needs:  []Image{Base()},
		make: func(ctx context.Context, w *workshop, ref string) error {
			base, err := w.store.Find(ctx, Base())
			if err != nil {
				return err
			}
			return makePostgres(ctx, w, ref, postgresDockerfile(base, installPostgres))
		},
	}}}
}

// postgresDockerfile is the same for both parents but for the installation.
func postgresDockerfile(parent, install string) string {
	lines := []string{"FROM " + parent, "USER 0:0"}
	if install != "" {
		lines = append(lines, "RUN "+execForm([]string{"/bin/sh", "-c", install}))
	}
	return strings.Join(append(lines,
		"COPY bin /usr/local/bin",
		"ENV PGDATA="+PostgresData+" LANG=C.UTF-8",
		"RUN "+execForm([]string{"/usr/local/bin/firedrill-prepare", "places"}),
		"USER "+User,
		"RUN "+execForm([]string{"/usr/local/bin/firedrill-prepare", "cluster"}),
		"USER postgres",
		"WORKDIR /",
		"ENTRYPOINT "+execForm([]string{"/usr/local/bin/firedrill-postgres"}),
		"CMD "+execForm([]string{"postgres"}),
		"EXPOSE 5432",
		"STOPSIGNAL SIGINT",
		"",
	), "\n")
}

func makePostgres(ctx context.Context, w *workshop, ref, dockerfile string) error {
	return w.build(ctx, ref, "host", func(a *Archive) error {
		return errors.Join(
			a.File("Dockerfile", 0o644, []byte(dockerfile)),
			a.File("bin/firedrill-postgres", 0o755, []byte(postgresEntrypoint)),
			a.File("bin/firedrill-configure", 0o755, []byte(postgresConfigure)),
			a.File("bin/firedrill-prepare", 0o755, []byte(postgresPrepare)),
		)
	})
}
