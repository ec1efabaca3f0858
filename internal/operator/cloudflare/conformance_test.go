package cloudflare

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/operatortest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

func TestConformance(t *testing.T) {
	// The zone look-up has tests of its own; with it a write is two requests.
	operatortest.Run(t, operatortest.Suite{
		Zone:  testZone,
		Start: startSite,
		New: func(t *testing.T, a operatortest.Access) operator.Operator {
			c, err := New(Config{
				Token: a.Token, BaseURL: a.BaseURL, Timeout: a.Timeout, MaxWait: a.MaxWait,
				ZoneIDs: map[string]string{testZone: sandbox.CloudflareZoneID},
			})
			if err != nil {
				t.Fatal(err)
			}
			// 5000 records would be read in one page otherwise.
			c.pageSize = 50
			c.identity.firstAsk(testZone)
			return c
		},
		Crowd: 120,
		Hostile: []string{
			`{"success":true,"errors":[],"messages":[],"result":null}`,
			`{"success":true,"errors":[],"messages":[],"result":[null]}`,
			`{"success":true,"errors":[],"messages":[],"result":{"posts":[null]}}`,
			`{"success":false,"errors":[],"messages":[],"result":[]}`,
			`{"success":false,"errors":[{"code":1005,"message":"Internal error"}],"messages":[],"result":null}`,
			`{"type":"about:blank","title":"Error 502: Bad gateway","status":502,"error_code":502,"retryable":true}`,
		},
	})
}

// startSite has DNSSEC with several signers on, without which no DNSKEY can be made (design/facts/cloudflare-api.md
// section 5).
func startSite(t *testing.T) operatortest.Site {
	s := sandboxtest.Start(t, sandbox.Options{CloudflareQuota: 10000})
	site := s.Cloudflare
	patchDNSSEC(t, site.BaseURL, site.ZoneID, site.Token)
	site.Log.Reset()
	return operatortest.Site{
		BaseURL: site.BaseURL, Token: site.Token,
		Held: func() []operatortest.Held {
			var held []operatortest.Held
			for _, set := range site.Stored("example.com") {
				held = append(held, operatortest.Held{Name: set.Name, Type: set.Type, TTL: set.TTL, Values: set.Values})
			}
			return held
		},
		Put: func(h operatortest.Held) error {
			return site.Edit("example.com", h.Name, h.Type, int(h.TTL), h.Values...)
		},
		Fault: func(f operatortest.Fault) {
			site.Faults.Set(sandbox.Fault{Kind: sandbox.Kind(f.Kind), Count: f.Count, RetryAfter: f.RetryAfter, Delay: f.Delay, Body: f.Body})
		},
		Clear: site.Faults.Clear,
		Forbid: func() operatortest.Held {
			site.API.SetEmailRouting("example.com", true)
			return operatortest.Held{Name: "example.com.", Type: "MX", TTL: 3600, Values: []string{"10 mail.example.net."}}
		},
		Requests: func() []operatortest.Request {
			var all []operatortest.Request
			for _, e := range site.Log.Entries() {
				all = append(all, operatortest.Request{Writes: e.Method != "GET", What: e.Method + " " + e.Path})
			}
			return all
		},
	}
}
