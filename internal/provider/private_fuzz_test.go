package provider

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// kept is private data of one key.
type kept []byte

func (k kept) GetKey(context.Context, string) ([]byte, diag.Diagnostics) { return k, nil }

// FuzzPrivate reads private data of any shape, as another version may have written it: it is understood or refused.
func FuzzPrivate(f *testing.F) {
	for _, seed := range []string{"", `{}`, `{"foreign":{"desec":true},"former":{"desec":{"A":true,"AAAA":true}}}`, `{"example.com/www/A":{"declares":"*"}}`, `{"*":{}}`, `null`, `[1]`, `{"former":null}`, `{"former":{"desec":null}}`, `{"former":{"desec":"A"}}`} {
		f.Add([]byte(seed))
	}
	key := rrset.Key{Zone: "example.com.", Name: "www.example.com.", Type: "A"}
	f.Fuzz(func(t *testing.T, data []byte) {
		var diags diag.Diagnostics
		o := readOwnership(t.Context(), kept(data), &diags)
		readDeparture(t.Context(), kept(data), &diags).deletion(key, o)
		leave := departures{}
		readPrivate(t.Context(), kept(data), departureKey, &leave, &diags)
		leave.of(key).deletion(key, o)
	})
}
