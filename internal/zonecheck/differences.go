package zonecheck

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Contents are all RRsets that one operator holds in a zone.
type Contents struct {
	Operator operator.Descriptor
	Held     []operator.RRset
	// OwnNameServers are those that the operator answers with at the apex beside what it holds; nil where that is not
	// known, or none.
	OwnNameServers []string
}

// Difference is one RRset on which the operators differ.
type Difference struct {
	Key rrset.Key
	// Summary says for people what differs.
	Summary string
	// Sides are what each operator holds, by name; one that holds none is not there.
	Sides map[string]operator.RRset
}

// Differences are the RRsets on which the operators differ by meaning, sorted by owner name and type. What tells of the
// operators' own keys differs wherever each signs with its own, and is compared by Zone.
func Differences(all []Contents) []Difference {
	sides := map[rrset.Key]map[string]operator.RRset{}
	for _, c := range all {
		for _, r := range c.Held {
			if tellsOfKeys(r.Key) {
				continue
			}
			if sides[r.Key] == nil {
				sides[r.Key] = map[string]operator.RRset{}
			}
			sides[r.Key][c.Operator.Name] = r
		}
	}
	var found []Difference
	for key, side := range sides {
		compared := side
		if isApexNS(key) {
			compared = withOwn(key, side, all)
		}
		if summary := summarise(compared, all); summary != "" {
			found = append(found, Difference{Key: key, Summary: summary, Sides: side})
		}
	}
	slices.SortFunc(found, func(a, b Difference) int { return a.Key.Compare(b.Key) })
	return found
}

// summarise says what differs, in the order of the operators; empty when nothing does.
func summarise(side map[string]operator.RRset, all []Contents) string {
	var parts, absent []string
	var reference *Contents
	for i, c := range all {
		title := c.Operator.Title
		r, ok := side[c.Operator.Name]
		if !ok {
			absent = append(absent, title)
			continue
		}
		if r.Uneven {
			parts = append(parts, "the records at "+title+" have different TTLs")
		} else if flag, on := c.Operator.Answering(r.Settings); on {
			parts = append(parts, title+" answers with "+flag.Answers)
		}
		if reference == nil {
			reference = &all[i]
			continue
		}
		want := operator.RRset{RRset: side[reference.Operator.Name].RRset}
		if text := replica.Difference(want, new(even(r))); text != "" {
			parts = append(parts, fmt.Sprintf("%s differs from %s: %s", title, reference.Operator.Title, text))
		}
	}
	if len(absent) > 0 {
		parts = append(parts, "missing at "+operator.And(absent))
	}
	return strings.Join(parts, "; ")
}

// even is r without the note on uneven TTLs, which is reported by itself.
func even(r operator.RRset) operator.RRset {
	r.Uneven = false
	return r
}

// LackApexNS are the operators, by name, whose apex NS RRset lacks hosts that another's has. It matters what these add
// by themselves, and costs a request to ask.
func LackApexNS(all []Contents) []string {
	apex := map[string][]string{}
	for _, c := range all {
		for _, r := range c.Held {
			if isApexNS(r.Key) {
				apex[c.Operator.Name] = r.Values
			}
		}
	}
	var lacking []string
	for _, c := range all {
		for _, hosts := range apex {
			if len(without(hosts, apex[c.Operator.Name])) > 0 {
				lacking = append(lacking, c.Operator.Name)
				break
			}
		}
	}
	return lacking
}

// withOwn are the apex NS RRsets as they are served. An operator that lists none serves its own; the TTL of these is
// its own affair.
func withOwn(key rrset.Key, side map[string]operator.RRset, all []Contents) map[string]operator.RRset {
	served := maps.Clone(side)
	for _, c := range all {
		r, listed := side[c.Operator.Name]
		if len(c.OwnNameServers) == 0 {
			continue
		}
		if !listed {
			r.Key = key
			for _, other := range side {
				r.TTL = other.TTL
			}
		}
		r.Values = union(r.Values, c.OwnNameServers)
		served[c.Operator.Name] = r
	}
	return served
}

func isApexNS(key rrset.Key) bool { return key.IsApex() && key.Type == "NS" }

// tellsOfKeys reports whether each operator holds the RRset for the others' keys (RFC 8901 section 2.1.2, RFC 7344
// section
// 4.1).
func tellsOfKeys(key rrset.Key) bool {
	return key.IsApex() && slices.Contains([]string{"DNSKEY", "CDS", "CDNSKEY"}, key.Type)
}
