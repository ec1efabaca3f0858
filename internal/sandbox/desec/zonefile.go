package desec

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"codeberg.org/miekg/dns"
)

// zonefile exports the zone as the signing name server holds it.
func (z *zone) zonefile(now time.Time) string {
	now = now.UTC()
	soa := fmt.Sprintf("get.desec.io. get.desec.io. %s%02d 86400 3600 2419200 3600", now.Format("20060102"), z.serial%100)
	lines := []string{z.line("", 300, "SOA", soa)}
	for _, set := range z.rrsets {
		for _, record := range set.records {
			lines = append(lines, z.line(set.subname, set.ttl, set.typ, record))
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return slices.Compare(sortKey(a), sortKey(b)) })
	return fmt.Sprintf("; Zonefile for %s exported from desec.io at %s\n", z.name, now.Format("2006-01-02 15:04:05.000000-07:00")) +
		strings.Join(lines, "")
}

func (z *zone) line(subname string, ttl int, typ, record string) string {
	return fmt.Sprintf("%s\t%d\tIN\t%s\t%s\n", z.qname(subname), ttl, typ, record)
}

// sortKey orders lines by name, type and content.
func sortKey(line string) []string {
	parts := strings.SplitN(line, "\t", 5)
	return []string{parts[0], parts[3], parts[4]}
}

// notImported are types which the import leaves out, besides the automatic ones.
var notImported = []string{"CDS", "CDNSKEY", "DNSKEY"}

// importZonefile fills a zone that is being created. The apex NS RRset of the file is left out, and
// TTLs are brought into the limits of the domain.
func (s *Server) importZonefile(z *zone, text string) *answer {
	sets, order, problem := readZonefile(z, text)
	if problem != "" {
		return new(invalid(object{{"zonefile", []string{problem}}}))
	}
	var items []any
	for _, k := range order {
		ttl := min(max(sets[k].ttl, z.minimumTTL), maximumTTL)
		items = append(items, map[string]any{
			"subname": k.subname, "type": k.typ, "ttl": number{fmt.Sprint(ttl)}, "records": list(sets[k].records),
		})
	}
	w := &write{server: s, zone: z, method: http.MethodPost, allowed: func(key) bool { return true }}
	a := w.bulk(items, nil, true)
	complaints, ok := a.body.([]object)
	switch {
	case a.status < 300:
		return nil
	case a.status != http.StatusBadRequest || !ok:
		return &a
	}
	var sentences []string
	for i, problems := range complaints {
		for _, m := range problems {
			texts, _ := m.value.([]string)
			for _, text := range texts {
				name := strings.TrimSuffix(z.qname(order[i].subname), ".")
				sentences = append(sentences, fmt.Sprintf("%s/%s: %s", name, order[i].typ, text))
			}
		}
	}
	return new(invalid(object{{"zonefile", sentences}}))
}

var lineNumber = regexp.MustCompile(`at line: (\d+)`)

// readZonefile gives the RRsets of a zone file, and the order in which they came.
func readZonefile(z *zone, text string) (sets map[key]rrset, order []key, problem string) {
	sets = map[key]rrset{}
	parser := dns.NewZoneParser(strings.NewReader(text), z.name+".", "")
	parser.IncludeAllowFunc = func(_, _ string) bool { return false }
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		k := key{subnameIn(z.name, rr.Header().Name), dns.TypeToString[dns.RRToType(rr)]}
		if slices.Contains(automatic, k.typ) || slices.Contains(notImported, k.typ) || k == (key{"", "NS"}) {
			continue
		}
		set, known := sets[k]
		if !known {
			order = append(order, k)
			set = rrset{key: k, ttl: int(rr.Header().TTL)}
		}
		set.records = append(set.records, rr.Data().String())
		sets[k] = set
	}
	if err := parser.Err(); err != nil {
		if line := lineNumber.FindStringSubmatch(err.Error()); line != nil {
			return nil, nil, fmt.Sprintf("Zonefile contains syntax error in line %s.", line[1])
		}
		return nil, nil, "Could not parse zonefile: " + err.Error()
	}
	for k := range maps.Keys(sets) {
		_, isAlias := sets[key{k.subname, "CNAME"}]
		if isAlias && k.typ != "CNAME" {
			return nil, nil, "No other records with the same name are allowed alongside a CNAME record."
		}
	}
	return sets, order, ""
}

// subnameIn cuts the name of the zone off an absolute name; the case of the rest is kept, for the
// complaint about it.
func subnameIn(zone, name string) string {
	name = strings.TrimSuffix(name, ".")
	if strings.EqualFold(name, zone) {
		return ""
	}
	return name[:max(0, len(name)-len(zone)-1)]
}
