package operator

import "context"

// Signer is an [Operator] that signs zones and takes the keys of other signers beside its own (RFC 8901 section 2.1.2,
// model 2). It is optional.
//
// What is added for other signers are the apex RRsets DNSKEY, CDS and CDNSKEY that List and ListName show and Write
// changes: the operator serves them together with those it makes itself, which these methods never show.
type Signer interface {
	Operator

	// Signing reads by which keys the operator signs the zone.
	Signing(ctx context.Context, zone string) (Signing, error)

	// Sign switches signing on, in the form that takes keys of other signers. It changes nothing where that is so
	// already and may be repeated. Keys can appear that Signing did not show before.
	Sign(ctx context.Context, zone string) error

	// TakesAtApex reports whether an RRset of that type can be added at the apex: "DNSKEY", "CDS" or "CDNSKEY".
	TakesAtApex(typ string) bool
}

// Signing is how an operator signs a zone.
type Signing struct {
	// Ready says that the zone is signed and that keys of others are taken.
	Ready bool
	// Keys are the operator's own, in the order of the service, also those that do not sign yet or no longer; none
	// while the zone is not signed.
	Keys []SigningKey
}

// SigningKey is a key that an operator signs a zone with.
type SigningKey struct {
	// DNSKEY is RDATA in canonical presentation form.
	DNSKEY string
	// SignsZone is false for a key that signs nothing but the DNSKEY RRset: other signers need not know it.
	SignsZone bool
}
