// Package build compiles a candidate's service without trusting it.
//
// The source is laid into a container that has the toolchain, the allowed modules and
// nothing else: no network, no cache that outlives it, no path of the host. What comes
// out is a program on a volume of the same run, which only the service's container will
// mount; it never touches the examiner's machine. Compiling runs no code of the
// candidate's (no cgo, no generate, no tests), and still happens under all limits.
//
// A Result that is not OK is the candidate's: it does not compile, or not within the
// limits. An error is the machine's, and says nothing about the submission.
//
// The candidate's Dockerfile is not read: it is shown in the report as data. Extra services
// of a candidate are compiled in the same way, each from a directory of its own.
package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// Where things lie in the containers.
const (
	outDir  = "/out"
	binDir  = "bin"
	program = "service"
)

// Program gives the path of the built program under the mount point of its volume.
func Program(mount string) string { return path.Join(mount, binDir, program) }

// Limits of one build.
const (
	buildTime   = 2 * time.Minute
	buildCPU    = time.Minute // of processor time; what took less in buildTime was kept from it
	Memory      = 1536 << 20  // bytes
	buildPIDs   = 512
	outputLines = 1000
	outputSize  = 64 << 10
	// programSize bounds the program and every file of the build.
	programSize = 64 << 20
)

// Result is how a build ended.
type Result struct {
	OK bool `json:"ok"`
	// Reason says in one line why it is not OK.
	Reason string `json:"reason,omitempty"`
	// Output is what the toolchain said, shortened.
	Output string `json:"output,omitempty"`
}

// Build compiles the module of the candidate's service, at the root of src, into the volume out.
func Build(ctx context.Context, eng *engine.Engine, run engine.Run, builder string,
	src fs.FS, out *engine.Volume) (Result, error) {
	return service().build(ctx, eng, run, builder, src, out)
}

// Extra compiles a further service of the candidate's, of that name, as Build does. Those of
// a run are compiled one after another.
func Extra(ctx context.Context, eng *engine.Engine, run engine.Run, builder, name string,
	src fs.FS, out *engine.Volume) (Result, error) {
	return extra(name).build(ctx, eng, run, builder, src, out)
}

// module is one thing to compile: how it is called, and what tells its objects apart.
type module struct {
	title, suffix string
	time          time.Duration // bound, buildTime but in tests
}

// service is the candidate's own service, extra a further one.
func service() module { return module{"the service", "", buildTime} }

func extra(name string) module { return module{"the service " + name, "-extra", buildTime} }

// builder names the container that compiles. It begins with a capital and holds nothing of the
// candidate's: the lab's containers are named as hosts are, in lower case and as long as a
// host's name may be, and the candidate names some of them.
func (m module) builder() string { return "Build" + m.suffix }

func (m module) build(ctx context.Context, eng *engine.Engine, run engine.Run, builder string,
	src fs.FS, out *engine.Volume) (Result, error) {
	files, err := sources(src)
	if err != nil {
		return Result{}, err
	}
	if len(files) == 0 {
		return Result{Reason: m.title + " holds no files"}, nil
	}
	in, err := eng.CreateVolume(ctx, run, "source"+m.suffix)
	if err != nil {
		return Result{}, err
	}
	files = append(files, engine.File{Path: path.Join(outDir, binDir), Mode: 0o777, Dir: true})
	c, err := eng.Create(ctx, run, engine.Spec{
		Name:  m.builder(),
		Image: builder,
		Cmd:   image.BuildCommand(path.Join(outDir, binDir, program), "."),
		Dir:   image.SourceDir,
		Volumes: []engine.Mount{
			{Volume: in, Path: image.SourceDir},
			{Volume: out, Path: outDir},
		},
		Files: files,
		Tmpfs: map[string]string{
			"/tmp": "rw,noexec,nosuid,nodev,size=512m,nr_inodes=65536,mode=1777",
		},
		Limits: engine.Limits{Memory: Memory, PIDs: buildPIDs, NanoCPUs: 2e9,
			FileSize: programSize},
	})
	if err != nil {
		return Result{}, fmt.Errorf("build: %w", err)
	}
	res, err := m.compile(ctx, c, forged(files))
	clean, cancel := engine.Detach(ctx)
	defer cancel()
	return res, errors.Join(err, c.Remove(clean), in.Remove(clean))
}

// compile runs the prepared container to its end. With forged, what is said of the machine may
// be the candidate's words.
func (m module) compile(ctx context.Context, c *engine.Container, forged bool) (Result, error) {
	bound, cancel := context.WithTimeout(ctx, m.time)
	defer cancel()
	if err := c.Start(bound); err != nil {
		return Result{}, fmt.Errorf("build: %w", err)
	}
	exit, err := c.Wait(bound)
	if err != nil {
		if ctx.Err() == nil && bound.Err() != nil {
			used, err := c.Usage(ctx)
			if err != nil { // it ended, and the engine kept that to itself
				return Result{}, errors.Join(fmt.Errorf("build: no word of its end: %w", bound.Err()), err)
			}
			return m.endless(used.CPU)
		}
		return Result{}, fmt.Errorf("build: %w", err)
	}
	said, err := c.Logs(ctx, outputLines, outputSize)
	if err != nil {
		return Result{}, fmt.Errorf("build: %w", err)
	}
	return m.judge(exit, strings.ToValidUTF8(string(said), "\uFFFD"), forged)
}

// judge tells by the exit and the words of a build how it went.
func (m module) judge(exit engine.Exit, said string, forged bool) (Result, error) {
	res := Result{OK: exit.Code == 0, Output: said}
	words := said
	if forged {
		words = ""
	}
	if line, ok := unfit(words); ok && !res.OK {
		return Result{}, fmt.Errorf("build: the builder image is not fit: %s", line)
	}
	switch {
	case res.OK:
	case killed(exit, words):
		return Result{}, fmt.Errorf("build: %w", engine.ErrKilled)
	case exit.OOMKilled:
		res.Reason = fmt.Sprintf("the build needs more than %d MiB of memory", Memory>>20)
	default:
		res.Reason = m.title + " does not compile: " + firstError(res.Output)
	}
	return res, nil
}

// endless judges a build that did not end in time by the processor time that it got: a
// machine with too much to do says nothing about the source.
func (m module) endless(cpu time.Duration) (Result, error) {
	if cpu < buildCPU {
		return Result{}, fmt.Errorf("build: after %s it had got %s of processor time: %w", m.time,
			cpu.Round(time.Second), engine.ErrStarved)
	}
	return Result{Reason: fmt.Sprintf("the build did not end within %s, and had %s of processor time",
		m.time, cpu.Round(time.Second))}, nil
}

// The go command's own lines of a machine in trouble, whole: a tool that was ended, and a cache
// that cannot be written to. What it says of a candidate's files begins with their place.
var (
	endedTool = regexp.MustCompile(`^[^\s:]+: /usr/local/go/pkg/tool/\w+/\w+: signal: killed$`)
	shutCache = regexp.MustCompile(
		`^([^\s:]+: )?([a-z ]+: )*[a-z]+ /go/(cache|pkg/mod)\S*: read-only file system$`)
)

// unfit finds the go command's own complaint that it cannot write to its cache.
func unfit(out string) (line string, ok bool) { return find(shutCache, out) }

// killed reports that the compiler, or all of the build, was ended from outside though it
// kept to its memory: by a machine that has none left, or by the engine. Nothing of the
// candidate's runs in a build that could do so.
func killed(exit engine.Exit, out string) bool {
	const sigkill = 128 + 9
	if exit.OOMKilled {
		return false
	}
	_, tool := find(endedTool, out)
	return exit.Code == sigkill || tool
}

func find(what *regexp.Regexp, out string) (line string, ok bool) {
	for line := range strings.Lines(out) {
		if line = strings.TrimRight(line, "\r\n"); what.MatchString(line) {
			return line, true
		}
	}
	return "", false
}

// forged reports that a file's name holds words of a machine in trouble. The go command
// repeats names as they are, so its words are then no proof of anything.
func forged(files []engine.File) bool {
	return slices.ContainsFunc(files, func(f engine.File) bool {
		return strings.Contains(f.Path, "signal: killed") || strings.Contains(f.Path, "read-only file system")
	})
}

// firstError picks the line that says what is wrong.
func firstError(out string) string {
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return "the compiler gave no message"
}

// fresh is a time at which no file was ever changed. The go command keeps an index of
// every package that was not changed lately, in its cache, which is read-only here.
var fresh = time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC)

// sources lists what the build may see: every file of the service but its hidden ones.
// The submission was bounded when it was opened.
func sources(src fs.FS) ([]engine.File, error) {
	var out []engine.File
	err := fs.WalkDir(src, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		full := path.Join(image.SourceDir, name)
		if d.IsDir() {
			if name != "." {
				out = append(out, engine.File{Path: full, Mode: 0o755, Dir: true, Time: fresh})
			}
			return nil
		}
		data, err := fs.ReadFile(src, name)
		if err != nil {
			return err
		}
		out = append(out, engine.File{Path: full, Mode: 0o644, Data: data, Time: fresh})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the service's source: %w", err)
	}
	return out, nil
}
