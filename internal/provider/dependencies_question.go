package provider

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

// attributeFault is what is wrong with an attribute, in sentences.
type attributeFault struct{ attribute, text string }

// changeWord stands in needed_for for being able to change anything.
const changeWord = "change"

// question is the configuration in the terms of package dependency.
type question struct {
	dependency.Map
	spelled map[string][]string // the spellings of each name
	walked  []string            // the names, and what routers could lead to
	roots   []netip.AddrPort
}

// question reads the configuration, which is known.
func (m *dependenciesModel) question(in Surroundings) (question, *attributeFault) {
	q := question{spelled: map[string][]string{}}
	for _, spelling := range m.Names {
		name, err := dependency.ParseName(spelling)
		if err != nil {
			return q, &attributeFault{"names", err.Error() + "."}
		}
		q.spelled[name] = append(q.spelled[name], spelling)
	}
	q.Names = slices.Sorted(maps.Keys(q.spelled))
	var fault *attributeFault
	if q.Operators, fault = m.table(); fault != nil {
		return q, fault
	}
	if q.Declared, fault = m.declared(q.spelled); fault != nil {
		return q, fault
	}
	if fault = q.readRouters(m.Routers); fault != nil {
		return q, fault
	}
	q.roots, fault = m.roots(in)
	return q, fault
}

func networks(texts []string) ([]netip.Prefix, *attributeFault) {
	all := []netip.Prefix{}
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			addr, err := netip.ParseAddr(text)
			if err != nil {
				return nil, &attributeFault{"operators", fmt.Sprintf("networks: %q is neither a network nor an address. Write one such as \"192.0.2.0/24\".", text)}
			}
			network = netip.PrefixFrom(addr, addr.BitLen())
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

func (m *dependenciesModel) declared(names map[string][]string) ([]dependency.Declared, *attributeFault) {
	var all []dependency.Declared
	for _, given := range m.Declared {
		d := dependency.Declared{Name: given.Name, Operator: given.Operator}
		for _, needed := range given.NeededFor {
			if needed == changeWord {
				d.Change = true
				continue
			}
			name, err := dependency.ParseName(needed)
			if err != nil || names[name] == nil {
				return nil, &attributeFault{"declared", fmt.Sprintf("needed_for of %q: %q is not one of names. Write one of them, or %q for what every change needs.", given.Name, needed, changeWord)}
			}
			d.NeededFor = append(d.NeededFor, name)
		}
		slices.Sort(d.NeededFor)
		all = append(all, d)
	}
	return all, nil
}

// readRouters adds the routers, and their targets to what is walked.
func (q *question) readRouters(routers map[string]routerPlaceModel) *attributeFault {
	q.Routers = map[string]dependency.Router{}
	walked := slices.Clone(q.Names)
	for _, host := range slices.Sorted(maps.Keys(routers)) {
		name, err := dependency.ParseName(host)
		if err != nil {
			return &attributeFault{"routers", err.Error() + "."}
		}
		r := dependency.Router{ChangedAt: routers[host].ChangedAt}
		for _, target := range routers[host].Targets {
			if addr, err := netip.ParseAddr(target); err == nil {
				r.Targets = append(r.Targets, addr.Unmap().String())
				continue
			}
			name, err := dependency.ParseName(target)
			if err != nil {
				return &attributeFault{"routers", fmt.Sprintf("targets of %q: %s, or an address.", host, err)}
			}
			r.Targets = append(r.Targets, name)
			walked = append(walked, name)
		}
		q.Routers[name] = r
	}
	slices.Sort(walked)
	q.walked = slices.Compact(walked)
	return nil
}

// roots are where the walk begins: those that are given, else those of the environment, else the Internet's.
func (m *dependenciesModel) roots(in Surroundings) ([]netip.AddrPort, *attributeFault) {
	port := uint16(dnsPort)
	if !m.Port.IsNull() {
		port = uint16(m.Port.ValueInt64())
	}
	if len(m.RootServers) > 0 {
		roots, err := parseRoots(m.RootServers, port)
		if err != nil {
			return nil, &attributeFault{"root_servers", err.Error() + ". Write one such as \"192.0.2.53\"."}
		}
		return roots, nil
	}
	roots, err := in.roots(port)
	if err != nil {
		return nil, &attributeFault{"root_servers", err.Error() + "."}
	}
	if len(roots) > 0 {
		return roots, nil
	}
	for _, root := range delegation.Roots() {
		roots = append(roots, netip.AddrPortFrom(root.Addr(), port))
	}
	return roots, nil
}
