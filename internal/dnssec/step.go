package dnssec

import (
	"maps"
	"slices"
)

// Phase is how far two signers have come.
type Phase string

// The phases, in order.
const (
	Exchanging Phase = "exchanging" // a key is still owed
	Publishing Phase = "publishing" // the APIs hold all keys; servers or caches do not know them all
	Ready      Phase = "ready"      // the parent may have the DS
	Partly     Phase = "partly"     // it has some
	Complete   Phase = "complete"   // it has all
)

// Verdict is what can be said after a step.
type Verdict struct {
	Phase Phase
	// DS is the RRset that the parent should hold, sorted; nil while it may not have it.
	DS []string
	// Served is by operator the DNSKEY RRset that every one of its servers answers; no entry: not asked, silent, or
	// they differ.
	Served map[string][]string
	// Problems are sentences for people.
	Problems []string
	// Want are the values that each operator shall hold beside its own keys, by operator and type.
	Want map[string]map[string][]string
}

// Step takes in what was observed.
func Step(m Memory, o Observation) (Memory, Verdict) {
	m = m.learn(o)
	m = m.count(o)
	switch {
	case !m.exchanged(o):
		m.Since, m.Reached, m.Phase = noTime, false, Exchanging
	case !m.Reached:
		m.Phase = Publishing
	}
	if m.Reached {
		m.Phase = m.parentPhase(o)
	}
	m = m.trace(o)
	v := Verdict{Phase: m.Phase, Served: served(o)}
	if m.Reached {
		v.DS = m.delegationSigners(o)
	}
	v.Want = m.want(o)
	v.Problems = m.problems(o, v)
	return m, v
}

// learn keeps what the APIs said. What an operator that is out said last stays.
func (m Memory) learn(o Observation) Memory {
	m.Signers = maps.Clone(m.Signers)
	if m.Signers == nil {
		m.Signers = map[string]Held{}
	}
	m.Fresh = slices.Clone(m.Fresh)
	for _, s := range o.Signers {
		if !s.Known {
			continue
		}
		if was, known := m.Signers[s.Name]; known && len(was.Keys) == 0 && len(s.Keys) > 0 {
			m.Fresh = Union(m.Fresh, []string{s.Name})
		}
		m.Signers[s.Name] = s.Held
	}
	m.Listed = m.stillListed(o)
	return m
}

// stillListed forgets the keys that nobody lists or stores any more.
func (m Memory) stillListed(o Observation) []string {
	listed, stored := slices.Clone(m.Listed), []string(nil)
	for _, s := range o.Signers {
		listed = Union(listed, m.Signers[s.Name].DNSKEYs())
		stored = Union(stored, m.Signers[s.Name].DNSKEYs(), m.Signers[s.Name].Added[TypeDNSKEY], m.Signers[s.Name].Added[TypeCDNSKEY])
	}
	return common(listed, stored)
}

// count runs the clock. It begins anew with a key that was not counted before, and when a server lacks one; a silent
// server alone neither stops nor completes it.
func (m Memory) count(o Observation) Memory {
	var needed []string
	for _, s := range o.Signers {
		needed = Union(needed, m.Signers[s.Name].DNSKEYs())
	}
	if !includes(m.Counted, needed) {
		m.Since, m.Reached = noTime, false
	}
	m.Counted = needed
	state := allServed
	for _, s := range o.Signers {
		state = min(state, m.serving(s, o))
	}
	if state == lacking {
		m.Since, m.Reached = noTime, false
	}
	if m.Reached {
		return m
	}
	for _, s := range o.Signers {
		m.KeyTTL = max(m.KeyTTL, s.keyTTL())
		if slices.Contains(m.Fresh, s.Name) {
			m.DataTTL = max(m.DataTTL, s.dataTTL())
		}
	}
	if state != allServed || !m.exchanged(o) {
		return m
	}
	if m.Since.IsZero() || m.Since.After(o.Now) { // a clock that was set back proves nothing
		m.Since = o.Now
	}
	if o.Now.Sub(m.Since) >= m.wait() && len(m.algorithms(o)) < 2 {
		m.Reached, m.Fresh, m.DataTTL = true, nil, 0
	}
	return m
}

// serving is what the servers of one operator are known to do.
type serving int

const (
	lacking   serving = iota // one answered without a key
	unsure                   // one is silent, or none was asked
	allServed                // all answered with all keys
)

func (m Memory) serving(s Signer, o Observation) serving {
	state, answered := allServed, false
	for _, server := range s.Servers {
		switch {
		case server.Silent:
			state = unsure
		case !includes(server.Keys, m.mustServe(s, o)):
			return lacking
		default:
			answered = true
		}
	}
	if !answered {
		return unsure
	}
	return state
}

// mustServe are the keys that the servers of an operator must answer with: all of its own, and those of others that
// sign the zone.
func (m Memory) mustServe(s Signer, o Observation) []string {
	return Union(m.Signers[s.Name].DNSKEYs(), m.foreignKeys(s, o))
}

// foreignKeys are the zone signing keys of all other operators.
func (m Memory) foreignKeys(s Signer, o Observation) []string {
	var all []string
	for _, other := range o.Signers {
		if other.Name != s.Name {
			all = Union(all, m.Signers[other.Name].zoneKeys())
		}
	}
	return Without(all, m.Signers[s.Name].DNSKEYs())
}

// exchanged reports whether every operator signs and that its API holds the keys of all others.
func (m Memory) exchanged(o Observation) bool {
	for _, s := range o.Signers {
		held, known := m.Signers[s.Name]
		if !known || !held.Ready || len(held.zoneKeys()) == 0 || !includes(held.Added[TypeDNSKEY], m.foreignKeys(s, o)) {
			return false
		}
	}
	return true
}

// algorithms are those of all keys.
func (m Memory) algorithms(o Observation) []string {
	var all []string
	for _, s := range o.Signers {
		for _, k := range m.Signers[s.Name].Keys {
			all = append(all, Algorithm(k.DNSKEY))
		}
	}
	return Union(all)
}

// entryPoints are the keys of all operators that the parent should name.
func (m Memory) entryPoints(o Observation) []string {
	var all []string
	for _, s := range o.Signers {
		all = Union(all, m.Signers[s.Name].entryPoints())
	}
	return all
}

func (m Memory) delegationSigners(o Observation) []string {
	all := []string{}
	for _, k := range m.entryPoints(o) {
		all = append(all, delegationSigner(o.Zone, k))
	}
	return Union(all)
}

// parentPhase is how much of the DS the parent has; the last phase stays while it cannot be asked.
func (m Memory) parentPhase(o Observation) Phase {
	if o.Parent.Unknown != "" {
		if m.Phase == Partly || m.Phase == Complete {
			return m.Phase
		}
		return Ready
	}
	named, keys := 0, m.entryPoints(o)
	for _, k := range keys {
		if slices.ContainsFunc(o.Parent.DS, func(ds string) bool { return names(ds, o.Zone, k) }) {
			named++
		}
	}
	switch named {
	case 0:
		return Ready
	case len(keys):
		return Complete
	}
	return Partly
}

// trace notes when the DS of an operator appeared and when it went.
func (m Memory) trace(o Observation) Memory {
	if o.Parent.Unknown != "" {
		return m
	}
	m.Traces = maps.Clone(m.Traces)
	for _, s := range o.Signers {
		was := m.Traces[s.Name]
		switch isNamed := o.names(m.Signers[s.Name].entryPoints()); {
		case isNamed:
			was = Trace{Seen: true, TTL: max(was.TTL, o.Parent.TTL)}
		case was.Seen && was.Gone.IsZero():
			was.Gone = o.Now
		case !was.Seen:
			continue
		}
		if m.Traces == nil {
			m.Traces = map[string]Trace{}
		}
		m.Traces[s.Name] = was
	}
	return m
}

// names reports whether the parent has a DS of one of the keys.
func (o Observation) names(keys []string) bool {
	return slices.ContainsFunc(o.Parent.DS, func(ds string) bool { return Names(ds, o.Zone, keys) })
}

// served compares the answers of each operator's servers.
func served(o Observation) map[string][]string {
	all := map[string][]string{}
	for _, s := range o.Signers {
		for i, server := range s.Servers {
			same := !server.Silent && slices.Equal(Union(server.Keys), Union(s.Servers[0].Keys))
			if !same {
				delete(all, s.Name)
				break
			}
			if i == 0 {
				all[s.Name] = Union(server.Keys)
			}
		}
	}
	return all
}

func (s Signer) keyTTL() uint32 {
	var most uint32
	for _, server := range s.Servers {
		if !server.Silent {
			most = max(most, server.KeyTTL)
		}
	}
	return most
}

func (s Signer) dataTTL() uint32 {
	most := s.DataTTL
	for _, server := range s.Servers {
		if !server.Silent {
			most = max(most, server.DataTTL)
		}
	}
	return most
}
