package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"codeberg.org/miekg/dns"
	"codeberg.org/miekg/dns/dnsutil"

	"github.com/multidns/terraform-provider-multidns/internal/exchange"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// DNS asks one server for one RRset.
type DNS struct {
	// Server is "host", "host:port" or an address; port 53 when none is given.
	Server string

	// Name is absolute, with or without the final dot; Type a mnemonic such as "A".
	Name string
	Type string

	// ExpectedValues must all be in the answer, in any spelling that means the same. None: one record of the type is
	// enough.
	ExpectedValues []string
}

// Host is the name or address that the probe connects to, for GuardLoop.
func (c DNS) Host() string { return hostOf(c.Server) }

type dnsProber struct {
	server   endpoint
	name     string // absolute, with the final dot
	typ      uint16
	expected []string
}

// NewDNS checks the question. Errors are of type *ConfigError.
func NewDNS(c DNS) (Prober, error) {
	p := dnsProber{name: "."}
	var err error
	if p.server, err = parseEndpoint(c.Server); err != nil {
		return nil, &ConfigError{"server", err.Error() + `. Write "host", "host:port" or an address.`}
	}
	if p.server.port == "" {
		p.server.port = "53"
	}
	if c.Name != "." {
		name, err := asciiName(c.Name, "-_*")
		if err != nil {
			return nil, &ConfigError{"name", fmt.Sprintf(`%q is not a domain name. Write it in full, such as "www.example.com".`, c.Name)}
		}
		p.name = name + "."
	}
	p.typ = dns.StringToType[strings.ToUpper(c.Type)]
	// RFC 6895 section 3.1: 128 to 255 are meta types, which no RRset has; so is OPT.
	if p.typ == dns.TypeNone || p.typ == dns.TypeOPT || p.typ >= 128 && p.typ <= 255 || dns.NewMsg(p.name, p.typ) == nil {
		return nil, &ConfigError{"type", fmt.Sprintf(`%q is not the type of a record. Write "A", "AAAA", "CNAME", "TXT" or another.`, c.Type)}
	}
	for _, value := range c.ExpectedValues {
		canonical, err := canonicalValue(p.typ, value)
		if err != nil {
			return nil, &ConfigError{"expected_values", err.Error()}
		}
		p.expected = append(p.expected, canonical)
	}
	return p, nil
}

func (p dnsProber) Probe(ctx context.Context) Result {
	a := begin()
	answer, err := p.ask(ctx, a)
	if err != nil {
		return a.end(false, explain(ctx, err, a.dialled(), time.Now()))
	}
	return a.end(p.judge(answer, a.dialled()))
}

// ask sends the question to the one address that the server's name gives. Recursion is desired, so that a resolver can
// be probed as well; an authoritative server ignores it.
func (p dnsProber) ask(ctx context.Context, a *attempt) (*dns.Msg, error) {
	server, err := dialer{note: a}.address(ctx, p.server)
	if err != nil {
		return nil, err
	}
	answer, err := exchange.Ask(ctx, server, exchange.Question{Name: p.name, Type: p.typ, Recursive: true})
	for _, stray := range []error{exchange.ErrNotDNS, exchange.ErrNoQuestion, exchange.ErrAnotherQuestion} {
		if errors.Is(err, stray) {
			return nil, failure(server.String() + " " + strings.TrimPrefix(stray.Error(), "it "))
		}
	}
	return answer, err
}

// judge compares the answer with what is expected. Records at the end of a chain of aliases count.
func (p dnsProber) judge(answer *dns.Msg, server string) (bool, string) {
	name := strings.TrimSuffix(p.name, ".")
	typ := dns.TypeToString[p.typ]
	if answer.Rcode == dns.RcodeNameError {
		return false, fmt.Sprintf("name %s does not exist at %s", name, server)
	}
	if answer.Rcode != dns.RcodeSuccess {
		return false, fmt.Sprintf("%s answered %s", server, dnsutil.RcodeToString(answer.Rcode))
	}
	var held []string
	owners, alias := chain(answer, p.name)
	if alias != "" {
		alias = ", only an alias to " + strings.TrimSuffix(alias, ".")
	}
	for _, rr := range answer.Answer {
		if dns.RRToType(rr) != p.typ || rr.Header().Class != dns.ClassINET || !owners[strings.ToLower(rr.Header().Name)] {
			continue
		}
		value := rr.Data().String()
		if canonical, err := canonicalValue(p.typ, value); err == nil {
			value = canonical
		}
		held = append(held, value)
	}
	if len(held) == 0 {
		return false, fmt.Sprintf("%s has no %s record at %s%s", name, typ, server, alias)
	}
	missing := slices.DeleteFunc(slices.Clone(p.expected), func(v string) bool { return slices.Contains(held, v) })
	switch {
	case len(missing) > 0:
		return false, fmt.Sprintf("answer lacks %s, it holds %s", shortList(missing), shortList(held))
	case len(p.expected) > 0:
		return true, "answer holds " + shortList(p.expected)
	default:
		return true, "answer holds " + shortList(held)
	}
}

// chain are the names that the answer's aliases lead to from name, with itself, and the last of them. What an answer
// holds of other names says nothing about this one.
func chain(answer *dns.Msg, name string) (owners map[string]bool, last string) {
	owners = map[string]bool{}
	for next := strings.ToLower(name); next != "" && !owners[next]; {
		owners[next] = true
		at := next
		next = ""
		for _, rr := range answer.Answer {
			if c, ok := rr.(*dns.CNAME); ok && strings.EqualFold(c.Header().Name, at) {
				next, last = strings.ToLower(c.Target), c.Target
			}
		}
	}
	return owners, last
}

// canonicalValue brings a value to the one form of its meaning. Types that no operator lets us write, such as SOA, have
// no canonical form here; what the library prints will do for them.
func canonicalValue(typ uint16, value string) (string, error) {
	mnemonic := dns.TypeToString[typ]
	if rrset.CheckType(mnemonic) == nil {
		canonical, err := rrset.Canonical(mnemonic, value)
		if err == nil && typ == dns.TypeTXT {
			canonical, err = joined(canonical)
		}
		return canonical, err
	}
	data, err := dns.NewData(typ, strings.TrimSpace(value))
	if err != nil {
		return "", fmt.Errorf("%q is not a value of type %s", value, mnemonic)
	}
	return data.String(), nil
}

// joined is a TXT as one text: a probe asks whether it is there, in whatever strings.
func joined(text string) (string, error) {
	entry, _, err := rrset.ScanEntry(text)
	var b strings.Builder
	for _, t := range entry.Tokens {
		b.WriteString(t.Raw)
	}
	return `"` + b.String() + `"`, err
}

// shortList sorts, because the order of an answer changes from one to the next, and cuts what is long.
func shortList(values []string) string {
	values = slices.Sorted(slices.Values(values))
	const most = 3
	if len(values) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(values[:most], ", "), len(values)-most)
	}
	return strings.Join(values, ", ")
}
