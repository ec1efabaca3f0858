package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// adoption is an RRset that is to be created, and that operators, by title, hold already as it is declared.
type adoption struct {
	key rrset.Key
	at  []string
}

// adoptions are those of one resource.
type adoptions []adoption

func (as *adoptions) add(a adoption) {
	if len(a.at) > 0 {
		*as = append(*as, a)
	}
}

// named is how many are named where there are more.
const named = 3

// warn says that a creation will find its RRsets made. Whoever made them may be another resource: one of another alias
// is kept by another process, of which this one knows nothing, and destroying either deletes them for both.
func (as adoptions) warn(diags *diag.Diagnostics) {
	switch len(as) {
	case 0:
	case 1:
		key := as[0].key
		diags.AddWarning("RRset is adopted", fmt.Sprintf(
			"%s %s in zone %s as it is declared here: it is taken into the state without a write. If another resource has it until now, %s",
			hold(as[0].at), key, key.Zone, handItOver))
	default:
		diags.AddWarning("RRsets are adopted", fmt.Sprintf(
			"%s %d RRsets of zone %s as they are declared here (%s): they are taken into the state without a write. If another resource has one of them until now, %s",
			hold(as.operators()), len(as), as[0].key.Zone, examples(as.keys()), handItOver))
	}
}

const handItOver = "also one of another provider configuration (alias), both would keep it, and destroying one deletes it for both: " +
	"hand it over with a moved block, or with a removed block (destroy = false) where moved does not reach."

func (v planResult) warnAdoption(diags *diag.Diagnostics) {
	var one adoptions
	one.add(v.adoption)
	one.warn(diags)
}

// hold begins a sentence about what operators hold.
func hold(titles []string) string {
	if len(titles) == 1 {
		return titles[0] + " holds"
	}
	return operator.And(titles) + " hold"
}

// operators are all that hold one of them.
func (as adoptions) operators() []string {
	var all []string
	for _, a := range as {
		for _, title := range a.at {
			if !slices.Contains(all, title) {
				all = append(all, title)
			}
		}
	}
	slices.Sort(all)
	return all
}

func (as adoptions) keys() []rrset.Key {
	var all []rrset.Key
	for _, a := range as {
		all = append(all, a.key)
	}
	return all
}

// examples names the first.
func examples(keys []rrset.Key) string {
	var names []string
	for _, key := range keys[:min(named, len(keys))] {
		names = append(names, key.String())
	}
	if more := len(keys) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}
