// Package image provides the container images that a lab is made of.
//
// An [Image] is a value: a name, everything it is made of, and how it is made.
// Its reference is "firedrill/NAME:HASH", where HASH covers its inputs, so an
// image is built once and again only when an input changes. A [Store] finds
// images in a Docker engine and builds what is missing:
//
//	store := image.NewStore(cli, progress)
//	ref, err := store.Ensure(ctx, image.Postgres())    // build when missing (make setup)
//	ref, err := store.Find(ctx, image.Postgres())      // never builds: *MissingError
//
//	tools, err := image.Tools(progs...)       // our own container programs
//	db, err := image.Prepared(image.Database{…}) // PostgreSQL with a database in it
//
// # The images
//
//	base      Debian bookworm, made by debootstrap from the machine's own mirror;
//	          only where no registry answers
//	postgres  PostgreSQL 15 with the upstream image's variables and init scripts,
//	          and a cluster that is initialised already; see postgres.go
//	builder   the Go toolchain, the allowed modules and a warm build cache; no
//	          shell, no network needed; see builder.go and environment.go
//	runtime   an empty root for static programs: /app, /tmp, users
//	tools     our own programs (resolver, traffic, …), /bin/NAME each
//	database  PostgreSQL with a database that was initialised with the image
//
// PostgreSQL comes from the upstream image where a registry answers, else from
// Debian's packages; both get the same entrypoint, so a lab cannot tell them
// apart. The toolchain is always the one that runs the set-up: same version on
// both sides, no download, and nothing to verify twice.
//
// # Figures
//
// On two cores and engine 20.10: all made from nothing in 2 to 3 minutes, nearly
// all of it spent on compiling the standard library once; all there in 0.1 s.
// A no-op container takes 0.27 s. On top of that, PostgreSQL takes 0.10 s until
// it is ready with its scripts run, a prepared database 0.04 s, and building a
// service with chi and pgx 0.5 s, of which linking is 0.3 s.
//
// # Not here
//
// Starting an engine (lab/setup), running containers (lab/engine), and judging
// what a candidate's build says (grader/build).
package image
