package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Origin says where the foreign parts of an image come from.
type Origin string

const (
	// Local images are made from this program and the machine's toolchain alone.
	Local Origin = "local"
	// Upstream images start from a published image that a registry served.
	Upstream Origin = "upstream"
	// Debian images are made from Debian's packages.
	Debian Origin = "debian"
)

// Image is one image, as a value: a name, and the ways in which it can be made.
// Its inputs are data, so the reference is known before anything is built.
type Image struct {
	name string
	// variants are alternatives; the first is preferred, and one that is
	// present wins over one that would have to be built.
	variants []variant
}

// variant is one way to make an image.
type variant struct {
	origin Origin
	// inputs are everything that the content depends on, in fixed order.
	inputs []string
	// needs are images that must be there first.
	needs []Image
	make  func(ctx context.Context, w *workshop, ref string) error
}

// Name is the image's short name, such as "postgres".
func (i Image) Name() string { return i.name }

// Named is the same image under another short name, and so under other references.
func (i Image) Named(name string) Image {
	i.name = name
	return i
}

// Refs are the references under which the image may be present, preferred first.
func (i Image) Refs() []string {
	refs := make([]string, len(i.variants))
	for n, v := range i.variants {
		refs[n] = i.ref(v)
	}
	return refs
}

// repository is the prefix of all our image names.
const repository = "firedrill/"

// hashLength is the length of the tag: 48 bits, ample against accident.
const hashLength = 12

func (i Image) ref(v variant) string {
	return repository + i.name + ":" + i.digest(v)[:hashLength]
}

// digest covers the name, the origin, the inputs and, through their references,
// the images that this one is made from. Lengths keep neighbours apart.
func (i Image) digest(v variant) string {
	h := sha256.New()
	add := func(s string) { fmt.Fprintf(h, "%d:%s\n", len(s), s) }
	add(i.name)
	add(string(v.origin))
	for _, in := range v.inputs {
		add(in)
	}
	for _, need := range v.needs {
		for _, ref := range need.Refs() {
			add(ref)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
