package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/unboundtest"
)

// signedContent is one of each kind of answer.
func signedContent(t *testing.T, s *sandbox.Sandbox) {
	t.Helper()
	for _, site := range s.Sites() {
		for _, r := range []struct {
			name, typ, value string
		}{
			{"www", "CNAME", "cdn.example.com."}, {"cdn", "CNAME", "edge.example.com."}, {"edge", "A", "192.0.2.1"},
			{"*.wild", "TXT", `"star"`}, {"*.alias", "CNAME", "edge.example.com."}, {"deep.under.ent", "A", "192.0.2.3"},
			{"sub", "NS", "ns.elsewhere.invalid."},
		} {
			if err := site.Edit(s.Zone, r.name, r.typ, 3600, r.value); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// question has one answer of each kind.
var signedQuestions = []struct {
	name   string
	qtype  uint16
	denied bool
}{
	{"edge.example.com.", dns.TypeA, false}, {"www.example.com.", dns.TypeA, false}, {"x.wild.example.com.", dns.TypeTXT, false},
	{"a.b.wild.example.com.", dns.TypeTXT, false}, {"x.alias.example.com.", dns.TypeA, false}, {"example.com.", dns.TypeNS, false},
	{"example.com.", dns.TypeSOA, false}, {"example.com.", dns.TypeDNSKEY, false}, {"example.com.", dns.TypeCDS, false},
	{"nope.example.com.", dns.TypeA, true}, {"a.b.nope.example.com.", dns.TypeA, true}, {"edge.example.com.", dns.TypeAAAA, true},
	{"www.example.com.", dns.TypeAAAA, true}, {"ent.example.com.", dns.TypeA, true}, {"x.wild.example.com.", dns.TypeA, true},
	{"x.alias.example.com.", dns.TypeAAAA, true}, {"example.com.", dns.TypeMX, true}, {"sub.example.com.", dns.TypeDS, true},
	{"under.ent.example.com.", dns.TypeA, true},
}

func signCloudflare(t *testing.T, s *sandbox.Sandbox) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, s.Cloudflare.BaseURL+"/zones/"+s.Cloudflare.ZoneID+"/dnssec",
		strings.NewReader(`{"status":"active","dnssec_multi_signer":true}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Cloudflare.Token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("HTTP %d", res.StatusCode)
	}
}

// entryPoints are the DS of a site's keys.
func entryPoints(keys *signing.Zone, zone string) []string {
	var all []string
	for _, k := range keys.Keys {
		if k.Flags == signing.EntryPoint {
			all = append(all, k.CDS(zone))
		}
	}
	return all
}

// Each operator's answers validate, in every step of a roll, and the parent's as well.
func TestSigned_EachOperatorValidates(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Options{})
	signedContent(t, s)
	signCloudflare(t, s)
	sign := map[string]func() *signing.Zone{
		"cloudflare": func() *signing.Zone { return s.Cloudflare.API.Signing(s.Zone) },
		"desec":      func() *signing.Zone { return s.Desec.API.Signing(s.Zone) },
	}
	for _, site := range s.Sites() {
		for _, step := range []string{"", signing.Publish, signing.Activate, signing.Retire} {
			if step != "" {
				if err := site.Roll(s.Zone, step); err != nil {
					t.Fatal(err)
				}
			}
			s.Parent.SetDS(entryPoints(sign[site.Name](), s.Zone)...)
			r := unboundtest.Start(t, unboundtest.Config{
				TrustAnchors: []string{s.Parent.TrustAnchor()},
				Stubs:        map[string][]string{"com.": {s.Parent.DNSAddr}, "example.com.": {site.DNSAddr}},
			})
			for _, q := range signedQuestions {
				a, err := r.Ask(t.Context(), q.name, q.qtype)
				if err != nil {
					t.Fatal(err)
				}
				isEmpty := len(a.Answer) == 0 || dns.RRToType(a.Answer[len(a.Answer)-2]) == dns.TypeCNAME
				if !a.Secure || isEmpty != q.denied {
					t.Errorf("%s after %q: %s %s: secure %t, bogus %t: %v\n%s", site.Name, step, q.name, dns.TypeToString[q.qtype], a.Secure, a.Bogus, a.Msg, r.Log())
				}
			}
		}
	}
}
