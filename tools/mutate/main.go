// Command mutate breaks a package in many small ways and says which of them its tests do not see:
//
//	go run ./tools/mutate [-n 300] [-seed 1] [-skip regexp] [-only regexp] ./internal/replica/core [package...]
//
// All mutants are compiled into one test binary, each behind its number, so that one costs no more than a run of the
// tests. The tree is never changed: the compiler is given an overlay. -skip are tests that are too slow to run for each
// mutant; what the others let pass is tried with the tests of the further packages, and then with them. -only picks
// mutants by file:line and what they do. A survivor is a rule that no test states, code that is not needed, or a mutant
// that means the same.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

func main() {
	var o options
	flag.IntVar(&o.n, "n", 0, "how many mutants to try, 0 for all")
	flag.Uint64Var(&o.seed, "seed", 1, "which of them")
	flag.StringVar(&o.skip, "skip", "", "tests to run last, as in go test -skip")
	only := flag.String("only", "", "a regexp that mutants must match")
	flag.Parse()
	o.only = regexp.MustCompile(*only)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	_, err := run(ctx, o, flag.Args(), func(format string, args ...any) { fmt.Printf(format, args...) })
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
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
	b, err := newBench(ctx, packages)
	if err != nil {
		return nil, err
	}
	defer b.close()
	if err := b.warm(ctx, o.skip); err != nil {
		return nil, err
	}
	chosen := choose(b.mutants, o)
	say("%d mutants of %d, a run of the tests takes %s\n", len(chosen), len(b.mutants), b.usual.Round(time.Millisecond))
	seenBy := map[string]int{}
	err = b.judge(ctx, chosen, o.skip, func(m mutant, by string) {
		seenBy[by]++
		if by == "" {
			survivors = append(survivors, m)
			say("survived  %s\n", m)
		} else if by != quick {
			say("%s  %s\n", by, m)
		}
	})
	say("%d caught at first, %d later, %d survived\n", seenBy[quick], len(chosen)-seenBy[quick]-seenBy[""], seenBy[""])
	return survivors, err
}

// choose picks mutants at random, in a random order.
func choose(all []mutant, o options) (chosen []mutant) {
	for _, m := range all {
		if o.only == nil || o.only.MatchString(m.String()) {
			chosen = append(chosen, m)
		}
	}
	r := rand.New(rand.NewPCG(o.seed, 0)) //nolint:gosec // a sample, not a secret
	r.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	if o.n > 0 {
		chosen = chosen[:min(o.n, len(chosen))]
	}
	return chosen
}
