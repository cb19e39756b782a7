package rubric

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxFile bounds a rubric file and each of its companions, in bytes.
const maxFile = 4 << 20

//go:embed payment/*.yaml payment/*.tsv payment/releases
var shipped embed.FS

// Shipped returns the rubrics that come with the program, one directory per exam.
func Shipped() fs.FS { return shipped }

// LoadFile loads the rubric in a file of the host, companions from its directory.
// FILE@VERSION is what was released of it as that version, and NAME@VERSION a release that
// comes with the program.
func LoadFile(path string) (*Rubric, error) {
	if name, version, ok := strings.Cut(path, "@"); ok && idPattern.MatchString(name) &&
		filepath.Ext(name) != ".yaml" {
		return loadRelease(Shipped(), name+"/", "", version)
	}
	r, err := Load(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		for i := range invalid.Problems {
			p := &invalid.Problems[i]
			p.File = filepath.Join(filepath.Dir(path), p.File)
		}
	}
	return r, err
}

// Load reads and checks the rubric file name in fsys; the rule files that it names
// stand beside it. FILE@VERSION is what was released of it as that version. A file with
// problems gives an *InvalidError that holds them all.
func Load(fsys fs.FS, name string) (*Rubric, error) {
	if file, version, ok := strings.Cut(name, "@"); ok {
		dir, base := splitPath(file)
		return loadRelease(fsys, dir, base, version)
	}
	r, problems, err := read(fsys, name, nil)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, &InvalidError{Problems: problems}
	}
	return r, nil
}

// read decodes and checks a rubric; the error is about the file, not its content.
func read(fsys fs.FS, name string, probes ProbeCounts) (*Rubric, []Problem, error) {
	d, err := readFrom(func(file string) ([]byte, error) { return readFile(fsys, file) }, name,
		func(string) ProbeCounts { return probes })
	if err != nil {
		return nil, nil, err
	}
	dir, _ := splitPath(name)
	d.rubric.Released = releasedOn(fsys, dir, d.rubric)
	return d.rubric, d.problems(), nil
}

// readFrom likewise, from any place that holds files.
func readFrom(open func(string) ([]byte, error), name string, probes func(exam string) ProbeCounts) (*decoded, error) {
	data, err := open(name)
	if err != nil {
		return nil, fmt.Errorf("read rubric: %w", err)
	}
	d := decode(name, data)
	dir, _ := splitPath(name)
	r := d.rubric
	for _, c := range r.companions() {
		if c.file.Name == "" {
			continue
		}
		if !fs.ValidPath(c.file.Name) || strings.ContainsAny(c.file.Name, `/\`) {
			d.fail(c.key, "keep rule files beside the rubric",
				"%q is no plain file name", c.file.Name)
			continue
		}
		c.file.Data, err = open(dir + c.file.Name)
		if err != nil {
			d.fail(c.key, "it must stand beside the rubric", "cannot read the file: %v", err)
		}
	}
	check := checker{decoded: d}
	if probes != nil {
		check.probes = probes(r.Exam)
	}
	if d.readable {
		check.base()
		check.claims(dir)
	}
	check.run()
	if d.readable {
		check.rules(dir)
	}
	r.Hash = r.hash(data)
	return d, nil
}

// named is a companion and the key that names it.
type named struct {
	key  string
	file *Companion
}

// companions are all files that a rubric may name, in the order in which they are hashed.
func (r *Rubric) companions() []named {
	return []named{{"notes", &r.Notes}, {"lexicon", &r.Lexicon}, {"claims", &r.Claims},
		{"weights", &r.Weights}}
}

// hash is the content hash of the rubric whose file holds data.
func (r *Rubric) hash(data []byte) string {
	files := [][]byte{data}
	for _, c := range r.companions() {
		files = append(files, c.file.Data)
	}
	if r.Base.Hash != "" {
		files = append(files, []byte(r.Base.Hash))
	}
	return hash(files...)
}

func splitPath(name string) (dir, base string) {
	i := strings.LastIndexByte(name, '/') + 1
	return name[:i], name[i:]
}

func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, maxFile)
	}
	return data, nil
}

// hash covers each file's length and bytes, line ends as \n, so that a checkout
// on another system is the same release. File names do not count.
func hash(files ...[]byte) string {
	h := sha256.New()
	for _, data := range files {
		canonical := strings.ReplaceAll(string(data), "\r\n", "\n")
		fmt.Fprintf(h, "%d\n%s", len(canonical), canonical)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
