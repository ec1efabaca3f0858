package provider

import (
	"slices"
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// declarations counts how often each RRset was declared in this walk.
type declarations struct {
	mu    sync.Mutex
	count map[rrset.Key]int
}

// declare notes that a resource of the configuration declares key.
func (d *shared) declare(key rrset.Key) {
	d.declared.add(key)
	d.walk.Declare(key)
}

func (d *declarations) add(key rrset.Key) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.count == nil {
		d.count = map[rrset.Key]int{}
	}
	d.count[key]++
}

func (d *declarations) of(key rrset.Key) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count[key]
}

// beside are the types declared at the same name that cannot stand beside the
// key's.
func (d *declarations) beside(key rrset.Key) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var types []string
	for other := range d.count {
		if other.Zone == key.Zone && other.Name == key.Name && other.Type != key.Type &&
			(key.Type == "CNAME" || other.Type == "CNAME") {
			types = append(types, other.Type)
		}
	}
	slices.Sort(types)
	return types
}
