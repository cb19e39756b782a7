package hostile

// Defence is what stops a case.
type Defence struct {
	// Name is short and stable.
	Name string
	// Off takes the defence out of the source: with these edits the case must fail.
	Off []Edit
	// Absent says, where Off is empty, why there is nothing to take out.
	Absent string
}

// Edit replaces one place of a source file. Old stands there exactly once.
type Edit struct{ File, Old, New string }

// off is a defence of one place.
func off(name, file, old, replacement string) *Defence {
	return &Defence{Name: name, Off: []Edit{{file, old, replacement}}}
}

// absent is a defence that consists in not doing something.
func absent(name, why string) *Defence { return &Defence{Name: name, Absent: why} }

const (
	walkFile   = "grader/submission/walk.go"
	reportFile = "grader/report/report.go"
	specFile   = "lab/engine/spec.go"
	buildFile  = "grader/build/build.go"
	rubricFile = "rubric/payment/payment.yaml"
	probeFile  = "grader/probe/session.go"
)

// Defences of the intake.
var (
	linksUnfollowed = &Defence{Name: "links are not followed", Off: []Edit{
		{walkFile, `info, err := root.Lstat(name)`, `info, err := os.Stat(root.Name() + "/" + name)`},
		{walkFile, `info, err := parent.Lstat(path.Base(at))`,
			`info, err := os.Stat(parent.Name() + "/" + path.Base(at))`},
		{walkFile, `parent.OpenRoot(path.Base(at))`, `os.OpenRoot(parent.Name() + "/" + path.Base(at))`},
		{walkFile, `parent.OpenFile(path.Base(at), os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)`,
			`os.Open(parent.Name() + "/" + path.Base(at))`},
	}}
	oneName    = off("files with one name only", walkFile, "case links(info) != 1:", "case false:")
	plainFiles = &Defence{Name: "plain files only", Off: []Edit{
		{walkFile, "case mode.IsRegular():", "default:"},
		{walkFile, "plain := info.IsDir() || info.Mode().IsRegular()", "plain := true"},
	}}
	rightKind = off("the right kind of entry", walkFile, "if plain && info.IsDir() != (name == ServiceDir) {",
		"if false && plain {")
	noSetID   = off("no setuid files", walkFile, "case info.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky) != 0:", "case false:")
	safeNames = off("names that can be shown", walkFile, "case !safeName(e.Name()):", "case false:")
	caseTwins = off("names that differ in more than case", walkFile, "case seen[key]:", "case false:")
	depth     = off("bounded depth", walkFile, "if depth > w.limits.Depth {", "if depth > 1<<30 {")
	entries   = &Defence{Name: "bounded number of entries", Off: []Edit{
		{walkFile, "f.ReadDir(w.limits.Entries - w.entries + 1)", "f.ReadDir(-1)"},
		{walkFile, "if w.entries+len(entries) > w.limits.Entries {", "if false {"},
	}}
	fileSize  = off("bounded size of a file", walkFile, "case info.Size() > w.limits.FileBytes:", "case false:")
	totalSize = off("bounded size of all files", walkFile, "case w.bytes+info.Size() > w.limits.TotalBytes:", "case false:")
	toolDirs  = off("directories of tools stay shut", walkFile, "case isIgnored(e.Name()):", "case false:")
	noUnpack  = absent("archives are not unpacked", "there is no code that unpacks one")
)

// Defences of notes and reports.
var (
	spelledOut = off("characters that act are spelled out", reportFile,
		`return r != '\n' && r != utf8.RuneError && !unicode.IsGraphic(r)`,
		`return r == 0 && r != utf8.RuneError && !unicode.IsGraphic(r)`)
	addressed = off("text for the grader is not counted", "grader/notes/sources.go",
		"s.src |= srcAddressed", "_ = srcAddressed")
	statements = absent("rules want statements, not words", "many rules and parts; each has examples against it in the rubric, which lint tries")
	hiddenText = off("hidden text is not counted", "grader/notes/sources.go",
		"s.src |= srcComment", "_ = srcComment")
	notesSize = &Defence{Name: "bounded size of the notes", Off: []Edit{
		{walkFile, "name == NotesFile && most > 0 &&", "name == NotesFile && most < 0 &&"},
		{walkFile, "case info.Size() > w.limits.FileBytes:", "case false:"},
	}}
	saidOnce = &Defence{Name: "what is said again counts no more", Off: []Edit{
		{"grader/notes/opinion.go", "out[i] = said[string(key)] > mostSaid", "out[i] = said[string(key)] < 0"},
		{"grader/notes/opinion.go", "const mostHeard = 100", "const mostHeard = 1 << 30"},
	}}
	takenOut = &Defence{Name: "invisible characters are taken out", Off: []Edit{
		{"grader/notes/sources.go", "if bytes.IndexFunc(out, invisible) < 0 {", "if bytes.IndexFunc(out, invisible) < 1<<30 {"},
		{reportFile, `return r != '\n' && r != utf8.RuneError && !unicode.IsGraphic(r)`,
			`return r == 0 && r != utf8.RuneError && !unicode.IsGraphic(r)`},
	}}
	endsSomewhere = off("what has no end is no statement", "grader/notes/document.go",
		"endless := end-from > maxStatement", "endless := end-from < 0")
	floods = off("a flood of words is for a person to read", "grader/notes/judge.go",
		"f.Outcome == rubric.Met && d.statements() > mostStatements", "false")
	pastes = off("pasted papers are copies to the last table", "grader/notes/sources.go",
		"if d.pasted() {", "if false {")
	asData = absent("notes are data", "nothing renders, runs or fetches what they say")
)

// Defences of the compose file.
var (
	allowList = off("settings on the allow-list only", "grader/compose/compose.go",
		`return "only environment, extra_hosts and aliases of " + r.Service + " are taken over"`, `return ""`)
	ownOnly = off("the candidate's own service only", "grader/compose/compose.go",
		`return "only changes of " + r.Service + " and services of one's own are taken over"`, `return ""`)
	fixedByLab = off("the platform fixes its own settings", "grader/compose/compose.go",
		`var fixed = []string{"PORT", "DATABASE_URL"}`, `var fixed = []string{}`)
	noHostEnv = &Defence{Name: "the machine's environment is not read", Off: []Edit{
		{"grader/compose/env.go", `v, set := vars[name]`, `v, set := os.LookupEnv(name)`},
		{"grader/compose/env.go", "import (\n", "import (\n\t\"os\"\n"},
	}}
	ownNames = off("names of the platform cannot be taken", "grader/compose/names.go",
		"case inKit || slices.Contains(r.Names, s):", "case false && inKit:")
	hostTargets = off("hosts entries lead into the lab only", "grader/compose/names.go",
		`return "", fmt.Sprintf("%s is no address that the file gives to a container of the lab", address)`,
		`return address.String(), ""`)
	plainYAML = off("no anchors, aliases and tags", "rubric/strict/strict.go",
		"case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:\n\t\td.Report",
		"case *ast.MergeKeyNode:\n\t\td.Report")
	shallowYAML = off("bounded nesting of YAML", "rubric/strict/strict.go",
		"p := tooDeep(tokens); p != nil {", "p := tooDeep(nil); p != nil {")
	onceEach   = off("each key once", "rubric/strict/leaves.go", "if seen[key] {", "if false {")
	composeMax = off("bounded size of the compose file", "grader/compose/compose.go",
		"if len(f.Candidate) > MaxSize {", "if false {")
	goSource = off("only Go source is built", "grader/compose/services.go",
		`return "only services built from Go source in the submission are run: build: ./DIR"`, `return ""`)
	insideOnly = off("built from directories of the submission", "grader/compose/services.go",
		`if !fs.ValidPath(dir) || dir == "." || path.IsAbs(value) {`, `if false {`)
)
