package replica

import (
	"context"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// manyNames is how many owner names must be waited for before a zone that
	// does not fit into one page is read to its end.
	manyNames = 8
	// fewNames is how many owner names of such a zone are read one by one; the
	// next one makes the whole list the cheaper way.
	fewNames = 8
)

// snapshot is what one operator holds in one zone, read once for each walk
// and patched by our own writes.
//
// A zone that fits into one page costs one request. Of a larger one it is not
// known at the first question how many more will follow: few names are read
// one by one, many make the list worth its pages.
type snapshot struct {
	site *site
	zone string

	mu      sync.Mutex
	loaded  chan struct{} // non-nil while or after the list is read
	begun   time.Time     // while it is being read
	failure error
	whole   bool
	names   map[string]*nameEntry // by owner name
	waiting map[string]bool       // owner names that wait for the list
	single  int                   // owner names read one by one
	toEnd   bool                  // somebody wants the whole zone
	lowest  uint32                // TTL when the list was read; 0 before that was asked
	nothing bool                  // the list that was read held no RRset at all
}

// nameEntry is all that is held at one owner name.
type nameEntry struct {
	types map[string]operator.RRset
}

func newSnapshot(s *site, zone string) *snapshot {
	return &snapshot{site: s, zone: zone, names: map[string]*nameEntry{}, waiting: map[string]bool{}}
}

func (s *snapshot) observe(ctx context.Context, key rrset.Key) Observation {
	if err := s.ensure(ctx, key.Name); err != nil {
		return Observation{Err: err}
	}
	return Observation{Held: s.get(key), Others: s.others(key)}
}

// ensure sees to it that what is held at name is known.
func (s *snapshot) ensure(ctx context.Context, name string) error {
	if err := s.list(ctx, name); err != nil {
		return err
	}
	s.mu.Lock()
	known := s.whole || s.names[name] != nil
	if !known {
		s.single++
	}
	tooMany := s.single > fewNames
	s.mu.Unlock()
	switch {
	case known:
		return nil
	case tooMany:
		_, err, _ := s.site.flights.Do("all "+s.zone, func() (any, error) { return nil, s.reload(ctx, nil) })
		return err
	}
	_, err, _ := s.site.flights.Do("name "+s.zone+" "+name, func() (any, error) {
		return nil, s.site.try(func() error { return s.refreshName(ctx, name) })
	})
	return err
}

// list waits for the zone's list, which is read once for all who ask. Nobody's
// interruption ends the reading: the others still want it.
func (s *snapshot) list(ctx context.Context, name string) error {
	s.mu.Lock()
	s.waiting[name] = true
	if s.loaded == nil {
		s.loaded, s.begun = make(chan struct{}), time.Now() //nolint:forbidigo // how long others have waited, no decision
		go s.load(context.WithoutCancel(ctx), s.loaded)
	}
	loaded := s.loaded
	s.mu.Unlock()
	select {
	case <-loaded:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.failure
	case <-ctx.Done():
		return &operator.OutageError{
			Operator: s.site.op.Name(), Action: "read " + name, Reason: "interrupted", Err: context.Cause(ctx),
		}
	}
}

func (s *snapshot) load(ctx context.Context, loaded chan<- struct{}) {
	err := s.reload(ctx, func(int) bool { return s.wanted() })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure, s.begun = err, time.Time{}
	close(loaded)
}

// wanted says whether so much of the zone is wanted that all its pages are
// worth reading. The CLI asks for ten names at once, one after the other: those
// that are on their way are waited for until none has come for a while.
func (s *snapshot) wanted() bool {
	count, still := 0, time.Duration(0)
	for {
		s.mu.Lock()
		now, all := len(s.waiting), s.toEnd
		s.mu.Unlock()
		if all || now >= manyNames || still >= longest {
			return all || now >= manyNames
		}
		time.Sleep(quiet)
		still += quiet
		if now != count {
			count, still = now, 0
		}
	}
}

// pending is how long the list has been waited for; 0 when nobody waits.
func (s *snapshot) pending() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun.IsZero() {
		return 0
	}
	return time.Since(s.begun) //nolint:forbidigo // as in list
}

// reload reads the list, unless the operator is known to be out.
func (s *snapshot) reload(ctx context.Context, proceed func(int) bool) error {
	return s.site.try(func() error { return s.readList(ctx, proceed) })
}

func (s *snapshot) readList(ctx context.Context, proceed func(int) bool) error {
	held, complete, err := s.site.op.List(ctx, s.zone, proceed)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !complete {
		// Part of the zone answers nothing about a single name: other types at
		// that name may be on the pages that were not read.
		return nil
	}
	s.whole, s.lowest, s.nothing, s.names = true, 0, len(held) == 0, map[string]*nameEntry{}
	for _, r := range held {
		s.put(r)
	}
	return nil
}

// put stores an RRset. The caller holds the lock.
func (s *snapshot) put(r operator.RRset) {
	entry := s.names[r.Name]
	if entry == nil {
		entry = &nameEntry{types: map[string]operator.RRset{}}
		s.names[r.Name] = entry
	}
	entry.types[r.Type] = r
}

// patch records what a change of ours brought about; held is nil after a
// deletion.
func (s *snapshot) patch(c operator.Change, held *operator.RRset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Before != nil {
		if entry := s.names[c.Before.Name]; entry != nil {
			delete(entry.types, c.Before.Type)
		}
	}
	if held != nil {
		s.put(*held)
	}
}

// get is what is held under key by all that is known.
func (s *snapshot) get(key rrset.Key) *operator.RRset {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry := s.names[key.Name]
	if entry == nil {
		return nil
	}
	held, ok := entry.types[key.Type]
	if !ok {
		return nil
	}
	return &held
}

// others are the RRsets of other types at the owner name of key.
func (s *snapshot) others(key rrset.Key) []operator.RRset {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry := s.names[key.Name]
	if entry == nil {
		return nil
	}
	var others []operator.RRset
	for typ, held := range entry.types {
		if typ != key.Type {
			others = append(others, held)
		}
	}
	sortByType(others)
	return others
}

// refresh reads the whole list anew, whatever is known of outages.
func (s *snapshot) refresh(ctx context.Context) error { return s.readList(ctx, nil) }

// refreshName reads one owner name anew, whatever is known of outages.
func (s *snapshot) refreshName(ctx context.Context, name string) error {
	held, err := s.site.op.ListName(ctx, s.zone, name)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names[name] = &nameEntry{types: map[string]operator.RRset{}}
	for _, r := range held {
		s.put(r)
	}
	s.nothing = s.nothing && len(held) == 0
	return nil
}

// lowestTTL is the smallest TTL in the zone, 0 while the zone is not read as a
// whole or shows none. The apex NS RRset does not count: deSEC makes it with a
// TTL of 3600 whatever the domain's minimum is (design/facts/desec-api.md section 6).
func (s *snapshot) lowestTTL() uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.whole {
		return 0
	}
	if s.lowest == 0 {
		for _, entry := range s.names {
			for _, held := range entry.types {
				if held.Type == "NS" && held.IsApex() {
					continue
				}
				if s.lowest == 0 || held.TTL < s.lowest {
					s.lowest = held.TTL
				}
			}
		}
	}
	return s.lowest
}

// sawNothing says that the operator was last read as holding nothing at all.
func (s *snapshot) sawNothing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nothing
}
