package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
)

// apiError is an error that the caller is told: a code for programs and a
// message for people.
type apiError struct {
	Status  int    `json:"-"`
	Code    string `json:"error"`
	Message string `json:"message"`
}

func (e *apiError) Error() string { return e.Code + ": " + e.Message }

func badRequest(code, format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

func internalError() *apiError {
	return &apiError{http.StatusInternalServerError, "internal_error",
		"something went wrong on our side"}
}

// handle adapts a handler that returns its error instead of writing it.
func (s *Server) handle(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.writeError(w, r, err)
		}
	}
}

// writeError answers with the error; what the caller is not told goes to the log.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, err error) {
	var told *apiError
	if !errors.As(err, &told) {
		if errors.Is(err, context.Canceled) {
			s.logger(r).Info("caller went away", "endpoint", r.URL.Path, "err", err)
		} else {
			s.logger(r).Error("request failed", "endpoint", r.URL.Path, "err", err)
		}
		told = internalError()
	}
	writeJSON(w, told.Status, told)
}

// writeJSON answers with v. An error of writing means that the caller has gone.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// decodeJSON reads the one JSON object of the body. Unknown fields are ignored,
// so that callers can be ahead of us.
func decodeJSON(r *http.Request, v any) error {
	decoder := json.NewDecoder(r.Body)
	if err := decoder.Decode(v); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return &apiError{http.StatusRequestEntityTooLarge, "body_too_large",
				fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit)}
		}
		if errors.Is(err, errMoney) {
			return badRequest("invalid_amount", "%v", err)
		}
		if errors.Is(err, io.EOF) {
			return badRequest("invalid_json", "the body is empty")
		}
		return badRequest("invalid_json", "the body is not what is expected: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return badRequest("invalid_json", "there is something behind the JSON object")
	}
	return nil
}

// pathID reads the {id} of the route.
func pathID(r *http.Request) (int64, error) {
	text := chi.URLParam(r, "id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, badRequest("invalid_id", "%q is not an id; want a number above 0", text)
	}
	return id, nil
}

// found gives errNotFound the words of the API and leaves other errors alone.
func found(err error, what string, id int64) error {
	if errors.Is(err, errNotFound) {
		return &apiError{http.StatusNotFound, what + "_not_found",
			fmt.Sprintf("there is no %s %d", what, id)}
	}
	return err
}
