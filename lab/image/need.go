package image

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// NeedError says that making an image needs a program that is not installed.
type NeedError struct {
	Program string
	Package string // the Debian package that has it
	Image   string
}

func (e *NeedError) Error() string {
	return fmt.Sprintf("no registry answers, and %s is not installed to make image %s from packages",
		e.Program, e.Image)
}

// Hint says what to do about it.
func (e *NeedError) Hint() string {
	return fmt.Sprintf("install %s (as root on Debian or Ubuntu `make setup` does), "+
		"or give the engine access to a registry", e.Package)
}

// errNotRoot is why debootstrap cannot work.
var errNotRoot = errors.New("no registry answers, and making a Debian image needs root; " +
	"run `make setup` once as root, or give the engine access to a registry")

// checkDebootstrap tells early, and in our words, what debootstrap would miss.
func checkDebootstrap(image string) error {
	if _, err := exec.LookPath("debootstrap"); err != nil {
		return &NeedError{Program: "debootstrap", Package: "debootstrap", Image: image}
	}
	if os.Geteuid() != 0 {
		return errNotRoot
	}
	return nil
}
