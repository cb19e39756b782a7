package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"

	"firedrill/lab/image"
)

// Run makes this machine ready. It says on stderr what it does, and on stdout what there is in
// the end. extra are images that it provides beside those of package image: the programs of the
// exams.
func Run(ctx context.Context, stdout, stderr io.Writer, extra ...image.Image) error {
	p := newPrinter(stderr)
	defer p.Close()
	return provide(ctx, machine(p), p, stdout, extra)
}

// provide makes the machine ready and says what there is.
func provide(
	ctx context.Context, h *host, p *printer, stdout io.Writer, extra []image.Image,
) error {
	start := time.Now()
	cli, err := client.New(client.FromEnv)
	if err != nil {
		return noEngine(fmt.Errorf("connect to docker: %w", err), "check DOCKER_HOST")
	}
	defer cli.Close()
	h.ping = func(ctx context.Context) (string, error) { return ping(ctx, cli) }
	h.address = cli.DaemonHost()
	version, err := h.engine(ctx)
	if err != nil {
		return err
	}
	h.ensure = image.NewStore(cli, p.Progress).Ensure
	refs, err := h.images(ctx, extra)
	if err != nil {
		return err
	}
	h.browser(ctx)
	h.compose(ctx)
	h.axe(ctx)
	p.Close()
	_, err = fmt.Fprintf(stdout, "ready in %.1f s: docker engine %s, %s\n",
		time.Since(start).Seconds(), version, strings.Join(refs, ", "))
	return err
}

// images provides all images, side by side, and gives their references.
func (h *host) images(ctx context.Context, extra []image.Image) ([]string, error) {
	all := []image.Image{image.Runtime(), image.Builder(), image.Postgres()}
	for _, img := range extra {
		same := func(i image.Image) bool { return slices.Equal(i.Refs(), img.Refs()) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, img)
		}
	}
	refs := make([]string, len(all))
	g, ctx := errgroup.WithContext(ctx)
	for i, img := range all {
		g.Go(func() error {
			ref, err := h.ensure(ctx, img)
			var need *image.NeedError
			if errors.As(err, &need) && h.install(ctx, need.Package) == nil {
				ref, err = h.ensure(ctx, img)
			}
			refs[i] = ref
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, failed(err, "check network, disk and this machine's apt sources, "+
			"then run `make setup` again: what is finished is kept")
	}
	return refs, nil
}

// ping asks the engine for its version.
func ping(ctx context.Context, cli *client.Client) (string, error) {
	if _, err := cli.Ping(ctx, client.PingOptions{}); err != nil {
		return "", err
	}
	v, err := cli.ServerVersion(ctx, client.ServerVersionOptions{})
	return v.Version, err
}
