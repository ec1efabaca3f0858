package dnssec

import "time"

// The types of what operators add at the apex for each other.
const (
	TypeDNSKEY  = "DNSKEY"
	TypeCDS     = "CDS"
	TypeCDNSKEY = "CDNSKEY"
)

// Types are all of them.
var Types = []string{TypeDNSKEY, TypeCDS, TypeCDNSKEY}

// Observation is what was seen in one run.
type Observation struct {
	// Zone is canonical: absolute and in lower case.
	Zone string
	// Now is when it was seen.
	Now time.Time
	// Signers are all operators, in the order in which sentences name them.
	Signers []Signer
	// Parent is what the zone above says.
	Parent Parent
}

// Signer is one operator.
type Signer struct {
	// Name is the operator's word, Title how its people write it.
	Name, Title string
	// Known is false when its API could not be read; Held says nothing then.
	Known bool
	Held
	// Takes are the types that can be added at the apex.
	Takes []string
	// DataTTL is the largest TTL of what the zone holds there, in seconds.
	DataTTL uint32
	// ApexNS is the apex NS RRset that it answers with.
	ApexNS []string
	// Servers are what its name servers answered; none: they were not asked.
	Servers []Server
	// ServersUnknown is why they could not be asked, if they could not.
	ServersUnknown string
}

// Held is what an operator's API says.
type Held struct {
	// Ready says that it signs the zone and takes keys of others.
	Ready bool `json:"ready"`
	// Keys are its own; none while it does not sign.
	Keys []Key `json:"keys,omitempty"`
	// Added are the values of the apex RRsets that were added beside its own, by type.
	Added map[string][]string `json:"added,omitempty"`
	// Hosts are its name servers, absolute.
	Hosts []string `json:"hosts,omitempty"`
}

// Server is one name server's answers.
type Server struct {
	// Name is for people: host or address.
	Name string
	// Silent is set when it gave no answer to count on.
	Silent bool
	// Keys is its DNSKEY RRset, canonical; KeyTTL is the TTL.
	Keys   []string
	KeyTTL uint32
	// DataTTL is the largest TTL of what else it was asked for.
	DataTTL uint32
	// CDS and CDNSKEY are those RRsets; none: it has no such RRset.
	CDS, CDNSKEY []string
}

// Parent is what the zone above says of the zone.
type Parent struct {
	// Zone is its name.
	Zone string
	// Unknown is why it could not be asked; the rest says nothing then.
	Unknown string
	// DS is the DS RRset, canonical; TTL is that of DS, in seconds.
	DS  []string
	TTL uint32
	// NS are the name servers that it delegates to, absolute.
	NS []string
}

// DNSKEYs are the keys, sorted.
func (h Held) DNSKEYs() []string {
	var all []string
	for _, k := range h.Keys {
		all = append(all, k.DNSKEY)
	}
	return Union(all)
}

// zoneKeys are those that other signers must know.
func (h Held) zoneKeys() []string {
	var all []string
	for _, k := range h.Keys {
		if k.SignsZone {
			all = append(all, k.DNSKEY)
		}
	}
	return Union(all)
}

func (h Held) entryPoints() []string {
	var all []string
	for _, k := range h.DNSKEYs() {
		if isEntryPoint(k) {
			all = append(all, k)
		}
	}
	return all
}
