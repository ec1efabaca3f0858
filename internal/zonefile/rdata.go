package zonefile

import (
	"fmt"
	"slices"
	"strings"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// nameField is where the types that both operators hold have a name in their RDATA.
var nameField = map[string]int{"CNAME": 0, "HTTPS": 1, "MX": 1, "NAPTR": 5, "NS": 0, "PTR": 0, "SRV": 3, "SVCB": 1}

// value is RDATA in presentation form with every name absolute. What is RDATA of its type but cannot be declared comes
// with the problem; what is none is an error.
func (r *reader) value(typ string, rdata []rrset.Token) (value string, problem, err error) {
	problem = rrset.CheckType(typ)
	if problem == nil {
		if rdata, err = r.absolute(typ, rdata); err != nil {
			return "", nil, err
		}
		if value, problem = rrset.CanonicalFields(typ, rdata); problem == nil {
			return value, nil, nil
		}
		if at, has := nameField[typ]; has && at < len(rdata) && !isASCII(rdata[at].Raw) {
			return "", nil, problem // which the library takes for a name of odd bytes
		}
	}
	value, ok := r.foreign(typ, rdata)
	switch {
	case ok:
		return value, problem, nil
	case rrset.CheckType(typ) == nil:
		return "", nil, problem
	}
	return "", nil, fmt.Errorf("the value is not in the form of its type %s", typ)
}

// absolute completes the name in the RDATA.
func (r *reader) absolute(typ string, rdata []rrset.Token) ([]rrset.Token, error) {
	at, has := nameField[typ]
	if !has || at >= len(rdata) || rdata[at].Quoted || rdata[0].Raw == `\#` || !isASCII(rdata[at].Raw) {
		return rdata, nil
	}
	name, err := rrset.AbsoluteName(rdata[at].Raw, r.origin)
	if err != nil {
		return nil, fmt.Errorf("%s: the name in the value is not a domain name: %w", typ, err)
	}
	if raw := rdata[at].Raw; r.endsInZone(raw) || r.looksForeign(raw) {
		r.doubt = dotless(raw, name)
	}
	rdata = slices.Clone(rdata)
	rdata[at].Raw = name
	return rdata, nil
}

// looksForeign reports whether a relative target was most likely meant to be a host of somebody else:
// ghs.googlehosted.com without its dot.
func (r *reader) looksForeign(raw string) bool {
	if rrset.IsAbsolute(raw) || r.origin == "." || !strings.Contains(raw, ".") {
		return false
	}
	return slices.Contains([]string{topLabel(r.apex), "com", "net", "org"}, topLabel(strings.ToLower(raw)))
}

// foreign reads RDATA that cannot be declared with the DNS library, which knows every type. What it takes must have a
// wire form as well: it does not look into base64 and hexadecimal text before.
func (r *reader) foreign(typ string, rdata []rrset.Token) (string, bool) {
	text := rrset.Spelled(rdata)
	if slices.Contains(unread, typ) {
		return text, text != ""
	}
	parser := dns.NewZoneParser(strings.NewReader(". 1 IN "+typ+" "+text+"\n"), r.origin, "")
	rr, ok := parser.Next()
	if !ok || parser.Err() != nil || rr == nil {
		return "", false
	}
	if _, unknown := rr.(*dns.RFC3597); !unknown && len(rdata) > 1 && rdata[0].Raw == `\#` && strings.Trim(rdata[1].Raw, "0") == "" {
		return "", false // nothing with a type is empty in a zone file, and the library panics over a name that is not there
	}
	message := dns.Msg{Answer: []dns.RR{rr}}
	if err := message.Pack(); err != nil {
		return "", false
	}
	return rr.Data().String(), true
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c > 127 })
}
