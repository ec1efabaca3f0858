package replica

import (
	"context"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// observeOurs is observe for an RRset that the state knows. An empty list is
// then not believed by itself: what it hides would be lost from sight, and a
// deletion would leave it behind. A witness that says nothing leaves it at the
// list: somebody may have emptied the zone.
func (s *site) observeOurs(ctx context.Context, key rrset.Key) Observation {
	seen := s.observe(ctx, key)
	if seen.Err != nil || !s.zone(key.Zone).snapshot.sawNothing() {
		return seen
	}
	if err := s.out(); err != nil {
		return Observation{Err: err}
	}
	other, ok := s.op.(operator.EmptyZoneChecker)
	if !ok {
		return seen
	}
	hidden, _, _ := s.flights.Do("witness "+key.Zone, func() (any, error) {
		return s.zone(key.Zone).witnessed(ctx, other, key.Zone), nil
	})
	if hidden != true {
		return seen
	}
	outage := &operator.OutageError{
		Operator: s.op.Name(), Action: "list the RRsets of " + key.Zone, Reason: "its list is empty, and the zone is not",
	}
	s.prove(outage)
	return Observation{Err: outage}
}

// witnessed asks once for each walk.
func (z *zone) witnessed(ctx context.Context, other operator.EmptyZoneChecker, name string) bool {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.hidden == nil {
		holds, err := other.HoldsAny(ctx, name)
		if err != nil && ctx.Err() != nil {
			return false
		}
		hidden := err == nil && holds
		z.hidden = &hidden
	}
	return *z.hidden
}
