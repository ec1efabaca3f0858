package desec

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec/rdata"
)

const (
	required = "This field is required."
	notNull  = "This field may not be null."
	notBlank = "This field may not be blank."
	onCreate = "Can only be written on create."
)

var (
	subnamePattern = regexp.MustCompile(`^([*]|(([*][.])?([a-z0-9_-]{1,63}[.])*[a-z0-9_-]{1,63}))$`)
	typePattern    = regexp.MustCompile(`^[A-Z][A-Z0-9]*$`)
	domainPattern  = regexp.MustCompile(`^(?i:(([a-z0-9_-]{1,63})\.)*[a-z0-9-]{1,63})$`)
)

// textField is a string of an object that was sent, with its rules.
type textField struct {
	trim, blank bool
	most        int // characters; 0: no limit
	lower       bool
	upper       bool
	pattern     *regexp.Regexp
	complaint   string // about the pattern
}

var (
	subnameField = textField{
		trim: true, blank: true, most: 178, lower: true, pattern: subnamePattern,
		complaint: "Subname can only use (lowercase) a-z, 0-9, ., -, and _, may start with a '*.', or just be '*'. Components may not exceed 63 characters.",
	}
	typeField = textField{
		trim: true, most: 10, upper: true, pattern: typePattern,
		complaint: "Type must be uppercase alphanumeric and start with a letter.",
	}
	contentField = textField{trim: true}
	nameField    = textField{
		most: 191, lower: true, pattern: domainPattern,
		complaint: "Domain names must be labels separated by dots. Labels may consist of up to 63 letters, digits, hyphens, and underscores. The last label may not contain an underscore.",
	}
)

// read gives the value, or all complaints about it.
func (f textField) read(value any) (string, []string) {
	var text string
	switch value := value.(type) {
	case nil:
		return "", []string{notNull}
	case string:
		text = value
	case json.Number:
		text = value.String()
	default:
		return "", []string{"Not a valid string."}
	}
	if f.trim {
		text = strings.TrimFunc(text, isSpace)
	}
	if text == "" {
		if !f.blank {
			return "", []string{notBlank}
		}
		return "", nil
	}
	return text, f.complaints(text)
}

func (f textField) complaints(text string) (all []string) {
	if f.lower && text != strings.ToLower(text) {
		all = append(all, "Invalid value (not lowercase): "+text)
	}
	if f.upper && text != strings.ToUpper(text) {
		all = append(all, "Invalid value (not uppercase): "+text)
	}
	// A lower case pattern on a name that is not lower case is a complaint of its own for RRsets, but not for domains,
	// whose pattern ignores case (design/facts/desec-exchanges.jsonl a-0080, b-0016).
	if f.pattern != nil && !f.pattern.MatchString(text) {
		all = append(all, f.complaint)
	}
	if f.most > 0 && utf8.RuneCountInString(text) > f.most {
		all = append(all, fmt.Sprintf("Ensure this field has no more than %d characters.", f.most))
	}
	if strings.ContainsRune(text, 0) {
		all = append(all, "Null characters are not allowed.")
	}
	if i := strings.IndexFunc(text, isHalf); i >= 0 {
		c, _ := utf8.DecodeRuneInString(text[i:])
		all = append(all, fmt.Sprintf("Surrogate characters are not allowed: U+%X.", c-half))
	}
	return all
}

// isSpace is the white space of the service's language, which has four control characters more than Go.
func isSpace(c rune) bool { return unicode.IsSpace(c) || c >= 0x1c && c <= 0x1f }

const maximumTTL = 86400

var (
	zeroFraction = regexp.MustCompile(`\.0*\s*$`)
	integer      = regexp.MustCompile(`^[+-]?[0-9]+(_[0-9]+)*$`)
)

// readTTL takes integers, also in a string or with a fraction of zero.
func readTTL(value any, minimum int) (int, []string) {
	var text string
	switch value := value.(type) {
	case nil:
		return 0, []string{notNull}
	case string:
		text = value
	case json.Number:
		text = value.String()
	}
	text = rdata.Digits(text)
	text = strings.TrimFunc(zeroFraction.ReplaceAllString(text, ""), isSpace)
	n, _ := new(big.Int).SetString(strings.TrimPrefix(strings.ReplaceAll(text, "_", ""), "+"), 10)
	switch {
	case !integer.MatchString(text):
		return 0, []string{"A valid integer is required."}
	case n.Cmp(big.NewInt(maximumTTL)) > 0:
		return 0, []string{fmt.Sprintf("Ensure this value is less than or equal to %d.", maximumTTL)}
	case n.Cmp(big.NewInt(int64(minimum))) < 0:
		return 0, []string{fmt.Sprintf("Ensure this value is greater than or equal to %d.", minimum)}
	}
	return int(n.Int64()), nil
}

// readRecords gives the contents, or a complaint of one of the shapes that this field has (design/facts/desec-api.md
// section 4.4).
func readRecords(value any) ([]string, any) {
	if value == nil {
		return nil, []string{notNull}
	}
	items, ok := value.([]any)
	if !ok {
		return nil, object{{"non_field_errors", []string{
			fmt.Sprintf("Expected a list of items but got type \"%s\".", typeName(value)),
		}}}
	}
	contents := make([]string, len(items))
	complaints := make([]any, len(items))
	bad := false
	for i, item := range items {
		complaints[i] = object{}
		text, isText := item.(string)
		switch {
		case item == nil:
			complaints[i] = []string{notNull}
		case !isText:
			complaints[i] = []string{"Must be a string."}
		default:
			content, problems := contentField.read(text)
			if problems == nil {
				contents[i] = content
				continue
			}
			complaints[i] = object{{"content", problems}}
		}
		bad = true
	}
	if bad {
		return nil, complaints
	}
	return contents, nil
}
