package dnssec

import "slices"

// want is what each operator shall hold beside its own keys. What strangers added stays.
func (m Memory) want(o Observation) map[string]map[string][]string {
	all := map[string]map[string][]string{}
	for _, s := range o.Signers {
		if _, known := m.Signers[s.Name]; !known {
			continue
		}
		all[s.Name] = map[string][]string{TypeDNSKEY: m.wantKeys(s, o)}
		for _, typ := range []string{TypeCDS, TypeCDNSKEY} {
			if slices.Contains(s.Takes, typ) {
				all[s.Name][typ] = m.wantForParent(s, typ, o)
			}
		}
	}
	return all
}

// wantKeys are the zone signing keys of the others. A copy goes when its operator no longer lists the key, but not
// while that operator lists none at all: that it does not sign may be a mistake, and a key too many harms nobody.
func (m Memory) wantKeys(s Signer, o Observation) []string {
	held := m.Signers[s.Name]
	stored := held.Added[TypeDNSKEY]
	want := Union(m.foreignKeys(s, o), Without(stored, m.Listed))
	for _, other := range o.Signers {
		keys := m.Signers[other.Name].DNSKEYs()
		switch {
		case other.Name == s.Name:
		case len(keys) == 0:
			want = Union(want, common(stored, m.Listed))
		default:
			want = Union(want, common(stored, keys))
		}
	}
	return Without(want, held.DNSKEYs())
}

// wantForParent is what CDS or CDNSKEY shall hold for the others' keys. It is written once the parent may have the DS:
// one that polls would act too early (RFC 7344 section 4). It is not written where the operator publishes none of its
// own, because what is then alone there would ask the parent to drop that operator's DS.
func (m Memory) wantForParent(s Signer, typ string, o Observation) []string {
	stored := m.Signers[s.Name].Added[typ]
	var all, others []string
	for _, other := range o.Signers {
		if other.Name == s.Name {
			continue
		}
		keys := m.Signers[other.Name].entryPoints()
		if len(keys) == 0 {
			all = Union(all, common(stored, forParent(typ, o.Zone, m.Listed)))
		}
		others = Union(others, forParent(typ, o.Zone, keys))
	}
	if m.mayHaveDS(o) && m.publishes(s, typ, o) {
		all = Union(all, others)
	} else {
		all = Union(all, common(stored, others))
	}
	return Union(all, m.strangers(o.Zone, typ, stored))
}

// forParent is what CDS or CDNSKEY say for keys.
func forParent(typ, zone string, keys []string) []string {
	var all []string
	for _, k := range keys {
		if !isEntryPoint(k) {
			continue
		}
		if typ == TypeCDS {
			k = delegationSigner(zone, k)
		}
		all = append(all, k)
	}
	return Union(all)
}

// mayHaveDS reports whether the parent may have the DS of all.
func (m Memory) mayHaveDS(o Observation) bool { return m.Reached && len(m.algorithms(o)) < 2 }

// publishes reports whether the servers of an operator answer with its own CDS or CDNSKEY.
func (m Memory) publishes(s Signer, typ string, o Observation) bool {
	own, answered := forParent(typ, o.Zone, m.Signers[s.Name].entryPoints()), false
	for _, server := range s.Servers {
		if server.Silent {
			continue
		}
		if answered = true; !includes(server.forParent(typ), own) {
			return false
		}
	}
	return answered
}

func (s Server) forParent(typ string) []string {
	if typ == TypeCDS {
		return s.CDS
	}
	return s.CDNSKEY
}

// strangers are values that no operator's key stands behind.
func (m Memory) strangers(zone, typ string, values []string) []string {
	if typ == TypeCDS {
		return Union(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return Names(v, zone, m.Listed) }))
	}
	return Without(values, m.Listed)
}

// Strangers are the values that somebody else added, by operator and type. What a first look finds of copies counts as
// ours.
func Strangers(m Memory, o Observation) map[string]map[string][]string {
	m = m.learn(o)
	all := map[string]map[string][]string{}
	for _, s := range o.Signers {
		all[s.Name] = map[string][]string{}
		for _, typ := range Types {
			all[s.Name][typ] = m.strangers(o.Zone, typ, s.Added[typ])
		}
	}
	return all
}

// Conflicts are the same in one list for each operator: "DNSKEY 256 3 13 …". On a creation they stand in the way.
func Conflicts(m Memory, o Observation) map[string][]string {
	all := map[string][]string{}
	for name, types := range Strangers(m, o) {
		for _, typ := range Types {
			for _, v := range types[typ] {
				all[name] = append(all[name], typ+" "+v)
			}
		}
	}
	return all
}
