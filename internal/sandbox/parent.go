package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// parentTTL is that of what the parent says of its child, in seconds.
const parentTTL = 3600

// Parent is the zone above Options.Zone: signed, with a delegation that can be changed as at a registrar.
type Parent struct {
	Zone string // without the final dot
	DNS

	child string // absolute
	keys  *signing.Ring

	mu      sync.Mutex
	ns, dss []string
}

func openParent(child string, ns []string) (*Parent, error) {
	_, zone, _ := strings.Cut(child, ".")
	p := &Parent{Zone: zone, child: child + ".", ns: ns, keys: signing.NewRing(signing.EntryPoint, signing.ECDSAP256, "parent "+zone)}
	var err error
	p.DNS, err = openDNS("parent", "127.0.0.1:0", p)
	return p, err
}

// Delegate names the name servers of the child, absolute.
func (p *Parent) Delegate(hosts ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ns = slices.Clone(hosts)
}

// SetDS replaces the DS RRset of the child; none takes it away.
func (p *Parent) SetDS(values ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dss = slices.Clone(values)
}

// TrustAnchor is the DS RRset by which a resolver trusts the parent, as a line of a zone file.
func (p *Parent) TrustAnchor() string {
	return fmt.Sprintf("%s. IN DS %s", p.Zone, p.keys.Current().CDS(p.Zone))
}

// Zones is what the name server serves.
func (p *Parent) Zones() []string { return []string{p.Zone + "."} }

// Published is the parent zone: itself and one delegation.
func (p *Parent) Published(string) []zonedata.RRset {
	p.mu.Lock()
	defer p.mu.Unlock()
	sets := []zonedata.RRset{{Name: p.Zone + ".", Type: "NS", TTL: parentTTL, Values: []string{"ns.registry.invalid."}}}
	if len(p.ns) > 0 {
		sets = append(sets, zonedata.RRset{Name: p.child, Type: "NS", TTL: parentTTL, Values: slices.Clone(p.ns)})
	}
	if len(p.dss) > 0 {
		sets = append(sets, zonedata.RRset{Name: p.child, Type: "DS", TTL: parentTTL, Values: slices.Clone(p.dss)})
	}
	return sets
}

// Signing makes the parent a signed zone.
func (p *Parent) Signing(string) *signing.Zone {
	return &signing.Zone{Keys: p.keys.Uses(true), TTL: parentTTL}
}
