package cloudflare

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// looseString is a JSON string or number as text. The API takes numbers as strings and was seen to answer in both forms
// (design/facts/cloudflare-api.md section 3.3). null is empty.
type looseString string

var errNoLooseString = errors.New("neither a string nor a number")

// UnmarshalJSON refuses lists and objects.
func (s *looseString) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0, bytes.Equal(raw, []byte("null")), bytes.Equal(raw, []byte("true")):
		*s = ""
	case bytes.Equal(raw, []byte("false")):
		// The null target of an SRV record once came back as false (design/facts/cloudflare-api.md section 3.3).
		*s = "."
	case raw[0] == '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		*s = looseString(text)
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		*s = looseString(plainNumber(string(raw)))
	default:
		return errNoLooseString
	}
	return nil
}

// plainNumber writes 5.0 and 5e0 as 5.
func plainNumber(text string) string {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return text
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

// count is the number, or 0 where it is none that could count something.
func (s looseString) count() int {
	n, err := strconv.Atoi(string(s))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
