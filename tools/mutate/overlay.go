package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// overlayName is the file in which the go command is told what stands in the place of what.
const overlayName = "overlay.json"

func goCommand(ctx context.Context, dir, verb string, args ...string) ([]byte, error) {
	args = append([]string{verb, "-overlay", filepath.Join(dir, overlayName)}, args...)
	return exec.CommandContext(ctx, "go", args...).CombinedOutput()
}

// find lists the mutants of a package.
func find(ctx context.Context, pkg string) ([]mutant, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-f", `{{range .GoFiles}}{{$.Dir}}/{{.}}{{"\n"}}{{end}}`, pkg).Output()
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", pkg, err)
	}
	return mutants(strings.Fields(string(out)))
}

// blames finds in what the compiler says the mutants that it says it of.
var blames = regexp.MustCompile(`mutant(\d+):\d`)

// overlay writes the sources with their mutants into dir, and gives those that compile.
func overlay(ctx context.Context, dir, pkg string, chosen []mutant) ([]mutant, error) {
	for {
		if err := write(dir, chosen); err != nil {
			return nil, err
		}
		out, err := goCommand(ctx, dir, "build", "-gcflags=-e", pkg)
		if err == nil {
			return chosen, nil
		}
		wrong := map[string]bool{}
		for _, m := range blames.FindAllSubmatch(out, -1) {
			wrong[string(m[1])] = true
		}
		before := len(chosen)
		chosen = slices.DeleteFunc(chosen, func(m mutant) bool { return wrong[strconv.Itoa(m.id)] })
		if len(chosen) == before {
			return nil, fmt.Errorf("it does not compile, and no mutant is to blame:\n%s", out)
		}
	}
}

const on = "package %s\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar mutantOn, _ = strconv.Atoi(os.Getenv(\"MUTANT\"))\n"

var packageClause = regexp.MustCompile(`(?m)^package (\w+)`)

// write writes an overlay in which each function begins with its mutants.
func write(dir string, chosen []mutant) error {
	files := map[string][]mutant{}
	for _, m := range chosen {
		files[m.body.path] = append(files[m.body.path], m)
	}
	replace := map[string]string{}
	put := func(path, text string) error {
		replace[path] = filepath.Join(dir, filepath.Base(path))
		return os.WriteFile(replace[path], []byte(text), 0o600)
	}
	for path, list := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := packageClause.FindSubmatch(text)[1]
		if err := errors.Join(put(path, render(string(text), list)), put(filepath.Join(filepath.Dir(path), "mutant_on.go"), fmt.Sprintf(on, name))); err != nil {
			return err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	return errors.Join(err, os.WriteFile(filepath.Join(dir, overlayName), text, 0o600))
}

// render puts copies of the bodies of functions, one mutant in each, in front of them. For the compiler each begins a
// file of its own, so that it says whose an error is.
func render(text string, list []mutant) string {
	slices.SortFunc(list, func(a, b mutant) int { return a.body.from - b.body.from })
	var out strings.Builder
	done := 0
	for i, m := range list {
		if i == 0 || m.body != list[i-1].body {
			out.WriteString(text[done:m.body.from] + " switch mutantOn {\n")
			done = m.body.from
		}
		fmt.Fprintf(&out, "case %d:\n//line mutant%d:1\n%s%s%s\n%s\n", m.id, m.id, text[m.body.from:m.at], m.text, text[m.end:m.body.to], m.body.after)
		if i+1 == len(list) || m.body != list[i+1].body {
			out.WriteString("}\n//line original:1\n")
		}
	}
	return out.String() + text[done:]
}
