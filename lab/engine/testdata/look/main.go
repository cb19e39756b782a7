// Command look tells, from inside a container, which limits are in force there.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

func main() {
	status, err := os.ReadFile("/proc/self/status")
	fmt.Println("err:", err)
	for line := range strings.Lines(string(status)) {
		for _, want := range []string{"Uid:", "Gid:", "CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:"} {
			if strings.HasPrefix(line, want) {
				fmt.Println(strings.Join(strings.Fields(line), " "))
			}
		}
	}
	limit("core", syscall.RLIMIT_CORE)
	limit("nofile", syscall.RLIMIT_NOFILE)
	limit("fsize", syscall.RLIMIT_FSIZE)
	write("/root-file")
	write("/app/file")
	write("/tmp/file")
	exec()
	mounts, _ := os.ReadFile("/proc/self/mounts")
	for line := range strings.Lines(string(mounts)) {
		f := strings.Fields(line)
		if len(f) > 3 && (f[1] == "/" || f[1] == "/tmp" || f[1] == "/dev/shm") {
			fmt.Println("mount", f[1], f[3])
		}
	}
	for _, file := range []string{"pids/pids.max", "memory/memory.limit_in_bytes",
		"memory/memory.memsw.limit_in_bytes"} {
		data, err := os.ReadFile("/sys/fs/cgroup/" + file)
		if err == nil {
			fmt.Println(file, strings.TrimSpace(string(data)))
		}
	}
	adj, _ := os.ReadFile("/proc/self/oom_score_adj")
	fmt.Println("oom_score_adj", strings.TrimSpace(string(adj)))
}

func limit(name string, which int) {
	var r syscall.Rlimit
	err := syscall.Getrlimit(which, &r)
	fmt.Println("limit", name, r.Cur, r.Max, err)
}

func write(path string) {
	err := os.WriteFile(path, []byte("x"), 0o644)
	var no syscall.Errno
	errors.As(err, &no)
	fmt.Println("write", path, no == 0, no)
}

// exec tries to run what was just written to /tmp.
func exec() {
	self, err := os.ReadFile("/proc/self/exe")
	if err == nil {
		err = os.WriteFile("/tmp/again", self, 0o755)
	}
	if err != nil {
		fmt.Println("exec not tried:", err)
		return
	}
	err = syscall.Exec("/tmp/again", []string{"again"}, nil)
	fmt.Println("exec /tmp", err)
}
