package replica

import (
	"context"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// IsAdrift reports whether an RRset was handed over to nobody, or created in vain, by what is remembered.
func (w *Walk) IsAdrift(key rrset.Key) bool { return w.past.of(key).is == adrift }

// Adrift are the RRsets of a zone that no state has, and that operators, by name, hold as an earlier run left them:
// given up to an address that did not come, or created and not taken back. What the CLI does next may take them over;
// what it does not plan nobody deletes. They are told once for each run, but to a destruction: a CLI that destroys says
// nothing of what the plan before that was told (design/facts/terraform-behaviour.md section 9).
func (w *Walk) Adrift(ctx context.Context, zone string, destroying bool) map[rrset.Key][]string {
	if !w.past.anyAdrift(destroying) {
		return nil
	}
	left, contents := map[rrset.Key][]string{}, w.Contents(ctx, zone)
	for _, op := range w.operators {
		name := op.Name()
		for _, held := range contents[name].Held {
			if w.past.adriftBefore(held.Key, destroying).holds(name, &held) {
				left[held.Key] = append(left[held.Key], name)
			}
		}
	}
	for key := range left {
		w.past.mark(key)
	}
	return left
}
