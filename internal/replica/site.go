package replica

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/singleflight"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// site is one operator during one walk.
type site struct {
	op        operator.Operator
	options   Options
	arrival   *arrivals
	announced atomic.Bool

	// proven is the first outage that stayed after all that may be tried. It
	// holds for the rest of the walk: a walk is short, the next one asks anew,
	// and asking again for each of 100 resources would cost 100 time-outs.
	proven atomic.Pointer[operator.OutageError]

	flights singleflight.Group

	mu    sync.Mutex
	zones map[string]*zone
	info  map[string]zoneInfo
}

// zone is one zone at one operator during one walk.
type zone struct {
	snapshot *snapshot
	queue    *queue

	mu     sync.Mutex
	hidden *bool // what a witness said of an empty list; nil before it was asked
}

type zoneInfo struct {
	zone operator.Zone
	err  error
}

func newSite(op operator.Operator, o Options) *site {
	return &site{op: op, options: o, arrival: newArrivals(), zones: map[string]*zone{}, info: map[string]zoneInfo{}}
}

func (s *site) zone(name string) *zone {
	s.mu.Lock()
	defer s.mu.Unlock()
	z, ok := s.zones[name]
	if !ok {
		z = &zone{}
		z.snapshot = newSnapshot(s, name)
		z.queue = newQueue(s, name, z.snapshot)
		s.zones[name] = z
	}
	return z
}

func (s *site) observe(ctx context.Context, key rrset.Key) Observation {
	return s.zone(key.Zone).snapshot.observe(ctx, key)
}

// limits reads the zone once for each walk. Refusals are remembered as well.
func (s *site) limits(ctx context.Context, name string) (operator.Zone, error) {
	result, _, _ := s.flights.Do(name, func() (any, error) {
		s.mu.Lock()
		known, ok := s.info[name]
		s.mu.Unlock()
		if ok {
			return known, nil
		}
		var info zoneInfo
		info.err = s.try(func() (err error) {
			info.zone, err = s.op.Zone(ctx, name)
			return err
		})
		if !interrupted(info.err) {
			s.mu.Lock()
			s.info[name] = info
			s.mu.Unlock()
		}
		return info, nil
	})
	info := result.(zoneInfo) //nolint:forcetypeassert // what the function above returns
	return info.zone, info.err
}

// try makes a call unless the operator is known to be out, and remembers an
// outage. Calls whose outage can still be settled do not go through here.
func (s *site) try(call func() error) error {
	if err := s.out(); err != nil {
		return err
	}
	err := call()
	s.prove(err)
	return err
}

// out is the proven outage, if there is one.
func (s *site) out() error {
	if outage := s.proven.Load(); outage != nil {
		known := *outage
		// Whatever is asked now is not sent at all.
		known.InDoubt = false
		return &known
	}
	return nil
}

// prove remembers err if it is an outage of the operator.
func (s *site) prove(err error) {
	if outage := operator.AsOutage(err); outage != nil && !interrupted(err) {
		s.proven.CompareAndSwap(nil, outage)
	}
}

// interrupted says that the user ended the call; it proves nothing about the
// operator.
func interrupted(err error) bool { return errors.Is(err, context.Canceled) }
