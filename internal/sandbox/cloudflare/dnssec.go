package cloudflare

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Cloudflare signs many zones with one pair of keys (section 5). Tests compute the key tags, 2371 and 34505, from them.
const (
	keySigningKey     = "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
	zoneSigningKey    = "oJMRESz5E4gYzS/q6XDrvU1qMPYIjCWzJaOau8XNEZeqCYKD5ar0IRd8KqXXFJkqmVfRvMGPmM1x8fGAa2XhSA=="
	keySigningKeyTag  = 2371
	zoneSigningKeyTag = 34505
)

// dnssecState is what was asked for. The parent zone never shows a DS here, so the status never gets beyond pending.
type dnssecState struct {
	enabled     bool
	multiSigner bool
	presigned   bool
	nsec3       bool
	modified    string
}

// dnssecView is the object of GET and PATCH dnssec. All key fields are null while it is off.
func (z *zone) dnssecView() map[string]any {
	d := z.dnssec
	view := map[string]any{
		"status": "disabled", "flags": nil, "algorithm": nil, "key_type": nil, "digest_type": nil, "digest_algorithm": nil, "digest": nil,
		"ds": nil, "key_tag": nil, "public_key": nil, "modified_on": nil,
		"dnssec_multi_signer": d.multiSigner, "dnssec_presigned": d.presigned, "dnssec_use_nsec3": d.nsec3,
	}
	if d.modified != "" {
		view["modified_on"] = d.modified
	}
	if !d.enabled {
		return view
	}
	digest := dsDigest(z.Name, keySigningKey)
	view["status"], view["flags"], view["algorithm"], view["key_type"] = "pending", 257, "13", "ECDSAP256SHA256"
	view["digest_type"], view["digest_algorithm"], view["digest"] = "2", "SHA256", digest
	view["ds"] = fmt.Sprintf("%s. 3600 IN DS %d 13 2 %s", z.Name, keySigningKeyTag, digest)
	view["key_tag"], view["public_key"] = keySigningKeyTag, keySigningKey
	return view
}

// dsDigest is RFC 4034 section 5.1.4 with SHA-256: owner name in wire form, then the RDATA of the key.
func dsDigest(zone, publicKey string) string {
	key, _ := base64.StdEncoding.DecodeString(publicKey)
	var wire []byte
	for label := range strings.SplitSeq(zone, ".") {
		wire = append(append(wire, byte(len(label))), label...)
	}
	wire = append(wire, 0)
	wire = binary.BigEndian.AppendUint16(wire, 257)
	wire = append(append(wire, 3, 13), key...)
	return fmt.Sprintf("%X", sha256.Sum256(wire))
}

func (s *Server) dnssec(w http.ResponseWriter, r *http.Request, z *zone) *apiError {
	switch r.Method {
	case http.MethodGet:
		writeResult(w, z.dnssecView(), nil)
		return nil
	case http.MethodDelete:
		if z.dnssec.enabled {
			return refuse(placeholder, "DNSSEC can be deleted only when it is disabled.")
		}
		z.dnssec = dnssecState{}
		writeResult(w, "", nil)
		return nil
	case http.MethodPatch:
		return s.patchDNSSEC(w, r, z)
	}
	return wrongMethod()
}

func (s *Server) patchDNSSEC(w http.ResponseWriter, r *http.Request, z *zone) *apiError {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	var change struct {
		Status      *string `json:"status"`
		MultiSigner *bool   `json:"dnssec_multi_signer"`
		Presigned   *bool   `json:"dnssec_presigned"`
		NSEC3       *bool   `json:"dnssec_use_nsec3"`
	}
	if json.Unmarshal(body, &change) != nil {
		return refuse(placeholder, "The request body is not valid.")
	}
	next := z.dnssec
	if change.Status != nil {
		if *change.Status != "active" && *change.Status != "disabled" {
			return refuse(1002, "Invalid or missing zone status")
		}
		next.enabled = *change.Status == "active"
	}
	for to, on := range map[*bool]*bool{
		&next.multiSigner: change.MultiSigner, &next.presigned: change.Presigned, &next.nsec3: change.NSEC3,
	} {
		if on != nil {
			*to = *on
		}
	}
	if z.settings.MultiProvider && next.enabled && !next.multiSigner {
		return refuse(placeholder, "multi_provider on a signed zone needs multi-signer DNSSEC.")
	}
	next.modified = s.stamp()
	z.dnssec = next
	writeResult(w, z.dnssecView(), nil)
	return nil
}

// zoneSigningKeys answers GET dnssec/zsk: the key appears only after multi-signer is on, so an exchange of keys takes two rounds.
func (s *Server) zoneSigningKeys(w http.ResponseWriter, r *http.Request, z *zone) *apiError {
	if r.Method != http.MethodGet {
		return wrongMethod()
	}
	keys := []any{}
	if z.dnssec.enabled && z.dnssec.multiSigner {
		keys = append(keys, map[string]any{
			"DNSKEY": map[string]any{
				"Hdr":   map[string]any{"Name": z.Name + ".", "Rrtype": 48, "Class": 1, "Ttl": 3600, "Rdlength": 0},
				"Flags": 256, "Protocol": 3, "Algorithm": 13, "PublicKey": zoneSigningKey,
			},
			"Tag": zoneSigningKeyTag, "Location": "", "Name": "", "SigningKey": nil,
		})
	}
	writeResult(w, keys, nil)
	return nil
}
