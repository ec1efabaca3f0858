package replica

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// Contents reads the whole zone at all operators side by side. It uses the lists that the walk has read already, and
// what it reads serves the rest of the walk.
func (w *Walk) Contents(ctx context.Context, zone string) map[string]Contents {
	return w.shell.call(ctx, func(id core.ID) core.Event { return core.LookAll{ID: id, Zone: zone} }).All
}

// Zone reads the zone at the named operator alone, at most once for each walk.
func (w *Walk) Zone(ctx context.Context, name, zone string) (operator.Zone, error) {
	return w.zones.read(w.bounded(ctx), w.operator(name), zone)
}

// Unpublished reports whether the name servers of the named operator lack what it stores, by its own account. What
// cannot be asked is not known to be served.
func (w *Walk) Unpublished(ctx context.Context, name, zone string) bool {
	if _, ok := w.operator(name).(operator.Publisher); !ok {
		return false
	}
	info, err := w.Zone(ctx, name, zone)
	return err != nil || info.Unpublished
}

// Details are what one operator says of a zone, beside its RRsets.
type Details struct {
	operator.Zone
	// Err is an outage or a refusal; the zone says nothing then.
	Err error
	// KeysErr is why the keys are not known although the zone is.
	KeysErr error
}

// Details reads the zone at all operators side by side, at most once for each walk, and its keys.
func (w *Walk) Details(ctx context.Context, zone string) map[string]Details {
	ctx = w.bounded(ctx)
	return each(w.operators, func(op operator.Operator) Details {
		info, err := w.zones.read(ctx, op, zone)
		d := Details{Zone: info, Err: err}
		if reader, ok := op.(operator.KeyReader); ok && err == nil {
			d.DNSKEYs, d.DSs, _, d.KeysErr = reader.DNSSEC(ctx, zone)
		}
		return d
	})
}

// zones are what operators say of zones, read once for each walk. It informs and proves nothing: an endpoint that is
// ill takes nobody out for RRsets.
type zones struct {
	flights *singleflight.Group
	mu      *sync.Mutex
	known   map[string]zoneInfo // by operator and zone
}

type zoneInfo struct {
	zone operator.Zone
	err  error
}

func newZones() zones {
	return zones{flights: &singleflight.Group{}, mu: &sync.Mutex{}, known: map[string]zoneInfo{}}
}

// read asks once; refusals and outages are remembered as well. The end of one caller does not end the question for the
// others.
func (z zones) read(ctx context.Context, op operator.Operator, zone string) (operator.Zone, error) {
	id := op.Name() + " " + zone
	answer := z.flights.DoChan(id, func() (any, error) {
		z.mu.Lock()
		info, ok := z.known[id]
		z.mu.Unlock()
		if ok {
			return info, nil
		}
		info.zone, info.err = op.Zone(context.WithoutCancel(ctx), zone)
		if !errors.Is(info.err, context.Canceled) {
			z.mu.Lock()
			z.known[id] = info
			z.mu.Unlock()
		}
		return info, nil
	})
	select {
	case a := <-answer:
		info := a.Val.(zoneInfo) //nolint:forcetypeassert // what the function above returns
		return info.zone, info.err
	case <-ctx.Done():
		return operator.Zone{}, &operator.OutageError{
			Operator: op.Name(), Action: "read the zone " + zone, Reason: "interrupted", Err: context.Cause(ctx),
		}
	}
}
