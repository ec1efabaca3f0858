package zonefile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// unread are types of the IANA registry that the DNS library cannot read. No two operators hold them, so their RDATA
// stays as it is written.
var unread = []string{"A6", "AMTRELAY", "APL", "ATMA", "DOA", "IPSECKEY", "NSAP", "SINK", "UNSPEC", "WKS"}

// typeOf reads a type in any case, by number as well (RFC 3597 section 5). The words that other services' exports have
// in its place get their own cause.
func typeOf(raw string) (string, error) {
	word := strings.ToUpper(raw)
	number, known := dns.StringToType[word]
	if numbered(word, "TYPE") {
		n, _ := strconv.ParseUint(strings.TrimPrefix(word, "TYPE"), 10, 16)
		number, known = uint16(n), true
		word = fmt.Sprintf("TYPE%d", n)
		if name, named := dns.TypeToString[number]; named {
			word = name
		}
	}
	switch {
	// RFC 6895 section 3.1: these are asked for, and no record has them.
	case known && (number == dns.TypeNone || number == dns.TypeOPT || number >= 128 && number <= 255):
		return "", fmt.Errorf("%s is a type that only messages have; remove this record", word)
	case known || slices.Contains(unread, word):
		return word, nil
	case strings.HasPrefix(word, "[AGE:"):
		return "", errors.New("[AGE:…] is a time stamp of Windows' DNS server and no part of a zone file; remove it from every line")
	case word == "AWS":
		return "", errors.New("AWS is not a class of DNS: it is how cli53 writes an alias of Route 53, which no other service has; write A and AAAA records, or a CNAME below the apex")
	case word == "WINS" || word == "WINSR" || word == "WINS-R":
		return "", fmt.Errorf("%s is a type of Windows' DNS server alone; remove this record", word)
	case word == "LUA":
		return "", errors.New("LUA is a type of PowerDNS alone; remove this record")
	case word == "ALIAS" || word == "ANAME":
		return "", rrset.CheckType(word)
	}
	return "", fmt.Errorf("%s is neither a TTL nor a class nor a type of DNS records", wordOr("what stands in the place of the type", raw))
}

// wordOr shows a short word, which may be meant as a type or a key. Anything else may be a part of a value that a line
// break has cut off, and values are not repeated (design/sensitive-values.md).
func wordOr(otherwise, raw string) string {
	const longest = len("NSEC3PARAM")
	if len(raw) <= longest && strings.Trim(strings.ToUpper(raw), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" {
		return strconv.Quote(raw)
	}
	return otherwise
}
