package zonecheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// Zone is all that was found out about a zone.
type Zone struct {
	Name string
	// Operators are in the order in which sentences name them.
	Operators []ZoneAt
	Parent    delegation.Delegation
	// ParentErr is why the parent could not be asked.
	ParentErr error
}

// ZoneAt is the zone as one operator has it. When Err is not nil the rest says nothing.
type ZoneAt struct {
	// Operator and Title are the operator's names for machines and for people.
	Operator, Title string
	operator.Zone
	ApexNS []string
	Err    error
	// KeysErr is why the keys are not known although the zone is.
	KeysErr error
	// ZoneKeys are those of DNSKEYs that sign the zone's data, AddedKeys those of others that its API holds. Both are
	// read only where the parent has a DS.
	ZoneKeys, AddedKeys []string
}

// served is the apex NS RRset that the operator answers with: its own name servers stand beside what its API holds.
func (o ZoneAt) served() []string { return union(o.ApexNS, o.NameServers) }

// InferNameServers finds the name servers of an operator that does not tell them: what stands in its apex NS RRset and
// is nobody else's (design/facts/desec-api.md section 6).
func (z *Zone) InferNameServers() {
	var told []string
	for _, o := range z.Operators {
		if o.Err == nil {
			told = append(told, o.NameServers...)
		}
	}
	for i, o := range z.Operators {
		if o.Err == nil && len(o.NameServers) == 0 {
			z.Operators[i].NameServers = without(o.ApexNS, told)
		}
	}
}

// Missing are the hosts that serve the zone and to which the parent does not delegate it.
func (z *Zone) Missing() []string {
	var hosts []string
	for _, o := range z.Operators {
		if o.Err == nil {
			hosts = union(hosts, o.served())
		}
	}
	return without(hosts, z.Parent.NameServers)
}

// Problems are sentences for people, the same from run to run while the cause is.
func (z *Zone) Problems() []string {
	var all []string
	for _, o := range z.Operators {
		all = append(all, o.problems()...)
	}
	all = append(all, z.apexProblems()...)
	if z.ParentErr != nil {
		return append(all, fmt.Sprintf("The delegation of %s could not be read at its parent: %s.", z.Name, z.ParentErr))
	}
	return append(append(all, z.delegationProblems()...), z.signatureProblems()...)
}

func (o ZoneAt) problems() []string {
	var all []string
	if operator.RefusedAs(o.Err, operator.ZoneNotFound) {
		return append(all, fmt.Sprintf("%s does not show the zone: %s. Add it there, or give the token the right to read it.", o.Title, strings.TrimSuffix(operator.AsRefusal(o.Err).Said(), ".")))
	}
	if o.Err != nil {
		return append(all, fmt.Sprintf("%s could not be read: %s.", o.Title, strings.TrimSuffix(operator.Reason(o.Err), ".")))
	}
	if o.Inactive {
		all = append(all, fmt.Sprintf("%s calls the zone %q: it may not answer for it.", o.Title, o.Status))
	}
	if len(o.NameServers) == 0 {
		all = append(all, fmt.Sprintf("No name server of %s is known, because it tells none and its apex NS RRset holds those of others at most. Add its name servers there.", o.Title))
	}
	if o.KeysErr != nil {
		all = append(all, fmt.Sprintf("The DNSSEC keys at %s could not be read: %s.", o.Title, operator.Reason(o.KeysErr)))
	}
	return all
}

// apexProblems compares the apex NS RRsets: resolvers replace what the parent said by what the zone says (RFC 2181
// section 5.4.1).
func (z *Zone) apexProblems() []string {
	var all []string
	for _, o := range z.Operators {
		for _, other := range z.Operators {
			lacking := without(other.served(), o.served())
			if o.Operator == other.Operator || o.Err != nil || other.Err != nil || len(lacking) == 0 {
				continue
			}
			all = append(all, fmt.Sprintf("The apex NS RRset at %s lacks %s, which %s names: resolvers that asked %s do not know of it. Add it there.",
				o.Title, operator.And(lacking), other.Title, o.Title))
		}
	}
	return all
}

func (z *Zone) delegationProblems() []string {
	if len(z.Parent.NameServers) == 0 {
		return []string{fmt.Sprintf("%s does not delegate %s to anybody: give the name servers of the operators to the registrar.", z.Parent.Parent, z.Name)}
	}
	var all []string
	var known []string
	complete := true
	for _, o := range z.Operators {
		if o.Err != nil {
			complete = false
			continue
		}
		known = union(known, o.served())
		missing := without(o.NameServers, z.Parent.NameServers)
		switch {
		case len(missing) == 0:
		case len(missing) == len(o.NameServers):
			all = append(all, fmt.Sprintf("%s delegates %s to no name server of %s, so that nobody asks it, also while the others are out. Add %s at the registrar.",
				z.Parent.Parent, z.Name, o.Title, operator.And(missing)))
		default:
			all = append(all, fmt.Sprintf("%s does not delegate %s to %s of %s. Add it at the registrar.", z.Parent.Parent, z.Name, operator.And(missing), o.Title))
		}
	}
	if foreign := without(z.Parent.NameServers, known); complete && len(foreign) > 0 {
		all = append(all, fmt.Sprintf("%s delegates %s to %s as well, which no operator names: whoever runs it answers with data of its own. Remove it at the registrar, or add it to the apex NS RRset.",
			z.Parent.Parent, z.Name, operator.And(foreign)))
	}
	return all
}

// signatureProblems finds operators whose answers validating resolvers refuse: a DS RRset must fit the keys of every
// signer (RFC 8901 section 2.1.2).
func (z *Zone) signatureProblems() []string {
	if z.Parent.DSErr != nil {
		return []string{fmt.Sprintf("The DS RRset of %s could not be read at its parent: %s.", z.Name, z.Parent.DSErr)}
	}
	var all []string
	for _, o := range z.Operators {
		if len(z.Parent.DSs) == 0 || o.Err != nil || o.KeysErr != nil {
			continue
		}
		consequence := "resolvers that validate refuse its answers"
		switch {
		case !o.signs():
			all = append(all, fmt.Sprintf("%s has a DS RRset for %s, and %s does not sign it: %s. Switch DNSSEC on at %s, or remove the DS at the registrar.",
				z.Parent.Parent, z.Name, o.Title, consequence, o.Title))
		case !slices.ContainsFunc(z.Parent.DSs, func(ds string) bool { return o.isNamed(ds, z.Name) }):
			all = append(all, fmt.Sprintf("%s has a DS RRset for %s in which no key of %s is: %s. Add one of its DS at the registrar.",
				z.Parent.Parent, z.Name, o.Title, consequence))
		}
	}
	all = append(append(all, z.strangerProblems()...), z.algorithmProblems()...)
	return append(all, z.exchangeProblems()...)
}

func (o ZoneAt) signs() bool { return len(o.DSs) > 0 || len(o.DNSKEYs) > 0 }

// isNamed reports whether a DS is of one of the operator's keys. One that it does not tell itself may be so with
// another digest.
func (o ZoneAt) isNamed(ds, zone string) bool {
	return slices.Contains(canonicalDS(o.DSs), ds) || dnssec.Names(ds, zone, o.DNSKEYs)
}

// strangerProblems finds a DS of no operator's key. That of an operator which could not be read may be it, or was that
// of one which has ceased to sign.
func (z *Zone) strangerProblems() []string {
	var all []string
	for _, ds := range z.Parent.DSs {
		whose := slices.ContainsFunc(z.Operators, func(o ZoneAt) bool { return o.Err != nil || o.KeysErr != nil || !o.signs() || o.isNamed(ds, z.Name) })
		if !whose {
			all = append(all, fmt.Sprintf("%s has the DS %s, and no operator signs %s with that key: alone it would make every answer bogus. Remove it at the registrar.",
				z.Parent.Parent, dnssec.Short(ds), z.Name))
		}
	}
	return all
}

// algorithmProblems finds signers that a resolver cannot take for one: it wants an answer signed with every algorithm
// of the DS RRset (RFC 8901 section 4).
func (z *Zone) algorithmProblems() []string {
	var parts, algorithms []string
	for _, o := range z.Operators {
		var own []string
		for _, k := range union(o.DNSKEYs, o.ZoneKeys) {
			own = append(own, dnssec.Algorithm(k))
		}
		if own = union(own, nil); len(own) > 0 && o.Err == nil && z.delegatesTo(o) {
			parts, algorithms = append(parts, fmt.Sprintf("%s with %s", o.Title, operator.And(own))), union(algorithms, own)
		}
	}
	if len(z.Parent.DSs) == 0 || len(algorithms) < 2 {
		return nil
	}
	return []string{fmt.Sprintf("The operators sign with different algorithms: %s. All signers of a zone must use the same (RFC 8901 section 4): have the operator change it.", strings.Join(parts, ", "))}
}

// exchangeProblems finds delegated signers that do not know each other's keys: a resolver takes the keys from one and
// the answer from another.
func (z *Zone) exchangeProblems() []string {
	var all []string
	for _, o := range z.Operators {
		for _, other := range z.Operators {
			lacking := without(other.ZoneKeys, union(o.AddedKeys, o.DNSKEYs))
			if o.Operator == other.Operator || len(o.ZoneKeys) == 0 || len(lacking) == 0 || !z.delegatesTo(o) || !z.delegatesTo(other) {
				continue
			}
			all = append(all, fmt.Sprintf("%s does not hold the key by which %s signs the zone: a resolver that takes the keys from %s and an answer from %s refuses the answer. multidns_dnssec exchanges the keys.",
				o.Title, other.Title, o.Title, other.Title))
		}
	}
	return all
}

func (z *Zone) delegatesTo(o ZoneAt) bool {
	return len(without(o.NameServers, z.Parent.NameServers)) < len(o.NameServers)
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
