package replica

import (
	"cmp"
	"context"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// Contents are all RRsets that one operator holds in a zone.
type Contents struct {
	// Held is sorted by owner name and type.
	Held []operator.RRset
	// Err is an outage or a refusal; Held says nothing then.
	Err error
}

// Contents reads the whole zone at all operators side by side. It uses the
// lists that the walk has read already, and what it reads serves the rest of
// the walk.
func (w *Walk) Contents(ctx context.Context, zone string) map[string]Contents {
	ctx = w.bounded(ctx)
	return each(w.sites, func(s *site) Contents {
		held, err := s.zone(zone).snapshot.everything(ctx)
		return Contents{Held: held, Err: err}
	})
}

// everything sees to it that the whole zone is known.
func (s *snapshot) everything(ctx context.Context) ([]operator.RRset, error) {
	s.mu.Lock()
	s.toEnd = true
	s.mu.Unlock()
	if err := s.list(ctx, s.zone); err != nil {
		return nil, err
	}
	s.mu.Lock()
	whole := s.whole
	s.mu.Unlock()
	if !whole { // the list ended before anybody wanted all of it
		_, err, _ := s.site.flights.Do("all "+s.zone, func() (any, error) { return nil, s.reload(ctx, nil) })
		if err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var held []operator.RRset
	for _, entry := range s.names {
		for _, r := range entry.types {
			held = append(held, r)
		}
	}
	slices.SortFunc(held, func(a, b operator.RRset) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
	})
	return held, nil
}

// Zone reads the zone at the named operator alone, at most once for each walk.
func (w *Walk) Zone(ctx context.Context, name, zone string) (operator.Zone, error) {
	return w.site(name).limits(w.bounded(ctx), zone)
}

// Details are what one operator says of a zone, beside its RRsets.
type Details struct {
	operator.Zone
	// Err is an outage or a refusal; the zone says nothing then.
	Err error
	// KeysErr is why the keys are not known although the zone is.
	KeysErr error
}

// Details reads the zone at all operators side by side, at most once for each
// walk, and its keys.
func (w *Walk) Details(ctx context.Context, zone string) map[string]Details {
	ctx = w.bounded(ctx)
	return each(w.sites, func(s *site) Details {
		info, err := s.limits(ctx, zone)
		d := Details{Zone: info, Err: err}
		if reader, ok := s.op.(operator.KeyReader); ok && err == nil {
			d.KeysErr = s.try(func() (err error) {
				d.DNSKEYs, d.DSs, _, err = reader.DNSSEC(ctx, zone)
				return err
			})
		}
		return d
	})
}
