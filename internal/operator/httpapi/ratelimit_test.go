package httpapi

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// FuzzRemainderOf: whatever a service writes there, it asks for no more than the longest wait, and for whole seconds.
func FuzzRemainderOf(f *testing.F) {
	for _, header := range []string{
		`"default";r=50;t=30`, `"a";r=0;t=300,"b";r=1;t=1`, `"a";r=-1;t=-1`, `"a;b";r=1;t=1`, `"";r=00;t=0301`, `";";=;==;`, `"\"";r=4294967296;t=1e3`,
	} {
		f.Add(header, `"default";q=1200;w=300`)
	}
	f.Fuzz(func(t *testing.T, header, policy string) {
		const longest = 301 * time.Second
		h := http.Header{"Ratelimit": strings.Split(header, "\n"), "Ratelimit-Policy": {policy}}
		r, ok := remainderOf(h, longest)
		if r.left < 0 || r.reset < 0 || r.reset > longest || r.reset%time.Second != 0 || !ok && r != (remainder{}) {
			t.Errorf("%q was read as %#v, %t", header, r, ok)
		}
		if strings.ContainsAny(r.limit, "\"\n\x00") || len(r.limit) > 60 {
			t.Errorf("%q puts %q into messages", policy, r.limit)
		}
	})
}
