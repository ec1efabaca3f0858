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
	items, order, problem := readZonefile(z, text)
	if problem != "" {
		return new(invalid(object{{"zonefile", []string{problem}}}))
	}
	var list []any
	for _, k := range order {
		list = append(list, items[k])
	}
	w := &write{server: s, zone: z, method: http.MethodPost, allowed: func(key) bool { return true }}
	a := w.bulk(list, nil, true)
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

// readZonefile gives the RRsets of a zone file as items of a bulk request.
func readZonefile(z *zone, text string) (items map[key]map[string]any, order []key, problem string) {
	items = map[key]map[string]any{}
	parser := dns.NewZoneParser(strings.NewReader(text), z.name+".", "")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		k := key{subnameIn(z.name, rr.Header().Name), dns.TypeToString[dns.RRToType(rr)]}
		if slices.Contains(automatic, k.typ) || slices.Contains(notImported, k.typ) || k == (key{"", "NS"}) {
			continue
		}
		if items[k] == nil {
			order = append(order, k)
			ttl := min(max(int(rr.Header().TTL), z.minimumTTL), maximumTTL)
			items[k] = map[string]any{"subname": k.subname, "type": k.typ, "ttl": number{fmt.Sprint(ttl)}, "records": []any{}}
		}
		items[k]["records"] = append(items[k]["records"].([]any), rr.Data().String())
	}
	if err := parser.Err(); err != nil {
		if line := lineNumber.FindStringSubmatch(err.Error()); line != nil {
			return nil, nil, fmt.Sprintf("Zonefile contains syntax error in line %s.", line[1])
		}
		return nil, nil, "Could not parse zonefile: " + err.Error()
	}
	for k := range maps.Keys(items) {
		_, isAlias := items[key{k.subname, "CNAME"}]
		if isAlias && k.typ != "CNAME" {
			return nil, nil, "No other records with the same name are allowed alongside a CNAME record."
		}
	}
	return items, order, ""
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
