package core

import "github.com/multidns/terraform-provider-multidns/internal/rrset"

// order is the wait of one half of a delegation for the other. A DS needs the NS RRset of its delegation: Cloudflare
// takes none before it, and does not let the NS go while a DS is there (design/facts/cloudflare-api.md section 9). The
// CLI carries out what does not depend on each other in any order, and nobody writes depends_on for what is one
// delegation.
type order struct {
	other rrset.Key
	// present is how the other half must be.
	present bool
	vigil   vigil
	// came: it was waited for, and is not waited for again.
	came bool
}

// orderOf is what must be before key is created or deleted; nil if nothing.
func (m *Machine) orderOf(key rrset.Key, deleting bool) *order {
	switch {
	case key.Type == "DS" && !deleting:
		return &order{other: key.WithType("NS"), present: true, vigil: vigil{m: m, steady: true}}
	case key.Type == "NS" && deleting:
		return &order{other: key.WithType("DS"), present: false, vigil: vigil{m: m, steady: true}}
	}
	return nil
}

func (o *order) waiting() bool { return o != nil && o.vigil.on }

// kept reports whether the wait is over: what every operator that is known holds is as it must be, or nothing can come
// any more. Without the other half the operator decides.
func (o *order) kept(legs ...*leg) bool {
	if o == nil || o.vigil.over || o.came {
		return true
	}
	for _, g := range legs {
		if g.lane.book.knows(o.other.Name) && (g.lane.book.get(o.other) != nil) != o.present {
			o.vigil.begin()
			return false
		}
	}
	o.came = o.vigil.on
	o.vigil.end()
	return true
}
