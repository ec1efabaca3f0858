package dnssec

import (
	"fmt"
	"slices"
	"time"
)

// Order is what to do, and when, before an operator's keys may go.
const Order = "The safe order is: remove the name servers of the operator that leaves, at the parent and in the zone at both operators; wait for the TTL of the NS RRset, " +
	"then for that of DNSKEY and of the zone's data; take its DS away at the registrar; wait for the TTL of the DS, then for that of DNSKEY; then destroy."

// Leave says why the added keys may not be taken away now; empty: they may.
func Leave(m Memory, o Observation) []string {
	if o.Parent.Unknown != "" {
		for _, s := range o.Signers {
			if m.Traces[s.Name].Seen {
				return []string{fmt.Sprintf("the parent cannot be asked whether it still has a DS (%s), and it had one of %s", o.Parent.Unknown, s.Title)}
			}
		}
		return nil
	}
	var named []Signer
	for _, s := range o.Signers {
		if o.names(m.Signers[s.Name].entryPoints()) {
			named = append(named, s)
		}
	}
	if len(named) > 1 {
		return []string{fmt.Sprintf("%s has DS of both %s and %s: without the other's key, answers of either would be refused", o.Parent.Zone, named[0].Title, named[1].Title)}
	}
	var reasons []string
	for _, s := range o.Signers {
		if len(named) == 0 || s.Name == named[0].Name {
			continue
		}
		if hosts := common(Union(o.Parent.NS, named[0].ApexNS), m.Signers[s.Name].Hosts); len(hosts) > 0 {
			reasons = append(reasons, fmt.Sprintf("%s has a DS of %s alone, and the NS RRset (at the parent or in the zone at %s) still names %s of %s",
				o.Parent.Zone, named[0].Title, named[0].Title, and(hosts), s.Title))
		}
	}
	return append(reasons, m.tooEarly(o, named)...)
}

// tooEarly says whose DS may still be in caches.
func (m Memory) tooEarly(o Observation, named []Signer) []string {
	var reasons []string
	for _, s := range o.Signers {
		t := m.Traces[s.Name]
		if !t.Seen || slices.ContainsFunc(named, func(n Signer) bool { return n.Name == s.Name }) {
			continue
		}
		gone := t.Gone
		if gone.IsZero() || gone.After(o.Now) {
			gone = o.Now
		}
		until := gone.Add(time.Duration(t.TTL)*time.Second + time.Duration(m.KeyTTL)*time.Second + margin)
		if o.Now.Before(until) {
			reasons = append(reasons, fmt.Sprintf("the DS of %s was gone for the first time at %s, and caches may use it until %s",
				s.Title, gone.UTC().Format(time.RFC3339), until.UTC().Format(time.RFC3339)))
		}
	}
	return reasons
}
