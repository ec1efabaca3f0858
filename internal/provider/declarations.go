package provider

import (
	"slices"
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// declarations counts how often each RRset was declared in this walk.
type declarations struct {
	mu    sync.Mutex
	count map[rrset.Key]int
	// signed counts by zone the resources that keep its signers' keys.
	signed map[string]int
	// answering are the owner names at which an operator, by name, answers with something else than the declared
	// values.
	answering map[string]map[string]bool
}

// declareSigners notes that a resource of the configuration keeps the keys that signers of the zone have from each
// other. What was declared as an RRset before is not to be deleted by its former address.
func (d *shared) declareSigners(zone string) {
	d.declared.addSigners(zone)
	d.declared.add(apexDNSKEY(zone))
	d.walk.Declare(apexDNSKEY(zone))
}

func apexDNSKEY(zone string) rrset.Key { return rrset.Apex(zone, dnssec.TypeDNSKEY) }

func (d *declarations) addSigners(zone string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.signed == nil {
		d.signed = map[string]int{}
	}
	d.signed[zone]++
}

// signers says how many resources keep the keys of the zone's signers.
func (d *declarations) signers(zone string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.signed[zone]
}

// declare notes that a resource of the configuration, which is validated, declares key.
func (d *shared) declare(key rrset.Key) {
	d.declared.add(key)
	d.walk.Validate(key)
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

// beside are the types declared at the same name that cannot stand beside the key's.
func (d *declarations) beside(key rrset.Key) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var types []string
	for other := range d.count {
		if key.Excludes(other) {
			types = append(types, other.Type)
		}
	}
	slices.Sort(types)
	return types
}
