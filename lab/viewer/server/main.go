// Command viewer shows what all containers of a lab write, live, in one page: filtered by
// container, level and text, paused, followed, linked to and downloaded. It only reads.
// There is no shell, no action, nothing that changes a state.
//
// It gets everything from the log proxy, which speaks a small part of the Docker engine's
// API on a Unix socket; it never sees the engine itself.
//
//	proxy ──events, list──▶ watcher ──attach──▶ tail (one per container)
//	                                              │ lines: cleaned, with time and level
//	                                              ▼
//	                        store: a bounded ring of lines per container
//	                                              │ cursor per client, never a queue
//	                                              ▼
//	        GET /api/stream (Server-Sent Events) · /api/lines · /api/download
//
// Filters are applied here and not in the browser: they see everything that is kept, a
// regular expression takes linear time, and page and download cannot disagree. A client
// that is too slow misses lines and is told so; it never holds anything up.
//
//	viewer [-listen :9999] [-source FILE]
//	viewer check [-listen :9999]    exit 0 when a running one answers
//
// It stops on SIGTERM.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("viewer", flag.ContinueOnError)
	flags.SetOutput(out)
	listen := flags.String("listen", ":9999", "`address` to serve")
	file := flags.String("source", "/run/logs/docker.sock", "Unix socket `file` of the log proxy")
	check := len(args) > 0 && args[0] == "check"
	if check {
		args = args[1:]
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	if check {
		return checkRunning(ctx, *listen)
	}
	log := slog.New(slog.NewTextHandler(out, nil))
	id := strconv.FormatInt(time.Now().UnixMilli(), 36)
	store := newStore(id, linesPerContainer, bytesPerContainer)
	ctx, cancel := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		newWatcher(newSource(*file), store, log).run(ctx)
	}()
	err := serve(ctx, *listen, newServer(store), log)
	cancel()
	<-watched
	return err
}

// serve answers until ctx ends.
func serve(ctx context.Context, address string, handler http.Handler, log *slog.Logger) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    32 << 10,
		// Streams end with the server.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Info("listening", "address", listener.Addr().String())
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		log.Info("stopping")
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	return server.Shutdown(grace)
}

// checkRunning asks the viewer on this host for its page.
func checkRunning(ctx context.Context, listen string) error {
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("listen address: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	address := "http://" + net.JoinHostPort("127.0.0.1", port) + "/"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("check: answer is %s", res.Status), res.Body.Close())
	}
	return res.Body.Close()
}
