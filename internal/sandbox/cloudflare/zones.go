package cloudflare

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

const (
	accountID   = "01a7362d577a6c3019a474fd6f485823"
	accountName = "Test"
)

// view is a zone as the API shows it (section 2). The name is Unicode here, while record names are Punycode.
func (z *zone) view() map[string]any {
	name, err := idna.ToUnicode(z.Name)
	if err != nil {
		name = z.Name
	}
	plans := map[string]string{"free": "Free Website", "pro": "Pro Website", "business": "Business Website", "enterprise": "Enterprise Website"}
	return map[string]any{
		"id": z.ID, "name": name, "status": z.Status, "paused": false, "type": z.Type, "development_mode": 0,
		"name_servers": z.nameServers(), "original_name_servers": nil, "original_registrar": nil, "original_dnshost": nil,
		"created_on": z.created, "modified_on": z.created, "activated_on": z.created,
		"account": map[string]string{"id": accountID, "name": accountName},
		"plan":    map[string]string{"legacy_id": z.Plan, "name": plans[z.Plan]},
	}
}

func (s *Server) getZone(_ *http.Request, z *zone) (any, *apiError) {
	if z == nil {
		return nil, &apiError{status: http.StatusForbidden, code: 9109, message: "Unauthorized to access requested resource", gateway: true}
	}
	return z.view(), nil
}

// listZones answers GET /zones. A zone that the token cannot see is an empty list, not an error.
func (s *Server) listZones(r *http.Request, _ *zone) (any, *apiError) {
	query := r.URL.Query()
	if err := onlyKnown(query, "page", "per_page", "name"); err != nil {
		return nil, err
	}
	page, perPage, err := pageOf(query, 20, 5, 50)
	if err != nil {
		return nil, err
	}
	var found []any
	for _, z := range s.zones {
		if z.matches(query) {
			found = append(found, z.view())
		}
	}
	rows, info := paginate(found, page, perPage)
	if info.TotalCount == 0 {
		info.TotalPages = 1 // seen for zones, while the empty list of records says 0
	}
	return listing{rows, info}, nil
}

// matches compares with the name that was asked for, if any. An internal zone is listed only when its type is asked
// for.
func (z *zone) matches(query url.Values) bool {
	want := strings.ToLower(query.Get("name"))
	if ascii, err := idna.ToASCII(want); err == nil {
		want = ascii
	}
	return z.Type != "internal" && (want == "" || want == z.Name)
}

// pageOf reads page and per_page and refuses what is out of range.
func pageOf(query url.Values, standard, least, most int) (page, perPage int, err *apiError) {
	page, perPage = 1, standard
	for key, to := range map[string]*int{"page": &page, "per_page": &perPage} {
		text := query.Get(key)
		if text == "" {
			continue
		}
		n, convErr := strconv.Atoi(text)
		if convErr != nil {
			return 0, 0, refuse(placeholder, "%s is not a number.", key)
		}
		*to = n
	}
	if page < 1 {
		return 0, 0, refuse(placeholder, "page must be at least 1.")
	}
	if perPage < least || perPage > most {
		return 0, 0, refuse(placeholder, "per_page must be between %d and %d.", least, most)
	}
	return page, perPage, nil
}

// paginate cuts one page out of rows. A page past the end is empty and no error.
func paginate[T any](rows []T, page, perPage int) ([]T, resultInfo) {
	total := len(rows)
	from := total
	if page <= total/perPage+1 {
		from = min(total, (page-1)*perPage)
	}
	part := rows[from:min(total, from+perPage)]
	if len(part) == 0 {
		part = []T{} // [] in JSON, not null
	}
	return part, resultInfo{
		Page: page, PerPage: perPage, Count: len(part), TotalCount: total, TotalPages: (total + perPage - 1) / perPage,
	}
}
