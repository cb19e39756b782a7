package main

import "sort"

// How much is kept of each container. Five containers at their limits take about 50 MB.
const (
	linesPerContainer = 20_000
	bytesPerContainer = 8 << 20
)

// ring keeps the newest lines of one container, by number and by size.
type ring struct {
	buf      []Line
	head, n  int
	bytes    int
	maxLines int
	maxBytes int
	lost     uint64 // Seq of the newest line that was dropped
}

// push adds a line and drops the oldest ones beyond the limits. The newest always stays.
func (r *ring) push(l Line) {
	for r.n > 0 && (r.n == r.maxLines || r.bytes+l.size() > r.maxBytes) {
		r.drop()
	}
	if r.n == len(r.buf) {
		r.grow()
	}
	r.buf[(r.head+r.n)%len(r.buf)] = l
	r.n++
	r.bytes += l.size()
}

func (r *ring) drop() {
	old := &r.buf[r.head]
	r.lost = old.Seq
	r.bytes -= old.size()
	*old = Line{}
	r.head = (r.head + 1) % len(r.buf)
	r.n--
}

// grow doubles the space, up to the limit, with the oldest line first.
func (r *ring) grow() {
	buf := make([]Line, min(max(64, 2*len(r.buf)), r.maxLines))
	for i := range r.n {
		buf[i] = r.at(i)
	}
	r.buf, r.head = buf, 0
}

// at gives the i-th kept line, the oldest is 0.
func (r *ring) at(i int) Line { return r.buf[(r.head+i)%len(r.buf)] }

// after appends to out the kept lines with a Seq above the given one.
func (r *ring) after(seq uint64, out []Line) []Line {
	first := sort.Search(r.n, func(i int) bool { return r.at(i).Seq > seq })
	for i := first; i < r.n; i++ {
		out = append(out, r.at(i))
	}
	return out
}
