package image

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Apt is where this machine gets Debian packages, and how.
type Apt struct {
	// Mirror serves the release; it is empty where the machine names none, such as on
	// Ubuntu: debootstrap's own default is taken then. Security serves the release's
	// security updates and may be empty.
	Mirror, Security string
	// Settings are files under /etc/apt that change how packages are fetched:
	// proxies, certificates, checks. Foreign repositories and keys stay behind.
	Settings map[string][]byte
}

// isRelease tells Debian's own releases from other repositories' suites.
func isRelease(name string) bool {
	switch name {
	case "bullseye", "bookworm", "trixie", "forky", "sid",
		"oldstable", "stable", "testing", "unstable":
		return true
	}
	return false
}

// ReadApt reads the configuration under etc (/etc/apt).
func ReadApt(etc fs.FS) (Apt, error) {
	a := Apt{Settings: map[string][]byte{}}
	files, err := readAll(etc, "sources.list", "sources.list.d/*.list", "sources.list.d/*.sources")
	if err != nil {
		return a, fmt.Errorf("read apt sources: %w", err)
	}
	for _, f := range files {
		entries := oneLine(f.data)
		if path.Ext(f.name) == ".sources" {
			entries = deb822(f.data)
		}
		for _, e := range entries {
			a.take(e)
		}
	}
	if a.Mirror == "" {
		a.Security = ""
	}
	files, err = readAll(etc, "apt.conf", "apt.conf.d/*")
	if err != nil {
		return a, fmt.Errorf("read apt settings: %w", err)
	}
	for _, f := range files {
		if bytes.Contains(f.data, []byte("Acquire::")) {
			a.Settings[f.name] = f.data
		}
	}
	return a, nil
}

// source is one entry of apt's sources.
type source struct{ uri, suite string }

// take keeps an entry's address if Debian stands behind it; the first one wins.
func (a *Apt) take(e source) {
	suite := strings.Replace(e.suite, "/updates", "-security", 1) // before bullseye
	name, kind, _ := strings.Cut(suite, "-")
	switch {
	case !isRelease(name) || !strings.Contains(e.uri, "://"):
	case kind == "security" && a.Security == "":
		a.Security = e.uri
	case kind == "" && a.Mirror == "":
		a.Mirror = e.uri
	}
}

// Sources is a sources.list for the suite from this machine's mirrors, nothing where it
// names none.
func (a Apt) Sources() []byte {
	if a.Mirror == "" {
		return nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "deb %s %s main\n", a.Mirror, suite)
	if a.Security != "" {
		fmt.Fprintf(&b, "deb %s %s-security main\n", a.Security, suite)
	}
	return b.Bytes()
}

// install writes the configuration into a Debian root.
func (a Apt) install(root string) error {
	etc := filepath.Join(root, "etc", "apt")
	files := map[string][]byte{}
	if a.Mirror != "" { // else debootstrap wrote where it got its packages from
		files["sources.list"] = a.Sources()
	}
	for name, data := range a.Settings {
		files[name] = data
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(etc, name), data, 0o644); err != nil {
			return fmt.Errorf("configure apt in the image: %w", err)
		}
	}
	return nil
}

// oneLine reads the classic format: deb [options] URI suite component…
func oneLine(data []byte) []source {
	var out []source
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "#")
		if from, opts, ok := strings.Cut(line, "["); ok {
			_, rest, _ := strings.Cut(opts, "]")
			line = from + " " + rest
		}
		if f := strings.Fields(line); len(f) >= 3 && f[0] == "deb" {
			out = append(out, source{f[1], f[2]})
		}
	}
	return out
}

// deb822 reads the format of *.sources: paragraphs of fields.
func deb822(data []byte) []source {
	var out []source
	fields := map[string]string{}
	flush := func() {
		if slices.Contains(strings.Fields(fields["types"]), "deb") && fields["enabled"] != "no" {
			for _, uri := range strings.Fields(fields["uris"]) {
				for _, suite := range strings.Fields(fields["suites"]) {
					out = append(out, source{uri, suite})
				}
			}
		}
		clear(fields)
	}
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		line := s.Text()
		if strings.TrimSpace(line) == "" {
			flush()
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if ok && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, " ") {
			fields[strings.ToLower(key)] = strings.TrimSpace(value)
		}
	}
	flush()
	return out
}

type file struct {
	name string
	data []byte
}

// readAll reads the files that match, in the order of the patterns and names.
func readAll(tree fs.FS, patterns ...string) ([]file, error) {
	var out []file
	for _, p := range patterns {
		names, err := fs.Glob(tree, p)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			data, err := fs.ReadFile(tree, name)
			if err != nil {
				return nil, err
			}
			out = append(out, file{name, data})
		}
	}
	return out, nil
}
