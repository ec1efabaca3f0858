package zonefile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// record reads [owner] [TTL] [class] type RDATA, the middle two in any order.
func (r *reader) record(tokens []rrset.Token, indented, proxied bool) error {
	if r.records++; r.records > mostRecords {
		return fmt.Errorf("the zone file has more than %d records", mostRecords)
	}
	if !indented {
		if err := r.setOwner(tokens[0]); err != nil {
			return err
		}
		tokens = tokens[1:]
	} else if r.owner == "" {
		return errors.New("the line begins with a blank, so its owner is that of the record before, and there is none; write the owner, or @ for the zone itself, at the very start of the line (in HCL: <<-EOT takes the indent away)")
	}
	r.doubt = r.ownerDoubt
	head, rdata, err := readHead(tokens, indented)
	if err != nil {
		return err
	}
	if r.comment != "" && cutsText(head.typ, rdata) {
		return errors.New("an unquoted semicolon begins a comment, so that the rest of the line would be lost; put the text in quotes, or a blank before the comment")
	}
	if head.typ == "SOA" {
		if err := r.takeMinimum(head.ttl, rdata); err != nil {
			return err
		}
	}
	ttl := r.ttl.of(head.ttl)
	if !rrset.InZone(r.owner, r.apex) {
		return fmt.Errorf("%s is not in the zone %s; remove the record, or give the name of its zone as the origin", short(r.owner), r.apex)
	}
	key := rrset.Key{Zone: r.apex, Name: r.owner, Type: head.typ}
	if isGenerated(key) {
		return nil
	}
	value, problem, err := r.value(head.typ, rdata)
	if err != nil {
		return err
	}
	if problem == nil {
		problem = r.doubt
	}
	return r.add(key, resourceRecord{line: r.line, ttl: ttl, value: value, problem: problem, proxied: proxied})
}

func (r *reader) setOwner(token rrset.Token) error {
	if token.Quoted {
		return errors.New("the owner is in quotes; write it without")
	}
	if strings.ContainsFunc(token.Raw, func(c rune) bool { return c > 127 }) {
		_, err := rrset.NewKey(r.apex, token.Raw, "A") // it knows how to write such a name
		return err
	}
	raw := token.Raw
	// Route 53 writes the asterisk so, in octal (Amazon Route 53 Developer Guide, "DNS domain name format"); RFC 1035
	// would read the digit 4, which nobody escapes.
	if rest, ok := strings.CutPrefix(raw, `\052`); ok && (rest == "" || rest[0] == '.') {
		raw = "*" + rest
	}
	owner, err := rrset.AbsoluteName(raw, r.origin)
	if err != nil {
		return fmt.Errorf("the owner is not a domain name: %w", err)
	}
	if len(owner) > 254 && len(owner)-strings.Count(owner, `\`) > 254 {
		return errors.New("the owner is longer than a domain name can be")
	}
	r.owner, r.ownerDoubt = strings.ToLower(owner), nil
	if r.endsInZone(raw) {
		r.ownerDoubt = dotless(raw, owner)
	}
	return nil
}

// endsInZone reports whether a relative name ends in the name of the zone, so that the whole has it twice. Nearly
// always a dot was forgotten.
func (r *reader) endsInZone(raw string) bool {
	return !rrset.IsAbsolute(raw) && r.origin != "." && rrset.InZone(raw+".", r.apex)
}

// dotless says what a name without its final dot means.
func dotless(raw, name string) error {
	return fmt.Errorf("%s has no final dot, so it is relative and means %s; write %s. in the zone file if that is meant", short(raw), short(name), short(raw))
}

// cutsText reports whether a comment right after the RDATA most likely cuts a text that was meant to be whole, such as
// v=DKIM1; k=rsa without quotes.
func cutsText(typ string, rdata []rrset.Token) bool {
	return slices.Contains([]string{"TXT", "SPF", "CAA"}, typ) && len(rdata) > 0 && !rdata[len(rdata)-1].Quoted
}

// isGenerated reports whether every operator makes such records itself: they stand in every export of a signed zone.
func isGenerated(key rrset.Key) bool {
	switch key.Type {
	case "SOA", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM":
		return true
	case "DNSKEY", "CDS", "CDNSKEY":
		return key.IsApex()
	}
	return false
}

// head is what stands between the owner and the RDATA.
type head struct {
	ttl *uint32
	typ string
}

func readHead(tokens []rrset.Token, indented bool) (h head, rdata []rrset.Token, err error) {
	class := ""
	for i, token := range tokens {
		word := strings.ToUpper(token.Raw)
		switch {
		case token.Quoted:
			return h, nil, errors.New("a text in quotes stands where a TTL, a class or a type is expected; if it goes on from the line above, put both into parentheses")
		case looksLikeTTL(word) && h.ttl == nil:
			ttl, err := parseTTL(token.Raw)
			if err != nil {
				return h, nil, err
			}
			h.ttl = &ttl
		case class == "" && isClass(word):
			class = word
		default:
			h.typ, err = typeOf(token.Raw)
			if err != nil && indented {
				err = fmt.Errorf("%w. The line begins with a blank, so its owner is that of the record before", err)
			}
			if err == nil && class != "" && class != "IN" && class != "CLASS1" {
				err = fmt.Errorf("the class %s is not IN, and the operators serve no other; remove this record", class)
			}
			return h, tokens[i+1:], err
		}
	}
	return h, nil, errors.New("the record ends before its type; write owner, TTL, type and value, such as www 3600 A 192.0.2.1")
}

func isClass(word string) bool {
	switch word {
	case "IN", "CH", "CHAOS", "HS", "HESIOD", "CS", "NONE":
		return true
	}
	return numbered(word, "CLASS")
}

func numbered(word, prefix string) bool {
	digits, ok := strings.CutPrefix(word, prefix)
	_, err := strconv.ParseUint(digits, 10, 16)
	return ok && err == nil
}

// takeMinimum finds the last of the seven fields of an SOA.
func (r *reader) takeMinimum(own *uint32, rdata []rrset.Token) error {
	const fields = 7
	if len(rdata) > 0 && rdata[0].Raw == `\#` {
		return nil
	}
	if len(rdata) != fields {
		return fmt.Errorf("the SOA has %d fields, and %d are needed: name server, mailbox, serial, refresh, retry, expire, minimum", len(rdata), fields)
	}
	minimum, err := parseTTL(rdata[fields-1].Raw)
	if err != nil {
		return fmt.Errorf("the minimum of the SOA: %w", err)
	}
	r.ttl.soa(own, minimum)
	return nil
}
