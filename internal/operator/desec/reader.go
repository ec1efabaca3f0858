package desec

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

const (
	// maxSentences and maxDepth bound what is read out of an error body: deSEC nests three levels deep, and nobody
	// reads more than a few sentences.
	maxSentences = 20
	maxDepth     = 6
)

// read makes one text out of any of the four shapes of an error body (design/facts/desec-api.md section 4.4), or quotes
// the body if it says nothing in any of them. culprits is nil unless the body is a list that is aligned with the
// request's.
func read(body []byte) (message string, culprits map[int]string) {
	var parsed any
	if err := json.Unmarshal(body, &parsed); err != nil {
		return httpapi.Excerpt(body), nil
	}
	list, isList := parsed.([]any)
	if !isList || slices.ContainsFunc(list, isText) {
		return said(body, parsed), nil
	}
	var all []string
	for i, entry := range list {
		sentences := readOut(entry)
		if len(sentences) == 0 {
			continue
		}
		if culprits == nil {
			culprits = make(map[int]string)
		}
		culprits[i] = cut(sentences)
		if len(all) < maxSentences {
			all = append(all, sentences...)
		}
	}
	if culprits == nil {
		return said(body, nil), nil
	}
	return cut(all), culprits
}

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

func said(body []byte, parsed any) string {
	if sentences := readOut(parsed); len(sentences) > 0 {
		return cut(sentences)
	}
	return httpapi.Excerpt(body)
}

func cut(sentences []string) string {
	return httpapi.Excerpt([]byte(strings.Join(sentences, "; ")))
}

func readOut(v any) []string {
	var r reader
	r.walk("", v, 0)
	return r
}

// reader collects the sentences of an error body: `{"ttl": ["too small"]}` is "ttl: too small". Entries of a list that
// are no texts say where they are: "records[1]: Must be a string."
type reader []string

func (r *reader) walk(at string, v any, depth int) {
	if len(*r) >= maxSentences || depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case nil:
	case []any:
		for i, entry := range v {
			place := at
			if !isText(entry) && at != "" {
				place = fmt.Sprintf("%s[%d]", at, i)
			}
			r.walk(place, entry, depth+1)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			place := strings.TrimPrefix(at+"."+key, ".")
			if key == "non_field_errors" || key == "detail" {
				place = at
			}
			r.walk(place, v[key], depth+1)
		}
	default:
		text := strings.TrimSpace(fmt.Sprint(v))
		if at != "" && text != "" {
			text = at + ": " + text
		}
		if httpapi.Excerpt([]byte(text)) != "" {
			*r = append(*r, text)
		}
	}
}
