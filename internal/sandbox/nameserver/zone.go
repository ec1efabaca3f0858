package nameserver

import (
	"fmt"
	"strings"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

const (
	soaTTL      = 3600 // seconds
	negativeTTL = 1800 // seconds, the SOA's minimum field, RFC 2308 section 4
)

// maxChain ends a loop of CNAMEs.
const maxChain = 16

// zone is what was published, ready to be asked. Names are absolute and lower case.
type zone struct {
	apex   string
	sets   map[string]map[string]zonedata.RRset // by name, those without a record of their own included, then type
	signed *signing.Zone                        // nil: not signed
}

// newZone takes over sets and adds the SOA, which no API shows.
func newZone(apex string, serial uint32, sets []zonedata.RRset) *zone {
	z := &zone{apex: apex, sets: map[string]map[string]zonedata.RRset{apex: {}}}
	for _, set := range sets {
		z.add(set)
	}
	mname := "ns.invalid."
	if ns := z.sets[apex]["NS"]; len(ns.Values) > 0 {
		mname = ns.Values[0]
	}
	if _, ok := z.sets[apex]["SOA"]; !ok {
		z.add(zonedata.RRset{Name: apex, Type: "SOA", TTL: soaTTL, Values: []string{
			fmt.Sprintf("%s hostmaster.%s %d 10000 2400 604800 %d", mname, apex, serial, negativeTTL),
		}})
	}
	return z
}

func (z *zone) add(set zonedata.RRset) {
	for name := set.Name; z.sets[name] == nil; name = parent(name) {
		z.sets[name] = map[string]zonedata.RRset{}
	}
	z.sets[set.Name][set.Type] = set
}

func parent(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	if rest == "" {
		return "."
	}
	return rest
}

// reply is an answer without its transport.
type reply struct {
	rcode         uint16
	authoritative bool
	answer        []dns.RR
	authority     []dns.RR
	additional    []dns.RR

	// What signing adds to: names whose answer comes from a wildcard, and names of which something is denied.
	expanded map[string]string
	denied   []string

	err error // the first one
}

// ask follows RFC 1034 section 4.3.2. The owner of the first records is spelled as in the question.
func (z *zone) ask(question, qtype string) (reply, error) {
	r := reply{authoritative: true, expanded: map[string]string{}}
	owner, name := question, strings.ToLower(question)
	for range maxChain {
		if cut := z.cut(name, qtype); cut != "" {
			r.authoritative = len(r.answer) > 0
			z.refer(&r, cut)
			return r, r.err
		}
		node, wildcard, found := z.node(name)
		if !found {
			r.rcode = dns.RcodeNameError // of the last name of a chain, RFC 6604
			r.denied = append(r.denied, name)
			z.deny(&r)
			return r, r.err
		}
		if wildcard != "" {
			r.expanded[name] = wildcard
		}
		if alias, ok := node["CNAME"]; ok && qtype != "CNAME" && qtype != "ANY" {
			r.add(&r.answer, owner, alias)
			name = strings.ToLower(alias.Values[0])
			owner = name
			if !dnsutil.IsBelow(z.apex, name) {
				return r, r.err
			}
			continue
		}
		z.fill(&r, owner, node, qtype)
		return r, r.err
	}
	return r, r.err // a loop: what was collected is the answer
}

func (z *zone) fill(r *reply, owner string, node map[string]zonedata.RRset, qtype string) {
	isEmpty := true
	for typ, set := range node {
		if typ == qtype || qtype == "ANY" {
			isEmpty = false
			r.add(&r.answer, owner, set)
		}
	}
	if isEmpty {
		r.denied = append(r.denied, strings.ToLower(owner))
		z.deny(r)
	}
}

// node finds the records at a name, through a wildcard if need be, which is then named. An empty non-terminal is found
// and has none.
func (z *zone) node(name string) (node map[string]zonedata.RRset, wildcard string, found bool) {
	if node, found = z.sets[name]; found {
		return node, "", true
	}
	wildcard = "*." + z.encloser(name)
	node, found = z.sets[wildcard]
	return node, wildcard, found
}

// encloser is the closest name above that exists.
func (z *zone) encloser(name string) string {
	name = parent(name)
	for z.sets[name] == nil {
		name = parent(name)
	}
	return name
}

// cut finds the delegation at or above name. The DS at the cut itself belongs to the parent (RFC 4035 section 3.1.4.1).
func (z *zone) cut(name, qtype string) string {
	found := ""
	for n := name; n != z.apex && dnsutil.IsBelow(z.apex, n); n = parent(n) {
		if _, ok := z.sets[n]["NS"]; ok && (n != name || qtype != "DS") {
			found = n // the highest one counts
		}
	}
	return found
}

// refer names the servers of the child zone, with their addresses as far as they are known here.
func (z *zone) refer(r *reply, cut string) {
	ns := z.sets[cut]["NS"]
	r.add(&r.authority, cut, ns)
	if ds, ok := z.sets[cut]["DS"]; ok {
		r.add(&r.authority, cut, ds)
	} else {
		r.denied = append(r.denied, cut)
	}
	for _, host := range ns.Values {
		host = strings.ToLower(host)
		for _, typ := range []string{"A", "AAAA"} {
			r.add(&r.additional, host, z.sets[host][typ])
		}
	}
}

// deny adds the SOA that a negative answer needs. Its TTL is how long the "no" may be kept (RFC 2308 section 3).
func (z *zone) deny(r *reply) {
	soa := z.sets[z.apex]["SOA"]
	soa.TTL = z.negativeTTL()
	r.add(&r.authority, z.apex, soa)
}

func (z *zone) negativeTTL() uint32 { return min(z.sets[z.apex]["SOA"].TTL, negativeTTL) }

// lower caps the TTLs; 0 leaves them as they are.
func (z *zone) lower(most uint32) {
	if most == 0 {
		return
	}
	for _, node := range z.sets {
		for typ, set := range node {
			set.TTL = min(set.TTL, most)
			node[typ] = set
		}
	}
}

// add puts the records of a set, under the name of owner, into a section.
func (r *reply) add(section *[]dns.RR, owner string, set zonedata.RRset) {
	for _, value := range set.Values {
		rr, err := dns.New(fmt.Sprintf("%s %d IN %s %s", owner, set.TTL, set.Type, value))
		if err != nil && r.err == nil {
			r.err = fmt.Errorf("serve %s %s: %w", set.Name, set.Type, err)
		}
		*section = append(*section, rr)
	}
}
