package rubric

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/mod/semver"
)

// A release is a rubric as it was at one moment, kept beside it for ever, so that a grade of
// years ago can be read again under its own version:
//
//	releases/payment-0.2.0.yaml    one record a release, see Release
//	releases/objects/SHA256.gz     the files; equal ones are kept once for all releases
//
// Records and objects are only ever added. What they hold is checked when it is read: a
// record whose files do not give its content hash is refused.
const (
	releaseDir     = "releases"
	objectDir      = "releases/objects"
	releaseVersion = 1
)

// Release is the record of one.
type Release struct {
	Format  int    `yaml:"release"`
	Name    string `yaml:"name"`
	Version string `yaml:"version"`
	// Date is the day of the release, as 2006-01-02.
	Date string `yaml:"date"`
	// Hash is the content hash, as grades name it.
	Hash string `yaml:"hash"`
	// Changes say in words what is new.
	Changes []string `yaml:"changes"`
	// Files are the rubric's own, the rubric itself first.
	Files []ReleasedFile `yaml:"files"`
}

// ReleasedFile is a file of a release and the hash under which its content is kept.
type ReleasedFile struct {
	Name   string `yaml:"name"`
	SHA256 string `yaml:"sha256"`
}

// Releases lists what was released of the rubric file name in fsys, by version.
func Releases(fsys fs.FS, name string) ([]Release, error) {
	dir, base := splitPath(name)
	return releases(fsys, dir, base)
}

// releases lists the records in a directory; of all rubrics, if base is empty.
func releases(fsys fs.FS, dir, base string) ([]Release, error) {
	found, err := fs.Glob(fsys, dir+releaseDir+"/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []Release
	for _, file := range found {
		data, err := readFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read release: %w", err)
		}
		var r Release
		if err := yaml.UnmarshalWithOptions(data, &r, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("read release %s: %w", file, err)
		}
		if r.Format != releaseVersion || len(r.Files) == 0 {
			return nil, fmt.Errorf("read release %s: version %d of the format is not known", file, r.Format)
		}
		if base == "" || r.Files[0].Name == base {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Release) int { return compareVersions(a.Version, b.Version) })
	return out, nil
}

// ShippedReleases lists the releases that come with the program, by name and version.
func ShippedReleases() ([]Release, error) {
	dirs, err := fs.Glob(Shipped(), "*")
	if err != nil {
		return nil, err
	}
	var out []Release
	for _, dir := range dirs {
		all, err := releases(Shipped(), dir+"/", "")
		if err != nil {
			return nil, err
		}
		out = append(out, all...)
	}
	return out, nil
}

// compareVersions orders semantic versions.
func compareVersions(a, b string) int { return semver.Compare("v"+a, "v"+b) }

// loadRelease loads what was released as a version, and holds it to its content hash.
func loadRelease(fsys fs.FS, dir, base, version string) (*Rubric, error) {
	record, files, err := releasedFiles(fsys, dir, base, version)
	if err != nil {
		return nil, err
	}
	d, err := readFrom(func(name string) ([]byte, error) {
		data, ok := files[name]
		if !ok {
			return nil, fmt.Errorf("%s@%s holds no file %q", record.Name, version, name)
		}
		return data, nil
	}, record.Files[0].Name, nil)
	if err != nil {
		return nil, err
	}
	r, problems := d.rubric, d.problems()
	switch {
	case len(problems) > 0:
		return nil, &InvalidError{Problems: problems}
	case r.Hash != record.Hash:
		return nil, fmt.Errorf("the release %s@%s is damaged: its files give %s, its record says %s",
			record.Name, version, r.Hash, record.Hash)
	}
	r.Released = record.Date
	return r, nil
}

// releasedFiles reads the record of a version and the content of its files.
func releasedFiles(fsys fs.FS, dir, base, version string) (Release, map[string][]byte, error) {
	all, err := releases(fsys, dir, base)
	if err != nil {
		return Release{}, nil, err
	}
	var versions []string
	for _, r := range all {
		if r.Version != version {
			versions = append(versions, r.Version)
			continue
		}
		files := map[string][]byte{}
		for _, f := range r.Files {
			if files[f.Name], err = object(fsys, dir, f.SHA256); err != nil {
				return r, nil, fmt.Errorf("read release %s@%s, file %s: %w", r.Name, version, f.Name, err)
			}
		}
		return r, files, nil
	}
	what := strings.TrimSuffix(dir+base, "/")
	if len(versions) == 0 {
		return Release{}, nil, fmt.Errorf("read release: nothing was released of %s", what)
	}
	return Release{}, nil, fmt.Errorf("read release: %s has no version %s; there are %s", what, version,
		strings.Join(versions, ", "))
}

// object reads the content with that hash.
func object(fsys fs.FS, dir, sum string) ([]byte, error) {
	packed, err := readFile(fsys, dir+objectDir+"/"+path.Base(sum)+".gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(z, maxFile+1))
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum {
		return nil, errors.New("the content is damaged: it does not have that hash")
	}
	return data, nil
}

// releasedOn gives the date of the release that r's content equals.
func releasedOn(fsys fs.FS, dir string, r *Rubric) string {
	data, err := readFile(fsys, dir+releaseDir+"/"+r.Name+"-"+r.Version+".yaml")
	var record Release
	if err != nil || yaml.Unmarshal(data, &record) != nil || record.Hash != r.Hash {
		return ""
	}
	return record.Date
}

// base reads the release that the rubric builds on.
func (c checker) base() {
	r := c.rubric
	name, version, ok := strings.Cut(r.Base.Name, "@")
	if r.Base.Name == "" {
		return
	}
	const hint = "for instance `base: payment@0.2.0`; `rubric releases` lists what there is"
	if !ok || !idPattern.MatchString(name) || !versionPattern.MatchString(version) {
		c.fail("base", hint, "%q is no NAME@VERSION", r.Base.Name)
		return
	}
	record, files, err := releasedFiles(Shipped(), name+"/", "", version)
	if err != nil {
		c.fail("base", hint, "cannot be used: %v", err)
		return
	}
	below := decode(record.Files[0].Name, files[record.Files[0].Name]).rubric
	if below.Base.Name != "" {
		c.fail("base", "name "+below.Base.Name+" instead", "builds on another release itself")
		return
	}
	r.Base.Hash = record.Hash
	for _, k := range []named{{"lexicon", &below.Lexicon}, {"notes", &below.Notes},
		{"claims", &below.Claims}, {"weights", &below.Weights}} {
		if k.file.Name == "" {
			continue
		}
		full := r.Base.Name + "/" + k.file.Name
		r.Base.Companions = append(r.Base.Companions, Companion{full, files[k.file.Name]})
		if k.key == "claims" {
			r.Base.claims = full
		}
	}
}

// WriteRelease adds the rubric in a file of the host to the releases beside it, and returns
// the record. Nothing is overwritten: a version is released once.
func WriteRelease(file, date string, changes []string) (Release, error) {
	r, err := LoadFile(file)
	if err != nil {
		return Release{}, err
	}
	dir := filepath.Dir(file)
	record := Release{Format: releaseVersion, Name: r.Name, Version: r.Version, Date: date,
		Hash: r.Hash, Changes: changes}
	if err := os.MkdirAll(filepath.Join(dir, objectDir), 0o755); err != nil {
		return record, fmt.Errorf("write release: %w", err)
	}
	names := []string{filepath.Base(file)}
	for _, c := range r.companions() {
		if c.file.Name != "" {
			names = append(names, c.file.Name)
		}
	}
	for _, name := range names {
		sum, err := writeObject(dir, name)
		if err != nil {
			return record, fmt.Errorf("write release: %w", err)
		}
		record.Files = append(record.Files, ReleasedFile{name, sum})
	}
	data, err := yaml.MarshalWithOptions(record, yaml.IndentSequence(true))
	if err != nil {
		return record, fmt.Errorf("write release: %w", err)
	}
	if err := createFile(filepath.Join(dir, releaseDir, r.Name+"-"+r.Version+".yaml"), data); err != nil {
		return record, fmt.Errorf("write release: %w", err)
	}
	again, err := LoadFile(file + "@" + r.Version)
	if err != nil {
		return record, fmt.Errorf("read the release again: %w", err)
	}
	if again.Hash != r.Hash {
		return record, fmt.Errorf("the release reads as %s, not %s", again.Hash, r.Hash)
	}
	return record, nil
}

// writeObject keeps a file's content, line ends as \n, under its hash.
func writeObject(dir, name string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return "", err
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	raw := sha256.Sum256(data)
	sum := hex.EncodeToString(raw[:])
	if kept, err := object(os.DirFS(dir), "", sum); err == nil && bytes.Equal(kept, data) {
		return sum, nil
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := z.Write(data); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return sum, replaceFile(filepath.Join(dir, objectDir, sum+".gz"), packed.Bytes())
}

// createFile writes a file that must not be there yet.
func createFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// replaceFile writes a file so that it is never seen half written.
func replaceFile(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
