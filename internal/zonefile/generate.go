package zonefile

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// mostGenerated bounds the text that one $GENERATE makes, in bytes. A place for a
// number becomes at most largest times as long as it is written.
const (
	mostGenerated = 64 << 20
	largest       = 16
)

var (
	generateRange = regexp.MustCompile(`^([0-9]{1,9})-([0-9]{1,9})(?:/([0-9]{1,9}))?$`)

	// generatePlace is where the number goes: $, or ${offset,width,base}. \$ and $$
	// are a dollar sign.
	generatePlace = regexp.MustCompile(`\\.|\$\$|\$\{(-?[0-9]{1,9})(?:,([0-9]{1,2})(?:,([dDoOxX]))?)?\}|\$`)
)

// generate makes the records of BIND's $GENERATE: a range, then a record with
// places for its numbers.
func (r *reader) generate(arguments []rrset.Token) error {
	const form = "write it as $GENERATE 1-10 host$ A 192.0.2.$"
	if len(arguments) < 4 {
		return errors.New("$GENERATE is not complete; " + form)
	}
	bounds := generateRange.FindStringSubmatch(arguments[0].Raw)
	if bounds == nil {
		return fmt.Errorf("%q is not a range of numbers; %s", short(arguments[0].Raw), form)
	}
	first, last, step := number(bounds[1]), number(bounds[2]), max(number(bounds[3]), 1)
	if first > last {
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
	for n := first; n <= last; n += step {
		tokens := make([]rrset.Token, len(template))
		for i, t := range template {
			t.Raw = fillIn(t.Raw, n)
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

func fillIn(template string, n int) string {
	return generatePlace.ReplaceAllStringFunc(template, func(place string) string {
		switch {
		case place == "$":
			return strconv.Itoa(n)
		case place == "$$", place == `\$`:
			return `\$`
		case strings.HasPrefix(place, `\`):
			return place
		}
		parts := generatePlace.FindStringSubmatch(place)
		base := map[string]string{"": "d", "d": "d", "D": "d", "o": "o", "O": "o", "x": "x", "X": "X"}[parts[3]]
		return fmt.Sprintf("%0*"+base, number(parts[2]), n+offset(parts[1]))
	})
}

func offset(text string) int {
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		return -number(rest)
	}
	return number(text)
}
