package rrset

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// isQuotedTXT reports whether a TXT is written in presentation form. Parentheses are looked through: DKIM keys come
// from their generators as ( "…" "…" ).
func isQuotedTXT(value string) bool {
	return strings.HasPrefix(strings.TrimLeft(value, " \t\r\n("), `"`)
}

// rawTXT takes the text as it stands, blanks and backslashes included.
func rawTXT(value string) ([]byte, error) {
	switch {
	case strings.HasPrefix(strings.TrimSpace(value), `\# `):
		return nil, errors.New(`the generic form \# is not taken for type TXT; put the text in quotes`)
	case strings.ContainsAny(value, "\r\n"):
		// Nearly always the end of a heredoc.
		return nil, errors.New(`the text holds a line break; remove it (in HCL with trimspace or chomp), or put the text in quotes with \010 where the break is meant`)
	case strings.Contains(value, "\x00"):
		return nil, errors.New(`it holds a zero byte; put the text in quotes with \000 where it is meant`)
	}
	for _, half := range halfPresentation {
		if half.is(strings.TrimSpace(value)) {
			return nil, fmt.Errorf("%s, but the value does not begin with a double quote: a value without quotes is raw text and is published as it stands; "+
				`write %s. If every character is really meant, write the value as one string in quotes, with \" for a quote and \\ for a backslash`, half.what, half.write)
		}
	}
	return chunks([]byte(value)), nil
}

// halfPresentation are the marks of a value that was copied from a zone file, a dashboard or another tool's
// configuration with a part of its presentation form only. Published as it stands, no verifier would understand it.
var halfPresentation = []struct {
	is          func(string) bool
	what, write string
}{
	{
		regexp.MustCompile(`(?i)^(?:\S+[ \t]+)?(?:[0-9]+[ \t]+)?(?:IN[ \t]+)?TXT[ \t]+[("]`).MatchString,
		"it begins like the line of a zone file", "what follows TXT alone",
	},
	{
		regexp.MustCompile(`^\(.*\)$|^\([ \t]|[ \t]\)$`).MatchString,
		"it is in parentheses, as records that span lines are in a zone file", "the text alone, or each string in quotes",
	},
	{
		regexp.MustCompile(`"[ \t]+"`).MatchString,
		"it holds the border of two quoted strings", "the text alone without any quotes, or all of it as quoted strings",
	},
	{
		func(s string) bool { return strings.HasSuffix(s, `"`) && strings.Count(s, `"`)%2 == 1 },
		"it ends in a quote that was never opened", "the text alone, or a quote at both ends",
	},
	{
		regexp.MustCompile(`\\[";]|\\(?:[01][0-9][0-9]|2[0-4][0-9]|25[0-5])`).MatchString,
		`it holds an escape of presentation form (\", \; or \DDD)`, "the character itself, or all of it in quotes",
	},
	{
		regexp.MustCompile(`^[\x{201c}\x{201d}\x{201e}\x{201f}\x{ab}].*[\x{201c}\x{201d}\x{201e}\x{201f}\x{bb}]$`).MatchString,
		"it is in typographic quotes", `the text alone, or in plain quotes (")`,
	},
	{
		regexp.MustCompile("^(?:'.*'|`.*`)$").MatchString,
		"it is in single quotes or backquotes, which DNS does not know", `the text alone, or in double quotes (")`,
	},
}

// parseTXT keeps the borders of the strings, which are data: DNS-SD reads one key from each (RFC 6763 section 6). One
// of more than 255 bytes does not exist in DNS, and both operators cut it there (design/facts/desec-api.md section 5,
// design/facts/cloudflare-api.md section 3.4).
func parseTXT(f *fields) ([]byte, error) {
	var out []byte
	for f.more() {
		t, err := f.next("text")
		if err != nil {
			return nil, err
		}
		if !t.Quoted {
			return nil, errors.New("a part of it is in quotes and another is not; put all of it in one pair of quotes")
		}
		part, err := t.Text()
		if err != nil {
			return nil, err
		}
		out = append(out, chunks(part)...)
	}
	return out, nil
}

// chunks cuts a text into character-strings as long as they get. An empty one is a string as well.
func chunks(text []byte) []byte {
	if len(text) == 0 {
		return []byte{0}
	}
	var out []byte
	for chunk := range slices.Chunk(text, 255) {
		out = append(append(out, byte(len(chunk))), chunk...)
	}
	return out
}

func printTXT(w *wire) (string, error) {
	var parts []string
	for len(w.data) > 0 {
		parts = append(parts, quoteText(w.text()))
	}
	return strings.Join(parts, " "), nil
}
