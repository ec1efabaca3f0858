package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// quick names the tests that are run for each mutant.
const quick = "quick"

// bench has the test binaries with all mutants in them.
type bench struct {
	dir     string // for files of its own
	mutants []mutant
	tests   []binary // those of the package itself first
	usual   time.Duration
}

type binary struct{ pkg, dir, path string }

type listed struct {
	Dir     string
	GoFiles []string
}

func newBench(ctx context.Context, packages []string) (b *bench, err error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, err
	}
	b = &bench{dir: dir}
	if err := b.build(ctx, packages); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) close() { _ = os.RemoveAll(b.dir) }

func (b *bench) build(ctx context.Context, packages []string) error {
	target, err := list(ctx, packages[0])
	if err != nil {
		return err
	}
	g, err := generate(target.Dir, target.GoFiles)
	if err != nil {
		return err
	}
	overlay, without, err := b.overlay(ctx, g, target.Dir, packages[0])
	if err != nil {
		return err
	}
	b.mutants = slices.DeleteFunc(g.mutants, func(m mutant) bool { return without[m.id] })
	for i, pkg := range packages {
		where, err := list(ctx, pkg)
		if err != nil {
			return err
		}
		path := filepath.Join(b.dir, strconv.Itoa(i)+".test")
		if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", path, pkg).CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		b.tests = append(b.tests, binary{pkg, where.Dir, path})
	}
	return nil
}

func list(ctx context.Context, pkg string) (l listed, err error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-json=Dir,GoFiles", pkg).Output()
	if err != nil {
		return l, fmt.Errorf("list %s: %w", pkg, err)
	}
	return l, json.Unmarshal(out, &l)
}

// overlay writes the sources with their mutants, without those that do not compile.
func (b *bench) overlay(ctx context.Context, g *generator, dir, pkg string) (path string, without map[int]bool, err error) {
	without = map[int]bool{}
	path = filepath.Join(b.dir, "overlay.json")
	for range len(g.mutants) + 1 {
		files := map[string]string{filepath.Join(dir, "mutants_on.go"): fmt.Sprintf(helpers, g.name)}
		for _, src := range g.sources {
			files[src.path] = src.render(without)
		}
		if err := b.write(path, files); err != nil {
			return "", nil, err
		}
		out, err := exec.CommandContext(ctx, "go", "build", "-gcflags=-e", "-overlay", path, pkg).CombinedOutput()
		if err == nil {
			return path, without, nil
		}
		before := len(without)
		for _, id := range blamed(out) {
			without[id] = true
		}
		if len(without) == before {
			return "", nil, fmt.Errorf("it does not compile, and no mutant is to blame:\n%s", out)
		}
	}
	return "", nil, fmt.Errorf("no mutant of %s compiles", pkg)
}

// write writes an overlay of files.
func (b *bench) write(path string, files map[string]string) error {
	replace := map[string]string{}
	for file, text := range files {
		own := filepath.Join(b.dir, filepath.Base(file))
		if err := os.WriteFile(own, []byte(text), 0o600); err != nil {
			return err
		}
		replace[file] = own
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

var (
	named    = regexp.MustCompile(`mutant(?:Edge|Field|Is|Most|Off|Sum|Zero)\((\d+)`)
	mentions = regexp.MustCompile(`^(?:\./)?mutant(\d+):`)
)

// blamed are the mutants that the compiler complains of: those that it names, or else the one whose text was begun
// last.
func blamed(out []byte) (ids []int) {
	for line := range strings.Lines(string(out)) {
		found := named.FindAllStringSubmatch(line, -1)
		if len(found) == 0 {
			found = mentions.FindAllStringSubmatch(line, -1)
		}
		for _, m := range found {
			id, _ := strconv.Atoi(m[1])
			ids = append(ids, id)
		}
	}
	return ids
}

// warm runs the tests without a mutant.
func (b *bench) warm(ctx context.Context, skip string) error {
	started := time.Now()
	failed, err := b.fails(ctx, b.tests[0], 0, time.Hour, "-test.skip", skip)
	if failed {
		err = errors.New("the tests fail as they are")
	}
	b.usual = time.Since(started)
	return err
}

// judge runs tests for each mutant, and tells which of them saw it; none of them is "".
func (b *bench) judge(ctx context.Context, chosen []mutant, skip string, tell func(m mutant, by string)) error {
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	for _, m := range chosen {
		group.Go(func() error {
			by, err := b.seen(ctx, m, skip)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				tell(m, by)
			}
			return err
		})
	}
	return group.Wait()
}

// seen is what tests see a mutant.
func (b *bench) seen(ctx context.Context, m mutant, skip string) (by string, err error) {
	patience := 20*b.usual + 10*time.Second
	if failed, err := b.fails(ctx, b.tests[0], m.id, patience, "-test.skip", skip); failed || err != nil {
		return quick, err
	}
	for _, t := range b.tests[1:] {
		if failed, err := b.fails(ctx, t, m.id, 10*time.Minute); failed || err != nil {
			return t.pkg, err
		}
	}
	if skip == "" {
		return "", nil
	}
	if failed, err := b.fails(ctx, b.tests[0], m.id, 10*time.Minute, "-test.run", skip); failed || err != nil {
		return skip, err
	}
	return "", nil
}

// fails reports whether tests fail with a mutant, or do not end.
func (b *bench) fails(ctx context.Context, t binary, id int, patience time.Duration, args ...string) (bool, error) {
	inTime, stop := context.WithTimeout(ctx, patience)
	defer stop()
	cmd := exec.CommandContext(inTime, t.path, append([]string{"-test.failfast"}, args...)...)
	cmd.Dir, cmd.Env = t.dir, append(os.Environ(), "MUTANT="+strconv.Itoa(id))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	return err != nil, nil
}
