package cloudflare

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

// Cloudflare signs many zones with one pair of keys (section 5). These have the key tags of the real ones, 2371 and
// 34505, and, unlike those, a private half that is known here.
const (
	keySigningSeed  = "sandbox 257 119723"
	zoneSigningSeed = "sandbox 256 331748"
)

// signingTTL is that of the RRsets that signing adds at the apex.
const signingTTL = 3600

// signer is what signs the zones.
type signer struct {
	ksk, zsk *signing.Ring
	habits   signing.Habits
}

func newSigner() signer {
	return signer{
		ksk: signing.NewRing(signing.EntryPoint, signing.ECDSAP256, keySigningSeed),
		zsk: signing.NewRing(signing.ZoneKey, signing.ECDSAP256, zoneSigningSeed),
	}
}

// keys are those that a zone is signed with.
func (s signer) keys() []signing.Use { return append(s.ksk.Uses(false), s.zsk.Uses(true)...) }

// Signing says how the zone is signed, nil while it is not.
func (s *Server) Signing(name string) *signing.Zone {
	return of(s, name, func(z *zone) *signing.Zone {
		if !z.dnssec.enabled() {
			return nil
		}
		return &signing.Zone{Keys: s.signer.keys(), TTL: signingTTL, Compact: true, CDS: !s.signer.habits.NoCDS}
	})
}

// Roll takes one step of the roll of the zone signing key, which is that of all zones.
func (s *Server) Roll(_, step string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signer.zsk.Roll(step)
}

// SetAlgorithm signs all zones with new keys of another algorithm.
func (s *Server) SetAlgorithm(algorithm uint8) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signer.ksk.SetAlgorithm(algorithm)
	s.signer.zsk.SetAlgorithm(algorithm)
}

// SetHabits changes how the service signs.
func (s *Server) SetHabits(habits signing.Habits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signer.habits = habits
}

// dnssecState is what was asked for, as it is asked for.
type dnssecState struct {
	Status      string `json:"status"` // active or disabled
	MultiSigner bool   `json:"dnssec_multi_signer"`
	Presigned   bool   `json:"dnssec_presigned"`
	NSEC3       bool   `json:"dnssec_use_nsec3"`
	modified    string
}

func (d dnssecState) enabled() bool { return d.Status == "active" }

// dnssecView is the object of GET and PATCH dnssec. All key fields are null while it is off. The parent zone never
// shows a DS here, so the status never gets beyond pending.
func (s *Server) dnssecView(z *zone) map[string]any {
	d := z.dnssec
	view := map[string]any{
		"status": "disabled", "flags": nil, "algorithm": nil, "key_type": nil, "digest_type": nil, "digest_algorithm": nil, "digest": nil,
		"ds": nil, "key_tag": nil, "public_key": nil, "modified_on": nil,
		"dnssec_multi_signer": d.MultiSigner, "dnssec_presigned": d.Presigned, "dnssec_use_nsec3": d.NSEC3,
	}
	if d.modified != "" {
		view["modified_on"] = d.modified
	}
	if !d.enabled() {
		return view
	}
	ksk := s.signer.ksk.Current()
	_, digest, _ := strings.Cut(strings.ToUpper(ksk.CDS(z.Name)), " 2 ")
	view["status"], view["flags"], view["algorithm"], view["key_type"] = "pending", 257, fmt.Sprint(ksk.Algorithm), keyTypes[ksk.Algorithm]
	view["digest_type"], view["digest_algorithm"], view["digest"] = "2", "SHA256", digest
	view["ds"] = fmt.Sprintf("%s. 3600 IN DS %d %d 2 %s", z.Name, ksk.Tag(), ksk.Algorithm, digest)
	view["key_tag"], view["public_key"] = ksk.Tag(), ksk.Public()
	return view
}

var keyTypes = map[uint8]string{signing.ECDSAP256: "ECDSAP256SHA256", signing.Ed25519: "ED25519"}

func (s *Server) getDNSSEC(_ *http.Request, z *zone) (any, *apiError) { return s.dnssecView(z), nil }

func (s *Server) patchDNSSEC(r *http.Request, z *zone) (any, *apiError) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	next := z.dnssec // what is not sent stays
	if json.Unmarshal(body, &next) != nil {
		return nil, refuse(placeholder, "The request body is not valid.")
	}
	if next.Status != "active" && next.Status != "disabled" {
		return nil, refuse(1002, "Invalid or missing zone status")
	}
	next.modified = s.stamp()
	z.dnssec = next
	return s.dnssecView(z), nil
}

// zoneSigningKeys answers GET dnssec/zsk: the key appears only after multi-signer is on, so an exchange of keys takes
// two rounds.
func (s *Server) zoneSigningKeys(_ *http.Request, z *zone) (any, *apiError) {
	keys := []any{}
	if z.dnssec.enabled() && z.dnssec.MultiSigner {
		for _, k := range s.signer.zsk.Uses(true) {
			keys = append(keys, map[string]any{
				"DNSKEY": map[string]any{
					"Hdr":   map[string]any{"Name": z.Name + ".", "Rrtype": 48, "Class": 1, "Ttl": signingTTL, "Rdlength": 0},
					"Flags": k.Flags, "Protocol": 3, "Algorithm": k.Algorithm, "PublicKey": k.Public(),
				},
				"Tag": k.State, "Location": "database", "Name": "", "SigningKey": nil,
			})
		}
	}
	return keys, nil
}
