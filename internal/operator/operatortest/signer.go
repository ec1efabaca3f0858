package operatortest

import (
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// signers are the scenarios of [operator.Signer]. An operator without it skips them; each client asserts the interface,
// so that a misspelt method does not.
var signers = map[string]func(*scenario){
	"Signer_TellsItsKeys":        func(s *scenario) { s.tellsKeys() },
	"Signer_SignIsRepeatable":    func(s *scenario) { s.signsTwice() },
	"Signer_TakesKeysOfOthers":   func(s *scenario) { s.takesKeys() },
	"Signer_OutageIsNotUnsigned": func(s *scenario) { s.signingOutage() },
}

// signed switches signing on and reads the keys.
func (s *scenario) signed() operator.Signing {
	s.Helper()
	signer := offered[operator.Signer](s)
	if err := signer.Sign(s.ctx, s.Zone); err != nil {
		s.Fatalf("sign: %v", err)
	}
	signing, err := signer.Signing(s.ctx, s.Zone)
	if err != nil {
		s.Fatalf("read the keys: %v", err)
	}
	if !signing.Ready {
		s.Fatal("not ready after Sign")
	}
	return signing
}

// tellsKeys wants canonical keys, one of which signs the zone and one of which a DS can name, and none of them among
// the RRsets of the user.
func (s *scenario) tellsKeys() {
	signing := s.signed()
	signs, entry := false, false
	for _, k := range signing.Keys {
		canonical, err := rrset.Canonical("DNSKEY", k.DNSKEY)
		if err != nil || canonical != k.DNSKEY {
			s.Errorf("the key %q is not canonical: %q, %v", k.DNSKEY, canonical, err)
		}
		signs = signs || k.SignsZone
		entry = entry || strings.HasPrefix(k.DNSKEY, "257 ")
	}
	if !signs || !entry {
		s.Errorf("the keys %v: one signs the zone: %t, one has flags 257: %t", signing.Keys, signs, entry)
	}
	s.listed()
	s.verify()
}

func (s *scenario) signsTwice() {
	before := s.signed()
	if diff := cmp.Diff(before, s.signed()); diff != "" {
		s.Errorf("a repetition changed the keys:\n%s", diff)
	}
}

// takesKeys adds, changes and takes away what other signers need; the operator's own keys are the same all the time.
func (s *scenario) takesKeys() {
	signer, before := offered[operator.Signer](s), s.signed()
	const (
		cds     = "2371 13 2 abababababababababababababababababababababababababababababababab"
		cdnskey = dnskey
	)
	values := map[string][2]string{
		"DNSKEY": {strings.Replace(dnskey, "257", "256", 1), dnskey}, "CDS": {cds, strings.ReplaceAll(cds, "ab", "cd")}, "CDNSKEY": {cdnskey, strings.Replace(cdnskey, "257", "256", 1)},
	}
	if !signer.TakesAtApex("DNSKEY") || signer.TakesAtApex("A") {
		s.Errorf("takes DNSKEY at the apex: %t, A: %t", signer.TakesAtApex("DNSKEY"), signer.TakesAtApex("A"))
	}
	for _, typ := range []string{"DNSKEY", "CDS", "CDNSKEY"} {
		if !signer.TakesAtApex(typ) {
			continue
		}
		one := s.apex(typ, values[typ][0])
		s.write(operator.Change{After: one})
		both := s.apex(typ, values[typ][0], values[typ][1])
		s.write(operator.Change{Before: s.readApex(typ), After: both})
		if got := s.signed(); !slices.Equal(got.Keys, before.Keys) {
			s.Errorf("with an added %s the own keys are %v, want %v", typ, got.Keys, before.Keys)
		}
		s.write(operator.Change{Before: s.readApex(typ)})
	}
	if got := s.signed(); !slices.Equal(got.Keys, before.Keys) {
		s.Errorf("in the end the own keys are %v, want %v", got.Keys, before.Keys)
	}
}

// apex is an RRset that users cannot declare and other signers need.
func (s *scenario) apex(typ string, values ...string) *operator.RRset {
	return &operator.RRset{RRset: rrset.Observed(rrset.Key{Zone: s.Zone, Name: s.Zone, Type: typ}, 3600, values)}
}

func (s *scenario) readApex(typ string) *operator.RRset {
	s.Helper()
	held, err := s.op.ListName(s.ctx, s.Zone, s.Zone)
	if err != nil {
		s.Fatalf("read the apex: %v", err)
	}
	for _, r := range held {
		if r.Type == typ {
			return &r
		}
	}
	s.Fatalf("no %s at the apex", typ)
	return nil
}

// signingOutage wants an error, never "not signed".
func (s *scenario) signingOutage() {
	s.signed()
	failing(s, func(op operator.Signer) error {
		_, err := op.Signing(s.ctx, s.Zone)
		return err
	}, "html500")
}
