package provider

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// difference is one RRset on which the operators differ.
type difference struct {
	key     rrset.Key
	summary string
	sides   map[string]operator.RRset
}

func (d difference) value() attr.Value {
	row := map[string]attr.Value{
		"name": types.StringValue(d.key.Relative()), "type": types.StringValue(d.key.Type), "summary": types.StringValue(d.summary),
	}
	for _, name := range operatorNames() {
		row[name] = types.ObjectNull(sideType.AttrTypes)
		if r, ok := d.sides[name]; ok {
			row[name] = types.ObjectValueMust(sideType.AttrTypes, map[string]attr.Value{
				"ttl": types.Int64Value(int64(r.TTL)), "values": stringList(r.Values),
			})
		}
	}
	return types.ObjectValueMust(differenceType().AttrTypes, row)
}

// differences are sorted by owner name and type.
func differences(held map[string][]operator.RRset, own map[string][]string) []difference {
	sides := map[rrset.Key]map[string]operator.RRset{}
	for name, sets := range held {
		for _, r := range sets {
			if sides[r.Key] == nil {
				sides[r.Key] = map[string]operator.RRset{}
			}
			sides[r.Key][name] = r
		}
	}
	var all []difference
	for key, side := range sides {
		compared := side
		if isApexNS(key) {
			compared = withOwn(key, side, own)
		}
		if summary := summarise(compared); summary != "" {
			all = append(all, difference{key: key, summary: summary, sides: side})
		}
	}
	slices.SortFunc(all, func(a, b difference) int { return compareKeys(a.key, b.key) })
	return all
}

func compareKeys(a, b rrset.Key) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Type, b.Type))
}

// summarise says what differs, in the order of the operators' names; empty
// when nothing does.
func summarise(side map[string]operator.RRset) string {
	var parts []string
	var absent []string
	reference := ""
	for _, name := range operatorNames() {
		r, ok := side[name]
		switch {
		case !ok:
			absent = append(absent, title(name))
			continue
		case r.Uneven:
			parts = append(parts, "the records at "+title(name)+" have different TTLs")
		default:
			if flag, on := operatorType(name).Answering(r.Settings); on {
				parts = append(parts, title(name)+" answers with "+flag.Answers)
			}
		}
		if reference == "" {
			reference = name
			continue
		}
		want := operator.RRset{RRset: side[reference].RRset}
		if text := replica.Difference(want, new(even(r))); text != "" {
			parts = append(parts, fmt.Sprintf("%s differs from %s: %s", title(name), title(reference), text))
		}
	}
	if len(absent) > 0 {
		parts = append(parts, "missing at "+strings.Join(absent, " and "))
	}
	return strings.Join(parts, "; ")
}

// even is r without the note on uneven TTLs, which is reported by itself.
func even(r operator.RRset) operator.RRset {
	r.Uneven = false
	return r
}

// lackApexNS are the operators whose apex NS RRset lacks hosts that another's
// has. It matters what these add by themselves, and costs a request to ask.
func lackApexNS(held map[string][]operator.RRset) []string {
	apex := map[string][]string{}
	for name, sets := range held {
		for _, r := range sets {
			if isApexNS(r.Key) {
				apex[name] = r.Values
			}
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(held)), func(name string) bool {
		for _, hosts := range apex {
			if len(without(hosts, apex[name])) > 0 {
				return false
			}
		}
		return true
	})
}

// withOwn are the apex NS RRsets as they are served. An operator that lists
// none serves its own; the TTL of these is its own affair.
func withOwn(key rrset.Key, side map[string]operator.RRset, own map[string][]string) map[string]operator.RRset {
	served := maps.Clone(side)
	for _, name := range operatorNames() {
		r, listed := side[name]
		if len(own[name]) == 0 {
			continue
		}
		if !listed {
			r.Key = key
			for _, other := range side {
				r.TTL = other.TTL
			}
		}
		r.Values = union(r.Values, own[name])
		served[name] = r
	}
	return served
}
