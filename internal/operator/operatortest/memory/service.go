package memory

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Service is the DNS service itself, with what a test wants to do to it.
type Service struct {
	mu     sync.Mutex
	zone   string
	held   map[rrset.Key]operator.RRset
	down   string
	refuse string
	busy   time.Duration
	reads  int
	writes int
}

var (
	mu       sync.Mutex
	services = map[string]*Service{}
)

// At is the service at a place, made on first use. It holds one zone.
func At(place, zone string) *Service {
	mu.Lock()
	defer mu.Unlock()
	if services[place] == nil {
		services[place] = &Service{zone: zone, held: map[rrset.Key]operator.RRset{}}
	}
	return services[place]
}

func find(place string) (*Service, bool) {
	mu.Lock()
	defer mu.Unlock()
	s, ok := services[place]
	return s, ok
}

func (s *Service) change(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// Down ends all answers, for this reason; "" brings them back.
func (s *Service) Down(reason string) { s.change(func() { s.down = reason }) }

// Refuse has every write refused with this message; "" ends that.
func (s *Service) Refuse(message string) { s.change(func() { s.refuse = message }) }

// Busy has the service ask for this wait before every answer.
func (s *Service) Busy(wait time.Duration) { s.change(func() { s.busy = wait }) }

// Put changes the zone as somebody else would.
func (s *Service) Put(r operator.RRset) { s.change(func() { s.held[r.Key] = r }) }

// Delete takes an RRset away as somebody else would.
func (s *Service) Delete(key rrset.Key) { s.change(func() { delete(s.held, key) }) }

// Held is what the zone holds, by owner name and type.
func (s *Service) Held() []operator.RRset {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sorted()
}

func (s *Service) sorted() []operator.RRset {
	return slices.SortedFunc(maps.Values(s.held), func(a, b operator.RRset) int { return a.Key.Compare(b.Key) })
}

// objection is why the service takes none of the changes.
func (s *Service) objection(changes []operator.Change) string {
	for _, change := range changes {
		switch {
		case s.refuse != "":
			return s.refuse
		case change.Key().Zone != s.zone:
			return fmt.Sprintf("%s is not in the zone %s", change.Key(), s.zone)
		case change.After != nil && change.After.TTL < minimumTTL:
			return fmt.Sprintf("the TTL of %s is below %d", change.Key(), minimumTTL)
		}
	}
	return ""
}

// take removes what the changes take the place of, and returns it by change.
func (s *Service) take(changes []operator.Change) []operator.RRset {
	before := make([]operator.RRset, len(changes))
	for i, change := range changes {
		key := change.Key()
		if change.Before != nil {
			key = change.Before.Key
		}
		before[i] = s.held[key]
		delete(s.held, key)
	}
	return before
}

// Asked is how often it was read and written so far.
func (s *Service) Asked() (reads, writes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads, s.writes
}
