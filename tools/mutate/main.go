// Command mutate breaks a package in many small ways and says which of them its tests do not see:
//
//	go run ./tools/mutate [-n 300] [-seed 1] [-skip regexp] [-only regexp] ./internal/replica/core [package...]
//
// All mutants are compiled into one test binary, each a copy of its function behind a number, so that one costs no more
// than a run of the tests. The tree is never changed: the compiler is given an overlay. -skip are tests that are too
// slow to run for each mutant; what the others let pass is tried with the tests of the further packages, and then with
// them. -only picks mutants by file:line and what they do. A survivor is a rule that no test states, code that is not
// needed, or a mutant that means the same.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
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

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

func main() {
	var o options
	flag.IntVar(&o.n, "n", 0, "how many mutants to try, 0 for all")
	flag.Uint64Var(&o.seed, "seed", 1, "which of them")
	flag.StringVar(&o.skip, "skip", "", "tests to run last, as in go test -skip")
	only := flag.String("only", "", "a regexp that mutants must match")
	flag.Parse()
	o.only = regexp.MustCompile(*only)
	toolchain.Main("mutate", func(ctx context.Context) error {
		_, err := run(ctx, o, flag.Args(), func(format string, args ...any) { fmt.Printf(format, args...) })
		return err
	})
}

type options struct {
	n    int
	seed uint64
	skip string
	only *regexp.Regexp
}

// run tries mutants of the first package and returns those that no test saw.
func run(ctx context.Context, o options, packages []string, say func(string, ...any)) (survivors []mutant, err error) {
	if len(packages) == 0 {
		return nil, errors.New("which package?")
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	all, err := find(ctx, packages[0])
	if err != nil {
		return nil, err
	}
	chosen := choose(all, o)
	compiled, err := overlay(ctx, dir, packages[0], chosen)
	if err != nil {
		return nil, err
	}
	tests, err := build(ctx, dir, packages, o.skip)
	if err != nil {
		return nil, err
	}
	started := time.Now()
	if failed, err := tests[0].fails(ctx, 0, time.Hour); failed || err != nil {
		return nil, errors.Join(err, errors.New("the tests fail as they are"))
	}
	usual := time.Since(started)
	say("%d mutants of %d, a run of the tests takes %s\n", len(compiled), len(all), usual.Round(time.Millisecond))
	seenBy := map[string]int{}
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	for _, m := range compiled {
		group.Go(func() error {
			by, err := seen(ctx, tests, m, 20*usual+10*time.Second)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				return err
			}
			seenBy[by]++
			if by == "" {
				survivors = append(survivors, m)
				say("survived  %s\n", m)
			} else if by != tests[0].name {
				say("%s  %s\n", by, m)
			}
			return nil
		})
	}
	err = group.Wait()
	first, none := seenBy[tests[0].name], seenBy[""]
	say("%d caught at first, %d later, %d survived\n", first, len(compiled)-first-none, none)
	return survivors, err
}

// choose picks mutants at random, in a random order.
func choose(all []mutant, o options) []mutant {
	chosen := slices.DeleteFunc(slices.Clone(all), func(m mutant) bool { return o.only != nil && !o.only.MatchString(m.String()) })
	r := rand.New(rand.NewPCG(o.seed, 0)) //nolint:gosec // a sample, not a secret
	r.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	if o.n > 0 {
		chosen = chosen[:min(o.n, len(chosen))]
	}
	return chosen
}

// suite is some tests of a test binary.
type suite struct {
	name, dir, path string
	args            []string
}

// build compiles the tests of the packages, with the mutants in them: those of the package itself first, but for the
// slow ones, which are last.
func build(ctx context.Context, dir string, packages []string, slow string) (tests []suite, err error) {
	for i, pkg := range packages {
		where, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", pkg).Output()
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", pkg, err)
		}
		s := suite{name: pkg, dir: strings.TrimSpace(string(where)), path: filepath.Join(dir, strconv.Itoa(i)+".test")}
		if out, err := goCommand(ctx, dir, "test", "-c", "-vet=off", "-o", s.path, pkg); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, out)
		}
		tests = append(tests, s)
	}
	if slow != "" {
		last := tests[0]
		last.name, last.args = slow, []string{"-test.run", slow}
		tests[0].args = []string{"-test.skip", slow}
		tests = append(tests, last)
	}
	return tests, nil
}

// seen is which tests see a mutant; none is "".
func seen(ctx context.Context, tests []suite, m mutant, patience time.Duration) (by string, err error) {
	for _, s := range tests {
		if failed, err := s.fails(ctx, m.id, patience); failed || err != nil {
			return s.name, err
		}
		patience = 10 * time.Minute
	}
	return "", nil
}

// fails reports whether the tests fail with a mutant, or do not end.
func (s suite) fails(ctx context.Context, id int, patience time.Duration) (bool, error) {
	inTime, stop := context.WithTimeout(ctx, patience)
	defer stop()
	command := exec.CommandContext(inTime, s.path, append([]string{"-test.failfast"}, s.args...)...)
	command.Dir, command.Env = s.dir, append(os.Environ(), "MUTANT="+strconv.Itoa(id))
	err := command.Run()
	return err != nil, ctx.Err()
}
