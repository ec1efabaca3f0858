package replica

import (
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// arrivals keeps which changes were planned in this walk and have not come to
// an operator's queue yet. The CLI plans each changed resource once more right
// before it applies it (design/facts/terraform-behaviour.md section 9), so this tells a
// queue whether waiting a little longer is likely to make its batch larger.
type arrivals struct {
	mu       sync.Mutex
	expected map[rrset.Key]bool
	any      bool // something was expected in this walk
}

func newArrivals() *arrivals { return &arrivals{expected: map[rrset.Key]bool{}} }

func (a *arrivals) expect(key rrset.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.expected[key], a.any = true, true
}

// arrive says that the change of key is in the queue, or never comes.
func (a *arrivals) arrive(key rrset.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.expected, key)
}

// complete says that all that was planned has come. Where nothing was planned,
// as in a destroy, nobody can say so.
func (a *arrivals) complete() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.any && len(a.expected) == 0
}

// outstanding says that something was planned and has not come.
func (a *arrivals) outstanding() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.expected) > 0
}
