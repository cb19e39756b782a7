package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// The engine sends the output of a container without terminal as frames:
//
//	byte 0     1 stdout, 2 stderr
//	bytes 1-3  zero
//	bytes 4-7  length of the payload, big endian
//	payload    with timestamps: RFC 3339 with nanoseconds, a space, text
//
// A frame holds one line with its line feed, or, of a line over 16 KiB, a part without one;
// every part has a timestamp of its own.

// maxFrame bounds a frame's payload, in bytes. Larger ones mean that this is no such stream.
const maxFrame = 1 << 20

// maxText bounds a line's text, in bytes. The rest of a longer line is dropped.
const maxText = 16 << 10

// cutMark stands at the end of a line that was cut.
const cutMark = " …(cut)"

var errFrame = errors.New("not a stream of frames")

// raw is a line as the engine gave it.
type raw struct {
	time   time.Time // of its first part
	stderr bool
	text   []byte // valid until the next call of next
}

// demux reads lines from a stream of frames.
type demux struct {
	in      *bufio.Reader
	payload []byte
	part    [2]partial // of stdout, stderr
}

// partial is a line whose end has not come yet.
type partial struct {
	open bool
	cut  bool
	time time.Time
	text []byte
}

func newDemux(r io.Reader) *demux { return &demux{in: bufio.NewReaderSize(r, 64<<10)} }

// next gives the next line. At the end, it gives what has no line feed, then io.EOF.
func (d *demux) next() (raw, error) {
	for {
		which, err := d.frame()
		if err != nil {
			return d.rest(err)
		}
		stamp, text, _ := bytes.Cut(d.payload, []byte(" "))
		at, err := time.Parse(time.RFC3339Nano, string(stamp))
		if err != nil {
			return raw{}, fmt.Errorf("%w: no timestamp", errFrame)
		}
		p := &d.part[which]
		if !p.open {
			*p = partial{open: true, time: at, text: p.text[:0]}
		}
		body, ended := bytes.CutSuffix(text, []byte("\n"))
		p.add(body)
		if ended {
			return d.take(which), nil
		}
	}
}

// buffered tells whether more can be had without waiting.
func (d *demux) buffered() bool { return d.in.Buffered() > 0 }

// frame reads one frame into payload and tells its stream, 0 or 1.
func (d *demux) frame() (int, error) {
	var head [8]byte
	if _, err := io.ReadFull(d.in, head[:]); err != nil {
		return 0, err
	}
	size := binary.BigEndian.Uint32(head[4:])
	if head[0] < 1 || head[0] > 2 || head[1]|head[2]|head[3] != 0 || size > maxFrame {
		return 0, errFrame
	}
	if cap(d.payload) < int(size) {
		d.payload = make([]byte, size)
	}
	d.payload = d.payload[:size]
	_, err := io.ReadFull(d.in, d.payload)
	return int(head[0]) - 1, err
}

// rest gives an unfinished line before the error that ended the stream.
func (d *demux) rest(err error) (raw, error) {
	for which := range d.part {
		if d.part[which].open {
			return d.take(which), nil
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF // cut within a frame: the container or the proxy is gone
	}
	return raw{}, err
}

func (d *demux) take(which int) raw {
	p := &d.part[which]
	p.open = false
	if p.cut {
		p.text = append(p.text, cutMark...)
	}
	return raw{time: p.time, stderr: which == 1, text: p.text}
}

func (p *partial) add(text []byte) {
	room := maxText - len(p.text)
	if len(text) > room {
		text, p.cut = text[:max(room, 0)], true
	}
	p.text = append(p.text, text...)
}
