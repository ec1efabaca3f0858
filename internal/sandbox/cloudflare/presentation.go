package cloudflare

import (
	"fmt"
	"strings"

	"codeberg.org/miekg/dns"
)

// structuredContent is the text that the server makes of data (section 3.3). It is not always the presentation form:
// SRV and URI leave the priority out, and LOC the units.
func structuredContent(r *Record) string {
	d := r.Data
	switch r.Type {
	case "CAA":
		return fmt.Sprintf("%v %v %s", d["flags"], d["tag"], quoteTXT(r.part("value")))
	case "HTTPS", "SVCB":
		return strings.TrimRight(fmt.Sprintf("%v %v %v", d["priority"], d["target"], d["value"]), " ")
	case "LOC":
		return fmt.Sprintf("%d %d %.3f %s %d %d %.3f %s %.2f %.2f %.2f %.2f", locParts(d)...)
	case "NAPTR":
		return fmt.Sprintf("%v %v %s %s %s %v", d["order"], d["preference"], quoteTXT(r.part("flags")), quoteTXT(r.part("service")),
			quoteTXT(r.part("regex")), d["replacement"])
	case "SRV":
		return fmt.Sprintf("%v %v %v", d["weight"], d["port"], d["target"])
	case "URI":
		return fmt.Sprintf("%v %s", d["weight"], quoteTXT(r.part("target")))
	}
	var parts []string
	for _, f := range dataTypes[r.Type] {
		parts = append(parts, fmt.Sprint(d[f.name]))
	}
	return strings.Join(parts, " ")
}

// part is one text of the data.
func (r *Record) part(name string) string {
	text, _ := r.Data[name].(string)
	return text
}

func locParts(d map[string]any) []any {
	var parts []any
	for _, f := range dataTypes["LOC"] {
		parts = append(parts, d[f.name])
	}
	return parts
}

// presentation is the RDATA of r as a zone file has it, with absolute host names.
func presentation(r *Record) string {
	switch r.Type {
	case "CNAME", "NAPTR", "NS", "PTR": // it ends in the host name
		return absolute(r.Content)
	case "MX", "SRV":
		return fmt.Sprintf("%d %s", r.priority(), absolute(r.Content))
	case "TXT":
		parts, _ := decodeTXT(r.Content)
		return encodeTXT(parts)
	case "HTTPS", "SVCB":
		return servicePresentation(r)
	case "LOC":
		return fmt.Sprintf("%d %d %.3f %s %d %d %.3f %s %.2fm %.2fm %.2fm %.2fm", locParts(r.Data)...)
	case "URI":
		return fmt.Sprintf("%d %s", r.priority(), r.Content)
	}
	return r.Content
}

func servicePresentation(r *Record) string {
	d := r.Data
	return strings.TrimRight(fmt.Sprintf("%v %s %v", d["priority"], absolute(r.part("target")), d["value"]), " ")
}

func absolute(host string) string {
	if strings.HasSuffix(host, ".") {
		return host
	}
	return host + "."
}

// isRDATA asks the DNS library whether text is RDATA of the type.
func isRDATA(typ, text string) bool {
	_, err := dns.NewData(dns.StringToType[typ], text)
	return err == nil
}

// draftOf is the way back: the request that a dashboard would make for one value in presentation form.
func draftOf(name, typ string, ttl int, value string) (draft, *apiError) {
	d := draft{name: &name, typ: &typ, ttl: &ttl}
	words, ok := splitWords(value)
	if !ok || len(words) == 0 {
		return d, invalidContent(typ)
	}
	switch typ {
	case "MX", "URI":
		var priority int
		if n, err := fmt.Sscanf(words[0], "%d", &priority); n != 1 || err != nil || len(words) < 2 {
			return d, invalidContent(typ)
		}
		d.priority = &priority
		words = words[1:]
		value = words[0]
	case "LOC":
		words = locWords(words)
	}
	fields, isData := dataTypes[typ]
	if !isData {
		d.content = &value
		return d, nil
	}
	d.data = map[string]any{}
	for i, f := range fields {
		switch {
		case i >= len(words):
		case i < len(fields)-1:
			d.data[f.name] = words[i]
		case typ == "HTTPS" || typ == "SVCB":
			d.data[f.name] = afterWords(value, i)
		default: // hex and base64 may be written in several pieces
			d.data[f.name] = strings.Join(words[i:], "")
		}
	}
	return d, nil
}

// splitWords cuts presentation text at blanks and takes quotes and escapes away.
func splitWords(s string) (words []string, ok bool) {
	for s = strings.TrimLeft(s, " \t"); s != ""; s = strings.TrimLeft(s, " \t") {
		var word string
		if s[0] == '"' {
			if word, s, ok = unescapeTXT(s[1:], true); !ok {
				return nil, false
			}
		} else {
			end := strings.IndexAny(s, " \t")
			if end < 0 {
				end = len(s)
			}
			word, s = s[:end], s[end:]
		}
		words = append(words, word)
	}
	return words, true
}

// afterWords is what follows the first n words, untouched: the parameters of SVCB keep their quotes.
func afterWords(s string, n int) string {
	for range n {
		s = strings.TrimLeft(s, " \t")
		if end := strings.IndexAny(s, " \t"); end >= 0 {
			s = s[end:]
		} else {
			return ""
		}
	}
	return strings.TrimSpace(s)
}

// locWords fills in what RFC 1876 section 3 lets a zone file leave out, and takes the units away.
func locWords(words []string) []string {
	var out []string
	for _, direction := range []string{"NS", "EW"} {
		part := []string{"0", "0", "0"}
		for i := 0; len(words) > 0; i++ {
			word := words[0]
			words = words[1:]
			if strings.Contains(direction, word) {
				part = append(part[:3], word)
				break
			}
			if i < 3 {
				part[i] = word
			}
		}
		out = append(out, part...)
	}
	for i, standard := range []string{"0", "1", "10000", "10"} {
		if i < len(words) {
			standard = strings.TrimSuffix(words[i], "m")
		}
		out = append(out, standard)
	}
	return out
}
