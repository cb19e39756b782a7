// Command logproxy is a narrow window on a Docker engine: it lets a log viewer list the
// containers of one lab, follow what they write and learn when they start and stop. The
// viewer never sees the engine's socket.
//
// It serves a part of the engine's own API on a Unix socket, so that any viewer which
// speaks that API can be used, and answers everything else with 403:
//
//	GET, HEAD /_ping            a fixed answer
//	GET /version, /info         fixed answers, nothing of the engine's
//	GET /containers/json        the lab's containers
//	GET /containers/ID/json     the state of one of them
//	GET /containers/ID/logs     what it writes
//	GET /events                 start, stop and the like of the lab's containers
//
// Only containers with the label that it was given count, and of these, where -show is
// given, only the names in it. Answers are built from the few fields that a viewer needs:
// labels, environment, commands, images, mounts and networks never pass, and a container's
// name is the one that the lab gave it. Query parameters are checked one by one and written
// anew; a filter that a client sends can narrow nothing and widen nothing.
//
//	logproxy [-listen FILE] [-engine FILE] [-label KEY=VALUE] [-name-label KEY] [-show A,B]
//	logproxy check [-listen FILE]    exit 0 when a running one answers
//
// The labels default to $LAB_RUN_LABEL and $LAB_NAME_LABEL. It stops on SIGTERM.
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
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	flags := flag.NewFlagSet("logproxy", flag.ContinueOnError)
	flags.SetOutput(out)
	listen := flags.String("listen", "/run/logs/docker.sock", "Unix socket `file` to serve")
	engine := flags.String("engine", "/var/run/docker.sock", "Unix socket `file` of the engine")
	label := flags.String("label", getenv("LAB_RUN_LABEL"), "`key=value` of the lab's containers")
	nameLabel := flags.String("name-label", getenv("LAB_NAME_LABEL"), "`key` of a container's name")
	show := flags.String("show", "", "`names` of the containers to show (default: all of the lab)")
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
	scope, err := newScope(*label, *nameLabel, *show)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(out, nil))
	return serve(ctx, *listen, newProxy(dialEngine(*engine), scope, log), log)
}

// serve answers on a Unix socket until ctx ends.
func serve(ctx context.Context, file string, handler http.Handler, log *slog.Logger) error {
	// A killed predecessor leaves its socket behind.
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("listen: %w", err)
	}
	listener, err := net.Listen("unix", file)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := newHTTPServer(handler)
	// Streams end with the server.
	server.BaseContext = func(net.Listener) context.Context { return ctx }
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Info("listening", "socket", file)
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

// newHTTPServer gives a server that passes every request to the handler, also those that
// net/http would answer by itself.
func newHTTPServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:                      handler,
		ReadHeaderTimeout:            5 * time.Second,
		IdleTimeout:                  time.Minute,
		MaxHeaderBytes:               8 << 10,
		DisableGeneralOptionsHandler: true,
	}
}

// checkRunning asks the proxy behind the socket for a sign of life.
func checkRunning(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	res, err := dialEngine(file).get(ctx, "/_ping", nil)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	return res.Body.Close()
}

// cutLabel splits key=value, both of which must be there.
func cutLabel(label string) (key, value string, err error) {
	key, value, _ = strings.Cut(label, "=")
	if key == "" || value == "" {
		return "", "", fmt.Errorf("label %q: want key=value", label)
	}
	return key, value, nil
}
