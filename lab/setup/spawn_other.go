//go:build !linux

package setup

import "errors"

// spawnDockerd exists on Linux only; elsewhere set-up never gets here, because
// the machine is no Debian.
func spawnDockerd(string) (<-chan error, error) {
	return nil, errors.New("an engine can be started on Linux only")
}
