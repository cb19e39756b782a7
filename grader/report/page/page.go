// Package page renders a grade as one HTML file: for the examiner, who reads it in five
// minutes and defends it, and for the candidate, who is told what was judged and why.
//
// The file needs nothing else: no network, no fonts, no script. It opens from disk, prints
// with everything expanded, and works with a keyboard, a screen reader and on a phone. What
// little script there is only marks lines and opens what is folded.
//
// Text of a candidate, or of their service, stands in text nodes only, made by html/template
// from strings: no attribute, style or script holds any of it. Characters that would not
// show themselves (bidi controls, zero width, control) are spelled out. A policy in the file
// refuses every request and every script and style but the file's own, by their hashes.
//
// The candidate's page is made from a view of its own that has no field for rules, reasons,
// limits, points of single criteria, requests or the examiner's wording. It says each
// criterion in the rubric's words for candidates, whether it was shown, and which of the
// candidate's own lines showed it. Nothing on it tells a later candidate what the exam is
// about, except in the words that this candidate wrote.
//
// The package judges nothing and reads no files.
package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"io"

	"firedrill/grader/probe"
	"firedrill/grader/report"
)

// FileName is what the examiner's page is called beside report.json, CandidateName what the
// candidate's is.
const (
	FileName      = "report.html"
	CandidateName = "candidate.html"
)

// Input is what a page is made of.
type Input struct {
	// Report is the grade. Notes and charts come from its record; without one the page
	// says that they were not kept.
	Report *report.Report
	// Probes document what was asked; one that is not among them is shown without.
	Probes []probe.Probe
}

//go:embed *.tmpl page.css page.js
var files embed.FS

// templates are parsed once; they are the program's own.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"pieces": pieces,
	"places": places,
	"plural": plural,
}).ParseFS(files, "*.tmpl"))

// Examiner writes the whole page.
func Examiner(w io.Writer, in Input) error {
	if in.Report == nil {
		return errors.New("page: there is no report")
	}
	v, err := examiner(in)
	if err != nil {
		return err
	}
	return templates.ExecuteTemplate(w, "examiner", v)
}

// Candidate writes the page that a candidate may have.
func Candidate(w io.Writer, in Input) error {
	if in.Report == nil {
		return errors.New("page: there is no report")
	}
	v, err := candidate(in.Report)
	if err != nil {
		return err
	}
	return templates.ExecuteTemplate(w, "candidate", v)
}

// frame is what both pages have around their content.
type frame struct {
	Title  string
	Style  template.CSS
	Script template.JS
	// Policy refuses everything but Style and Script.
	Policy string
}

func newFrame(title string) (frame, error) {
	style, err := files.ReadFile("page.css")
	if err != nil {
		return frame{}, err
	}
	script, err := files.ReadFile("page.js")
	if err != nil {
		return frame{}, err
	}
	return frame{
		Title: title, Style: template.CSS(style), Script: template.JS(script),
		Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; style-src '" + hash(style) +
			"'; script-src '" + hash(script) + "'",
	}, nil
}

// hash names a style or script to a content security policy.
func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
