package image

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// Database is what a PostgreSQL container is initialised with.
type Database struct {
	User, Password, Name string
	// Scripts are the files for /docker-entrypoint-initdb.d: *.sql, *.sql.gz, *.sh.
	Scripts fs.FS
}

// Env is the environment by which a container asks for this database.
func (d Database) Env() map[string]string {
	return map[string]string{
		"POSTGRES_USER": d.User, "POSTGRES_PASSWORD": d.Password, "POSTGRES_DB": d.Name,
	}
}

// Prepared is Postgres with a database that was initialised when the image was
// built, so that a container only unpacks it: its first start takes half the
// time. Env and scripts are set in the image. A container that is given other
// ones behaves like Postgres.
func Prepared(d Database) (Image, error) {
	scripts, err := readAll(d.Scripts, "*")
	if err != nil {
		return Image{}, fmt.Errorf("read scripts of database %s: %w", d.Name, err)
	}
	env := d.Env()
	inputs := []string{preparedDockerfile("postgres", env)}
	for _, s := range scripts {
		inputs = append(inputs, s.name, string(s.data))
	}
	return Image{name: "database", variants: []variant{{
		origin: Local,
		inputs: inputs,
		needs:  []Image{Postgres()},
		make: func(ctx context.Context, w *workshop, ref string) error {
			parent, err := w.store.Find(ctx, Postgres())
			if err != nil {
				return err
			}
			return makePrepared(ctx, w, ref, preparedDockerfile(parent, env), scripts)
		},
	}}}, nil
}

func preparedDockerfile(postgres string, env map[string]string) string {
	var vars []string
	for _, k := range slices.Sorted(maps.Keys(env)) {
		vars = append(vars, k+"="+env[k])
	}
	return strings.Join([]string{
		"FROM " + postgres,
		"USER " + User,
		"ENV " + strings.Join(quoted(vars), " "),
		"COPY scripts /docker-entrypoint-initdb.d",
		"RUN " + execForm([]string{
			"/usr/bin/env", "PGDATA=/tmp/prepare", "/usr/local/bin/firedrill-postgres", "prepare",
		}),
		"USER postgres",
		"",
	}, "\n")
}

func makePrepared(
	ctx context.Context, w *workshop, ref, dockerfile string, scripts []file,
) error {
	return w.build(ctx, ref, "none", func(a *Archive) error {
		if err := a.File("Dockerfile", 0o644, []byte(dockerfile)); err != nil {
			return err
		}
		if err := a.Dir("scripts", 0o755, 0, 0); err != nil {
			return err
		}
		for _, s := range scripts {
			if err := a.File(path.Join("scripts", s.name), 0o644, s.data); err != nil {
				return err
			}
		}
		return nil
	})
}
