package desec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

// signingTTL is that of the RRsets that signing adds at the apex: the SOA's minimum.
const signingTTL = 3600

// newRing makes the one key of a domain: algorithm 13, flags 257, for both purposes (design/facts/desec-api.md section
// 6). It is the same for the same name and time.
func newRing(name string, created time.Time) *signing.Ring {
	return signing.NewRing(signing.EntryPoint, signing.ECDSAP256, name+created.String())
}

// Signing says how the domain of that name is signed: always.
func (s *Server) Signing(name string) *signing.Zone {
	return of(s, name, func(z *zone) *signing.Zone {
		return &signing.Zone{Keys: z.signing.Uses(true), TTL: signingTTL, CDS: !s.habits.NoCDS}
	})
}

// Roll takes one step of the roll of the domain's key.
func (s *Server) Roll(name, step string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	z := s.zone(name)
	if z == nil {
		return fmt.Errorf("roll the key of %s: no such domain", name)
	}
	return z.signing.Roll(step)
}

// SetAlgorithm signs all domains with new keys of another algorithm.
func (s *Server) SetAlgorithm(algorithm uint8) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, z := range s.zones {
		z.signing.SetAlgorithm(algorithm)
	}
}

// SetHabits changes how the service signs.
func (s *Server) SetHabits(habits signing.Habits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.habits = habits
}

// keys are the service's own and those of the user's DNSKEY RRset.
func (z *zone) keys() []object {
	all := []object{}
	for _, own := range z.signing.Uses(true) {
		all = append(all, z.showKey(own.DNSKEY(), "csk", true))
	}
	for _, record := range slices.Sorted(slices.Values(z.rrsets[key{"", "DNSKEY"}].records)) {
		all = append(all, z.showKey(record, nil, false))
	}
	return all
}

func (z *zone) showKey(record string, keyType any, managed bool) object {
	first, _, _ := strings.Cut(record, " ")
	flags, _ := strconv.Atoi(first) // canonical: this is a number
	const secureEntryPoint = 1      // RFC 4034 section 2.1.1
	ds := []string{}
	if flags&secureEntryPoint != 0 {
		ds = append(ds, signing.DS(z.name, record, dns.SHA256), signing.DS(z.name, record, dns.SHA384))
	}
	return object{{"dnskey", record}, {"ds", ds}, {"flags", flags}, {"keytype", keyType}, {"managed", managed}}
}
