package dnssec

import (
	"fmt"
	"slices"
	"strings"
)

// problems are sentences for people, the same from run to run while the cause is.
func (m Memory) problems(o Observation, v Verdict) []string {
	all := []string{}
	for _, s := range o.Signers {
		all = append(all, m.serverProblems(s, o)...)
	}
	all = append(all, m.keyProblems(o)...)
	if o.Parent.Unknown != "" {
		return append(all, fmt.Sprintf("The DS RRset of %s could not be read at its parent: %s. The phase stays as it was.", o.Zone, o.Parent.Unknown))
	}
	all = append(all, m.parentProblems(o)...)
	return append(all, m.pollingProblems(o, v)...)
}

// serverProblems are about one operator's name servers.
func (m Memory) serverProblems(s Signer, o Observation) []string {
	if s.ServersUnknown != "" {
		return []string{fmt.Sprintf("The name servers of %s could not be asked: %s. Name their addresses in servers.%s.", s.Title, s.ServersUnknown, s.Name)}
	}
	var all, silent []string
	stored := m.Signers[s.Name].Added[TypeDNSKEY]
	for _, server := range s.Servers {
		if server.Silent {
			silent = append(silent, server.Name)
			continue
		}
		for _, k := range common(Without(m.foreignKeys(s, o), server.Keys), stored) {
			all = append(all, fmt.Sprintf("%s stores the key %s of %s and its name server %s does not serve it: resolvers that ask both operators would fail. %s",
				s.Title, m.describe(k, o), m.ownerOf(k, o), server.Name, adviceOnLeftOut(k)))
		}
		if own := Without(m.Signers[s.Name].DNSKEYs(), server.Keys); len(own) > 0 && len(server.Keys) > 0 {
			all = append(all, fmt.Sprintf("%s lists the key %s as its own and its name server %s does not serve it.", s.Title, m.describe(own[0], o), server.Name))
		}
	}
	if len(silent) > 0 {
		all = append(all, fmt.Sprintf("The name server %s of %s does not answer for DNSKEY, so that nobody knows which keys it serves.", and(silent), s.Title))
	}
	return all
}

func adviceOnLeftOut(k string) string {
	if isEntryPoint(k) {
		return "Some services serve no foreign key with flags 257: do not enter DS of both operators, and ask the operator's support."
	}
	return "It may come; if it does not, ask the operator's support."
}

func (m Memory) describe(k string, o Observation) string {
	return tag(o.Zone, k) + " (flags " + strings.Fields(k)[0] + ")"
}

func (m Memory) ownerOf(k string, o Observation) string {
	for _, s := range o.Signers {
		if slices.Contains(m.Signers[s.Name].DNSKEYs(), k) {
			return s.Title
		}
	}
	return "another operator"
}

func (m Memory) keyProblems(o Observation) []string {
	var all []string
	if algorithms := m.algorithms(o); len(algorithms) > 1 {
		var parts []string
		for _, s := range o.Signers {
			var own []string
			for _, k := range m.Signers[s.Name].Keys {
				own = append(own, Algorithm(k.DNSKEY))
			}
			parts = append(parts, fmt.Sprintf("%s with %s", s.Title, and(Union(own))))
		}
		all = append(all, fmt.Sprintf("The algorithms differ: %s. All signers of a zone must use the same (RFC 8901 section 4): have the operator change it, and enter no DS until then.",
			strings.Join(parts, ", ")))
	}
	conflicts := Conflicts(m, o)
	for _, s := range o.Signers {
		if strangers := conflicts[s.Name]; len(strangers) > 0 {
			all = append(all, fmt.Sprintf("%s holds %s, which no operator signs with. It is left alone; remove it there if nobody needs it.", s.Title, and(strangers)))
		}
	}
	return all
}

// parentProblems compare the DS RRset with all keys.
func (m Memory) parentProblems(o Observation) []string {
	var all []string
	var unread []string
	for _, s := range o.Signers {
		if _, known := m.Signers[s.Name]; !known {
			unread = append(unread, s.Title)
		}
	}
	if len(unread) > 0 {
		return nil // a DS may be that of a key that was never read
	}
	for _, ds := range o.Parent.DS {
		if !Names(ds, o.Zone, m.entryPoints(o)) {
			all = append(all, fmt.Sprintf("%s has the DS %s, and no operator signs %s with that key. Remove it at the registrar.", o.Parent.Zone, Short(ds), o.Zone))
		}
	}
	for _, s := range o.Signers {
		delegated := common(o.Parent.NS, m.Signers[s.Name].Hosts)
		if len(o.Parent.DS) > 0 && len(delegated) > 0 && !o.names(m.Signers[s.Name].entryPoints()) {
			all = append(all, fmt.Sprintf("%s delegates %s to %s and has no DS of it, but one of another: resolvers that validate refuse the answers of %s. %s",
				o.Parent.Zone, o.Zone, s.Title, s.Title, m.adviceOnDS(o)))
		}
	}
	return all
}

func (m Memory) adviceOnDS(o Observation) string {
	if m.mayHaveDS(o) {
		return "Enter all of ds at the registrar."
	}
	return "Remove its name servers at the registrar until ds is given."
}

// pollingProblems are about parents that follow CDS (RFC 8078): what names the keys of one operator alone asks to drop
// the others' DS.
func (m Memory) pollingProblems(o Observation, v Verdict) []string {
	var all []string
	for _, s := range o.Signers {
		var dropped []string
		for _, other := range o.Signers {
			keys := m.Signers[other.Name].entryPoints()
			atStake := v.DS != nil || o.names(keys)
			if other.Name != s.Name && atStake && !m.isOnItsWay(s, v) && m.lacksForParent(s, other, o) {
				dropped = append(dropped, other.Title)
			}
		}
		if len(dropped) > 0 {
			all = append(all, fmt.Sprintf("The CDS of %s name no key of %s: a parent that follows the CDS of one name server (RFC 8078) would drop the DS of %s, or not take it. "+
				"Ask the registry whether it follows CDS, and have it switched off for %s if so.", s.Title, and(dropped), and(dropped), o.Zone))
		}
	}
	return all
}

// isOnItsWay reports whether the next apply writes what is missing, or that the API holds it and its servers follow.
func (m Memory) isOnItsWay(s Signer, v Verdict) bool {
	return v.DS != nil && slices.Contains(s.Takes, TypeCDS)
}

// lacksForParent reports whether a server answers with CDS or CDNSKEY in which a key of the other is missing.
func (m Memory) lacksForParent(s, other Signer, o Observation) bool {
	for _, typ := range []string{TypeCDS, TypeCDNSKEY} {
		keys := m.Signers[other.Name].entryPoints()
		for _, server := range s.Servers {
			values := server.forParent(typ)
			if server.Silent || len(values) == 0 {
				continue
			}
			for _, k := range keys {
				if typ == TypeCDNSKEY && !slices.Contains(values, k) ||
					typ == TypeCDS && !slices.ContainsFunc(values, func(v string) bool { return names(v, o.Zone, k) }) {
					return true
				}
			}
		}
	}
	return false
}

// Short is a DS without the end of its digest.
func Short(ds string) string {
	const enough = 28
	if len(ds) > enough {
		return ds[:enough] + "…"
	}
	return ds
}
