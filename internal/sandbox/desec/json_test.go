package desec

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseJSON_QuotesTheParserOfTheService(t *testing.T) {
	tests := []struct{ body, want string }{
		{``, "Expecting value: line 1 column 1 (char 0)"},
		{"{\n \"a\" 1}", "Expecting ':' delimiter: line 2 column 6 (char 7)"},
		{`[1 2]`, "Expecting ',' delimiter: line 1 column 4 (char 3)"},
		{`[1,]`, "Illegal trailing comma before end of array: line 1 column 3 (char 2)"},
		{`1 2`, "Extra data: line 1 column 3 (char 2)"},
		{`"a`, "Unterminated string starting at: line 1 column 1 (char 0)"},
		{"\"\n\"", "Invalid control character at: line 1 column 2 (char 1)"},
		{`"\x"`, `Invalid \escape: line 1 column 2 (char 1)`},
		{`"\u12"`, `Invalid \uXXXX escape: line 1 column 4 (char 3)`},
		{`-`, "Expecting value: line 1 column 1 (char 0)"},
		{strings.Repeat("[", 2000), errTooDeep.Error()},
	}
	for _, tt := range tests {
		value, err := parseJSON([]byte(tt.body), "")
		if err == nil || err.Error() != tt.want {
			t.Errorf("parseJSON(%.40q) = %v, %v; want error %q", tt.body, value, err, tt.want)
		}
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.5e3,true,null,"\u00fc\ud83d\ude00\\"]}`, `[]`, `{}`, `"\ud800"`, "\"\\ud80\x15\"", `"\u00FC"`, `01`, `1.`, `.5`, `[1,]`, `{"a":1,}`, ` 1 `, "\"\x7f\"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if !utf8.ValidString(body) {
			return
		}
		_, err := parseJSON([]byte(body), "")
		if valid := json.Valid([]byte(body)); valid != (err == nil) && !errors.Is(err, errTooDeep) {
			t.Errorf("parseJSON(%q): %v, but encoding/json says valid: %v", body, err, valid)
		}
	})
}
