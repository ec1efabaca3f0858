package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// width is where lines are broken, so that they fit a terminal of 100 columns.
const width = 92

// Escape sequences of ECMA-48 section 8.3.117, used on terminals only.
const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	green = "\x1b[32m"
	red   = "\x1b[31m"
	reset = "\x1b[0m"
)

// story tells people what happens. A failure to write is ignored: without readers there is nobody to tell.
type story struct {
	out    io.Writer
	colour bool
	blank  bool // the last line was
}

func newStory(out io.Writer, colour bool) *story { return &story{out: out, colour: colour} }

func (s *story) line(format string, args ...any) {
	s.blank = false
	_, _ = fmt.Fprintf(s.out, format+"\n", args...)
}

// space leaves one line blank.
func (s *story) space() {
	if !s.blank {
		s.line("")
	}
	s.blank = true
}

// paint wraps text in an escape sequence, where that is welcome.
func (s *story) paint(sequence, text string) string {
	if !s.colour {
		return text
	}
	return sequence + text + reset
}

func (s *story) title(text string) {
	s.space()
	s.line("%s", s.paint(bold, text))
	s.line("%s", strings.Repeat("=", utf8.RuneCountInString(text)))
}

func (s *story) heading(text string) {
	s.space()
	rule := strings.Repeat("-", max(3, width-utf8.RuneCountInString(text)-4))
	s.line("%s", s.paint(bold, "-- "+text+" "+rule))
}

// tell writes a paragraph.
func (s *story) tell(text string) {
	s.space()
	for _, line := range wrap(text, width) {
		s.line("%s", line)
	}
	s.space()
}

func (s *story) step(text string) { s.line("  %s ...", text) }

func (s *story) detail(format string, args ...any) { s.line("      "+format, args...) }

// command shows a finished command.
func (s *story) command(text string, exit int, took time.Duration) {
	s.line("  $ %s", s.paint(bold, text))
	s.line("      %s", s.paint(dim, fmt.Sprintf("exit code %d after %.1f s", exit, took.Seconds())))
}

// quote shows a line of a command's output.
func (s *story) quote(line string) { s.line("      | %s", cut(line, width-8)) }

// answer shows where a name leads.
func (s *story) answer(operator, name string, leads chain) {
	hops := []string{name}
	for _, hop := range leads {
		hops = append(hops, strings.TrimSuffix(hop, "."))
	}
	if len(leads) == 0 {
		hops = append(hops, "(nothing)")
	}
	s.line("  %-10s says  %s", operator, strings.Join(hops, " -> "))
}

// held is one attribute in state, for the story.
type held struct{ name, value string }

// state shows attributes of the router in state.
func (s *story) state(attributes []held) {
	longest := 0
	for _, a := range attributes {
		longest = max(longest, len(a.name))
	}
	s.line("  in the state of multidns_router.web:")
	for _, a := range attributes {
		for i, part := range wrap(a.value, width-longest-12) {
			name, equals := a.name, "="
			if i > 0 {
				name, equals = "", " "
			}
			s.line("      | %-*s %s %s", longest, name, equals, part)
		}
	}
}

// verdictOf shows one check.
func (s *story) verdictOf(claim string, err error) {
	if err == nil {
		s.line("  %s  %s", s.paint(green, "ok   "), claim)
		return
	}
	s.line("  %s  not so: %s", s.paint(red, "WRONG"), claim)
	for line := range strings.Lines(err.Error()) {
		s.line("         %s", strings.TrimRight(line, "\n"))
	}
}

// wrap breaks text into lines of at most so many characters, where there are blanks.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// cut shortens a line that is too long.
func cut(line string, width int) string {
	runes := []rune(line)
	if len(runes) <= width {
		return line
	}
	return string(runes[:width-3]) + "..."
}
