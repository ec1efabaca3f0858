package operator

import (
	"context"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Operator is one DNS service. Implementations are safe for concurrent use.
//
// Every method that talks to the service returns, when it fails, an error that holds either an [*OutageError] (the
// service could not answer) or a [*RefusalError] (it answered and said no). No error, log line or value that a method
// returns contains the token.
//
// Methods repeat an exchange by themselves only where the repeat is harmless: reads, and requests that the service
// certainly did not carry out. They give up when ctx ends or when the next attempt would exceed the allowed wait.
type Operator interface {
	// Name is the word users write: "cloudflare", "desec".
	Name() string

	// Zone reads what the service says of the zone: limits, name servers, keys. A zone that the token cannot see is a
	// refusal of kind ZoneNotFound. It only informs: an outage of Zone says nothing about List and Write, which other
	// parts of the service answer.
	Zone(ctx context.Context, zone string) (Zone, error)

	// List reads every RRset of the zone that the API manages, so neither the SOA nor generated DNSSEC records. Before
	// each page after the first it asks proceed, if that is not nil, and stops with complete = false when the answer is
	// no; what was read so far is then returned, RRsets whole.
	List(ctx context.Context, zone string, proceed func(pagesRead int) bool) (held []RRset, complete bool, err error)

	// ListName reads the RRsets of all types at one owner name, in one request.
	ListName(ctx context.Context, zone, owner string) ([]RRset, error)

	// Write carries out all changes in one atomic request: either every change is made or none is, and at no moment is
	// a name without its RRset because the type changed. The result has one element for each change, in their order:
	// what the service says it holds now, nil after a deletion.
	//
	// After an OutageError with InDoubt set the changes may have been made; the caller reads back before it decides.
	// Write never repeats itself. Callers keep writes to one zone in a row; Write does not.
	Write(ctx context.Context, zone string, changes []Change) ([]*RRset, error)

	// Split cuts changes into runs that fit into one request each. The order stays, and no change is cut in two.
	Split(changes []Change) [][]Change

	// Check names what this operator cannot hold, by rules that are known without asking it. zone is nil while the zone
	// has not been read; rules that need it are then skipped. The result is sorted by attribute.
	Check(want RRset, zone *Zone) []Violation

	// ZoneMatters reports whether Check can say more about want once the zone was read, which costs a request. lowest
	// is the smallest TTL of all RRsets that the operator holds in the zone, 0 while that is not known: a TTL that it
	// holds already is one that the zone allows.
	ZoneMatters(want RRset, lowest uint32) bool

	// Effective is want as this operator will show it once written: values and TTL that it stores differently on
	// purpose (a proxied record's TTL).
	Effective(want RRset) RRset
}

// RRset is an RRset as one operator holds it or shall hold it.
type RRset struct {
	rrset.RRset

	// Settings are what the operator keeps beside the DNS data.
	Settings Settings

	// ReadOnly marks an RRset that the operator owns and nobody may change. Observed only.
	ReadOnly bool

	// Uneven is set when the records of the RRset carry different TTLs, which RFC 2181 section 5.2 forbids and
	// Cloudflare allows; TTL is then the smallest of them. Observed only.
	Uneven bool

	// Handle is what the operator's own client needs to change this RRset without reading it again. Opaque to everybody
	// else. Observed only.
	Handle any
}

// Change is one RRset to create (Before nil), to change, or to delete (After nil). Both hold the same owner name; a
// different type in After replaces the RRset of the old type by one of the new in the same request.
type Change struct {
	Before *RRset
	After  *RRset
}

// Key names the RRset that the change leaves behind or, for a deletion, takes away.
func (c Change) Key() rrset.Key {
	if c.After != nil {
		return c.After.Key
	}
	return c.Before.Key
}

// Zone is what an operator says of a zone.
type Zone struct {
	// Name is canonical: lower case, absolute.
	Name string
	// ID is the operator's identifier; equal to the name where it has none.
	ID string
	// Status is the operator's own word, such as "active" or "pending".
	Status string
	// Inactive says that the operator may not answer for the zone, by that word.
	Inactive bool
	// NameServers are the operator's hosts for the zone, absolute names.
	NameServers []string
	// Plan is the operator's word for what was bought; empty where it has none.
	Plan string
	// MinimumTTL and MaximumTTL are seconds.
	MinimumTTL, MaximumTTL uint32
	// Unpublished says that by the service's own account the public name servers were not given what it stores: the
	// zone changed after it was last handed over. It is a hint to be read after a write that ended with
	// OutageError.Stored, or was not answered and was carried out, and no more: at deSEC a write that changed nothing
	// looks the same (design/facts/desec-api.md sections 8 and 10), a hand-over may be under way, a deletion that was
	// not handed over does not show, and false does not say that every public server has the data. An operator that
	// tells nothing of it (Cloudflare) never sets it.
	Unpublished bool
	// DNSKEYs and DSs are RDATA in presentation form, empty when unsigned.
	DNSKEYs, DSs []string
}

// Violation is one reason why an operator cannot hold an RRset.
type Violation struct {
	// Attribute is the schema's word for what is at fault: "ttl", "values", "type", "name", "proxied", "comment" or
	// "tags".
	Attribute string
	// Message says why and what to write instead, in one or two sentences.
	Message string
	// Overridable is that of the rule.
	Overridable bool
}
