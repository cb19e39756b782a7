package engine

import (
	"fmt"
	"slices"
	"strings"
)

// RuntimeError says that the engine does not have a container runtime.
type RuntimeError struct {
	Name string
	Have []string // what it has, sorted
}

func (e *RuntimeError) Error() string {
	return fmt.Sprintf("the engine has no runtime %s, it has %s", e.Name, strings.Join(e.Have, ", "))
}

// Hint says what to do about it.
func (e *RuntimeError) Hint() string {
	return "install " + e.Name + ", name it under `runtimes` in /etc/docker/daemon.json and reload " +
		"docker; or take one that is there"
}

// UseRuntime makes all containers from now on run by a runtime of this name, such as runsc.
// One that the engine does not have is a *RuntimeError, before anything is made.
func (e *Engine) UseRuntime(name string) error {
	if !slices.Contains(e.info.Runtimes, name) {
		return &RuntimeError{Name: name, Have: e.info.Runtimes}
	}
	e.runtime, e.info.Runtime = name, name
	return nil
}
