// Package viewer gives a lab its log viewer: one page with what all containers of the lab
// write, for a candidate who has nothing else to look with.
//
// It is made of two containers. The proxy holds the engine's socket, is on no network and
// serves a narrow, read-only view of this one lab on a Unix socket (see logproxy). The
// viewer is on the lab's network, has that Unix socket and nothing else (see server). So
// whoever takes over the viewer has won the lines that it shows anyway.
//
// The viewer is Dozzle where its image can be had, and our own program otherwise. Both
// stand behind the same proxy, since what may be seen is decided there.
//
// The package holds values only. Package lab runs them.
package viewer

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

//go:embed server logproxy
var sources embed.FS

const (
	// Name is the container that people open in a browser.
	Name = "log-viewer"
	// ProxyName is the container with the engine's socket. It is never shown.
	ProxyName = "log-source"
	// Port is where the viewer listens, inside and outside.
	Port = 9999
	// DozzleImage is the version of Dozzle that Dozzle is written for.
	DozzleImage = "amir20/dozzle:v10.7.3"

	socketDir  = "/run/logs"
	socketFile = socketDir + "/docker.sock"
)

// Programs are the two programs, viewer and logproxy, for image.Tools.
func Programs() ([]image.Program, error) {
	var out []image.Program
	for name, dir := range map[string]string{"viewer": "server", "logproxy": "logproxy"} {
		src, err := fs.Sub(sources, dir)
		if err != nil {
			return nil, err
		}
		out = append(out, image.Program{Name: name, Source: src})
	}
	slices.SortFunc(out, func(a, b image.Program) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// Config is what an exam decides about its viewer.
type Config struct {
	// Tools is the reference of an image with Programs.
	Tools string
	// Show lists the containers that may be seen. Name them: with an empty list all of the
	// lab are shown, also those that exist in some states of the lab only.
	Show []string
	// HostPort is the port on the host's loopback, where the platform is exposed.
	HostPort int
}

// Containers are the proxy and our own viewer. They need nobody and may start first, so
// that they see everything from the beginning.
func Containers(c Config) []lab.Container {
	return []lab.Container{proxy(c), {
		Name: Name, Image: c.Tools, Entrypoint: []string{"/bin/viewer"},
		Cmd:       []string{"-listen", fmt.Sprintf(":%d", Port), "-source", socketFile},
		Env:       map[string]string{"GOMEMLIMIT": "200MiB"}, // of the usual 256 MiB
		SocketDir: socketDir,
		Ports:     ports(c),
		Ready:     "msg=listening",
	}}
}

// Dozzle are the proxy and Dozzle, for a reference to its image, usually DozzleImage.
func Dozzle(c Config, ref string) []lab.Container {
	return []lab.Container{proxy(c), {
		Name: Name, Image: ref,
		Env:       DozzleEnv(),
		Tmpfs:     map[string]string{"/data": "rw,noexec,nosuid,nodev,size=4m"},
		SocketDir: socketDir,
		Ports:     ports(c),
		Needs:     []string{ProxyName},
		Ready:     "Accepting connections",
	}}
}

// DozzleEnv is the configuration of Dozzle. It talks to the proxy only. The rest says the
// same again in Dozzle's own words, in case that somebody runs it without the proxy: no
// actions, no shell, no word to the outside. Which containers it sees is not among it: the
// proxy ignores filters, as it applies its own to every answer.
func DozzleEnv() map[string]string {
	return map[string]string{
		"DOCKER_HOST":               "unix://" + socketFile,
		"DOZZLE_ADDR":               fmt.Sprintf(":%d", Port),
		"DOZZLE_HOSTNAME":           "lab",
		"DOZZLE_ENABLE_ACTIONS":     "false",
		"DOZZLE_ENABLE_SHELL":       "false",
		"DOZZLE_ENABLE_MCP":         "false",
		"DOZZLE_NO_ANALYTICS":       "true",
		"DOZZLE_RELEASE_CHECK_MODE": "manual",
	}
}

// DozzleFilter is Dozzle's own filter for one lab, for DOZZLE_FILTER where Dozzle runs
// without the proxy.
func DozzleFilter(run engine.Run) string { return "label=" + engine.LabelRun + "=" + run.ID }

func proxy(c Config) lab.Container {
	return lab.Container{
		Name: ProxyName, Image: c.Tools, Entrypoint: []string{"/bin/logproxy"},
		Cmd:          []string{"-listen", socketFile, "-show", strings.Join(c.Show, ",")},
		EngineSocket: true,
		SocketDir:    socketDir,
		Limits:       engine.Limits{Memory: 64 << 20},
		Ready:        "msg=listening",
	}
}

func ports(c Config) map[string]int {
	if c.HostPort == 0 {
		return nil
	}
	return map[string]int{fmt.Sprintf("%d/tcp", Port): c.HostPort}
}
