package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// event is one line of `go test -json` (go doc test2json).
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output and build-fail
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

// report counts tests and subtests, and prints what a person needs. A package that fails without a failed test (it
// does not compile, it panicked, it ran out of time) counts as one failure.
type report struct {
	out                     io.Writer
	passed, failed, skipped int

	output   map[key]*strings.Builder // of what is not over yet
	failures map[string]int           // failed tests by package
	counts   map[string]int           // tests that ran by package
}

// key names a test, or with an empty test the package's own output.
type key struct{ pkg, test string }

func newReport(out io.Writer) *report {
	return &report{
		out:      out,
		output:   map[key]*strings.Builder{},
		failures: map[string]int{},
		counts:   map[string]int{},
	}
}

func (r *report) line() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", r.passed, r.failed, r.skipped)
}

// read takes events until the stream ends. Lines that are no events are printed as they are.
func (r *report) read(stream io.Reader) error {
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) == nil && e.Action != "" {
				r.add(e)
			} else {
				fmt.Fprint(r.out, line)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) add(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "output":
		if strings.HasPrefix(e.Output, "=== ") {
			return // RUN, PAUSE, CONT: of no use where tests are reported one by one
		}
		if r.output[k] == nil {
			r.output[k] = &strings.Builder{}
		}
		r.output[k].WriteString(e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.endPackage(e)
		} else {
			r.endTest(e)
		}
	}
}

func (r *report) endTest(e event) {
	k := key{e.Package, e.Test}
	r.counts[e.Package]++
	switch e.Action {
	case "pass":
		r.passed++
	case "skip":
		r.skipped++
		r.print(k)
	case "fail":
		r.failed++
		r.failures[e.Package]++
		r.print(k)
	}
	delete(r.output, k)
}

func (r *report) endPackage(e event) {
	elapsed := (time.Duration(e.Elapsed*1000) * time.Millisecond).String()
	switch {
	case e.Action == "fail":
		if r.failures[e.Package] == 0 {
			r.failed++
		}
		// What never ended was running when the package died: its output holds the panic or the stack.
		for k := range r.output {
			if k.pkg == e.Package && k.test != "" {
				r.print(k)
			}
		}
		r.print(key{pkg: e.Package})
		fmt.Fprintf(r.out, "FAIL  %s  %s\n", e.Package, elapsed)
	case r.counts[e.Package] > 0:
		if strings.Contains(r.text(key{pkg: e.Package}), "(cached)") {
			elapsed = "cached"
		}
		fmt.Fprintf(r.out, "ok    %s  %s  (%d tests)\n", e.Package, elapsed, r.counts[e.Package])
	}
	for k := range r.output {
		if k.pkg == e.Package {
			delete(r.output, k)
		}
	}
}

func (r *report) print(k key) { fmt.Fprint(r.out, r.text(k)) }

func (r *report) text(k key) string {
	if r.output[k] == nil {
		return ""
	}
	return r.output[k].String()
}
