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

//go:embed payment/*.yaml payment/*.tsv
var shipped embed.FS

// Shipped returns the rubrics that come with the program, one directory per exam.
func Shipped() fs.FS { return shipped }

// LoadFile loads the rubric in a file of the host, companions from its directory.
func LoadFile(path string) (*Rubric, error) {
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
// stand beside it. A file with problems gives an *InvalidError that holds them all.
func Load(fsys fs.FS, name string) (*Rubric, error) {
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
	data, err := readFile(fsys, name)
	if err != nil {
		return nil, nil, fmt.Errorf("read rubric: %w", err)
	}
	d := decode(name, data)
	dir, _ := splitPath(name)
	for _, c := range []struct {
		file *Companion
		key  string
	}{{&d.rubric.Notes, "notes"}, {&d.rubric.Lexicon, "lexicon"},
		{&d.rubric.Claims, "claims"}, {&d.rubric.Weights, "weights"}} {
		if c.file.Name == "" {
			continue
		}
		if !fs.ValidPath(c.file.Name) || strings.ContainsAny(c.file.Name, `/\`) {
			d.fail(c.key, "keep rule files beside the rubric",
				"%q is no plain file name", c.file.Name)
			continue
		}
		c.file.Data, err = readFile(fsys, dir+c.file.Name)
		if err != nil {
			d.fail(c.key, "it must stand beside the rubric", "cannot read the file: %v", err)
		}
	}
	check := checker{decoded: d, probes: probes}
	if d.readable {
		check.claims(dir)
	}
	check.run()
	if d.readable {
		check.rules(fsys, dir)
	}
	d.rubric.Hash = hash(data, d.rubric.Notes.Data, d.rubric.Lexicon.Data, d.rubric.Claims.Data,
		d.rubric.Weights.Data)
	return d.rubric, d.problems(), nil
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
