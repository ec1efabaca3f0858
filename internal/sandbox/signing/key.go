package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"codeberg.org/miekg/dns"
)

// The flags of a DNSKEY (RFC 4034 section 2.1.1).
const (
	ZoneKey    = 256
	EntryPoint = 257 // a zone key that a DS may name
)

// The algorithms that the fakes sign with.
const (
	ECDSAP256 = 13
	Ed25519   = 15
)

// Key is a key pair.
type Key struct {
	Flags     uint16
	Algorithm uint8

	public []byte
	signer crypto.Signer
}

// NewKey makes a key, the same for the same seed.
func NewKey(flags uint16, algorithm uint8, seed string) Key {
	k := Key{Flags: flags, Algorithm: algorithm}
	secret := sha256.Sum256([]byte(seed))
	if algorithm == Ed25519 {
		private := ed25519.NewKeyFromSeed(secret[:])
		k.signer, k.public = private, private[ed25519.SeedSize:]
		return k
	}
	for ; ; secret = sha256.Sum256(secret[:]) { // hardly ever: a number beyond the order of the curve
		private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), secret[:])
		if err != nil {
			continue
		}
		point, err := private.PublicKey.Bytes()
		if err != nil {
			continue
		}
		k.signer, k.public = private, point[1:] // without the byte that says "uncompressed" (RFC 6605 section 4)
		return k
	}
}

// Signer signs with the private half.
func (k Key) Signer() crypto.Signer { return k.signer }

// Public is the public half in base64.
func (k Key) Public() string { return base64.StdEncoding.EncodeToString(k.public) }

// DNSKEY is the key in presentation form.
func (k Key) DNSKEY() string { return fmt.Sprintf("%d 3 %d %s", k.Flags, k.Algorithm, k.Public()) }

// CDS is the DS for the key with SHA-256.
func (k Key) CDS(zone string) string { return DS(zone, k.DNSKEY(), dns.SHA256) }

// Tag is that of RFC 4034 appendix B.
func (k Key) Tag() uint16 { return parse(".", k.DNSKEY()).KeyTag() }

// DS is the DS for a DNSKEY in presentation form (RFC 4034 section 5.1.4).
func DS(zone, dnskey string, digestType uint8) string {
	ds := parse(strings.TrimSuffix(zone, ".")+".", dnskey).ToDS(digestType)
	return fmt.Sprintf("%d %d %d %s", ds.KeyTag, ds.Algorithm, ds.DigestType, strings.ToLower(ds.Digest))
}

// parse reads what the fakes have made, or brought into canonical form, themselves.
func parse(owner, dnskey string) *dns.DNSKEY {
	rr, err := dns.New(owner + " IN DNSKEY " + dnskey)
	key, ok := rr.(*dns.DNSKEY)
	if err != nil || !ok {
		panic(fmt.Sprintf("signing: DNSKEY %s: %v", dnskey, err))
	}
	return key
}
