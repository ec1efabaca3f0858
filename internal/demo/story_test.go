package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTable_OneLineForEachAct(t *testing.T) {
	var out strings.Builder
	s := newStory(&out, false)
	rows := []row{
		{act: "a", short: "first apply", front: "well", cloudflareAPI: "answers", answers: both(firstFront)},
		{act: "d", short: "both break", front: "broken", cloudflareAPI: "silent", exit: 1,
			answers: map[string]string{"cloudflare": firstFront, "desec": secondFront}, problems: []string{"not so: this (that)"}},
	}
	s.table(rows)
	want := `
  act              cf-front  Cloudflare's API  Cloudflare says  deSEC says   apply
  ---------------  --------  ----------------  ---------------  -----------  ------  -----
  (a) first apply  well      answers           cf-front         cf-front     exit 0  ok
  (d) both break   broken    silent            cf-front         bunny-front  exit 1  WRONG

`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	out.Reset()
	if !s.verdict(rows) {
		t.Error("a problem did not make the demonstration fail")
	}
	if diff := cmp.Diff("  (d) not so: this (that)\n", out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if s.verdict(rows[:1]) {
		t.Error("acts without a problem made the demonstration fail")
	}
}

func TestStory_EscapesOnTerminalsOnly(t *testing.T) {
	tell := func(colour bool) string {
		var out strings.Builder
		s := newStory(&out, colour)
		s.title("title")
		s.heading("heading")
		s.verdictOf("claim", nil)
		s.verdictOf("claim", errors.New("two\nlines"))
		s.table([]row{{act: "a", answers: both("x")}})
		return out.String()
	}
	if plain := tell(false); strings.Contains(plain, "\x1b") {
		t.Errorf("escape sequences in plain text: %q", plain)
	}
	if painted := tell(true); strings.Count(painted, "\x1b[") != 2*strings.Count(painted, reset) || !strings.Contains(painted, red) {
		t.Errorf("escape sequences are not all ended: %q", painted)
	}
}

func TestWrap_BreaksAtBlanks(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"one two", []string{"one two"}},
		{"one  two three", []string{"one two", "three"}},
		{"äöü äöü äöü", []string{"äöü äöü", "äöü"}},
		{"unbreakable word", []string{"unbreakable", "word"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, wrap(test.text, 8)); diff != "" {
			t.Errorf("wrap(%q) (-want +got):\n%s", test.text, diff)
		}
	}
}
