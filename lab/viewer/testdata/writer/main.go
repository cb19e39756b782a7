// Command writer writes numbered log lines, for tests of the log viewer.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// It takes the lines per second as its argument; 0 writes the first lines only.
func main() {
	rate, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Printf("level=INFO msg=started pid=%d secret=%s\n", os.Getpid(), os.Getenv("NOT_SECRET"))
	fmt.Fprintln(os.Stderr, `level=ERROR msg="dial tcp: lookup fraud-api.internal.corp: no such host"`)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	var tick <-chan time.Time
	if rate > 0 {
		tick = time.Tick(time.Second / 20)
	}
	for n := 0; ; {
		select {
		case <-stop:
			fmt.Printf("level=INFO msg=stopping n=%d\n", n)
			return
		case <-tick:
			for range rate / 20 {
				n++
				fmt.Printf("level=INFO msg=request n=%d status=200\n", n)
			}
		}
	}
}
