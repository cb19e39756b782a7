package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// request is what a client may ask: an operation, the digits of a container's id where the
// operation has one, and the parameters that passed.
type request struct {
	op    string
	id    string
	query url.Values
}

// target matches the whole path of an allowed request as it was sent, not decoded, so that
// nothing escaped, doubled or dotted gets through. 1: operation; 2, 3: id and what of it.
var target = regexp.MustCompile(`^(?:/v1\.[0-9]{1,3})?/` +
	`(_ping|version|info|events|containers/json|containers/([0-9a-f]{12,64})/(json|logs))$`)

// values that parameters may have.
var (
	boolean = regexp.MustCompile(`^(0|1|true|false)$`)
	moment  = regexp.MustCompile(`^[0-9]{1,11}(\.[0-9]{1,9})?$`) // Unix seconds
	count   = regexp.MustCompile(`^(all|[0-9]{1,6})$`)
	ignored = regexp.MustCompile(`^[\x20-\x7e]*$`) // taken, never passed on
)

// parameters that each operation takes. A filter of the client's is never passed on: ours
// is in force instead.
func parameters(op string) map[string]*regexp.Regexp {
	switch op {
	case "list":
		return map[string]*regexp.Regexp{"all": boolean, "filters": ignored}
	case "events":
		return map[string]*regexp.Regexp{"since": moment, "until": moment, "filters": ignored}
	case "logs":
		return map[string]*regexp.Regexp{"stdout": boolean, "stderr": boolean, "follow": boolean,
			"timestamps": boolean, "tail": count, "since": moment, "until": moment}
	}
	return nil
}

// parse gives the request if it is one of the few that are allowed; the error says why not.
func parse(r *http.Request) (request, error) {
	path, rawQuery, _ := strings.Cut(r.RequestURI, "?")
	m := target.FindStringSubmatch(path)
	if m == nil {
		return request{}, errors.New("path is not served here")
	}
	q := request{op: m[1], id: m[2]}
	switch {
	case q.op == "containers/json":
		q.op = "list"
	case m[3] == "json":
		q.op = "inspect"
	case m[3] == "logs":
		q.op = "logs"
	}
	if r.Method != http.MethodGet && (r.Method != http.MethodHead || q.op != "_ping") {
		return request{}, errors.New("method is not allowed")
	}
	if r.ContentLength != 0 || len(r.TransferEncoding) > 0 {
		return request{}, errors.New("a body is not allowed")
	}
	if r.Header.Get("Upgrade") != "" || strings.Contains(
		strings.ToLower(strings.Join(r.Header.Values("Connection"), ",")), "upgrade") {
		return request{}, errors.New("an upgrade is not allowed")
	}
	var err error
	q.query, err = checkQuery(rawQuery, parameters(q.op))
	return q, err
}

// checkQuery takes known parameters, each at most once and with a value of its kind.
func checkQuery(raw string, known map[string]*regexp.Regexp) (url.Values, error) {
	got, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errors.New("query cannot be read")
	}
	out := url.Values{}
	for key, values := range got {
		kind := known[key]
		if kind == nil {
			return nil, fmt.Errorf("parameter %q is not allowed", key)
		}
		if len(values) != 1 {
			return nil, fmt.Errorf("parameter %q is given more than once", key)
		}
		if values[0] == "" {
			continue
		}
		if !kind.MatchString(values[0]) {
			return nil, fmt.Errorf("parameter %q has a value that is not allowed", key)
		}
		if kind != ignored {
			out.Set(key, values[0])
		}
	}
	return out, nil
}
