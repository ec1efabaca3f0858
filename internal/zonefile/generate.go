package zonefile

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// mostGenerated bounds the text that one $GENERATE makes, in bytes. A place for a number becomes at most largest times
// as long as it is written.
const (
	mostGenerated = 64 << 20
	largest       = 16
)

var (
	generateRange = regexp.MustCompile(`^([0-9]{1,9})-([0-9]{1,9})(?:/([0-9]{1,9}))?$`)

	// generatePlace is where the number goes: $, or ${offset,width,base}. \$ and $$ are a dollar sign, and ${ is a
	// place that is not understood.
	generatePlace = regexp.MustCompile(`\\.|\$\$|\$\{(-?[0-9]{1,9})(?:,([0-9]{1,2})(?:,([dDoOxX]))?)?\}|\$\{?`)
)

// generate makes the records of BIND's $GENERATE: a range, then a record with places for its numbers.
func (r *reader) generate(arguments []rrset.Token) error {
	const form = "write it as $GENERATE 1-10 host$ A 192.0.2.$"
	if len(arguments) < 4 {
		return errors.New("$GENERATE is not complete; " + form)
	}
	bounds := generateRange.FindStringSubmatch(arguments[0].Raw)
	if bounds == nil {
		return errors.New("$GENERATE is not followed by a range of numbers; " + form)
	}
	first, last, step := number(bounds[1]), number(bounds[2]), number(cmp.Or(bounds[3], "1"))
	if first > last || step == 0 {
		return fmt.Errorf("the range %s has no numbers; %s", bounds[0], form)
	}
	template, size := arguments[1:], 0
	for _, t := range template {
		size += largest * (len(t.Raw) + 1)
	}
	count := (last-first)/step + 1
	if r.records+count > mostRecords || size*count > mostGenerated {
		return fmt.Errorf("with this $GENERATE the zone file has more than %d records, or too much text for them", mostRecords)
	}
	patterns := make([]pattern, len(template))
	for i, t := range template {
		if slices.Contains(generatePlace.FindAllString(t.Raw, -1), "${") {
			return errors.New("what follows a ${ of $GENERATE is not read here; write an offset, a width and a base of d, o or x, such as ${0,3,d}")
		}
		patterns[i] = patternOf(t.Raw)
	}
	// The owner of an indented line below is that of the record above, as in BIND.
	defer func(owner string, doubt error) { r.owner, r.ownerDoubt = owner, doubt }(r.owner, r.ownerDoubt)
	for n := first; n <= last; n += step {
		tokens := make([]rrset.Token, len(template))
		for i, t := range template {
			t.Raw = patterns[i].text(n)
			tokens[i] = t
		}
		if err := r.record(tokens, false, false); err != nil {
			return fmt.Errorf("$GENERATE for %d: %w", n, err)
		}
	}
	return nil
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // at most nine digits, or none
	return n
}

// pattern is a template, taken apart once: its pieces make the text for a number.
type pattern []func(n int) string

func patternOf(template string) pattern {
	var p pattern
	literal := func(text string) {
		if text != "" {
			p = append(p, func(int) string { return text })
		}
	}
	end := 0
	for _, at := range generatePlace.FindAllStringSubmatchIndex(template, -1) {
		literal(template[end:at[0]])
		end = at[1]
		place := template[at[0]:at[1]]
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return template[at[2*i]:at[2*i+1]]
		}
		switch {
		case place == "$":
			p = append(p, strconv.Itoa)
		case place == "$$", place == `\$`:
			literal(`\$`)
		case strings.HasPrefix(place, `\`):
			literal(place)
		default:
			verb := map[string]string{"": "d", "d": "d", "D": "d", "o": "o", "O": "o", "x": "x", "X": "X"}[group(3)]
			width, shift := number(group(2)), offset(group(1))
			p = append(p, func(n int) string { return fmt.Sprintf("%0*"+verb, width, n+shift) })
		}
	}
	literal(template[end:])
	return p
}

func (p pattern) text(n int) string {
	if len(p) == 1 {
		return p[0](n)
	}
	var b strings.Builder
	for _, piece := range p {
		b.WriteString(piece(n))
	}
	return b.String()
}

func offset(text string) int {
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		return -number(rest)
	}
	return number(text)
}
