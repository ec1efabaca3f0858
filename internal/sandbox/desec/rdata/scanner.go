package rdata

import (
	"fmt"
	"strings"
)

// kind is what a token is. The numbers show in refusals: `expected EOL or EOF, got 3 "extra"`.
type kind int

const (
	endOfInput   kind = 0
	endOfLine    kind = 1
	identifier   kind = 3
	quotedString kind = 4
)

// token is a piece of zone file text, with its escapes.
type token struct {
	kind  kind
	value string
}

func (t token) isEnd() bool { return t.kind == endOfLine || t.kind == endOfInput }

// scanner cuts content into tokens as RFC 1035 section 5.1 has it, with the liberties that the library takes: "a""b"
// are two tokens and nothing demands a blank between them.
type scanner struct {
	text  []rune
	at    int
	depth int // of parentheses
	// quoting: inside of a quoted string; the closing quote is consumed by the next call.
	quoting bool
	back    *token

	// err is the first complaint. Behind it the text reads as if it were at its end.
	err error
	// fold asks for names in lower case (RFC 4034 section 6.2).
	fold bool
	// relative is set by a name without a final dot. It is an error of its own only after everything else was found to
	// be well.
	relative bool
	// unwritable: the values are well but do not fit the wire form, which the API does not expect.
	unwritable bool
	// verdict is the first complaint about a value that was read well. The library judges values only after it has read
	// all of them.
	verdict error
}

func scan(text string) *scanner { return &scanner{text: []rune(text)} }

const endOfText rune = -1

// fail ends the reading, if err is an error and the first.
func (s *scanner) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// judge notes a complaint, if err is one and the first.
func (s *scanner) judge(err error) {
	if s.verdict == nil {
		s.verdict = err
	}
}

func (s *scanner) rune() rune {
	if s.at >= len(s.text) {
		s.at++ // so that unread can step back from the end as well
		return endOfText
	}
	s.at++
	return s.text[s.at-1]
}

func (s *scanner) unread() { s.at-- }

func (s *scanner) skipBlanks() {
	for {
		switch c := s.rune(); {
		case c == ' ', c == '\t', c == '\n' && s.depth > 0:
		default:
			s.unread()
			return
		}
	}
}

func (s *scanner) unget(t token) { s.back = &t }

// delimits reports whether c ends a token here.
func (s *scanner) delimits(c rune) bool {
	if s.quoting {
		return c == '"' || c == endOfText
	}
	return c == endOfText || strings.ContainsRune(" \t\n;()\"", c)
}

// next reads a token; the value still has its escapes.
func (s *scanner) next() token {
	if s.back != nil && s.err == nil {
		t := *s.back
		s.back = nil
		return t
	}
	if s.err == nil {
		s.skipBlanks()
		t, err := s.read()
		if err == nil {
			return t
		}
		s.err = err
	}
	return token{kind: endOfInput}
}

// nextAdjacent is next, but a blank before the token is reported as a token that is nothing.
func (s *scanner) nextAdjacent() token {
	if s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\t') {
		return token{kind: -1}
	}
	return s.next()
}

func (s *scanner) read() (token, error) {
	var value strings.Builder
	t := token{kind: identifier}
	for {
		c := s.rune()
		switch {
		case s.delimits(c):
			if c == endOfText && s.quoting {
				return token{}, errEnd
			}
			if value.Len() > 0 || t.kind == quotedString {
				s.unread()
				t.value = value.String()
				return t, nil
			}
			done, err := s.delimiter(c, &t)
			if done || err != nil {
				return t, err
			}
			continue
		case s.quoting && c == '\n':
			return token{}, &syntaxError{"newline in quoted string"}
		case c == '\\':
			value.WriteRune(c)
			c = s.rune()
			if c == endOfText || c == '\n' && !s.quoting {
				return token{}, errEnd
			}
		}
		value.WriteRune(c)
	}
}

// delimiter deals with a delimiter at the start of a token; done says that t is complete.
func (s *scanner) delimiter(c rune, t *token) (done bool, err error) {
	switch c {
	case '(':
		s.depth++
		s.skipBlanks()
	case ')':
		if s.depth == 0 {
			return false, errMalformed
		}
		s.depth--
		s.skipBlanks()
	case '"':
		s.quoting = !s.quoting
		if s.quoting {
			t.kind = quotedString
		} else {
			s.skipBlanks()
		}
	case '\n':
		*t = token{endOfLine, "\n"}
		return true, nil
	case ';':
		return s.comment(t)
	default:
		if s.depth > 0 {
			return false, &syntaxError{"unbalanced parentheses"}
		}
		t.kind = endOfInput
		return true, nil
	}
	return false, nil
}

func (s *scanner) comment(t *token) (done bool, err error) {
	for {
		switch s.rune() {
		case endOfText:
			if s.depth > 0 {
				return false, &syntaxError{"unbalanced parentheses"}
			}
			t.kind = endOfInput
			return true, nil
		case '\n':
			if s.depth > 0 {
				s.skipBlanks()
				return false, nil
			}
			*t = token{endOfLine, "\n"}
			return true, nil
		}
	}
}

// end demands the end of the line.
func (s *scanner) end() {
	if t := s.next(); !t.isEnd() {
		s.fail(&syntaxError{fmt.Sprintf("expected EOL or EOF, got %d \"%s\"", t.kind, t.value)})
	}
}

// rest reads up to the end of the line, but no more than most tokens (0 means all).
func (s *scanner) rest(most int) (all []token) {
	for most == 0 || len(all) < most {
		t := s.next()
		if t.isEnd() {
			s.unget(t)
			break
		}
		all = append(all, t)
	}
	return all
}

// unescaped reads a token and resolves its escapes into characters.
func (s *scanner) unescaped() token {
	t := s.next()
	var err error
	t.value, err = unescape(t.value)
	s.fail(err)
	return t
}

// identifier reads a token without quotes.
func (s *scanner) identifier() string {
	t := s.unescaped()
	if t.kind != identifier {
		s.fail(&syntaxError{"expecting an identifier"})
	}
	return t.value
}

// str reads a token with or without quotes.
func (s *scanner) str() string {
	t := s.unescaped()
	if t.kind != identifier && t.kind != quotedString {
		s.fail(&syntaxError{"expecting a string"})
	}
	return t.value
}

// joined reads up to the end of the line and joins the tokens, which must not be quoted.
func (s *scanner) joined(mayBeEmpty bool) string {
	var all strings.Builder
	t := s.unescaped()
	for ; !t.isEnd(); t = s.unescaped() {
		if t.kind != identifier {
			s.fail(errMalformed) // before what is wrong further on
		}
		all.WriteString(t.value)
	}
	s.unget(t)
	if all.Len() == 0 && !mayBeEmpty {
		s.fail(&syntaxError{"expecting another identifier"})
	}
	return all.String()
}
