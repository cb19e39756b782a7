package compose_test

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

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

// submission holds the source of a stub, and directories that cannot be built.
var submission = fstest.MapFS{
	"stub/go.mod": {}, "stub/main.go": {}, "deep/er/go.mod": {}, "python/app.py": {},
	"a/go.mod": {}, "b/go.mod": {}, "c/go.mod": {}, "d/go.mod": {},
}

var theLab = compose.Lab{Service: "app",
	Names: []string{"app", "db", "dns", "hidden-api", "api.corp"}, Open: []string{"api.corp"}}

func compare(t *testing.T, candidate string) (compose.Overrides, string) {
	t.Helper()
	o, changes := compose.Compare(compose.Files{Kit: []byte(kit), Candidate: []byte(candidate),
		DotEnv:     []byte("MODE=soft # x\nQUOTED=\"a b\"\nPREFIX=\n"),
		Submission: submission}, theLab)
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
		"port":             {edit(`PORT: "8080"`, `PORT: "9090"`), "the platform fixes it"},
		"image":            {edit("image: postgres", "image: evil"), "services.db.image (line 11): not applied"},
		"odd name":         {edit("LEVEL: info", "LEVEL: info\n      \"a b\": c"), "not the name of a variable"},
		"a foreign image":  {kit + "  stub:\n    image: y\n", "services.stub.image (line 13): not applied: only services built"},
		"an empty service": {kit + "  stub:\n", "services.stub (line 12): not applied: only services built"},
		"huge value":       {edit("LEVEL: info", "LEVEL: "+strings.Repeat("x", 5000)), "longer than 4096"},
		"env_file":         {edit("    image: x\n", "    image: x\n    env_file: /etc/passwd\n"), "services.app.env_file (line 4): not applied"},
		"include":          {"include: [../x.yml]\n" + kit, "include[0] (line 1): not applied"},
	} {
		o, said := compare(t, c.file)
		require.Contains(t, said, c.says, name)
		require.Empty(t, o.Set, name)
		require.Empty(t, o.Unset, name)
		require.Empty(t, o.Services, name)
		require.Empty(t, o.Names(), name)
		require.Empty(t, o.Hosts, name)
	}
}

// stub is a sound service of the candidate's that takes the open name.
const stub = `  fraud-stub:
    build: ./stub
    container_name: ${PREFIX:-}fraud-stub
    environment:
      LISTEN: ":${STUB_PORT:-8443}"
    expose: ["8443"]
    networks:
      default:
        aliases: [api.corp, Api2.Corp]
        ipv4_address: 172.28.53.60
`

func TestFurtherServices(t *testing.T) {
	o, said := compare(t, kit+stub)
	require.NotContains(t, said, "not applied")
	require.Equal(t, []compose.Service{{Name: "fraud-stub", Line: 12, Dir: "stub",
		Env: map[string]string{"LISTEN": ":8443"}, Aliases: []string{"api.corp", "api2.corp"},
		Ports: []int{8443}}}, o.Services)
	require.Equal(t, []string{"fraud-stub", "api.corp", "api2.corp"}, o.Names())
	require.Equal(t, 7, strings.Count(said, ": applied"), said)

	o, said = compare(t, kit+"  api.corp: {build: {context: deep/../deep/er, dockerfile: D}, ports: [\"127.0.0.1:9:8443/tcp\"]}\n")
	require.Equal(t, "deep/er", o.Services[0].Dir)
	require.Equal(t, []int{8443}, o.Services[0].Ports)
	require.Contains(t, said, "services.api.corp.build.context (line 12): applied")
	require.Contains(t, said, "services.api.corp.build.dockerfile (line 12): not applied: a service of one's own is built from Go")
	require.Contains(t, said, "nothing is published on the host")
}

// TestServicesThatDoNotRun: each is refused as a whole, and told with every one of its lines.
func TestServicesThatDoNotRun(t *testing.T) {
	for name, c := range map[string]struct{ from, to, says string }{
		"path of the machine": {"build: ./stub", "build: /etc", `"/etc" is no directory of the submission`},
		"path upwards":        {"build: ./stub", "build: ./stub/../..", "is no directory of the submission"},
		"everything":          {"build: ./stub", "build: .", "is no directory of the submission"},
		"a repository":        {"build: ./stub", "build: https://example.com/x.git", "holds no go.mod"},
		"no Go":               {"build: ./stub", "build: ./python", "python holds no go.mod"},
		"not there":           {"build: ./stub", "build: ./nothing", "nothing holds no go.mod"},
		"a foreign variable":  {"build: ./stub", "build: ${HOME}", "HOME is set neither in .env"},
		"name of the lab":     {"fraud-stub:\n", "dns:\n", "dns is a name of the platform"},
		"hidden name":         {"fraud-stub:\n", "hidden-api:\n", "hidden-api is a name of the platform"},
		"odd name":            {"fraud-stub:\n", "Fraud Stub:\n", "is no name of a host"},
		"an address":          {"fraud-stub:\n", "10.0.0.1:\n", "is no name of a host"},
		"the host":            {"fraud-stub:\n", "host.docker.internal:\n", "every machine's own"},
	} {
		require.Contains(t, stub, c.from)
		o, said := compare(t, kit+strings.Replace(stub, c.from, c.to, 1))
		require.Empty(t, o.Services, name)
		require.Empty(t, o.Names(), name)
		require.Contains(t, said, c.says, name)
		require.NotContains(t, said, ": applied", name)
	}
}

func TestServicesAreBounded(t *testing.T) {
	file := kit
	for _, dir := range []string{"a", "b", "c", "d"} {
		file += "  svc-" + dir + ": {build: ./" + dir + "}\n"
	}
	o, said := compare(t, file)
	require.Len(t, o.Services, compose.MaxServices)
	require.Contains(t, said, "services.svc-d.build (line 15): not applied: more than 3 services")

	many := ""
	for i := range 100 {
		many += fmt.Sprintf("%d,", 1000+i)
	}
	o, said = compare(t, kit+strings.NewReplacer(`["8443"]`, "["+many+"]",
		"aliases: [api.corp, Api2.Corp]", "aliases: [a1,a2,a3,a4,a5,a6,a7,a8,a9,a10]").Replace(stub))
	require.Len(t, o.Services[0].Ports, 4)
	require.Len(t, o.Services[0].Aliases, 8)
	require.Contains(t, said, "more than 4 ports")
	require.Contains(t, said, "more than 8 aliases")
}

func TestNames(t *testing.T) {
	aliases := func(list string) string {
		return edit("    image: x\n", "    image: x\n    networks: {default: {aliases: ["+list+"]}}\n")
	}
	o, said := compare(t, aliases("api.corp, other"))
	require.Equal(t, []string{"api.corp", "other"}, o.Aliases)
	require.NotContains(t, said, "not applied")
	o, said = compare(t, aliases("db, dns, hidden-api, localhost, a b, x.docker.internal"))
	require.Empty(t, o.Names())
	require.Equal(t, 6, strings.Count(said, "not applied"))
	o, said = compare(t, aliases("api.corp")+stub)
	require.Equal(t, []string{"api.corp"}, o.Aliases)
	require.Equal(t, []string{"api2.corp"}, o.Services[0].Aliases, "a name has one owner")
	require.Contains(t, said, "api.corp is a name of app already")
}

func TestHosts(t *testing.T) {
	entries := func(list string) string {
		return edit("    image: x\n", "    image: x\n    extra_hosts: "+list+"\n") + stub
	}
	for name, c := range map[string]struct {
		list string
		to   string
	}{
		"a container":           {`["api.corp:fraud-stub"]`, "fraud-stub"},
		"of the kit":            {`["api.corp:db"]`, "db"},
		"its address":           {`["api.corp:172.28.53.60"]`, "fraud-stub"},
		"with an equals sign":   {`["api.corp=172.28.53.60"]`, "fraud-stub"},
		"as a mapping":          {`{api.corp: 172.28.53.60}`, "fraud-stub"},
		"loopback":              {`["api.corp:127.0.0.1"]`, "127.0.0.1"},
		"loopback of version 6": {`["api.corp:[::1]"]`, "::1"},
		"loopback, mapped":      {`["api.corp:::ffff:127.0.0.2"]`, "127.0.0.2"},
		"its address, mapped":   {`["api.corp:::ffff:172.28.53.60"]`, "fraud-stub"},
	} {
		o, said := compare(t, entries(c.list))
		require.Equal(t, map[string]string{"api.corp": c.to}, o.Hosts, name)
		require.NotContains(t, said, "not applied", name)
	}
	for name, c := range map[string]struct{ list, says string }{
		"the host":           {`["api.corp:host-gateway"]`, `"host-gateway" is no container of the lab`},
		"the gateway":        {`["api.corp:172.28.53.1"]`, "172.28.53.1 is no address"},
		"link-local":         {`["api.corp:169.254.169.254"]`, "is no address that the file gives"},
		"the internet":       {`["api.corp:1.1.1.1"]`, "is no address that the file gives"},
		"any":                {`["api.corp:0.0.0.0"]`, "is no address that the file gives"},
		"any of version 6":   {`["api.corp:::"]`, "is no address that the file gives"},
		"a zone":             {`["api.corp:::1%x"]`, `"::1%x" names a zone`},
		"a mapped zone":      {`["api.corp:::ffff:127.0.0.1%x"]`, "names a zone"},
		"leading zeros":      {`["api.corp:127.0.0.01"]`, "is no container of the lab"},
		"a short form":       {`["api.corp:127.1"]`, "is no container of the lab"},
		"a prefix":           {`["api.corp:127.0.0.1/8"]`, "is no container of the lab"},
		"hidden":             {`["api.corp:hidden-api"]`, `"hidden-api" is no container of the lab`},
		"a name of ours":     {`["db:127.0.0.1"]`, "db is a name of the platform"},
		"no target":          {`["api.corp"]`, "not of the form"},
		"a further line":     {`["api.corp:127.0.0.1\n10.0.0.1 db"]`, "is no container of the lab"},
		"a foreign variable": {`["api.corp:${HOST_IP}"]`, "HOST_IP is set neither"},
	} {
		o, said := compare(t, entries(c.list))
		require.Empty(t, o.Hosts, name)
		require.Contains(t, said, c.says, name)
	}
	o, _ := compare(t, entries(`[a1:db,a2:db,a3:db,a4:db,a5:db,a6:db,a7:db,a8:db,a9:db]`))
	require.Len(t, o.Hosts, 8)
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
	f.Add([]byte(kit+stub), []byte("PREFIX=db"))
	f.Add([]byte(edit("TIMEOUT: 5s", "TIMEOUT: ${A:-${B}}")), []byte(""))
	f.Add([]byte(edit("    image: x\n", "    image: x\n    extra_hosts: [\"a:::1%x\", \"b:::ffff:127.0.0.1\"]\n")), []byte(""))
	f.Fuzz(func(t *testing.T, candidate, dotenv []byte) {
		o, changes := compose.Compare(compose.Files{Kit: []byte(kit), Candidate: candidate,
			DotEnv: dotenv, Submission: submission}, theLab)
		applied := 0
		for _, c := range changes {
			if c.Applied {
				applied++
				require.True(t, strings.HasPrefix(c.Path, "services."), c.Path)
			} else {
				require.NotEmpty(t, c.Reason)
			}
		}
		require.LessOrEqual(t, len(o.Set)+len(o.Unset)+len(o.Aliases)+len(o.Hosts), applied)
		require.LessOrEqual(t, len(o.Services), compose.MaxServices)
		for _, n := range o.Names() {
			require.NotContains(t, []string{"app", "db", "dns", "hidden-api"}, n)
			require.Regexp(t, `^[a-z0-9_.-]{1,63}$`, n)
		}
		for name, to := range o.Hosts {
			require.NotContains(t, theLab.Names[:4], name)
			containers := []string{"app", "db"}
			for _, s := range o.Services {
				containers = append(containers, s.Name)
			}
			require.True(t, net.ParseIP(to) != nil || slices.Contains(containers, to), "the engine refuses %s", to)
		}
	})
}
