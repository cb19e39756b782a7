package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// source is the log proxy, which speaks a part of the engine's API.
type source struct{ client *http.Client }

func newSource(file string) *source {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	return &source{&http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", file)
		},
		DisableCompression:    true,
		ResponseHeaderTimeout: 30 * time.Second,
	}}}
}

// listed is a container as the proxy lists it.
type listed struct {
	ID     string `json:"Id"`
	Names  []string
	State  string
	Status string
}

func (l listed) name() string {
	if len(l.Names) == 0 {
		return ""
	}
	return strings.TrimPrefix(l.Names[0], "/")
}

// runs tells whether the container may still write.
func (l listed) runs() bool {
	return l.State == "running" || l.State == "paused" || l.State == "restarting"
}

// list gives all containers of the lab.
func (s *source) list(ctx context.Context) ([]listed, error) {
	body, err := s.get(ctx, "/containers/json", url.Values{"all": {"1"}})
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var out []listed
	if err := json.NewDecoder(body).Decode(&out); err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	return out, nil
}

// events follows starts and stops; each is told on the channel, which is closed at the end.
func (s *source) events(ctx context.Context) (<-chan struct{}, error) {
	body, err := s.get(ctx, "/events", nil)
	if err != nil {
		return nil, err
	}
	// One waiting notice is enough: it makes the watcher look at everything.
	out := make(chan struct{}, 1)
	go func() {
		defer close(out)
		defer body.Close()
		in := json.NewDecoder(body)
		for {
			var event struct{}
			if in.Decode(&event) != nil {
				return
			}
			select {
			case out <- struct{}{}:
			default:
			}
		}
	}()
	return out, nil
}

// logs opens what a container writes, from a time on if that is not zero.
func (s *source) logs(
	ctx context.Context, id string, from time.Time, follow bool,
) (io.ReadCloser, error) {
	query := url.Values{"stdout": {"1"}, "stderr": {"1"}, "timestamps": {"1"},
		"tail": {strconv.Itoa(linesPerContainer)}}
	if follow {
		query.Set("follow", "1")
	}
	if !from.IsZero() {
		query.Set("since", fmt.Sprintf("%d.%09d", from.Unix(), from.Nanosecond()))
	}
	return s.get(ctx, "/containers/"+id+"/logs", query)
}

func (s *source) get(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	u := url.URL{Scheme: "http", Host: "logs", Path: path, RawQuery: query.Encode()}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close()
		return nil, fmt.Errorf("%s: %s", path, res.Status)
	}
	return res.Body, nil
}
