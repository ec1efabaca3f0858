package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// findings are all that was found out about a zone.
type findings struct {
	zone      string
	operators []zoneAtOperator
	parent    delegation.Delegation
	parentErr error
}

// zoneAtOperator is the zone as one operator has it. When err is not nil the
// rest says nothing.
type zoneAtOperator struct {
	name string
	replica.Details
	apexNS []string
	err    error
}

// served is the apex NS RRset that the operator answers with: its own name
// servers stand beside what its API holds.
func (o zoneAtOperator) served() []string { return union(o.apexNS, o.NameServers) }

// inferNameServers finds the name servers of an operator that does not tell
// them: what stands in its apex NS RRset and is nobody else's
// (design/facts/desec-api.md section 6).
func (f *findings) inferNameServers() {
	var told []string
	for _, o := range f.operators {
		if o.err == nil {
			told = append(told, o.NameServers...)
		}
	}
	for i, o := range f.operators {
		if o.err == nil && len(o.NameServers) == 0 {
			f.operators[i].NameServers = without(o.apexNS, told)
		}
	}
}

// missing are the hosts that serve the zone and to which the parent does not
// delegate it.
func (f *findings) missing() []string {
	var hosts []string
	for _, o := range f.operators {
		if o.err == nil {
			hosts = union(hosts, o.served())
		}
	}
	return without(hosts, f.parent.NameServers)
}

// problems are sentences for people, the same from run to run while the cause
// is.
func (f *findings) problems() []string {
	var all []string
	for _, o := range f.operators {
		all = append(all, o.problems()...)
	}
	all = append(all, f.apexProblems()...)
	if f.parentErr != nil {
		return append(all, fmt.Sprintf("The delegation of %s could not be read at its parent: %s.", f.zone, f.parentErr))
	}
	return append(append(all, f.delegationProblems()...), f.signatureProblems()...)
}

func (o zoneAtOperator) problems() []string {
	var all []string
	if zoneNotFound(o.err) {
		return append(all, fmt.Sprintf("%s does not show the zone: %s. Add it there, or give the token the right to read it.", title(o.name), strings.TrimSuffix(operator.AsRefusal(o.err).Said(), ".")))
	}
	if o.err != nil {
		return append(all, fmt.Sprintf("%s could not be read: %s.", title(o.name), strings.TrimSuffix(reason(o.err), ".")))
	}
	if !slices.Contains([]string{"active", "published"}, o.Status) {
		all = append(all, fmt.Sprintf("%s calls the zone %q: it may not answer for it.", title(o.name), o.Status))
	}
	if len(o.NameServers) == 0 {
		all = append(all, fmt.Sprintf("No name server of %s is known, because it tells none and its apex NS RRset holds those of others at most. Add its name servers there.", title(o.name)))
	}
	if o.KeysErr != nil {
		all = append(all, fmt.Sprintf("The DNSSEC keys at %s could not be read: %s.", title(o.name), reason(o.KeysErr)))
	}
	return all
}

// apexProblems compares the apex NS RRsets: resolvers replace what the parent
// said by what the zone says (RFC 2181 section 5.4.1).
func (f *findings) apexProblems() []string {
	var all []string
	for _, o := range f.operators {
		for _, other := range f.operators {
			lacking := without(other.served(), o.served())
			if o.name == other.name || o.err != nil || other.err != nil || len(lacking) == 0 {
				continue
			}
			all = append(all, fmt.Sprintf("The apex NS RRset at %s lacks %s, which %s names: resolvers that asked %s do not know of it. Add it there.",
				title(o.name), and(lacking), title(other.name), title(o.name)))
		}
	}
	return all
}

func (f *findings) delegationProblems() []string {
	if len(f.parent.NameServers) == 0 {
		return []string{fmt.Sprintf("%s does not delegate %s to anybody: give the name servers of the operators to the registrar.", f.parent.Parent, f.zone)}
	}
	var all []string
	var known []string
	complete := true
	for _, o := range f.operators {
		if o.err != nil {
			complete = false
			continue
		}
		known = union(known, o.served())
		missing := without(o.NameServers, f.parent.NameServers)
		switch {
		case len(missing) == 0:
		case len(missing) == len(o.NameServers):
			all = append(all, fmt.Sprintf("%s delegates %s to no name server of %s, so that nobody asks it, also while the others are out. Add %s at the registrar.",
				f.parent.Parent, f.zone, title(o.name), and(missing)))
		default:
			all = append(all, fmt.Sprintf("%s does not delegate %s to %s of %s. Add it at the registrar.", f.parent.Parent, f.zone, and(missing), title(o.name)))
		}
	}
	if foreign := without(f.parent.NameServers, known); complete && len(foreign) > 0 {
		all = append(all, fmt.Sprintf("%s delegates %s to %s as well, which no operator names: whoever runs it answers with data of its own. Remove it at the registrar, or add it to the apex NS RRset.",
			f.parent.Parent, f.zone, and(foreign)))
	}
	return all
}

// signatureProblems finds operators whose answers validating resolvers refuse:
// a DS RRset must fit the keys of every signer (RFC 8901 section 2.1.2).
func (f *findings) signatureProblems() []string {
	if f.parent.DSErr != nil {
		return []string{fmt.Sprintf("The DS RRset of %s could not be read at its parent: %s.", f.zone, f.parent.DSErr)}
	}
	var all []string
	for _, o := range f.operators {
		if len(f.parent.DSs) == 0 || o.err != nil || o.KeysErr != nil {
			continue
		}
		consequence := "resolvers that validate refuse its answers"
		switch own := canonicalDS(o.DSs); {
		case len(own) == 0:
			all = append(all, fmt.Sprintf("%s has a DS RRset for %s, and %s does not sign it: %s. Switch DNSSEC on at %s, or remove the DS at the registrar.",
				f.parent.Parent, f.zone, title(o.name), consequence, title(o.name)))
		case len(without(own, f.parent.DSs)) == len(own):
			all = append(all, fmt.Sprintf("%s has a DS RRset for %s in which no key of %s is: %s. Add one of its DS at the registrar.",
				f.parent.Parent, f.zone, title(o.name), consequence))
		}
	}
	return all
}

func canonicalDS(values []string) []string {
	var all []string
	for _, v := range values {
		if canonical, err := rrset.Canonical("DS", v); err == nil {
			v = canonical
		}
		all = append(all, v)
	}
	return all
}

// union and without are sorted and without repetition.
func union(a, b []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

func without(a, b []string) []string {
	rest := slices.DeleteFunc(slices.Clone(a), func(v string) bool { return slices.Contains(b, v) })
	return union(rest, nil)
}

// and joins names for a sentence.
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
