package httpapi

import (
	"errors"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

func TestWithoutValues(t *testing.T) {
	const secret = "hunter2-Sentinel/Xy+z=="
	long := strings.Repeat("Sentinel", 60)
	for name, c := range map[string]struct{ body, said, want string }{
		"content":      {`{"type":"TXT","content":"\"` + secret + `\""}`, "Content \"" + secret + "\" is bad.", `Content (value) is bad.`},
		"in any case":  {`{"content":"` + secret + `"}`, strings.ToUpper(secret) + " is bad", "(value) is bad"},
		"in a list":    {`[{"subname":"www","records":["` + secret + `"]}]`, "records: " + secret, "records: (value)"},
		"data":         {`{"posts":[{"data":{"value":"` + secret + `"}}]}`, "bad value " + secret, "bad value (value)"},
		"a field":      {`{"records":["10 mail-sentinel.example.net."]}`, "no host mail-sentinel.example.net", "no host (value)"},
		"escaped":      {`{"content":"a\"b\\c"}`, `the body was {"content": "a\"b\\c"}`, `the body was {"content": "(value)"}`},
		"address":      {`{"type":"TXT","name":"www.example.com","content":"x-1-y"}`, "www.example.com TXT exists", "www.example.com TXT exists"},
		"whole word":   {`{"content":"one"}`, "none but one of them", "none but (value) of them"},
		"common words": {`{"content":"v=spf1 must exist"}`, "it must exist", "it must exist"},
		"blanks":       {`{"content":"first  Sentinel"}`, "no first Sentinel", "no (value)"},
		"cut off":      {`{"content":"` + long + `"}`, "bad: " + long[:290] + "…", "bad: (value)"},
		"no JSON":      {`Sentinel`, "Sentinel", "Sentinel"},
	} {
		refusal := &operator.RefusalError{Message: c.said, Culprits: map[int]string{0: c.said}}
		if err := withoutValues(refusal, []byte(c.body)); !errors.Is(err, refusal) || refusal.Message != c.want || refusal.Culprits[0] != c.want {
			t.Errorf("%s: %q and %q, want %q", name, refusal.Message, refusal.Culprits[0], c.want)
		}
	}
}

// FuzzWithoutValues tries values and messages of any shape.
func FuzzWithoutValues(f *testing.F) {
	f.Add("secret", "the secret is bad…")
	f.Add("\xff\xfe", "\xff\xfe…")
	f.Add("K", "K\u212a")
	f.Fuzz(func(t *testing.T, value, said string) {
		got := hide(said, spellings(value))
		if value := strings.Join(strings.Fields(value), " "); len(value) > leastPart && strings.Contains(" "+got+" ", " "+value+" ") && !strings.Contains(value, hiddenValue) {
			t.Errorf("%q stands in %q", value, got)
		}
	})
}
