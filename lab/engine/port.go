package engine

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"

	"github.com/moby/moby/api/types/network"
)

// loopback is the only address of the host on which anything is published.
var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// hostPort publishes on the loopback; port 0 takes any free one.
func hostPort(p int) network.PortBinding {
	return network.PortBinding{HostIP: loopback, HostPort: strconv.Itoa(p)}
}

// PortTakenError says that somebody else listens on a port that was asked for.
type PortTakenError struct {
	Port int
	Err  error
}

func (e *PortTakenError) Error() string {
	return fmt.Sprintf("port %d of 127.0.0.1 is taken", e.Port)
}

// Unwrap gives the engine's word.
func (e *PortTakenError) Unwrap() error { return e.Err }

// takenPort matches what engines say; they have no code of their own for it.
var takenPort = regexp.MustCompile(
	`127\.0\.0\.1:(\d+)\b.*(?:port is already allocated|address already in use)`)

// portTaken turns the engine's error about a port into ours, others stay as they are.
func portTaken(err error) error {
	if err == nil {
		return nil
	}
	m := takenPort.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	port, convErr := strconv.Atoi(m[1])
	if convErr != nil {
		return err
	}
	return &PortTakenError{Port: port, Err: err}
}
