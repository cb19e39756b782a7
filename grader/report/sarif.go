package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"firedrill/rubric"
)

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	// sarifBase stands for the submission's directory, as tools expect it.
	sarifBase = "%SRCROOT%"
	// serviceDir is where a submission keeps its service, see package submission.
	serviceDir = "service/"
	// composeRule is the rule of changes of the compose file.
	composeRule = "compose.change"
)

// SARIF writes the report in the static analysis results interchange format, version
// 2.1.0, for tools that show findings beside the lines of a submission.
//
// Criteria are rules, and each has one result: kind pass, fail, review (a person must
// decide) or open (it could not be checked). Only a fail has a level: error for what is not
// met or a penalty that is due, warning for what is partly met. Locations are the cited lines
// of the notes, relative to the submission's directory; a criterion without lines points at
// the notes, and one of a probe at the service's directory and, as a logical location, at the
// probe. Changes of the compose file are results of the rule compose.change: informational
// when applied, a note when not.
func (r *Report) SARIF(w io.Writer) error {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: "firedrill", Rules: r.sarifRules()}},
		Bases: map[string]sarifBaseID{sarifBase: {sarifMessage{
			"the submission's directory"}}},
		Details:     sarifDetails{ID: "firedrill/" + r.Rubric.Exam + "/"},
		Invocations: []sarifInvocation{r.sarifInvocation()},
		Results:     []sarifResult{},
		Properties: map[string]any{"points": r.Points, "lowest": r.Lowest, "highest": r.Highest,
			"of": r.Of, "pass": r.Pass, "state": r.State, "rubric": r.Rubric.Hash,
			"submission": r.Submission.Hash},
	}
	if len(r.Lacks) > 0 {
		run.Properties["lacks"] = r.Lacks
	}
	for i, c := range r.Criteria {
		run.Results = append(run.Results, r.sarifResult(i, c))
	}
	for _, s := range r.Settings {
		run.Results = append(run.Results, sarifSetting(len(r.Criteria), s))
	}
	data, err := json.MarshalIndent(sarifLog{sarifSchema, sarifVersion, []sarifRun{run}}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode SARIF: %w", err)
	}
	_, err = w.Write(append(Escape(data), '\n'))
	return err
}

func (r *Report) sarifRules() []sarifRule {
	var out []sarifRule
	for _, c := range r.Criteria {
		props := map[string]any{"group": c.Group, "source": c.Source, "of": c.Of}
		if c.Penalty > 0 {
			props["penalty"] = c.Penalty
		}
		out = append(out, sarifRule{ID: c.ID, Short: sarifMessage{sarifText(c.Title)}, Properties: props})
	}
	return append(out, sarifRule{ID: composeRule,
		Short: sarifMessage{"A change of the compose file, and whether the lab was started with it"}})
}

func (r *Report) sarifInvocation() sarifInvocation {
	out := sarifInvocation{Successful: true, Start: sarifTime(r.Run.Started), End: sarifTime(r.Run.Finished)}
	for _, n := range r.Notices {
		out.Notifications = append(out.Notifications, sarifNotification{"note",
			sarifMessage{sarifText(n.About + ": " + n.Text)}})
	}
	return out
}

func sarifTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (r *Report) sarifResult(rule int, c rubric.Result) sarifResult {
	kind, level := "fail", "error"
	switch stands(c) {
	case standsFull:
		kind, level = "pass", "none"
	case standsPart:
		level = "warning"
	case standsReview:
		kind, level = "review", "none"
	case standsUnchecked:
		kind, level = "open", "none"
	}
	out := sarifResult{Rule: c.ID, Index: rule, Kind: kind, Level: level,
		Message: sarifMessage{sarifText(fmt.Sprintf("%s, %s: %s", outcome(c), pointsOf(c), c.Reason))},
		Properties: map[string]any{"outcome": c.Outcome, "points": c.Points,
			"lowest": c.Lowest, "highest": c.Highest}}
	var cited []sarifLocation
	for _, e := range c.Evidence {
		cited = append(cited, citations(e)...)
	}
	if len(cited) == 0 {
		cited = []sarifLocation{r.sarifPlace(c)}
	}
	out.Locations = cited[:1]
	for i, l := range cited[1:] {
		l.ID = i + 1
		out.Related = append(out.Related, l)
	}
	return out
}

// citations gives a location for each run of lines that evidence cites.
func citations(e rubric.Evidence) []sarifLocation {
	var out []sarifLocation
	for i := 0; i < len(e.Lines); {
		j := i
		for j+1 < len(e.Lines) && e.Lines[j+1] == e.Lines[j]+1 {
			j++
		}
		region := &sarifRegion{Start: e.Lines[i], End: e.Lines[j]}
		l := sarifLocation{Physical: sarifPhysical{sarifFile(e.File), region},
			Message: &sarifMessage{sarifText(e.Reason)}}
		if i == 0 && e.Quote != "" { // the quote is the first line's
			region.Snippet = &sarifMessage{Clean(e.Quote)}
			region.End = region.Start
			j = i
		}
		out = append(out, l)
		i = j + 1
	}
	return out
}

// sarifPlace is where to look for a criterion that cites no line.
func (r *Report) sarifPlace(c rubric.Result) sarifLocation {
	if c.Source != rubric.FromProbe {
		return sarifLocation{Physical: sarifPhysical{File: sarifFile(r.Submission.Notes)}}
	}
	out := sarifLocation{Physical: sarifPhysical{File: sarifFile(serviceDir)}}
	for _, e := range c.Evidence {
		if e.Probe != "" {
			out.Logical = append(out.Logical, sarifLogical{Name: e.Probe, Kind: "probe"})
		}
	}
	return out
}

func sarifSetting(rule int, s Setting) sarifResult {
	out := sarifResult{Rule: composeRule, Index: rule, Kind: "informational", Level: "none"}
	said := s.Path + named(" = %s", s.Value) + ": applied"
	if !s.Applied {
		out.Kind, out.Level = "fail", "note"
		said = s.Path + named(" = %s", s.Value) + ": not applied: " + s.Reason
	}
	out.Message = sarifMessage{sarifText(said)}
	l := sarifLocation{Physical: sarifPhysical{File: sarifFile(s.File)}}
	if s.Line > 0 {
		l.Physical.Region = &sarifRegion{Start: s.Line, End: s.Line}
	}
	out.Locations = []sarifLocation{l}
	return out
}

func sarifFile(name string) sarifArtifact {
	dir := strings.HasSuffix(name, "/")
	if name = path.Clean(name); dir {
		name += "/"
	}
	return sarifArtifact{URI: (&url.URL{Path: name}).String(), Base: sarifBase}
}

// sarifText makes a message of text: one line, in which nothing is a link. Tools take
// [text](target) for one, and the text may be a candidate's.
func sarifText(s string) string { return strings.ReplaceAll(Clean(short(s)), "](", "] (") }

// The parts of SARIF that are used; the specification names the rest.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool              `json:"tool"`
		Invocations []sarifInvocation      `json:"invocations"`
		Bases       map[string]sarifBaseID `json:"originalUriBaseIds"`
		Details     sarifDetails           `json:"automationDetails"`
		Results     []sarifResult          `json:"results"`
		Properties  map[string]any         `json:"properties"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string         `json:"id"`
		Short      sarifMessage   `json:"shortDescription"`
		Properties map[string]any `json:"properties,omitempty"`
	}
	sarifBaseID struct {
		Description sarifMessage `json:"description"`
	}
	sarifDetails struct {
		ID string `json:"id"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Start         string              `json:"startTimeUtc,omitempty"`
		End           string              `json:"endTimeUtc,omitempty"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string       `json:"level"`
		Message sarifMessage `json:"message"`
	}
	sarifResult struct {
		Rule       string          `json:"ruleId"`
		Index      int             `json:"ruleIndex"`
		Kind       string          `json:"kind"`
		Level      string          `json:"level"`
		Message    sarifMessage    `json:"message"`
		Locations  []sarifLocation `json:"locations"`
		Related    []sarifLocation `json:"relatedLocations,omitempty"`
		Properties map[string]any  `json:"properties,omitempty"`
	}
	sarifLocation struct {
		ID       int            `json:"id,omitempty"`
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifMessage  `json:"message,omitempty"`
	}
	sarifPhysical struct {
		File   sarifArtifact `json:"artifactLocation"`
		Region *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId"`
	}
	sarifRegion struct {
		Start   int           `json:"startLine"`
		End     int           `json:"endLine"`
		Snippet *sarifMessage `json:"snippet,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	// sarifMessage is a message, or whatever else is a text alone.
	sarifMessage struct {
		Text string `json:"text"`
	}
)
