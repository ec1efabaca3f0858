package zonecheck_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/zonecheck"
)

var (
	digestA = "2371 13 2 " + strings.Repeat("ab", 32)
	digestB = "371 13 2 " + strings.Repeat("cd", 32)

	// entryPoint is a key, and its DS with SHA-384 as dnssec-dsfromkey of BIND makes it.
	entryPoint       = signing.NewKey(signing.EntryPoint, signing.ECDSAP256, "zonecheck")
	entryPointSHA384 = "27437 13 4 0b30a776caec6b085b0936bc1f53318e8b7bb9a12c41af913168d9f0409dcf33ee80198f1caa5c61cea21138f5a36d34"

	hostsCloudflare = []string{"ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."}
	hostsDesec      = []string{"ns1.desec.io.", "ns2.desec.org."}
)

// both are the hosts of two lists.
func both(a, b []string) []string { return slices.Concat(a, b) }

// wellKept is a zone of which nothing is wrong.
func wellKept() zonecheck.Zone {
	return zonecheck.Zone{
		Name: "example.com.",
		Operators: []zonecheck.ZoneAt{
			{
				Operator: "cloudflare", Title: "Cloudflare", ApexNS: hostsDesec,
				Zone:     operator.Zone{Status: "active", NameServers: hostsCloudflare, DSs: []string{strings.ToUpper(digestA)}},
				ZoneKeys: []string{"256 3 13 a"}, AddedKeys: []string{"257 3 13 b"},
			},
			{
				Operator: "desec", Title: "deSEC", ApexNS: both(hostsCloudflare, hostsDesec),
				Zone:     operator.Zone{Status: "published", DSs: []string{digestB, "371 13 4 " + strings.Repeat("ef", 48)}},
				ZoneKeys: []string{"257 3 13 b"}, AddedKeys: []string{"256 3 13 a"},
			},
		},
		Parent: delegation.Delegation{Parent: "com.", NameServers: both(hostsCloudflare, hostsDesec), DSs: []string{digestA, digestB}},
	}
}

func TestZone_Problems(t *testing.T) {
	outage := &operator.OutageError{Operator: "desec", Action: "read the zone", Reason: "HTTP 502"}
	for _, test := range []struct {
		name   string
		change func(*zonecheck.Zone)
		want   []string
	}{
		{"nothing", func(*zonecheck.Zone) {}, nil},
		{"unsigned everywhere", func(f *zonecheck.Zone) {
			f.Parent.DSs, f.Operators[0].DSs, f.Operators[1].DSs = nil, nil, nil
		}, nil},
		{"signed, and the parent does not know", func(f *zonecheck.Zone) { f.Parent.DSs = nil }, nil},
		{"one operator out", func(f *zonecheck.Zone) { f.Operators[1].Err = outage }, []string{"deSEC could not be read: HTTP 502."}},
		{"no such zone at one operator", func(f *zonecheck.Zone) {
			f.Operators[1].Err = &operator.RefusalError{Operator: "desec", Kind: operator.ZoneNotFound, Answer: errors.New("HTTP 404"), Message: "Not found."}
		}, []string{`deSEC does not show the zone: HTTP 404: "Not found.". Add it there, or give the token the right to read it.`}},
		{"nobody names one operator's name servers", func(f *zonecheck.Zone) {
			f.Operators[0].ApexNS, f.Operators[1].ApexNS = nil, hostsCloudflare
			f.Parent.NameServers = hostsCloudflare
		}, []string{"No name server of deSEC is known, because it tells none and its apex NS RRset holds those of others at most. Add its name servers there."}},
		{"a key that the other does not know", func(f *zonecheck.Zone) { f.Operators[0].AddedKeys = nil }, []string{
			"Cloudflare does not hold the key by which deSEC signs the zone: a resolver that takes the keys from Cloudflare and an answer from deSEC refuses the answer. multidns_dnssec exchanges the keys.",
		}},
		{"a key that the other need not know, because nobody asks it", func(f *zonecheck.Zone) {
			f.Operators[0].AddedKeys, f.Parent.NameServers = nil, hostsDesec
		}, []string{
			"com. delegates example.com. to no name server of Cloudflare, so that nobody asks it, also while the others are out. Add ada.ns.cloudflare.com. and bob.ns.cloudflare.com. at the registrar.",
		}},
		{"keys not read", func(f *zonecheck.Zone) { f.Operators[0].KeysErr, f.Operators[0].DSs = outage, nil }, []string{
			"The DNSSEC keys at Cloudflare could not be read: HTTP 502.",
		}},
		{"pending", func(f *zonecheck.Zone) { f.Operators[0].Status, f.Operators[0].Inactive = "pending", true }, []string{
			`Cloudflare calls the zone "pending": it may not answer for it.`,
		}},
		{"parent out of reach", func(f *zonecheck.Zone) {
			f.ParentErr, f.Parent = errors.New("no name server answered in time"), delegation.Delegation{}
		}, []string{
			"The delegation of example.com. could not be read at its parent: no name server answered in time.",
		}},
		{"not delegated", func(f *zonecheck.Zone) { f.Parent = delegation.Delegation{Parent: "com."} }, []string{
			"com. does not delegate example.com. to anybody: give the name servers of the operators to the registrar.",
		}},
		{"delegated to one operator alone", func(f *zonecheck.Zone) { f.Parent.NameServers = hostsCloudflare }, []string{
			"com. delegates example.com. to no name server of deSEC, so that nobody asks it, also while the others are out. Add ns1.desec.io. and ns2.desec.org. at the registrar.",
		}},
		{"one name server forgotten", func(f *zonecheck.Zone) { f.Parent.NameServers = both(hostsDesec, hostsCloudflare[:1]) }, []string{
			"com. does not delegate example.com. to bob.ns.cloudflare.com. of Cloudflare. Add it at the registrar.",
		}},
		{"delegated to a third", func(f *zonecheck.Zone) { f.Parent.NameServers = append(f.Parent.NameServers, "ns.old.example.") }, []string{
			"com. delegates example.com. to ns.old.example. as well, which no operator names: whoever runs it answers with data of its own. Remove it at the registrar, or add it to the apex NS RRset.",
		}},
		{"delegated to a third, which the operator that is out may name", func(f *zonecheck.Zone) {
			f.Parent.NameServers, f.Operators[1].Err = append(f.Parent.NameServers, "ns.old.example."), outage
		}, []string{"deSEC could not be read: HTTP 502."}},
		{"apex of one knows nobody else", func(f *zonecheck.Zone) { f.Operators[0].ApexNS = nil }, []string{
			"The apex NS RRset at Cloudflare lacks ns1.desec.io. and ns2.desec.org., which deSEC names: resolvers that asked Cloudflare do not know of it. Add it there.",
		}},
		{"DS of another key", func(f *zonecheck.Zone) { f.Parent.DSs = []string{digestA} }, []string{
			"com. has a DS RRset for example.com. in which no key of deSEC is: resolvers that validate refuse its answers. Add one of its DS at the registrar.",
		}},
		{"DS of a stranger", func(f *zonecheck.Zone) { f.Parent.DSs = append(f.Parent.DSs, "4711 13 2 "+strings.Repeat("ee", 32)) }, []string{
			"com. has the DS 4711 13 2 eeeeeeeeeeeeeeeeee…, and no operator signs example.com. with that key: alone it would make every answer bogus. Remove it at the registrar.",
		}},
		{"DS of a stranger, or of the operator that is out", func(f *zonecheck.Zone) {
			f.Parent.DSs, f.Operators[1].Err = append(f.Parent.DSs, "4711 13 2 "+strings.Repeat("ee", 32)), outage
		}, []string{"deSEC could not be read: HTTP 502."}},
		{"DS with a digest that the operator does not tell", func(f *zonecheck.Zone) {
			f.Operators[0].DNSKEYs, f.Parent.DSs = []string{entryPoint.DNSKEY()}, []string{digestB, entryPointSHA384}
		}, nil},
		{"algorithms that differ", func(f *zonecheck.Zone) {
			f.Operators[0].DNSKEYs, f.Operators[1].DNSKEYs = []string{"257 3 15 c"}, []string{"257 3 13 b"}
		}, []string{
			"The operators sign with different algorithms: Cloudflare with 13 and 15, deSEC with 13. All signers of a zone must use the same (RFC 8901 section 4): have the operator change it.",
		}},
		{"algorithms that differ, and nobody validates", func(f *zonecheck.Zone) {
			f.Operators[0].DNSKEYs, f.Operators[1].DNSKEYs, f.Parent.DSs = []string{"257 3 15 c"}, []string{"257 3 13 b"}, nil
		}, nil},
		{"one does not sign", func(f *zonecheck.Zone) { f.Operators[0].DSs = nil }, []string{
			"com. has a DS RRset for example.com., and Cloudflare does not sign it: resolvers that validate refuse its answers. Switch DNSSEC on at Cloudflare, or remove the DS at the registrar.",
		}},
		{"DS not read", func(f *zonecheck.Zone) { f.Parent.DSs, f.Parent.DSErr = nil, errors.New("SERVFAIL") }, []string{
			"The DS RRset of example.com. could not be read at its parent: SERVFAIL.",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := wellKept()
			test.change(&f)
			f.InferNameServers()
			if diff := cmp.Diff(test.want, f.Problems()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestZone_Missing(t *testing.T) {
	f := wellKept()
	f.Operators[1].ApexNS = append(f.Operators[1].ApexNS, "ns.secondary.example.")
	f.Parent.NameServers = []string{"ada.ns.cloudflare.com.", "ns1.desec.io."}
	f.InferNameServers()
	want := []string{"bob.ns.cloudflare.com.", "ns.secondary.example.", "ns2.desec.org."}
	if diff := cmp.Diff(want, f.Missing()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
