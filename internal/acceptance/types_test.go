package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// typeCase is one RRset of a type in three spellings, and as both operators hold it.
type typeCase struct {
	name      string
	spellings [3][]string
	held      string
}

const (
	digest    = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	publicKey = "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
)

var everyType = map[string]typeCase{
	"A": {"a", [3][]string{{"192.0.2.1", "192.0.2.2"}, {"192.0.2.2", "192.0.2.1"}, {`\# 4 C0000202`, "192.0.2.1"}},
		"192.0.2.1 | 192.0.2.2"},
	"AAAA": {"a", [3][]string{{"2001:DB8::1"}, {"2001:0db8:0:0:0:0:0:1"}, {"2001:db8::0.0.0.1"}}, "2001:db8::1"},
	"CAA":  {"@", [3][]string{{`0 issue "ca.example.net"`}, {`0 issue ca.example.net`}, {` 00  issue "ca\.example.net"`}}, `0 issue "ca.example.net"`},
	"CERT": {"cert", [3][]string{{"1 0 8 MIIBCgKC"}, {"PKIX 0 RSASHA256 MIIB CgKC"}, {" 01 00  08 MIIBCgKC "}}, "1 0 8 miibcgkc"},
	"CNAME": {"alias", [3][]string{{"target.example.net"}, {"TARGET.Example.net."}, {`tar\103et.example.net.`}},
		"target.example.net."},
	"DNSKEY": {"@", [3][]string{{"256 3 13 " + publicKey}, {"256 3 13 " + publicKey[:20] + " " + publicKey[20:]}, {"256  3 ECDSAP256SHA256 " + publicKey}},
		"256 3 13 " + strings.ToLower(publicKey)},
	"DS": {"child", [3][]string{{"12345 13 2 " + digest}, {"12345 13 2 " + strings.ToUpper(digest)}, {"12345 13 2 " + digest[:30] + " " + digest[30:]}},
		"12345 13 2 " + digest},
	"HTTPS": {"@", [3][]string{{"1 . alpn=h3,h2 ipv4hint=192.0.2.1"}, {`1 . ipv4hint="192.0.2.1" alpn="h3,h2"`}, {"01 . key1=\\002h3\\002h2 key4=\\192\\000\\002\\001"}},
		"1 . alpn=h3,h2 ipv4hint=192.0.2.1"},
	"LOC": {"loc", [3][]string{{"52 22 23 N 4 53 32 E -2m 2m"}, {"52 22 23.000 N 4 53 32.000 E -2.00m 2m 10000m 10m"}, {"52 22 23.0 N 04 53 32.0 E -2.0 2.00m 10000.00m 10.00m"}},
		"52 22 23.000 n 4 53 32.000 e -2.00m 2.00m 10000.00m 10.00m"},
	"MX": {"@", [3][]string{{"10 mail.example.com", "20 mail.example.net."}, {"20 MAIL.example.net", "010 mail.example.com."}, {"10  mail.EXAMPLE.com.", "20 mail.example.net."}},
		"10 mail.example.com. | 20 mail.example.net."},
	"NAPTR": {"naptr", [3][]string{{`100 10 "S" "SIP+D2U" "" _sip._udp.example.com`}, {`100 10 S SIP+D2U "" _sip._udp.example.com.`}, {`0100 010 "S" "SIP+D2U" "" _SIP._UDP.example.com.`}},
		`100 10 "s" "sip+d2u" "" _sip._udp.example.com.`},
	"NS":         {"child", [3][]string{{"ns1.example.net", "ns2.example.net"}, {"NS2.example.net.", "ns1.example.net."}, {"ns1.example.NET.", "ns2.example.net"}}, "ns1.example.net. | ns2.example.net."},
	"OPENPGPKEY": {"_openpgpkey", [3][]string{{"mQINBFUIXh0B"}, {"mQIN BFUI Xh0B"}, {" mQINBFUIXh0B "}}, "mqinbfuixh0b"},
	"PTR":        {"1", [3][]string{{"host.example.com"}, {"HOST.example.com."}, {" host.example.com."}}, "host.example.com."},
	"SMIMEA": {"_smimecert", [3][]string{{"3 1 1 " + digest}, {"03 1 1 " + strings.ToUpper(digest)}, {"3 1 1 " + digest[:10] + " " + digest[10:]}},
		"3 1 1 " + digest},
	"SRV": {"_sip._tcp", [3][]string{{"0 5 443 sip.example.com"}, {"00 05 0443 SIP.example.com."}, {"0  5  443  sip.example.com."}}, "0 5 443 sip.example.com."},
	"SSHFP": {"host", [3][]string{{"4 2 " + digest}, {"4 2 " + strings.ToUpper(digest)}, {"04 02 " + digest[:32] + " " + digest[32:]}},
		"4 2 " + digest},
	"SVCB": {"_dns", [3][]string{{"1 dns.example.com alpn=dot port=853"}, {"1 dns.example.com. port=853 alpn=dot"}, {`1 dns.example.com. port="853" key1=\003dot`}},
		"1 dns.example.com. alpn=dot port=853"},
	"TLSA": {"_443._tcp", [3][]string{{"3 1 1 " + digest}, {"3 1 1 " + strings.ToUpper(digest)}, {"3 01 01 " + digest[:10] + " " + digest[10:]}},
		"3 1 1 " + digest},
	"TXT": {"@", [3][]string{{"v=spf1 -all", `say "hello"; it's \ here`}, {`"v=spf1 \045all"`, `"say \"hello\"; it's \\ here"`}, {`"v=spf1\032-all"`, `say "hello"; it's \ here`}},
		`"say \"hello\"; it's \\ here" | "v=spf1 -all"`},
	"URI": {"_http", [3][]string{{`10 1 "https://example.com/a"`}, {`10 01 https://example.com/a`}, {` 010  1 "https://example.com/a"`}},
		`10 1 "https://example.com/a"`},
}

// zoneOfTypes declares every type in one spelling, with the owner names in one of two.
func zoneOfTypes(spelling int) string {
	var hcl strings.Builder
	for typ, c := range everyType {
		name := c.name
		if spelling == 1 && name != "@" {
			name = strings.ToUpper(name) + ".EXAMPLE.com."
		}
		hcl.WriteString(record(strings.ToLower(typ), name, typ, "values = "+list(c.spellings[spelling])))
	}
	return hcl.String()
}

// list writes a list of strings in HCL, whose strings are as JSON's.
func list(values []string) string {
	text, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(string(text))
}

func heldTypes() []string {
	var lines []string
	for typ, c := range everyType {
		name := "example.com."
		if c.name != "@" {
			name = c.name + "." + name
		}
		lines = append(lines, fmt.Sprintf("%s 3600 %s %s", name, typ, c.held))
	}
	slices.Sort(lines)
	return lines
}

func TestAccTypes_EveryTypeIsThere(t *testing.T) {
	t.Parallel()
	var declared []string
	for typ := range everyType {
		declared = append(declared, typ)
	}
	slices.Sort(declared)
	if diff := cmp.Diff(rrset.Types(), declared); diff != "" {
		t.Fatalf("types without a case here (-want +got):\n%s", diff)
	}
}

// One apply creates all types, among them a DS that needs the NS beside it; every further spelling, at the user's or at
// an operator's, is no difference; and so is what an import finds. One destroy removes them all.
func TestAccTypes_AppliedRespelledImported(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.allowForeignKeys()
		s.configure(zoneOfTypes(0))
		s.apply(0)
		s.holds("cloudflare", heldTypes()...)
		s.holds("desec", heldTypes()...)
		s.plan(0)
		for spelling := 1; spelling <= 2; spelling++ {
			s.configure(zoneOfTypes(spelling))
			s.plan(0)
		}
		s.edit("cloudflare", "@", "TXT", 3600, "v=spf1 -all", `"say \"hello\"; it's \\ here"`)
		s.edit("cloudflare", "a", "A", 3600, "192.0.2.2", "192.0.2.1")
		s.edit("cloudflare", "alias", "CNAME", 3600, "TARGET.example.net")
		s.plan(0)

		s.loseState()
		s.forget()
		var imports strings.Builder
		for typ, c := range everyType {
			fmt.Fprintf(&imports, "import {\n  to = multidns_record.%s\n  id = \"example.com/%s/%s\"\n}\n", strings.ToLower(typ), c.name, typ)
		}
		s.configure(zoneOfTypes(2) + imports.String())
		if r := s.apply(0); !strings.Contains(r.Stdout, fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", len(everyType))) {
			t.Errorf("the import changed something:\n%s", r)
		}
		s.nothingWritten()
		s.configure(zoneOfTypes(1))
		s.plan(0)
		s.apply(0, "-destroy")
		s.holds("cloudflare")
		s.holds("desec")
	})
}

// A change of type is one request at each operator: nobody can see the name between the two.
func TestAccTypes_ChangedInOneRequest(t *testing.T) {
	t.Parallel()
	pairs := [][2]string{
		{"A", "CNAME"}, {"CNAME", "AAAA"}, {"TXT", "CNAME"}, {"CNAME", "MX"}, {"A", "AAAA"},
		{"SRV", "URI"}, {"HTTPS", "CNAME"}, {"CAA", "TXT"}, {"TLSA", "SMIMEA"},
	}
	declared := func(which int) string {
		var hcl strings.Builder
		for i, pair := range pairs {
			typ := pair[which]
			hcl.WriteString(record(fmt.Sprintf("r%d", i), fmt.Sprintf("n%d", i), typ, "values = "+list(everyType[typ].spellings[0])))
		}
		return hcl.String()
	}
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(declared(0))
		s.apply(0)
		s.forget()
		s.configure(declared(1))
		s.apply(0, "-parallelism=1")
		for _, operator := range []string{"cloudflare", "desec"} {
			writes := s.box.Site(operator).Log.Writes()
			if len(writes) != len(pairs) {
				t.Errorf("%s: %d writes for %d changes one after the other: %v", operator, len(writes), len(pairs), paths(writes))
			}
			for i, pair := range pairs {
				want := fmt.Sprintf("n%d.example.com. 3600 %s %s", i, pair[1], everyType[pair[1]].held)
				if !slices.Contains(s.held(operator), want) {
					t.Errorf("%s does not hold %q", operator, want)
				}
			}
			if got := len(s.held(operator)); got != len(pairs) {
				t.Errorf("%s holds %d RRsets, want %d", operator, got, len(pairs))
			}
		}
		s.settled()
	})
}

// allowForeignKeys turns multi-signer DNSSEC on, without which Cloudflare refuses DNSKEY
// (design/facts/cloudflare-api.md section 5).
func (s *stage) allowForeignKeys() {
	s.t.Helper()
	site := s.box.Cloudflare
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPatch, site.BaseURL+"/zones/"+site.ZoneID+"/dnssec",
		strings.NewReader(`{"status":"active","dnssec_multi_signer":true}`))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+site.Token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("Cloudflare answered %s", answer.Status)
	}
}

// loseState forgets what was applied, as somebody does who starts anew with a zone that exists.
func (s *stage) loseState() {
	s.t.Helper()
	for _, name := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
		if err := os.Remove(filepath.Join(s.work.Dir, name)); err != nil && !os.IsNotExist(err) {
			s.t.Fatal(err)
		}
	}
}

// nothingWritten expects no write at any operator since forget.
func (s *stage) nothingWritten() {
	s.t.Helper()
	for _, site := range s.box.Sites() {
		if got := site.Log.Writes(); len(got) != 0 {
			s.t.Errorf("%s was written: %v", site.Name, paths(got))
		}
	}
}

// stateFile is the state as it is on disk.
func (s *stage) stateFile() string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.work.Dir, "terraform.tfstate"))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}
