package signing

import "fmt"

// The steps of a roll. Between them the signer's caches have to run out (RFC 6781 section 4.1.1.1), which is up to who
// orders the steps.
const (
	Publish  = "publish"  // a further key is listed and served, and does not sign the zone
	Activate = "activate" // it signs the zone; the old one is still listed and served
	Retire   = "retire"   // the old one is gone
)

// Ring is the keys of one purpose: the one that signs, and those that come or go.
type Ring struct {
	current   Key
	next, old *Key
	made      int
	seed      string
}

// NewRing makes the first key. seed tells rings apart.
func NewRing(flags uint16, algorithm uint8, seed string) *Ring {
	return &Ring{current: NewKey(flags, algorithm, seed), seed: seed}
}

// Current is the key that signs.
func (r *Ring) Current() Key { return r.current }

// Roll takes one step.
func (r *Ring) Roll(step string) error {
	switch {
	case step == Publish && r.next == nil:
		r.made++
		r.next = new(NewKey(r.current.Flags, r.current.Algorithm, fmt.Sprint(r.seed, " ", r.made)))
	case step == Activate && r.next != nil:
		r.old, r.current, r.next = new(r.current), *r.next, nil
	case step == Retire && r.old != nil:
		r.old = nil
	default:
		return fmt.Errorf("no %q now: the steps are %s, %s, %s", step, Publish, Activate, Retire)
	}
	return nil
}

// SetAlgorithm replaces the keys by one of another algorithm at once, which no signer would do.
func (r *Ring) SetAlgorithm(algorithm uint8) {
	*r = *NewRing(r.current.Flags, algorithm, fmt.Sprint(r.seed, " algorithm ", algorithm))
}

// Use is what a key is used for.
type Use struct {
	Key
	// SignsZone and SignsKeys say what it signs: the data, or DNSKEY, CDS and CDNSKEY.
	SignsZone, SignsKeys bool
	// State is active, publish or retired, the words of Cloudflare's list.
	State string
}

// Uses lists the keys. Those with flags 257 all sign the key RRsets, because the parent may know any of them; signsZone
// says whether the current one signs the data as well.
func (r *Ring) Uses(signsZone bool) []Use {
	entry := r.current.Flags == EntryPoint
	uses := []Use{{Key: r.current, SignsZone: signsZone, SignsKeys: entry, State: "active"}}
	if r.next != nil {
		uses = append(uses, Use{Key: *r.next, SignsKeys: entry, State: "publish"})
	}
	if r.old != nil {
		uses = append(uses, Use{Key: *r.old, SignsKeys: entry, State: "retired"})
	}
	return uses
}
