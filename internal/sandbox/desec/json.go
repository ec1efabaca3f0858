package desec

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// parseJSON reads a body into nil, bool, number, string, []any and map[string]any. It is not
// encoding/json for two reasons: the service's refusals quote the parser of its language, and it
// takes escapes of half a surrogate pair, which then are refused in words of their own
// (design/facts/desec-exchanges.jsonl a-0048 to a-0061, i-0050).
func parseJSON(body []byte, charset string) (any, error) {
	if charset != "" && charset != "utf-8" {
		return nil, fmt.Errorf("'%s' codec can't decode bytes in position 0-1: Stream does not start with BOM", charset)
	}
	for i := 0; i < len(body); {
		c, size := utf8.DecodeRune(body[i:])
		if c == utf8.RuneError && size == 1 {
			return nil, fmt.Errorf("'utf-8' codec can't decode byte 0x%02x in position %d: invalid start byte", body[i], i)
		}
		i += size
	}
	p := &jsonParser{text: []rune(string(body))}
	if len(p.text) > 0 && p.text[0] == '\ufeff' {
		return nil, p.problem("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0)
	}
	p.skip()
	value, err := p.value()
	if err != nil {
		return nil, err
	}
	p.skip()
	if p.at < len(p.text) {
		return nil, p.problem("Extra data", p.at)
	}
	return value, nil
}

type jsonParser struct {
	text  []rune
	at    int
	depth int
}

// maxDepth is about where the service's language gives up, which nothing expects.
const maxDepth = 1000

var errTooDeep = errors.New("maximum recursion depth exceeded")

func (p *jsonParser) problem(what string, at int) error {
	line, start := 1, 0
	for i, c := range p.text[:at] {
		if c == '\n' {
			line++
			start = i + 1
		}
	}
	return fmt.Errorf("%s: line %d column %d (char %d)", what, line, at-start+1, at)
}

func (p *jsonParser) skip() {
	for p.at < len(p.text) && strings.ContainsRune(" \t\n\r", p.text[p.at]) {
		p.at++
	}
}

// peek gives the next character, or 0 at the end.
func (p *jsonParser) peek() rune {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *jsonParser) value() (any, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errTooDeep
	}
	defer func() { p.depth-- }()
	switch p.peek() {
	case '"':
		p.at++
		return p.str()
	case '{':
		p.at++
		return p.object()
	case '[':
		p.at++
		return p.array()
	}
	switch {
	case p.word("null"):
		return nil, nil
	case p.word("true"):
		return true, nil
	case p.word("false"):
		return false, nil
	}
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if p.word(word) {
			return nil, fmt.Errorf("Out of range float values are not JSON compliant: '%s'", word)
		}
	}
	return p.number()
}

func (p *jsonParser) word(word string) bool {
	if !strings.HasPrefix(string(p.text[p.at:min(len(p.text), p.at+len(word))]), word) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *jsonParser) number() (any, error) {
	at := p.at
	digits := func(from int) int {
		for from < len(p.text) && p.text[from] >= '0' && p.text[from] <= '9' {
			from++
		}
		return from
	}
	end := at
	if p.peek() == '-' {
		end++
	}
	start := end
	if end = digits(end); end == start {
		return nil, p.problem("Expecting value", at)
	}
	if p.text[start] == '0' {
		end = start + 1
	}
	if end < len(p.text) && p.text[end] == '.' && digits(end+1) > end+1 {
		end = digits(end + 1)
	}
	if end < len(p.text) && (p.text[end] == 'e' || p.text[end] == 'E') {
		exponent := end + 1
		if exponent < len(p.text) && (p.text[exponent] == '+' || p.text[exponent] == '-') {
			exponent++
		}
		if digits(exponent) > exponent {
			end = digits(exponent)
		}
	}
	p.at = end
	return number{string(p.text[at:end])}, nil
}

func (p *jsonParser) array() (any, error) {
	all := []any{}
	p.skip()
	if p.peek() == ']' {
		p.at++
		return all, nil
	}
	for {
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		all = append(all, value)
		p.skip()
		comma := p.at
		switch p.peek() {
		case ']':
			p.at++
			return all, nil
		case ',':
			p.at++
			p.skip()
			if p.peek() == ']' {
				return nil, p.problem("Illegal trailing comma before end of array", comma)
			}
		default:
			return nil, p.problem("Expecting ',' delimiter", p.at)
		}
	}
}

func (p *jsonParser) object() (any, error) {
	all := map[string]any{}
	p.skip()
	if p.peek() == '}' {
		p.at++
		return all, nil
	}
	for {
		if p.peek() != '"' {
			return nil, p.problem("Expecting property name enclosed in double quotes", p.at)
		}
		p.at++
		name, err := p.str()
		if err != nil {
			return nil, err
		}
		p.skip()
		if p.peek() != ':' {
			return nil, p.problem("Expecting ':' delimiter", p.at)
		}
		p.at++
		p.skip()
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		all[name] = value // the last one of a name wins
		p.skip()
		comma := p.at
		switch p.peek() {
		case '}':
			p.at++
			return all, nil
		case ',':
			p.at++
			p.skip()
			if p.peek() == '}' {
				return nil, p.problem("Illegal trailing comma before end of object", comma)
			}
		default:
			return nil, p.problem("Expecting ',' delimiter", p.at)
		}
	}
}

// str reads a string after its opening quote. Half a surrogate pair is kept, in the encoding that
// UTF-8 would have for it if it had one.
func (p *jsonParser) str() (string, error) {
	start := p.at - 1
	var out strings.Builder
	for {
		if p.at >= len(p.text) {
			return "", p.problem("Unterminated string starting at", start)
		}
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return out.String(), nil
		case c < 0x20:
			return "", p.problem("Invalid control character at", p.at-1)
		case c != '\\':
			out.WriteRune(c)
		default:
			if err := p.escape(&out, start); err != nil {
				return "", err
			}
		}
	}
}

func (p *jsonParser) escape(out *strings.Builder, start int) error {
	if p.at >= len(p.text) {
		return p.problem("Unterminated string starting at", start)
	}
	c := p.text[p.at]
	p.at++
	if c != 'u' {
		i := strings.IndexRune(`"\/bfnrt`, c)
		if i < 0 {
			return p.problem(`Invalid \escape`, p.at-2)
		}
		out.WriteByte("\"\\/\b\f\n\r\t"[i])
		return nil
	}
	c, err := p.unit()
	if err != nil {
		return err
	}
	if isHigh(c) && p.at+1 < len(p.text) && p.text[p.at] == '\\' && p.text[p.at+1] == 'u' {
		at := p.at
		p.at += 2
		if low, err := p.unit(); err == nil && isLow(low) {
			c = 0x10000 + (c-0xd800)<<10 + low - 0xdc00
		} else {
			p.at = at
		}
	}
	if isHigh(c) || isLow(c) {
		out.Write([]byte{0xe0 | byte(c>>12), 0x80 | byte(c>>6)&0x3f, 0x80 | byte(c)&0x3f})
		return nil
	}
	out.WriteRune(c)
	return nil
}

// unit reads the four digits of an escape.
func (p *jsonParser) unit() (rune, error) {
	var c rune
	for i := range 4 {
		if p.at+i >= len(p.text) {
			return 0, p.problem(`Invalid \uXXXX escape`, p.at)
		}
		digit := strings.IndexRune("0123456789abcdefABCDEF", p.text[p.at+i])
		if digit < 0 {
			return 0, p.problem(`Invalid \uXXXX escape`, p.at)
		}
		if digit > 15 {
			digit -= 6 // A stands after f
		}
		c = c<<4 | rune(digit)
	}
	p.at += 4
	return c, nil
}

func isHigh(c rune) bool { return c >= 0xd800 && c < 0xdc00 }
func isLow(c rune) bool  { return c >= 0xdc00 && c < 0xe000 }

// surrogate finds half a surrogate pair in a string of parseJSON.
func surrogate(text string) (c rune, found bool) {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return rune(text[i]&0xf)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f), true
		}
		i += size
	}
	return 0, false
}
