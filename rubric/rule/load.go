package rule

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"firedrill/rubric/strict"
)

// Version is the format version that this package reads.
const Version = 1

// weightsSuffix tells a file of weights from files of rules.
const weightsSuffix = ".tsv"

// File is the content of one rule file, or of a file of weights (.tsv).
type File struct {
	Name string
	Data []byte
}

// Problem is one complaint about a rule file.
type Problem struct {
	File string
	strict.Problem
}

// Error spells the problem as file:line: path: message.
func (p Problem) Error() string {
	s := fmt.Sprintf("%s:%d: ", p.File, max(p.Line, 1))
	if p.Path != "" {
		s += p.Path + ": "
	}
	return s + p.Message
}

// Load reads rule files and joins them into one checked set. A name that is a
// directory stands for the .yaml files in it. See Parse.
func Load(fsys fs.FS, names ...string) (*Set, error) {
	files, err := expand(fsys, names)
	if err != nil {
		return nil, err
	}
	all := make([]File, len(files))
	for i, name := range files {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		all[i] = File{name, data}
	}
	return Parse(all...)
}

// Parse joins the content of rule files into one checked set. A name that ends in .tsv holds
// weights. The error joins every Problem found.
func Parse(files ...File) (*Set, error) {
	set := &Set{Concepts: map[string]*Concept{}}
	var errs []error
	for _, f := range files {
		if strings.HasSuffix(f.Name, weightsSuffix) {
			weights, err := ParseWeights(f.Data)
			if err != nil {
				errs = append(errs, weightsProblem(f.Name, err))
			}
			set.Weights = weights
			continue
		}
		errs = append(errs, set.add(f.Name, f.Data)...)
	}
	if len(errs) == 0 {
		errs = set.check()
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return set, nil
}

// weightsProblem takes an error of ParseWeights, line: message, apart.
func weightsProblem(name string, err error) Problem {
	p := Problem{File: name, Problem: strict.Problem{Line: 1, Message: err.Error(),
		Hint: "write it with `grader train`, or take the line `weights:` out of the rubric"}}
	if _, bad := fmt.Sscanf(err.Error(), "%d:", &p.Line); bad == nil {
		_, p.Message, _ = strings.Cut(err.Error(), ": ")
	}
	return p
}

func expand(fsys fs.FS, names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		info, err := fs.Stat(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		if !info.IsDir() {
			files = append(files, name)
			continue
		}
		found, err := fs.Glob(fsys, path.Join(name, "*.yaml"))
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		sort.Strings(found)
		files = append(files, found...)
	}
	return files, nil
}

// fileKeys are the keys of a rule file, whichever kind it is.
var fileKeys = []string{"version", "concepts", "facts", "criteria", "claims"}

// add decodes one file into the set.
func (s *Set) add(name string, data []byte) []error {
	doc, root := strict.Parse(data)
	b := &builder{file: name, doc: doc}
	m := root.Map(fileKeys...)
	version := m.Need("version", "begin with `version: 1`")
	if n := version.Int(); version.Present() && n != Version {
		version.Fail("write `version: 1`", "version is %d, this program reads %d", n, Version)
		return b.errors()
	}
	concepts := m.Get("concepts")
	names := concepts.Keys()
	table := concepts.Map(names...)
	for _, n := range slices.Compact(slices.Sorted(slices.Values(names))) {
		at := table.Get(n)
		c := b.concept(n, at)
		if s.Concepts[n] != nil {
			at.Fail("give one of them another name", "concept %s is defined twice", n)
			continue
		}
		s.Concepts[n] = c
	}
	for _, r := range m.Get("facts").List() {
		s.Facts = append(s.Facts, b.rule(r))
	}
	for _, c := range m.Get("criteria").List() {
		s.Criteria = append(s.Criteria, b.criterion(c))
	}
	for _, c := range m.Get("claims").List() {
		s.Claims = append(s.Claims, b.criterion(c, "figure", "observed"))
	}
	return b.errors()
}
