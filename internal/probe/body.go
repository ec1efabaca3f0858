package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"regexp/syntax"
	"strings"
)

const (
	// bodyLimit is how much of a response is looked at, in bytes, headers and body each. A health page is small, and
	// what is behind the URL is not always a health page.
	bodyLimit = 1 << 20

	// bodyEnd is where a body must have ended that is looked at: one without an end is not the page that was meant,
	// whatever it begins with.
	bodyEnd = 8 << 20

	// patternLimit bounds the steps of a compiled pattern, and matchLimit what it may cost: each byte is tried against
	// each step in the worst case, at some 20 ns, so this is about a second.
	patternLimit = 1000
	matchLimit   = 1 << 25
)

// pattern is a regular expression with a bound on what matching costs.
type pattern struct {
	re    *regexp.Regexp // nil: everything matches
	bytes int            // how much of a body is matched
}

// parsePattern refuses what would be costly to match, such as repeats of repeats.
func parsePattern(text string) (pattern, error) {
	if text == "" {
		return pattern{}, nil
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return pattern{}, fmt.Errorf("not a regular expression of Go's syntax (RE2): %w", err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return pattern{}, fmt.Errorf("not a regular expression of Go's syntax (RE2): %w", err)
	}
	steps := len(program.Inst)
	if steps > patternLimit {
		return pattern{}, fmt.Errorf("it is compiled into %d steps, and %d are the most, because each byte of the body is tried against all of them; "+
			"write a shorter one, and no repeats of repeats such as (a{1,100}){1,10}", steps, patternLimit)
	}
	re, err := regexp.Compile(text)
	return pattern{re, min(bodyLimit, matchLimit/steps)}, err
}

// match ends with ctx as well: it reads no further then.
func (p pattern) match(ctx context.Context, body []byte) bool {
	return p.re == nil || p.re.MatchReader(&runes{ctx: ctx, body: bytes.NewReader(body[:min(len(body), p.bytes)])})
}

// runes is a body that ends when ctx does.
type runes struct {
	ctx  context.Context
	body *bytes.Reader
	read int
}

func (r *runes) ReadRune() (rune, int, error) {
	const often = 256
	if r.read++; r.read%often == 0 && r.ctx.Err() != nil {
		return 0, 0, io.EOF
	}
	return r.body.ReadRune()
}

// checkBodyQuestion refuses to look into a body that no answer has.
func (p *httpProber) checkBodyQuestion() error {
	attribute := "body_contains"
	switch {
	case p.config.BodyContains == "" && p.config.BodyRegex == "":
		return nil
	case p.config.BodyContains == "":
		attribute = "body_regex"
	}
	if strings.EqualFold(p.config.Method, http.MethodHead) {
		return &ConfigError{attribute, fmt.Sprintf("The answer to HEAD has no body (RFC 9110 section 9.3.2), so nothing can be in it. Write method = %q, or remove this attribute.", http.MethodGet)}
	}
	if !p.status.someWithBody() {
		return &ConfigError{attribute, fmt.Sprintf("An answer with status %s has no body (RFC 9110 section 6.4.1), and expected_status lists no other. Remove one of the two.", p.status)}
	}
	if len(p.config.BodyContains) > bodyLimit {
		return &ConfigError{"body_contains", "The text is longer than the first MiB of the body, which is what is looked at. Write a part of it."}
	}
	return nil
}

// judgeBody says what is wrong with the body, or nothing.
func (p *httpProber) judgeBody(ctx context.Context, body io.Reader, remote string) string {
	if p.config.BodyContains == "" && p.config.BodyRegex == "" {
		return ""
	}
	data, err := io.ReadAll(io.LimitReader(body, bodyLimit))
	if err != nil {
		return explainBody(ctx, err, remote, p.now())
	}
	if !bytes.Contains(data, []byte(p.config.BodyContains)) {
		return fmt.Sprintf("%s does not contain %q", lookedAt(data, bodyLimit), p.config.BodyContains)
	}
	if !p.pattern.match(ctx, data) {
		if ctx.Err() != nil {
			return "body_regex took too long to match; " + noAnswer(ctx)
		}
		return fmt.Sprintf("%s does not match %q", lookedAt(data, p.pattern.bytes), p.config.BodyRegex)
	}
	rest, err := io.CopyN(io.Discard, body, bodyEnd-int64(len(data)))
	switch {
	case errors.Is(err, io.EOF):
		return ""
	case err != nil:
		return explainBody(ctx, err, remote, p.now())
	}
	return fmt.Sprintf("body goes on after %d MiB; a health page ends", (int64(len(data))+rest)>>20)
}

// lookedAt names what was looked at, where that is not all.
func lookedAt(data []byte, limit int) string {
	switch {
	case len(data) < limit:
		return "body"
	case limit == bodyLimit:
		return "first MiB of the body"
	}
	return fmt.Sprintf("first %d KiB of the body", limit>>10)
}
