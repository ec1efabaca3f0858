package main

import (
	"fmt"
	"strings"
)

// row is what came of one act.
type row struct {
	act, short    string
	front         string            // how the first front is: well or broken
	cloudflareAPI string            // answers or silent
	answers       map[string]string // the front that each operator's name server answers with
	exit          int               // of the apply
	problems      []string
}

// check notes one thing that must hold, and shows it.
func (r *row) check(s *story, claim string, err error) {
	s.verdictOf(claim, err)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		r.problems = append(r.problems, fmt.Sprintf("not so: %s (%s)", claim, first))
	}
}

// table shows what each operator answered in each act.
func (s *story) table(rows []row) {
	head := []string{"act", firstFront, "Cloudflare's API", "Cloudflare says", "deSEC says", "apply", ""}
	lines := [][]string{head}
	for _, r := range rows {
		verdict := "ok"
		if len(r.problems) > 0 {
			verdict = "WRONG"
		}
		lines = append(lines, []string{
			"(" + r.act + ") " + r.short, r.front, r.cloudflareAPI, r.answers["cloudflare"], r.answers["desec"],
			fmt.Sprintf("exit %d", r.exit), verdict,
		})
	}
	widths := make([]int, len(head))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], len(cell))
		}
	}
	s.space()
	for n, line := range lines {
		var text strings.Builder
		for i, cell := range line {
			fmt.Fprintf(&text, "  %-*s", widths[i], cell)
		}
		s.line("%s", s.row(n == 0, strings.TrimRight(text.String(), " ")))
		if n == 0 {
			var rule strings.Builder
			for _, w := range widths {
				rule.WriteString("  " + strings.Repeat("-", w))
			}
			s.line("%s", strings.TrimRight(rule.String(), " "))
		}
	}
	s.space()
}

func (s *story) row(head bool, text string) string {
	switch {
	case head:
		return s.paint(bold, text)
	case strings.HasSuffix(text, "WRONG"):
		return strings.TrimSuffix(text, "WRONG") + s.paint(red, "WRONG")
	default:
		return strings.TrimSuffix(text, "ok") + s.paint(green, "ok")
	}
}

// verdict says how it ended, and whether anything was wrong.
func (s *story) verdict(rows []row) (wrong bool) {
	for _, r := range rows {
		for _, problem := range r.problems {
			wrong = true
			s.line("  (%s) %s", r.act, problem)
		}
	}
	if !wrong {
		s.line("  All %d acts went as they must.", len(rows))
		s.line("  The configuration that was applied is examples/failover; README.md has one for real accounts.")
	}
	return wrong
}
