// What hostile services do. A case's attack_begin.go calls some of it before the service
// serves. Everything is bounded, a little beyond what the lab allows.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/jackc/pgx/v5"
)

// attackSay writes one line for the suite.
func attackSay(format string, args ...any) {
	fmt.Println(strings.ReplaceAll("hostile: "+fmt.Sprintf(format, args...), "\n", " "))
}

// attackAgain runs one attack in a process of its own, which the kernel may end.
func attackAgain(mode string) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), "ATTACK="+mode)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	attackSay("%s ended: %v", mode, err)
}

// attackChild is where such a process ends.
func attackChild() {
	switch os.Getenv("ATTACK") {
	case "":
		return
	case "forks":
		attackForks(400)
	case "memory":
		attackMemory(600)
	case "callers":
		attackCallers(700)
	case "stay":
		time.Sleep(time.Hour)
	}
	os.Exit(0)
}

func attackForks(most int) {
	pids := make([]int, 0, most)
	var last syscall.Errno
	for len(pids) < most {
		pid, _, errno := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
		if errno != 0 {
			last = errno
			break
		}
		if pid == 0 {
			for {
				syscall.RawSyscall6(syscall.SYS_PPOLL, 0, 0, 0, 0, 0, 0)
			}
		}
		pids = append(pids, int(pid))
	}
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	attackSay("forks %s, then %v", attackAtMost(len(pids), 128), last)
}

// attackAtMost says whether a figure is within a bound, and not the figure, which varies.
func attackAtMost(n, most int) string {
	if n <= most {
		return fmt.Sprintf("at most %d", most)
	}
	return fmt.Sprintf("%d, more than %d", n, most)
}

func attackMemory(megabytes int) {
	var all [][]byte
	for range megabytes {
		b := make([]byte, 1<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		all = append(all, b)
	}
	attackSay("memory: got all of %d MB", len(all))
}

func attackDisk() {
	for _, dir := range []string{"/tmp", "/", "/app", "/etc", "/dev/shm", "/var/tmp", "/dev", "/sys/fs/cgroup"} {
		n := 0
		var last error
		var made []string
		block := make([]byte, 10<<20)
		for n < 20 && last == nil {
			name := filepath.Join(dir, fmt.Sprintf("attack-%d", n))
			made = append(made, name)
			if last = os.WriteFile(name, block, 0o600); last == nil {
				n++
			}
		}
		for _, name := range made {
			_ = os.Remove(name)
		}
		attackSay("disk %s: %s files of 10 MB, then %v", dir, attackAtMost(n, 6), attackErrno(last))
	}
}

func attackErrno(err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return err
}

func attackInodes() {
	n := 0
	var last error
	for n < 10000 && last == nil {
		if last = os.WriteFile(fmt.Sprintf("/tmp/inode-%d", n), nil, 0o600); last == nil {
			n++
		}
	}
	for i := range n {
		_ = os.Remove(fmt.Sprintf("/tmp/inode-%d", i))
	}
	attackSay("inodes: %s files, then %v", attackAtMost(n, 4096), attackErrno(last))
}

func attackLog(megabytes int) {
	line := strings.Repeat("x", 1000)
	for range megabytes * 1000 {
		fmt.Println(line)
	}
	attackSay("log: wrote %d MB", megabytes)
}

// attackLimits tells what is in force here.
func attackLimits() {
	status, err := os.ReadFile("/proc/self/status")
	attackSay("status: %v", err)
	for line := range strings.Lines(string(status)) {
		name, _, _ := strings.Cut(line, ":")
		if slices.Contains([]string{"Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd",
			"CapAmb", "NoNewPrivs", "Seccomp"}, name) {
			attackSay("%s", strings.Join(strings.Fields(line), " "))
		}
	}
	for name, which := range map[string]int{"core": syscall.RLIMIT_CORE,
		"nofile": syscall.RLIMIT_NOFILE, "fsize": syscall.RLIMIT_FSIZE} {
		var r syscall.Rlimit
		err := syscall.Getrlimit(which, &r)
		attackSay("limit %s %d %d %v", name, r.Cur, r.Max, err)
	}
	for _, files := range [][]string{
		{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max"},
		{"/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes", "/sys/fs/cgroup/memory.swap.max"},
		{"/sys/fs/cgroup/pids/pids.max", "/sys/fs/cgroup/pids.max"},
		{"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu.max"},
	} {
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil {
				attackSay("cgroup %s %s", filepath.Base(file), strings.TrimSpace(string(data)))
			}
		}
	}
	adj, _ := os.ReadFile("/proc/self/oom_score_adj")
	attackSay("oom_score_adj %s", strings.TrimSpace(string(adj)))
	mounts, _ := os.ReadFile("/proc/self/mounts")
	for line := range strings.Lines(string(mounts)) {
		if f := strings.Fields(line); len(f) > 3 {
			attackSay("mount %s %s %s", f[1], f[2], f[3])
		}
	}
	names, _ := filepath.Glob("/sys/class/net/*")
	attackSay("interfaces %d", len(names))
}

// attackPrivileges asks the kernel for what nobody may.
func attackPrivileges() {
	try := func(what string, errno syscall.Errno) {
		if errno == 0 {
			attackSay("privilege %s: GRANTED", what)
			return
		}
		attackSay("privilege %s: %v", what, errno)
	}
	call := func(what string, number uintptr, a, b, c uintptr) {
		_, _, errno := syscall.Syscall(number, a, b, c)
		try(what, errno)
	}
	root := uintptr(unsafe.Pointer(&[]byte("/\x00")[0]))
	none := uintptr(unsafe.Pointer(&[]byte("none\x00")[0]))
	tmpfs := uintptr(unsafe.Pointer(&[]byte("tmpfs\x00")[0]))
	_, _, errno := syscall.Syscall6(syscall.SYS_MOUNT, none, root, tmpfs, 0, 0, 0)
	try("mount", errno)
	call("setuid", syscall.SYS_SETUID, 0, 0, 0)
	call("chroot", syscall.SYS_CHROOT, root, 0, 0)
	call("unshare user", syscall.SYS_UNSHARE, syscall.CLONE_NEWUSER, 0, 0)
	call("unshare net", syscall.SYS_UNSHARE, syscall.CLONE_NEWNET, 0, 0)
	call("raw socket", syscall.SYS_SOCKET, syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_ICMP)
	call("packet socket", syscall.SYS_SOCKET, syscall.AF_PACKET, syscall.SOCK_RAW, 0)
	for _, file := range []string{"/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
		"/proc/sys/vm/overcommit_memory", "/sys/kernel/uevent_helper",
		"/etc/passwd", "/app/bin/service"} {
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if err == nil {
			_ = f.Close()
			attackSay("privilege write %s: GRANTED", file)
			continue
		}
		attackSay("privilege write %s: %v", file, attackErrno(err))
	}
	for _, file := range []string{"/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/proc/kcore"} {
		f, err := os.Open(file)
		if err == nil {
			_ = f.Close()
			attackSay("privilege read %s: GRANTED", file)
			continue
		}
		attackSay("privilege read %s: %v", file, attackErrno(err))
	}
	self, err := os.ReadFile("/proc/self/exe")
	if err == nil {
		err = os.WriteFile("/tmp/again", self, 0o755)
	}
	if err == nil {
		err = exec.Command("/tmp/again").Run()
	}
	_ = os.Remove("/tmp/again")
	attackSay("privilege exec in /tmp: %v", attackErrno(err))
}

// attackEgress tries to get out. Addresses outside are those that documentation reserves.
func attackEgress(hosts ...string) {
	out := []string{"tcp 192.0.2.1:443", "tcp 198.51.100.7:80", "udp 192.0.2.1:53", "tcp 169.254.169.254:80",
		"tcp [2001:db8::1]:443", "udp [2001:db8::1]:53", "ip4:1 192.0.2.1"}
	for _, h := range hosts {
		out = append(out, "tcp "+h)
		if _, port, err := net.SplitHostPort(h); err == nil {
			out = append(out, "tcp "+net.JoinHostPort(attackGateway(), port))
		}
	}
	for _, port := range []string{"22", "2375", "2376", "8080", "111"} {
		out = append(out, "tcp "+net.JoinHostPort(attackGateway(), port))
	}
	slices.Sort(out)
	d := net.Dialer{Timeout: 400 * time.Millisecond}
	for _, o := range slices.Compact(out) {
		kind, addr, _ := strings.Cut(o, " ")
		c, err := d.Dial(kind, addr)
		if err == nil && kind == "udp" { // only an answer shows that it arrived
			_, err = c.Write([]byte("\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01"))
			_ = c.SetReadDeadline(time.Now().Add(400 * time.Millisecond))
			if err == nil {
				_, err = c.Read(make([]byte, 512))
			}
		}
		if err == nil {
			_ = c.Close()
			attackSay("egress %s: REACHED", o)
			continue
		}
		attackSay("egress %s: blocked: %v", o, attackErrno(err))
	}
	for _, name := range []string{"example.com", "host.docker.internal", "gateway.docker.internal"} {
		addrs, err := net.LookupHost(name)
		if err == nil {
			attackSay("egress dns %s: REACHED %v", name, addrs)
			continue
		}
		attackSay("egress dns %s: blocked", name)
	}
	for _, path := range []string{"/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock"} {
		c, err := net.DialTimeout("unix", path, time.Second)
		if err == nil {
			_ = c.Close()
			attackSay("egress %s: REACHED", path)
			continue
		}
		attackSay("egress %s: blocked: %v", path, attackErrno(err))
	}
}

// attackGateway is the first address of the own subnet, where a gateway would be.
func attackGateway() string {
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() && ip.IP.To4() != nil {
			first := ip.IP.Mask(ip.Mask)
			first[len(first)-1]++
			return first.String()
		}
	}
	return "192.0.2.1"
}

// attackNeighbours looks for labs beside this one.
func attackNeighbours() {
	own := attackGateway()
	var addrs []string
	for third := range 256 {
		for fourth := 0; fourth < 256; fourth += 32 {
			if own != fmt.Sprintf("10.213.%d.%d", third, fourth+1) {
				addrs = append(addrs, fmt.Sprintf("10.213.%d.%d:8080", third, fourth+2))
			}
		}
	}
	var reached atomic.Int64
	var all sync.WaitGroup
	for part := range slices.Chunk(addrs, 32) {
		all.Go(func() {
			for _, addr := range part {
				if c, err := net.DialTimeout("tcp", addr, 50*time.Millisecond); err == nil {
					_ = c.Close()
					reached.Add(1)
				}
			}
		})
	}
	all.Wait()
	attackSay("neighbours: %d of %d reached", reached.Load(), len(addrs))
}

// attackDescriptors opens files until it must not.
func attackDescriptors() {
	var all []*os.File
	var last error
	for len(all) < 5000 && last == nil {
		var f *os.File
		if f, last = os.Open("/proc/self/status"); last == nil {
			all = append(all, f)
		}
	}
	for _, f := range all {
		_ = f.Close()
	}
	attackSay("descriptors: %s, then %v", attackAtMost(len(all), 1024), attackErrno(last))
}

// attackSQL runs statements as the service, each on a connection that stays open if keep.
func attackSQL(keep bool, statements ...string) {
	ctx := context.Background()
	for _, s := range statements {
		conn, err := pgx.Connect(ctx, os.Getenv("DATABASE_URL"))
		if err != nil {
			attackSay("sql: %v", err)
			return
		}
		_, err = conn.Exec(ctx, s)
		attackSay("sql %s: %v", s, err)
		if !keep {
			_ = conn.Close(ctx)
		}
	}
}

// attackFlood holds as many connections to the database as it gets, for good.
func attackFlood(most int) {
	n := 0
	for range most {
		conn, err := pgx.Connect(context.Background(), os.Getenv("DATABASE_URL"))
		if err != nil {
			break
		}
		attackHeld = append(attackHeld, conn)
		n++
	}
	attackSay("flood: %v connections or more", n >= 50)
}

var attackHeld []*pgx.Conn

// attackForge writes rows beside the service's own, as if more had been paid.
func attackForge() {
	ctx := context.Background()
	time.Sleep(500 * time.Millisecond)
	conn, err := pgx.Connect(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		attackSay("sql: %v", err)
		return
	}
	for {
		_, err := conn.Exec(ctx, "INSERT INTO transactions (customer_id, type, amount, currency, status, fraud_decision) "+
			"SELECT customer_id, type, amount, currency, status, fraud_decision FROM transactions ORDER BY id DESC LIMIT 1")
		if err != nil {
			attackSay("forge: %v", err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// attackChecks asks the fraud API for so many checks, as soon as there is one, with references
// that JSON spells at many times their length.
func attackChecks(n int) {
	body := fmt.Sprintf(`{"type":"payment","customer_id":1,"amount":12.34,"currency":"USD","reference":%q}`,
		strings.Repeat("<", 128))
	client := &http.Client{Timeout: 2 * time.Second}
	var asked atomic.Int64
	for range 8 {
		go func() {
			for end := time.Now().Add(10 * time.Minute); asked.Load() < int64(n) && time.Now().Before(end); {
				res, err := client.Post(os.Getenv("FRAUD_API_URL")+"/v1/check", "application/json", strings.NewReader(body))
				if err != nil {
					time.Sleep(50 * time.Millisecond)
					continue
				}
				if _, err := io.Copy(io.Discard, res.Body); err == nil && res.StatusCode == http.StatusOK {
					if k := asked.Add(1); k%1000 == 0 {
						attackSay("checks: %d asked", k)
					}
				}
				_ = res.Body.Close()
			}
		}()
	}
}

// attackCallers holds so many connections to the fraud API, one half to what the grader asks,
// and opens another for each that ends.
func attackCallers(n int) {
	var hungUp atomic.Bool
	for i := range n {
		address := "fraud-gateway:" + []string{"8443", "8444"}[i%2]
		go func() {
			for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
				c, err := net.DialTimeout("tcp", address, 2*time.Second)
				if err != nil {
					continue
				}
				if _, err := c.Read(make([]byte, 1)); err != nil && !hungUp.Swap(true) {
					attackSay("callers: some were hung up on")
				}
				_ = c.Close()
			}
		}()
	}
	time.Sleep(10 * time.Minute)
}
