package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// counts are what became of all tests and subtests.
type counts struct{ passed, failed, skipped int }

func (c counts) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c.passed, c.failed, c.skipped)
}

func (c counts) plus(o counts) counts {
	return counts{c.passed + o.passed, c.failed + o.failed, c.skipped + o.skipped}
}

// add takes the events of one pass, as `go test -json` has them (go doc test2json). A package that failed without a
// failed test (it does not compile, it panicked, it ran out of time) counts as one failure.
func (c *counts) add(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("count tests: %w", err)
	}
	defer func() { _ = file.Close() }()
	failures := map[string]int{}
	for events := json.NewDecoder(file); ; {
		var e struct{ Action, Package, Test string }
		if err := events.Decode(&e); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("count tests: %w", err)
		}
		switch {
		case e.Action == "pass" && e.Test != "":
			c.passed++
		case e.Action == "skip" && e.Test != "":
			c.skipped++
		case e.Action == "fail" && (e.Test != "" || failures[e.Package] == 0):
			c.failed++
			failures[e.Package]++
		}
	}
}
