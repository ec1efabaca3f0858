package cloudflare

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxPerPage is the service's own limit (section 4.1). It warns of time-outs far below it.
const maxPerPage = 5_000_000

// list answers GET dns_records: filters, order, one page. Without an order the records come by type and then by name
// (section 3.1).
func (s *Server) list(r *http.Request, z *zone) (any, *apiError) {
	query := r.URL.Query()
	if err := onlyKnown(query, "page", "per_page", "type", "name", "name.exact", "order", "direction"); err != nil {
		return nil, err
	}
	page, perPage, err := pageOf(query, 100, 1, maxPerPage)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(slices.Clone(z.records), func(r *Record) bool { return !matches(r, query) })
	if err := order(found, query.Get("order"), query.Get("direction")); err != nil {
		return nil, err
	}
	rows, info := paginate(found, page, perPage)
	return listing{rows, info}, nil
}

// onlyKnown refuses parameters that are not modelled here. The service knows more, and passes over what it does not
// know: a client that begins to use one shall hear of it in its first test.
func onlyKnown(query url.Values, known ...string) *apiError {
	for name := range query {
		if !slices.Contains(known, name) {
			return refuse(placeholder, "The sandbox does not know the parameter %q.", name)
		}
	}
	return nil
}

// matches compares without case. A parameter that is given twice wants both, which no record has.
func matches(r *Record, query url.Values) bool {
	for key, value := range map[string]string{"type": r.Type, "name": r.Name, "name.exact": r.Name} {
		if slices.ContainsFunc(query[key], func(want string) bool { return !strings.EqualFold(want, value) }) {
			return false
		}
	}
	return true
}

func order(records []*Record, by, direction string) *apiError {
	compare := func(a, b *Record) int { return cmp.Compare(a.Name, b.Name) }
	switch {
	case direction != "" && direction != "asc" || by != "" && by != "name":
		return refuse(placeholder, "The sandbox does not know the order %q %q.", by, direction)
	case by == "":
		compare = func(a, b *Record) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name)) }
	}
	slices.SortStableFunc(records, compare)
	return nil
}
