package acceptance

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// proxiedAtCloudflare puts a proxied record with a comment there.
func (s *stage) proxiedAtCloudflare(typ, content string) {
	s.t.Helper()
	if _, err := s.box.Cloudflare.API.Add(s.box.Zone, cloudflare.Record{
		Name: "www.example.com", Type: typ, Content: content, Proxied: true, Proxiable: true, TTL: 1, Comment: new("mind me"),
	}); err != nil {
		s.t.Fatal(err)
	}
}

// A proxied RRset hides the addresses behind it. To take it over, or to adopt what looks equal, never switches the
// proxy off without a word, in any resource.
func TestProxied_NothingGoesOffSilently(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		typ, content string
		config       func(overwrite bool) protocol.Config
	}{
		"record": {"A", "192.0.2.1", func(overwrite bool) protocol.Config {
			return declared("multidns_record.r", map[string]any{"name": "www", "type": "A", "values": []string{"192.0.2.1"}, "overwrite": overwrite})
		}},
		"map": {"A", "192.0.2.1", func(overwrite bool) protocol.Config {
			return declared("multidns_zone_records.r", map[string]any{
				"records": map[string]any{"www/A": map[string]any{"ttl": 3600, "values": []string{"192.0.2.1"}}}, "overwrite": overwrite,
			})
		}},
		"router": {"CNAME", "cf.example.net", func(overwrite bool) protocol.Config {
			c := routerConfig(true)
			c.Resources["multidns_router.r"].Args["overwrite"] = overwrite
			return c
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newBareStage(t, sandbox.Options{CloudflarePlan: "pro"})
			s.proxiedAtCloudflare(test.typ, test.content)
			r := newDriven(t, s.box, patientTimeout)
			refused := r.apply(t.Context(), test.config(false))
			if refused.exit != 1 || !strings.Contains(refused.text, "proxied is true instead of false") || !strings.Contains(refused.text, "cloudflare = { proxied = true }") {
				t.Errorf("a conflict that does not name the proxy, or what keeps it:\n%s", refused.text)
			}
			if records := s.box.Cloudflare.API.Records(s.box.Zone); len(records) != 1 || !records[0].Proxied {
				t.Errorf("Cloudflare was written in spite of a conflict: %v", records)
			}
			plan := r.plan(t.Context(), test.config(true))
			if plan.exit != 2 || !strings.Contains(plan.text, "proxied is true instead of false") || !strings.Contains(plan.text, "everybody can see") {
				t.Errorf("the plan of a take-over does not say that the proxy goes off:\n%s", plan.text)
			}
			if done := r.apply(t.Context(), test.config(true)); done.exit != 0 {
				t.Fatalf("apply:\n%s", done.text)
			}
			if records := s.box.Cloudflare.API.Records(s.box.Zone); records[0].Proxied || *records[0].Comment != "mind me" {
				t.Errorf("after the take-over Cloudflare holds %+v, want it unproxied and with its comment", records)
			}
		})
	}
}
