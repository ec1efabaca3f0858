package cloudflare

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxPerPage is the service's own limit (section 4.1). It warns of time-outs far below it.
const maxPerPage = 5_000_000

// list answers GET dns_records: filters, order, one page. Without an order the records come by type and then by name (section 3.1).
func (s *Server) list(w http.ResponseWriter, r *http.Request, z *zone) *apiError {
	query := r.URL.Query()
	page, perPage, err := pageOf(query, 100, 1, maxPerPage)
	if err != nil {
		return err
	}
	filters, err := recordFilters(query)
	if err != nil {
		return err
	}
	matchAny := query.Get("match") == "any"
	found := []*Record{}
	for _, record := range z.records {
		if matches(record, filters, matchAny) {
			found = append(found, record)
		}
	}
	if err := order(found, query.Get("order"), query.Get("direction")); err != nil {
		return err
	}
	rows, info := paginate(found, page, perPage)
	writeResult(w, rows, &info)
	return nil
}

type filter func(*Record) bool

func matches(r *Record, filters []filter, matchAny bool) bool {
	if len(filters) == 0 {
		return true
	}
	hit := func(f filter) bool { return f(r) }
	if matchAny {
		return slices.ContainsFunc(filters, hit)
	}
	return !slices.ContainsFunc(filters, func(f filter) bool { return !f(r) })
}

// recordFilters makes one filter of each value of each parameter that is known. Comparison ignores case. Other parameters are no filters.
func recordFilters(query url.Values) ([]filter, *apiError) {
	var filters []filter
	for key, values := range query {
		attribute, operator, _ := strings.Cut(key, ".")
		for _, value := range values {
			if attribute == "proxied" {
				on, err := strconv.ParseBool(value)
				if err != nil {
					return nil, refuse(placeholder, "proxied must be true or false.")
				}
				filters = append(filters, func(r *Record) bool { return r.Proxied == on })
				continue
			}
			if f := textFilter(attribute, operator, strings.ToLower(value)); f != nil {
				filters = append(filters, f)
			}
		}
	}
	return filters, nil
}

func textFilter(attribute, operator, want string) filter {
	var texts func(*Record) []string
	switch attribute {
	case "type":
		texts = func(r *Record) []string { return []string{r.Type} }
	case "name":
		texts = func(r *Record) []string { return []string{r.Name} }
	case "content":
		texts = contentTexts(operator)
	case "comment":
		texts = commentTexts
	case "tag":
		texts = func(r *Record) []string { return r.Tags }
	case "search":
		texts, operator = searchTexts, "contains"
	default:
		return nil
	}
	compare := comparison(operator)
	if compare == nil {
		return nil
	}
	return func(r *Record) bool {
		found := texts(r)
		switch operator {
		case "present":
			return len(found) > 0
		case "absent":
			return len(found) == 0
		}
		return slices.ContainsFunc(found, func(text string) bool { return compare(strings.ToLower(text), want) })
	}
}

func comparison(operator string) func(text, want string) bool {
	switch operator {
	case "", "exact":
		return func(text, want string) bool { return text == want }
	case "contains":
		return strings.Contains
	case "startswith":
		return strings.HasPrefix
	case "endswith":
		return strings.HasSuffix
	case "present", "absent":
		return func(string, string) bool { return false }
	}
	return nil
}

// contentTexts leaves SRV, HTTPS and SVCB out of an exact comparison, which does not work for them (section 3.3).
func contentTexts(operator string) func(*Record) []string {
	return func(r *Record) []string {
		isExact := operator == "" || operator == "exact"
		if isExact && (r.Type == "SRV" || r.Type == "HTTPS" || r.Type == "SVCB") {
			return nil
		}
		return []string{r.Content}
	}
}

func commentTexts(r *Record) []string {
	if r.Comment == nil {
		return nil
	}
	return []string{*r.Comment}
}

func searchTexts(r *Record) []string {
	return append([]string{r.Name, r.Content}, append(commentTexts(r), r.Tags...)...)
}

func order(records []*Record, by, direction string) *apiError {
	var key func(a, b *Record) int
	switch by {
	case "":
		key = func(a, b *Record) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name)) }
	case "type":
		key = func(a, b *Record) int { return cmp.Compare(a.Type, b.Type) }
	case "name":
		key = func(a, b *Record) int { return cmp.Compare(a.Name, b.Name) }
	case "content":
		key = func(a, b *Record) int { return cmp.Compare(a.Content, b.Content) }
	case "ttl":
		key = func(a, b *Record) int { return cmp.Compare(a.TTL, b.TTL) }
	case "proxied":
		key = func(a, b *Record) int {
			return cmp.Compare(strconv.FormatBool(a.Proxied), strconv.FormatBool(b.Proxied))
		}
	default:
		return refuse(placeholder, "order %q is not known.", by)
	}
	slices.SortStableFunc(records, func(a, b *Record) int {
		if direction == "desc" {
			a, b = b, a
		}
		return key(a, b)
	})
	return nil
}
