package rule

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Version is the format version that this package reads.
const Version = 1

// weightsSuffix tells a file of weights from files of rules.
const weightsSuffix = ".tsv"

// Load reads rule files and joins them into one checked set. A name that is a
// directory stands for the .yaml files in it; one that ends in .tsv holds weights.
// The error joins every problem found, each with file and line.
func Load(fsys fs.FS, names ...string) (*Set, error) {
	files, err := expand(fsys, names)
	if err != nil {
		return nil, err
	}
	set := &Set{Concepts: map[string]*Concept{}}
	var errs []error
	for _, name := range files {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		if strings.HasSuffix(name, weightsSuffix) {
			if set.Weights, err = ParseWeights(data); err != nil {
				errs = append(errs, fmt.Errorf("%s:%w", name, err))
			}
			continue
		}
		errs = append(errs, set.add(name, data)...)
	}
	if len(errs) == 0 {
		errs = set.check()
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return set, nil
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

// file is the outer form of a rule file.
type file struct {
	Version  int                    `yaml:"version"`
	Concepts map[string]conceptYAML `yaml:"concepts"`
	Facts    []ruleYAML             `yaml:"facts"`
	Criteria []criterionYAML        `yaml:"criteria"`
	Claims   []claimYAML            `yaml:"claims"`
}

type ruleYAML struct {
	Rule         Text   `yaml:"rule"`
	All          []Text `yaml:"all"`
	Span         Text   `yaml:"span"`
	Within       int    `yaml:"within"`
	Ordered      bool   `yaml:"ordered"`
	Unless       []Text `yaml:"unless"`
	UnlessClause []Text `yaml:"unless_clause"`
	UnlessNext   []Text `yaml:"unless_next"`
	Sections     []Text `yaml:"sections"`
	NotSections  []Text `yaml:"not_sections"`
	Admit        []Text `yaml:"admit"`
	Polarity     Text   `yaml:"polarity"`
	Cancels      Text   `yaml:"cancels"`
	Doubt        Text   `yaml:"doubt"`
	Bare         bool   `yaml:"bare"`
}

type criterionYAML struct {
	ID         Text       `yaml:"id"`
	Says       Text       `yaml:"says"`
	Unless     []Text     `yaml:"unless"`
	UnlessNext []Text     `yaml:"unless_next"`
	Met        []ruleYAML `yaml:"met"`
	Against    []ruleYAML `yaml:"against"`
	Detector   *struct {
		Name  Text `yaml:"name"`
		Least int  `yaml:"least"`
	} `yaml:"detector"`
	Examples struct {
		For     []Text `yaml:"for"`
		Against []Text `yaml:"against"`
	} `yaml:"examples"`
}

// UnmarshalYAML keeps the line of a scalar.
func (t *Text) UnmarshalYAML(n ast.Node) error {
	s, err := scalar(n)
	if err != nil {
		return err
	}
	t.Value, t.Line = s, n.GetToken().Position.Line
	return nil
}

func scalar(n ast.Node) (string, error) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, nil
	case *ast.LiteralNode:
		return strings.TrimRight(v.Value.Value, "\n"), nil
	case ast.ScalarNode:
		return v.GetToken().Value, nil
	}
	return "", fmt.Errorf("line %d: want a text here", n.GetToken().Position.Line)
}

// conceptYAML is a list of phrases, or a mapping with any and except.
type conceptYAML struct {
	any, except []Text
	line        int
}

// UnmarshalYAML accepts both forms.
func (c *conceptYAML) UnmarshalYAML(n ast.Node) error {
	c.line = n.GetToken().Position.Line
	if seq, ok := n.(*ast.SequenceNode); ok {
		return texts(seq, &c.any)
	}
	var pairs []*ast.MappingValueNode
	switch v := n.(type) {
	case *ast.MappingNode:
		pairs = v.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{v}
	}
	for _, kv := range pairs {
		into, ok := map[string]*[]Text{"any": &c.any, "except": &c.except}[kv.Key.String()]
		seq, isSeq := kv.Value.(*ast.SequenceNode)
		if !ok || !isSeq {
			return fmt.Errorf("line %d: a concept has lists any and except, not %q",
				kv.GetToken().Position.Line, kv.Key.String())
		}
		if err := texts(seq, into); err != nil {
			return err
		}
	}
	return nil
}

func texts(seq *ast.SequenceNode, into *[]Text) error {
	for _, v := range seq.Values {
		var t Text
		if err := t.UnmarshalYAML(v); err != nil {
			return err
		}
		*into = append(*into, t)
	}
	return nil
}

// add decodes one file into the set.
func (s *Set) add(name string, data []byte) []error {
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return []error{fmt.Errorf("%s: %w", name, err)}
	}
	if f.Version != Version {
		return []error{fmt.Errorf("%s:1: version is %d, this program reads %d",
			name, f.Version, Version)}
	}
	b := &builder{file: name}
	names := make([]string, 0, len(f.Concepts))
	for n := range f.Concepts {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		c := f.Concepts[n]
		if s.Concepts[n] != nil {
			b.fail(c.line, "concept %s is defined twice", n)
			continue
		}
		s.Concepts[n] = &Concept{Name: n, Any: b.phrases(c.any), Except: b.phrases(c.except)}
	}
	for _, r := range f.Facts {
		s.Facts = append(s.Facts, b.rule(r))
	}
	for _, c := range f.Criteria {
		s.Criteria = append(s.Criteria, b.criterion(c))
	}
	for _, c := range f.Claims {
		s.Claims = append(s.Claims, b.criterion(c.Criterion))
	}
	return b.errs
}
