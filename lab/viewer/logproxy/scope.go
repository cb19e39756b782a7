package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// scope says which containers may be seen, and under which name.
type scope struct {
	key, value string   // label that they carry
	nameKey    string   // label with the name
	show       []string // names, sorted; empty: all
}

var goodName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

func newScope(label, nameKey, show string) (scope, error) {
	key, value, err := cutLabel(label)
	if err != nil {
		return scope{}, err
	}
	if nameKey == "" {
		return scope{}, errors.New("no label for names is given")
	}
	s := scope{key: key, value: value, nameKey: nameKey}
	for name := range strings.SplitSeq(show, ",") {
		if name == "" {
			continue
		}
		if !goodName.MatchString(name) {
			return scope{}, fmt.Errorf("name %q to show: want lower case letters, digits and -", name)
		}
		s.show = append(s.show, name)
	}
	slices.Sort(s.show)
	return s, nil
}

// name gives the name under which a container with these labels is shown; ok is false for
// one that must not be seen.
func (s scope) name(labels map[string]string) (name string, ok bool) {
	name = labels[s.nameKey]
	if labels[s.key] != s.value || !goodName.MatchString(name) {
		return "", false
	}
	if _, listed := slices.BinarySearch(s.show, name); len(s.show) > 0 && !listed {
		return "", false
	}
	return name, true
}

// filters is the engine's own filter for the scope. Answers are checked all the same.
func (s scope) filters(more map[string][]string) string {
	f := map[string][]string{"label": {s.key + "=" + s.value}}
	for k, v := range more {
		f[k] = v
	}
	text, err := json.Marshal(f)
	if err != nil {
		return "{}" // not possible: strings always marshal
	}
	return string(text)
}

// entry is one container as the engine lists it, with the fields that are used.
type entry struct {
	ID      string `json:"Id"`
	Labels  map[string]string
	State   string
	Status  string
	Created int64

	name string
}

// list gives the containers in scope, sorted by name. One that was made and never started
// has nothing to show, and its name may be nobody's business yet.
func (s scope) list(ctx context.Context, e *engine) ([]entry, error) {
	var all, out []entry
	query := url.Values{"all": {"1"}, "filters": {s.filters(nil)}}
	if err := e.getJSON(ctx, "/containers/json", query, &all); err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	for _, c := range all {
		if name, ok := s.name(c.Labels); ok && c.State != "created" {
			c.name = name
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b entry) int {
		return strings.Compare(a.name+" "+a.ID, b.name+" "+b.ID)
	})
	return out, nil
}

var errUnknown = errors.New("no such container")

// find gives the one container in scope whose id starts with the given digits.
func (s scope) find(ctx context.Context, e *engine, id string) (entry, error) {
	all, err := s.list(ctx, e)
	if err != nil {
		return entry{}, err
	}
	var found []entry
	for _, c := range all {
		if strings.HasPrefix(c.ID, id) {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		return entry{}, errUnknown
	}
	return found[0], nil
}

// statusOf is the status that an error is answered with.
func statusOf(err error) int {
	var upstream *statusError
	switch {
	case errors.Is(err, errUnknown):
		return http.StatusNotFound
	case errors.As(err, &upstream) && upstream.code == http.StatusNotFound:
		return http.StatusNotFound
	}
	return http.StatusBadGateway
}
