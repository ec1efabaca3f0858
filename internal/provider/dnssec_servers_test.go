package provider

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
)

// The name servers that nobody named are found from the root servers of the environment down, with the port that all of
// that world have.
func TestSigners_FindsNameServersFromTheRoot(t *testing.T) {
	root, port := smallInternet(t)
	t.Setenv(rootsVariable, root+":"+port)
	asker, err := Process().asker()
	if err != nil {
		t.Fatal(err)
	}
	asker.Port = uint16(portNumber(t, port))
	s := &signers{zone: "example.com.", asker: asker, named: map[string][]nameServer{"desec": {{label: "named"}}}}
	all := []dnssec.Signer{{Name: "cloudflare", Held: dnssec.Held{Hosts: []string{"ns.red.com.", "ns.blue.com."}}}, {Name: "desec"}}
	s.find(t.Context(), all)
	var got []string
	for _, server := range s.found["cloudflare"].servers {
		got = append(got, server.label+" "+server.addr.String())
	}
	want := []string{"ns.blue.com. 127.0.2.1:" + port, "ns.red.com. 127.0.1.1:" + port}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", s.found["cloudflare"].why, diff)
	}
	if named := s.found["desec"].servers; len(named) != 1 || named[0].label != "named" {
		t.Errorf("the servers that the user named are not asked: %v", named)
	}
	for _, server := range askServers(t.Context(), "example.com.", s.found["cloudflare"].servers) {
		if server.Silent {
			t.Errorf("%s was not reached", server.Name)
		}
	}
}

// One host without an address leaves the question open: what every server serves is not known then.
func TestSigners_HostThatIsNotFound(t *testing.T) {
	root, port := smallInternet(t)
	roots, err := parseRoots([]string{root + ":" + port}, 53)
	if err != nil {
		t.Fatal(err)
	}
	asker := delegation.Asker{Roots: roots, Port: uint16(portNumber(t, port))}
	for _, c := range []struct {
		hosts []string
		why   string
	}{
		{[]string{"ns.red.com.", "ns.nowhere.com."}, "the addresses of ns.nowhere.com. cannot be found"},
		{nil, "no host of its own is known"},
	} {
		s := &signers{zone: "example.com.", asker: asker}
		s.find(t.Context(), []dnssec.Signer{{Name: "desec", Held: dnssec.Held{Hosts: slices.Clone(c.hosts)}}})
		if found := s.found["desec"]; found.why != c.why || len(found.servers) > 0 {
			t.Errorf("%v: %+v, want %q", c.hosts, found, c.why)
		}
	}
}
