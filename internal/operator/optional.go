package operator

import (
	"context"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// What follows an operator may have or not. Whoever uses it asks by a type assertion, which a misspelt method would
// answer with no: each client says in a `var _` line what it has, and the conformance suite tries it.

// EmptyZoneChecker is an [Operator] that can say by another way than a list whether a zone holds any RRset. It is asked
// when a list is empty that should not be: an empty list that is wrong would lose everything from sight.
type EmptyZoneChecker interface {
	Operator

	// HoldsAny reports whether the zone holds an RRset that a list would show.
	HoldsAny(ctx context.Context, zone string) (bool, error)
}

// KeyChecker is an [Operator] that can say by another way than a list whether it holds an RRset. It is asked when what
// is read at one owner name is empty: a name of which the list says nothing may be hidden as a whole zone may be.
type KeyChecker interface {
	Operator

	// Holds reports whether the operator holds the RRset, in one request.
	Holds(ctx context.Context, key rrset.Key) (bool, error)
}

// Publisher is an [Operator] that hands what it stores to its name servers in a step of its own, and tells whether it
// has. It is asked after a write that was not answered and was carried out.
type Publisher interface {
	Operator

	// Unpublished is what Zone says of that, and as much of a hint.
	Unpublished(ctx context.Context, zone string) (bool, error)
}

// KeyReader is an [Operator] that tells a zone's DNSSEC keys by a request of its own, and leaves them out of its Zone.
type KeyReader interface {
	Operator

	// DNSSEC reads DNSKEY and DS RDATA in canonical presentation form, none where the zone is not signed, and the
	// service's word for its state.
	DNSSEC(ctx context.Context, zone string) (dnskeys, ds []string, status string, err error)
}

// ZoneNamer is an [Operator] that knows zones by an identifier of its own, under which other tools refer to them.
type ZoneNamer interface {
	Operator

	// ZoneName is the canonical name of the zone with this identifier. Errors are as those of [Operator].
	ZoneName(ctx context.Context, id string) (string, error)
}
