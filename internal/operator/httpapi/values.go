package httpapi

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	hiddenValue = "(value)"
	// leastPart is the length below which a part of a value is an everyday word and stays; a whole value is hidden
	// whatever its length is.
	leastPart = 8
	// leastCut is how much of the beginning of a value is told from chance where the end of a message cuts it off.
	leastCut = 4
)

// withoutValues takes what a write declares out of the refusal that quotes it: the refusal stands in errors, logs and
// states, and what was declared may be sensitive (design/sensitive-values.md). Only the values of this one request are
// looked for, and only in what the service said of it.
func withoutValues(err error, body []byte) error {
	refusal := operator.AsRefusal(err)
	if refusal == nil || len(body) == 0 {
		return err
	}
	texts := declaredIn(body)
	refusal.Message = hide(refusal.Message, texts)
	for at, said := range refusal.Culprits {
		refusal.Culprits[at] = hide(said, texts)
	}
	return err
}

// addresses are the keys of a request whose texts say which RRset is meant.
var addresses = []string{"name", "subname", "type", "id"}

// declaredIn collects the texts of a request and their parts, the longest first.
func declaredIn(body []byte) []string {
	var request any
	if json.Unmarshal(body, &request) != nil {
		return nil
	}
	var texts []string
	collect(request, func(text string) { texts = append(texts, spellings(text)...) })
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return slices.Compact(texts)
}

func collect(v any, add func(text string)) {
	switch v := v.(type) {
	case string:
		add(v)
	case []any:
		for _, item := range v {
			collect(item, add)
		}
	case map[string]any:
		for key, item := range v {
			if !slices.Contains(addresses, key) {
				collect(item, add)
			}
		}
	}
}

// spellings are a text as a message may repeat it: whole, without its quotes or its final dot, and its parts as far as
// they are no everyday words.
func spellings(text string) []string {
	whole := strings.Join(strings.Fields(text), " ") // as Excerpt leaves it
	all := []string{whole, strings.Trim(whole, `"`), strings.TrimSuffix(whole, ".")}
	for _, part := range strings.FieldsFunc(whole, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"\;=,`, r) }) {
		if part = strings.TrimSuffix(part, "."); len(part) >= leastPart || len(part) >= leastCut && !isWord(part) {
			all = append(all, part)
		}
	}
	for _, spelled := range all {
		quoted, _ := json.Marshal(spelled) //nolint:errchkjson // a string always encodes
		all = append(all, strings.Trim(string(quoted), `"`))
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// isWord reports whether a text is letters in one case, or a number.
func isWord(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyz") == "" || strings.Trim(text, "0123456789") == ""
}

func hide(said string, texts []string) string {
	for _, text := range texts {
		said = hideText(said, text)
	}
	return hideCut(said, texts)
}

// hideText hides a text in any case, where it stands as a word of its own.
func hideText(said, text string) string {
	var b strings.Builder
	for {
		at := strings.Index(lowerASCII(said), lowerASCII(text))
		if at < 0 {
			b.WriteString(said)
			return b.String()
		}
		end := at + len(text)
		if isBorder(said[:at], said[end:]) {
			b.WriteString(said[:at] + hiddenValue)
		} else {
			b.WriteString(said[:end])
		}
		said = said[end:]
	}
}

func isBorder(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return (before == "" || !isAlphanumeric(last)) && (after == "" || !isAlphanumeric(first))
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// hideCut hides the beginning of a text at the end of a message that was cut.
func hideCut(said string, texts []string) string {
	kept, cut := strings.CutSuffix(said, "…")
	if !cut {
		return said
	}
	for _, text := range texts {
		for length := min(len(text)-1, len(kept)); length >= leastCut; length-- {
			if lowerASCII(kept[len(kept)-length:]) == lowerASCII(text[:length]) {
				return kept[:len(kept)-length] + hiddenValue
			}
		}
	}
	return said
}
