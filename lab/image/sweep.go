package image

import (
	"context"
	"fmt"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"
)

// labelStage marks what the classic builder leaves of a build with two stages.
const labelStage = "firedrill.stage"

// Sweep removes images of ours that none of keep needs and that were made before
// a time: older inputs left them. It returns what it removed. An image that a
// container uses stays. The time protects other checkouts on the same engine.
func (s *Store) Sweep(ctx context.Context, before time.Time, keep ...Image) ([]string, error) {
	list, err := s.cli.ImageList(ctx, client.ImageListOptions{
		Filters: client.Filters{}.Add("label", LabelImage),
	})
	if err != nil {
		return nil, fmt.Errorf("list images: %w", err)
	}
	needed := map[string]bool{}
	for _, img := range keep {
		img.eachRef(func(ref string) { needed[ref] = true })
	}
	var removed []string
	for _, sum := range list.Items {
		for _, ref := range obsolete(sum, before, needed) {
			_, err := s.cli.ImageRemove(ctx, ref, client.ImageRemoveOptions{PruneChildren: true})
			if errdefs.IsConflict(err) || errdefs.IsNotFound(err) {
				continue // in use, or somebody was faster
			}
			if err != nil {
				return removed, fmt.Errorf("remove image %s: %w", ref, err)
			}
			removed = append(removed, ref)
		}
	}
	return removed, nil
}

// obsolete gives the references of an image that may go: its tags, or its id
// when it has none.
func obsolete(sum image.Summary, before time.Time, needed map[string]bool) []string {
	if !time.Unix(sum.Created, 0).Before(before) {
		return nil
	}
	if len(sum.RepoTags) == 0 || sum.RepoTags[0] == "<none>:<none>" {
		return []string{sum.ID}
	}
	var out []string
	for _, tag := range sum.RepoTags {
		if !needed[tag] {
			out = append(out, tag)
		}
	}
	return out
}

// eachRef visits the references of an image and of all that it is made from.
func (i Image) eachRef(visit func(ref string)) {
	for _, ref := range i.Refs() {
		visit(ref)
	}
	for _, v := range i.variants {
		for _, need := range v.needs {
			need.eachRef(visit)
		}
	}
}

// dropStage removes the first stage of a build, which the engine keeps untagged.
func (w *workshop) dropStage(ctx context.Context, stage string) error {
	_, err := w.store.cli.ImagePrune(ctx, client.ImagePruneOptions{
		Filters: client.Filters{}.Add("dangling", "true").Add("label", labelStage+"="+stage),
	})
	if err != nil {
		return fmt.Errorf("remove what the build left: %w", err)
	}
	return nil
}
