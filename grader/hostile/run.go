package hostile

import (
	"fmt"
	"slices"
)

// Defences of what runs.
var (
	memoryMax = &Defence{Name: "bounded memory, no swap", Off: []Edit{
		{specFile, "h.Resources.Memory = l.Memory\n", "_ = l.Memory\n"},
		{specFile, "h.Resources.MemorySwap = l.Memory\n", ""},
	}}
	pidsMax     = off("bounded processes and threads", specFile, "h.Resources.PidsLimit = &l.PIDs", "_ = l.PIDs")
	noCaps      = off("no capabilities", specFile, `h.CapDrop = []string{"ALL"}`, `h.CapDrop = nil`)
	nobody      = off("nobody's user", "lab/engine/container.go", "c.User = Nobody\n", "c.User = \"0:0\"\n")
	readOnly    = off("read-only root", specFile, "h.ReadonlyRootfs = true", "h.ReadonlyRootfs = false")
	tmpBounds   = off("bounded /tmp that runs nothing", specFile, `"rw,noexec,nosuid,nodev,size=64m,nr_inodes=4096,mode=1777"`, `"rw,exec,mode=1777"`)
	descriptors = off("bounded descriptors", specFile, `{Name: "nofile", Soft: 1024, Hard: 1024},`, ``)
	logMax      = off("bounded logs", specFile, `Config: map[string]string{"max-size": "5m", "max-file": "2"},`, `Config: nil,`)
	noIPC       = off("no shared memory", specFile, `h.IpcMode = "none"`, `h.IpcMode = "private"`)
	isolated    = &Defence{Name: "a network without a way out", Off: []Edit{
		{"lab/engine/network.go", "Internal: !exposed,", "Internal: false,"},
		{"lab/engine/network.go", "Options:  e.isolation(),", "Options:  nil,"},
	}}
	keptAnswer = absent("answers are read to a bound and never unpacked", "the agent's image holds it; probe/agent tests it")
	noFollow   = absent("redirects are answers", "the agent's image holds it; probe/agent tests it")
	listenMax  = off("a service must listen within a minute", "grader/service.go", "const listenTime = time.Minute", "const listenTime = 2 * time.Minute")
	answersMax = off("a service must answer its health", "grader/service.go", "got[0].Status != 0 {", "got[0].Status != -1 {")
	killed     = off("containers are killed", "lab/engine/sweep.go", "Force: true, RemoveVolumes: true,\n\t\t})\n\t\tif errdefs", "Force: false, RemoveVolumes: true,\n\t\t})\n\t\tif errdefs")
	sealed     = off("the service does not own the database's server", "fixtures/payment/exam.go", "Seal:        seal,", "Seal:        nil,")
	realTables = off("tables are tables", probeFile, "if len(s.Target.Tables) > 0 {", "if false {")
	firstIn    = absent("the grader's session is there first", "and who came later would be told so by the database, as in sql-drop")
	ownSchema  = off("a spoilt database is the service's doing", probeFile, "case spoilt(r.Error):", "case false:")
	gone       = &Defence{Name: "a dropped ledger is the service's doing", Off: append(slices.Clone(ownSchema.Off), realTables.Off...)}
)

// runCases are group E: what a running service can do.
func runCases() []Case {
	attack := func(statements string) func(*Tree) { return func(t *Tree) { t.Attack("\t" + statements) } }
	// before attacks when the service has its database and does not listen yet.
	before := func(statements string) func(*Tree) {
		return func(t *Tree) {
			t.Attack("")
			t.Replace("service/main.go", "\tlistener, err := net.Listen(", "\t"+statements+"\n\tlistener, err := net.Listen(")
		}
	}
	usual := func(says ...string) Want { return Want{Class: AsUsual, Says: says} }
	spoilt := Want{Class: ServiceFailed, Reason: "the service spoilt its database"}
	server := func(handle string) func(*Tree) {
		return func(t *Tree) { t.Service(fmt.Sprintf(bareService, handle)) }
	}
	return []Case{
		{ID: "E limits", Threat: "looks for a limit that is not in force", Base: Strong, Scope: FirstProbe,
			Make: attack("attackLimits()"), Want: Want{Class: AsUsual, Says: []string{
				"Uid: 65532 65532 65532 65532", "Gid: 65532 65532 65532 65532", "CapInh: 0000000000000000",
				"CapPrm: 0000000000000000", "CapEff: 0000000000000000", "CapBnd: 0000000000000000",
				"CapAmb: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2", "limit core 0 0", "limit nofile 1024 1024",
				"limit fsize 67108864 67108864", "oom_score_adj 500", "mount / overlay ro,", "mount /app ext4 ro,",
				"mount /tmp tmpfs rw,nosuid,nodev,noexec", "nr_inodes=4096", "interfaces 2"},
				Never: []string{"mount /dev/shm", "docker.sock"}, Check: cgroups}, Defence: noCaps},
		{ID: "E privileges", Threat: "asks the kernel for mounts, namespaces, raw sockets and devices", Base: Strong, Scope: FirstProbe,
			Make: attack("attackPrivileges()"), Want: Want{Class: AsUsual, Says: []string{"privilege mount: operation not permitted",
				"privilege unshare user: operation not permitted", "privilege raw socket: operation not permitted",
				"privilege setuid: operation not permitted", "privilege exec in /tmp: permission denied"},
				Never: []string{"GRANTED"}}, Defence: nobody},
		{ID: "E forks", Threat: "a fork bomb", Base: Strong, Scope: FirstProbe, Make: attack(`attackAgain("forks")`),
			Want: usual("forks at most 128, then resource temporarily unavailable"), Defence: pidsMax},
		{ID: "E memory", Threat: "takes more memory than there is", Base: Strong, Scope: FirstProbe, Make: attack(`attackAgain("memory")`),
			Want: Want{Class: AsUsual, Says: []string{"memory ended: signal: killed"}, Never: []string{"got all"}}, Defence: memoryMax},
		{ID: "E descriptors", Threat: "opens files without end", Base: Strong, Scope: FirstProbe, Make: attack("attackDescriptors()"),
			Want: usual("descriptors: at most 1024, then too many open files"), Defence: descriptors},
		{ID: "E disk", Threat: "fills every disk that can be written to", Base: Strong, Scope: FirstProbe, Make: attack("attackDisk()"),
			Want: Want{Class: AsUsual, Says: []string{"disk /tmp: at most 6 files of 10 MB, then no space left on device",
				"disk /: at most 6 files of 10 MB, then read-only file system", "disk /app: at most 6 files of 10 MB, then"},
				Never: []string{"more than 6"}}, Defence: tmpBounds},
		{ID: "E root-disk", Threat: "writes into the image's own files", Base: Strong, Scope: FirstProbe, Make: attack("attackDisk()"),
			Want: usual("disk /etc: at most 6 files of 10 MB, then read-only file system"), Defence: readOnly},
		{ID: "E shared-memory", Threat: "hides data in shared memory", Base: Strong, Scope: FirstProbe, Make: attack("attackDisk()"),
			Want: usual("disk /dev/shm: at most 6 files of 10 MB, then"), Defence: noIPC},
		{ID: "E inodes", Threat: "makes files without end", Base: Strong, Scope: FirstProbe, Make: attack("attackInodes()"),
			Want: usual("inodes: at most 4096 files, then no space left on device"), Defence: tmpBounds},
		{ID: "E log", Threat: "writes 60 MB of log", Base: Strong, Scope: FirstProbe, Make: attack("attackLog(60)"),
			Want: Want{Class: AsUsual, Check: shortLog}, Defence: logMax},
		{ID: "E egress", Threat: "talks to the world, the host, its metadata and Docker", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) { t.Attack("\tattackEgress(" + quoted(t.Hosts) + ")") },
			Want: Want{Class: AsUsual, Says: []string{"egress tcp 192.0.2.1:443: blocked",
				"egress udp 192.0.2.1:53: blocked", "egress ip4:1 192.0.2.1: blocked: operation not permitted",
				"egress tcp [2001:db8::1]:443: blocked", "egress tcp 169.254.169.254:80: blocked",
				"egress dns example.com: blocked", "egress /var/run/docker.sock: blocked"}, Never: []string{"REACHED"}},
			Defence: isolated},
		{ID: "E neighbours", Threat: "attacks labs that are graded beside it", Base: Strong, Scope: FirstProbe,
			Make: attack("attackNeighbours()"), Want: usual("neighbours: 0 of 2047 reached"), Defence: isolated},
		{ID: "E endless-body", Threat: "answers that never end", Base: Kit, Scope: FirstProbe,
			Make: server(`w.WriteHeader(201); for { if _, err := w.Write(make([]byte, 65536)); err != nil { return } }`),
			Want: Want{Class: NoGain}, Defence: keptAnswer},
		{ID: "E packed-body", Threat: "small answers that unpack to gigabytes", Base: Kit, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Service(fmt.Sprintf(bareService, `w.Header().Set("Content-Encoding", "gzip"); z := gzip.NewWriter(w); zero := make([]byte, 1<<20); for range 200 { if _, err := z.Write(zero); err != nil { return } }; _ = z.Close()`))
				t.Replace("service/main.go", `"net/http"`, "\"compress/gzip\"\n\t\"net/http\"")
			}, Want: Want{Class: NoGain}, Defence: keptAnswer},
		{ID: "E slow-drip", Threat: "answers a byte a second", Base: Kit, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Service(fmt.Sprintf(bareService, `w.WriteHeader(201); for { if _, err := w.Write([]byte(" ")); err != nil { return }; _ = http.NewResponseController(w).Flush(); time.Sleep(time.Second) }`))
				t.Replace("service/main.go", `"net/http"`, "\"net/http\"\n\t\"time\"")
			}, Want: Want{Class: NoGain}, Defence: absent("each request has its time", "the order's bound is kept by the agent; probe/agent tests it")},
		{ID: "E redirects", Threat: "sends the prober elsewhere", Base: Kit, Scope: FirstProbe,
			Make: server(`http.Redirect(w, r, "http://payment-db:5432/", http.StatusTemporaryRedirect)`),
			Want: Want{Class: NoGain}, Defence: noFollow},
		{ID: "E never-listens", Threat: "starts and does nothing", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) { t.Service("package main\n\nimport \"time\"\n\nfunc main() { time.Sleep(time.Hour) }\n") },
			Want: Want{Class: ServiceFailed, Reason: "does not listen on port 8080 within 1m0s"}, Defence: listenMax},
		{ID: "E never-answers", Threat: "listens and never answers", Base: Strong, Scope: FirstProbe,
			Make: server(`select {}`), Want: Want{Class: ServiceFailed, Reason: "answered none of 3 requests"}, Defence: answersMax},
		{ID: "E threads", Threat: "as many threads as it can get", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Service("package main\n\nimport (\n\t\"runtime\"\n\t\"time\"\n)\n\nfunc main() {\n\tfor range 2000 {\n\t\tgo func() { runtime.LockOSThread(); time.Sleep(time.Hour) }()\n\t}\n\ttime.Sleep(time.Hour)\n}\n")
			}, Want: Want{Class: ServiceFailed, Reason: "the service ended before it listened"}, Defence: pidsMax},
		{ID: "E ignores-signals", Threat: "ignores every signal and leaves children", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Attack("\tsignal.Ignore()\n\tfor range 5 {\n\t\tcmd := exec.Command(\"/proc/self/exe\")\n\t\tcmd.Env = append(os.Environ(), \"ATTACK=stay\")\n\t\tcmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}\n\t\t_ = cmd.Start()\n\t}")
				t.Replace("service/attack_begin.go", "package main\n", "package main\n\nimport (\n\t\"os\"\n\t\"os/exec\"\n\t\"os/signal\"\n\t\"syscall\"\n)\n")
			}, Want: usual(), Defence: killed},
		{ID: "E sql-drop", Threat: "drops the ledger, so that nothing can be found in it", Base: Strong, Scope: FirstProbe,
			Make: before(`attackSQL(false, "DROP TABLE transactions CASCADE")`), Want: spoilt, Defence: gone},
		{ID: "E sql-types", Threat: "changes types until questions fail", Base: Strong, Scope: FirstProbe,
			Make: before(`attackSQL(false, "ALTER TABLE transactions DROP CONSTRAINT transactions_amount_check, ALTER amount TYPE text USING 'x'")`),
			Want: spoilt, Defence: ownSchema},
		{ID: "E sql-password", Threat: "shuts the door of the database behind itself", Base: Strong, Scope: FirstProbe,
			Make: before(`attackSQL(false, "ALTER ROLE CURRENT_USER NOLOGIN PASSWORD 'x'")`),
			Want: usual("sql ALTER ROLE CURRENT_USER NOLOGIN PASSWORD 'x': ERROR: permission denied"), Defence: sealed},
		{ID: "E sql-terminate", Threat: "ends every session of the database but its own", Base: Strong, Scope: FirstProbe,
			Make: before("go attackSQL(true, `DO $$ BEGIN LOOP PERFORM pg_stat_clear_snapshot(); PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user OR client_addr <> inet_client_addr(); END LOOP; END $$`)"),
			Want: usual("ERROR: must be a"), Defence: sealed},
		{ID: "E sql-flood", Threat: "takes every connection of the database", Base: Strong, Scope: FirstProbe,
			Make: before(`attackFlood(300)`), Want: Want{Class: ServiceFailed}, Defence: firstIn},
		{ID: "E sql-lock", Threat: "locks the ledger for good", Base: Strong, Scope: FirstProbe,
			Make: before(`attackSQL(true, "BEGIN; LOCK TABLE transactions IN ACCESS EXCLUSIVE MODE")`), Want: spoilt, Defence: ownSchema},
		{ID: "E sql-view", Threat: "puts a view in the place of the ledger, which may show the grader what it likes", Base: Strong, Scope: FirstProbe,
			Make: before(`attackSQL(false, "ALTER TABLE transactions RENAME TO real_transactions", "CREATE VIEW transactions AS SELECT * FROM real_transactions")`),
			Want: Want{Class: ServiceFailed, Reason: "public.transactions is not a table"}, Defence: realTables},
		{ID: "E sql-program", Threat: "runs programs in the database's container", Base: Strong, Scope: FirstProbe,
			Make: attack(`attackSQL(false, "CREATE TABLE loot (line text)", "COPY loot FROM PROGRAM 'id'")`),
			Want: usual("pg_execute_server_program"), Defence: sealed},
	}
}

// bareService answers everything in one way.
const bareService = `package main

import (
	"net/http"
)

func main() {
	_ = http.ListenAndServe(":8080", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		%s
	}))
}
`

// cgroups wants the limits that the kernel tells from inside, in either version's words.
func cgroups(s *Seen) error {
	for _, either := range [][]string{
		{"cgroup memory.limit_in_bytes 268435456", "cgroup memory.max 268435456"},
		{"cgroup pids.max 128"},
		{"cgroup cpu.cfs_quota_us 100000", "cgroup cpu.max 100000 100000"},
	} {
		if !containsAny(s.Log, either) {
			return fmt.Errorf("the program saw none of %q", either)
		}
	}
	return nil
}

// shortLog wants the engine to keep no more of a log than is agreed.
func shortLog(s *Seen) error {
	if s.LogBytes > 11<<20 {
		return fmt.Errorf("the engine keeps %d MB of log", s.LogBytes>>20)
	}
	return nil
}
