package rrset

import (
	"errors"
	"slices"
	"strings"
)

// isQuotedTXT says whether a TXT is written in presentation form. Parentheses
// are looked through: DKIM keys come from their generators as ( "…" "…" ).
func isQuotedTXT(value string) bool {
	return strings.HasPrefix(strings.TrimLeft(value, " \t\r\n("), `"`)
}

// rawTXT takes the text as it stands, blanks and backslashes included.
func rawTXT(value string) ([]byte, error) {
	switch {
	case strings.HasPrefix(strings.TrimSpace(value), `\# `):
		return nil, errors.New(`deSEC does not take the generic form \# for type TXT; put the text in quotes`)
	case strings.ContainsAny(value, "\r\n"):
		// Nearly always the end of a heredoc.
		return nil, errors.New(`the text holds a line break; remove it (in HCL with trimspace or chomp), or put the text in quotes with \010 where the break is meant`)
	case strings.Contains(value, "\x00"):
		return nil, errors.New(`it holds a zero byte; put the text in quotes with \000 where it is meant`)
	}
	return chunks([]byte(value)), nil
}

func parseTXT(f *fields) ([]byte, error) {
	var text []byte
	for f.more() {
		t, err := f.next("text")
		if err != nil {
			return nil, err
		}
		if !t.quoted {
			return nil, errors.New("a part of it is in quotes and " + quoteShort(t.raw) + " is not; put all of it in one pair of quotes")
		}
		part, err := t.text()
		if err != nil {
			return nil, err
		}
		text = append(text, part...)
	}
	if len(text) == 0 {
		return nil, errors.New("the text is empty, and Cloudflare does not take that; write some text or remove the value")
	}
	return chunks(text), nil
}

// chunks cuts a text into character-strings as long as they get, which is how
// both operators cut it.
func chunks(text []byte) []byte {
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
