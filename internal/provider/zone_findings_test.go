package provider

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

var (
	digestA = "2371 13 2 " + strings.Repeat("ab", 32)
	digestB = "371 13 2 " + strings.Repeat("cd", 32)

	hostsCloudflare = []string{"ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."}
	hostsDesec      = []string{"ns1.desec.io.", "ns2.desec.org."}
)

// wellKept is a zone of which nothing is wrong.
func wellKept() findings {
	return findings{
		zone: "example.com.",
		operators: []zoneAtOperator{
			{
				name: "cloudflare", apexNS: hostsDesec,
				Details: replica.Details{Zone: operator.Zone{Status: "active", NameServers: hostsCloudflare, DSs: []string{strings.ToUpper(digestA)}}},
			},
			{
				name: "desec", apexNS: union(hostsCloudflare, hostsDesec),
				Details: replica.Details{Zone: operator.Zone{Status: "published", DSs: []string{digestB, "371 13 4 " + strings.Repeat("ef", 48)}}},
			},
		},
		parent: delegation.Delegation{Parent: "com.", NameServers: union(hostsCloudflare, hostsDesec), DSs: []string{digestA, digestB}},
	}
}

func TestFindings_Problems(t *testing.T) {
	outage := &operator.OutageError{Operator: "desec", Action: "read the zone", Reason: "HTTP 502"}
	for _, test := range []struct {
		name   string
		change func(*findings)
		want   []string
	}{
		{"nothing", func(*findings) {}, nil},
		{"unsigned everywhere", func(f *findings) {
			f.parent.DSs, f.operators[0].DSs, f.operators[1].DSs = nil, nil, nil
		}, nil},
		{"signed, and the parent does not know", func(f *findings) { f.parent.DSs = nil }, nil},
		{"one operator out", func(f *findings) { f.operators[1].err = outage }, []string{"deSEC could not be read: HTTP 502."}},
		{"no such zone at one operator", func(f *findings) {
			f.operators[1].err = &operator.RefusalError{Operator: "desec", Kind: operator.ZoneNotFound, Answer: errors.New("HTTP 404"), Message: "Not found."}
		}, []string{`deSEC does not show the zone: HTTP 404: "Not found.". Add it there, or give the token the right to read it.`}},
		{"nobody names one operator's name servers", func(f *findings) {
			f.operators[0].apexNS, f.operators[1].apexNS = nil, hostsCloudflare
			f.parent.NameServers = hostsCloudflare
		}, []string{"No name server of deSEC is known, because it tells none and its apex NS RRset holds those of others at most. Add its name servers there."}},
		{"keys not read", func(f *findings) { f.operators[0].KeysErr, f.operators[0].DSs = outage, nil }, []string{
			"The DNSSEC keys at Cloudflare could not be read: HTTP 502.",
		}},
		{"pending", func(f *findings) { f.operators[0].Status = "pending" }, []string{
			`Cloudflare calls the zone "pending": it may not answer for it.`,
		}},
		{"parent out of reach", func(f *findings) {
			f.parentErr, f.parent = errors.New("no name server answered in time"), delegation.Delegation{}
		}, []string{
			"The delegation of example.com. could not be read at its parent: no name server answered in time.",
		}},
		{"not delegated", func(f *findings) { f.parent = delegation.Delegation{Parent: "com."} }, []string{
			"com. does not delegate example.com. to anybody: give the name servers of the operators to the registrar.",
		}},
		{"delegated to one operator alone", func(f *findings) { f.parent.NameServers = hostsCloudflare }, []string{
			"com. delegates example.com. to no name server of deSEC, so that nobody asks it, also while the others are out. Add ns1.desec.io. and ns2.desec.org. at the registrar.",
		}},
		{"one name server forgotten", func(f *findings) { f.parent.NameServers = union(hostsDesec, hostsCloudflare[:1]) }, []string{
			"com. does not delegate example.com. to bob.ns.cloudflare.com. of Cloudflare. Add it at the registrar.",
		}},
		{"delegated to a third", func(f *findings) { f.parent.NameServers = append(f.parent.NameServers, "ns.old.example.") }, []string{
			"com. delegates example.com. to ns.old.example. as well, which no operator names: whoever runs it answers with data of its own. Remove it at the registrar, or add it to the apex NS RRset.",
		}},
		{"delegated to a third, which the operator that is out may name", func(f *findings) {
			f.parent.NameServers, f.operators[1].err = append(f.parent.NameServers, "ns.old.example."), outage
		}, []string{"deSEC could not be read: HTTP 502."}},
		{"apex of one knows nobody else", func(f *findings) { f.operators[0].apexNS = nil }, []string{
			"The apex NS RRset at Cloudflare lacks ns1.desec.io. and ns2.desec.org., which deSEC names: resolvers that asked Cloudflare do not know of it. Add it there.",
		}},
		{"DS of another key", func(f *findings) { f.parent.DSs = []string{digestA} }, []string{
			"com. has a DS RRset for example.com. in which no key of deSEC is: resolvers that validate refuse its answers. Add one of its DS at the registrar.",
		}},
		{"one does not sign", func(f *findings) { f.operators[0].DSs = nil }, []string{
			"com. has a DS RRset for example.com., and Cloudflare does not sign it: resolvers that validate refuse its answers. Switch DNSSEC on at Cloudflare, or remove the DS at the registrar.",
		}},
		{"DS not read", func(f *findings) { f.parent.DSs, f.parent.DSErr = nil, errors.New("SERVFAIL") }, []string{
			"The DS RRset of example.com. could not be read at its parent: SERVFAIL.",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := wellKept()
			test.change(&f)
			f.inferNameServers()
			if diff := cmp.Diff(test.want, f.problems()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindings_Missing(t *testing.T) {
	f := wellKept()
	f.operators[1].apexNS = append(f.operators[1].apexNS, "ns.secondary.example.")
	f.parent.NameServers = []string{"ada.ns.cloudflare.com.", "ns1.desec.io."}
	f.inferNameServers()
	want := []string{"bob.ns.cloudflare.com.", "ns.secondary.example.", "ns2.desec.org."}
	if diff := cmp.Diff(want, f.missing()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
