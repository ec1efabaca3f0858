package desec

import (
	"maps"
	"net/http"
	"slices"
)

// show is an RRset as the API shows it; null is one without records, which a change leaves behind where a deletion came
// between (design/facts/desec-api.md section 8).
func (s *Server) show(z *zone, set rrset) object {
	if len(set.records) == 0 {
		return nil
	}
	return object{
		{"created", stamp(set.created)}, {"domain", z.name}, {"subname", set.subname}, {"name", z.qname(set.subname)},
		{"records", s.shuffled(set.records)}, {"ttl", set.ttl}, {"type", set.typ}, {"touched", stamp(set.touched)},
	}
}

// ownedView is the common part of the views below a domain: whose domain it is comes before the throttle, and is not
// counted (design/facts/desec-api.md section 7).
func (s *Server) ownedView(c *call, domain string, allow ...string) *view {
	v := &view{allow: allow, scope: scopeCheap}
	if !c.isSafe() {
		v.scope, v.bucket = scopePerDomain, domain
	}
	v.permit = func() *answer {
		if s.zones[domain] == nil {
			return new(detail(404, "Not found."))
		}
		return nil
	}
	return v
}

func (s *Server) write(c *call, z *zone) *write {
	seen, _ := c.Context().Value(begun{}).(map[*zone]map[key]rrset)
	return &write{
		server: s, begun: seen[z], zone: z, method: c.Method, partial: c.Method == http.MethodPatch,
		severed: c.Context().Value(withoutPublication{}) != nil,
		allowed: func(k key) bool {
			return permits(s.options.Policies, z.name, k)
		},
	}
}

// rrsetsView is the collection of the RRsets of a domain.
func (s *Server) rrsetsView(c *call, domain string) *view {
	v := s.ownedView(c, domain, "GET", "POST", "PUT", "PATCH", "HEAD", "OPTIONS")
	v.handle = func() answer {
		z := s.zones[domain]
		switch c.Method {
		case http.MethodPost:
			return s.create(c, z)
		case http.MethodPut, http.MethodPatch:
			return s.change(c, z)
		default:
			return s.list(c, z)
		}
	}
	return v
}

// visible are the RRsets that the query parameters leave.
func visible(c *call, z *zone) (map[key]rrset, *answer) {
	sets := maps.Clone(z.rrsets)
	subname, bySubname := c.param("subname")
	typ, byType := c.param("type")
	if byType && slices.Contains(automatic, typ) {
		return nil, new(detail(403, "You cannot tinker with the %s RRset.", typ))
	}
	maps.DeleteFunc(sets, func(k key, _ rrset) bool {
		return bySubname && k.subname != subname || byType && k.typ != typ
	})
	return sets, nil
}

func (s *Server) list(c *call, z *zone) answer {
	sets, problem := visible(c, z)
	if problem != nil {
		return *problem
	}
	var entries []entry
	for _, set := range newestFirst(sets) {
		entries = append(entries, entry{set.created, func() object { return s.show(z, set) }})
	}
	return paginate(c, entries, s.options.PageSize)
}

// create handles POST, which takes an object or a list.
func (s *Server) create(c *call, z *zone) answer {
	sent, _, problem := c.content()
	if problem != nil {
		return *problem
	}
	w := s.write(c, z)
	if items, isList := sent.([]any); isList {
		return w.bulk(items, nil, true)
	}
	in, problem := single(sent)
	if problem != nil {
		return *problem
	}
	checked, f := w.check(item{sent: in})
	if f != nil {
		return f.answer()
	}
	created, _, problem := w.store([]change{checked})
	if problem != nil {
		return *problem
	}
	return ok(http.StatusCreated, s.show(z, created[0]))
}

// change handles PUT and PATCH of a list.
func (s *Server) change(c *call, z *zone) answer {
	known, problem := visible(c, z)
	if problem != nil {
		return *problem
	}
	sent, _, problem := c.content()
	if problem != nil {
		return *problem
	}
	items, isList := sent.([]any)
	switch {
	case sent == nil:
		return noData()
	case !isList:
		return invalid(object{{"non_field_errors", []string{"Expected a list of items but got " + typeName(sent) + "."}}})
	}
	return s.write(c, z).bulk(items, known, false)
}

func noData() answer {
	return invalid(object{{"non_field_errors", []string{"No data provided"}}})
}

// single demands an object.
func single(sent any) (map[string]any, *answer) {
	if sent == nil {
		return nil, new(noData())
	}
	in, ok := sent.(map[string]any)
	if !ok {
		return nil, new(invalid(object{{"non_field_errors", []string{
			"Invalid data. Expected a dictionary, but got " + typeName(sent) + ".",
		}}}))
	}
	return in, nil
}

// answer is a failure of the only item of a request.
func (f *failure) answer() answer {
	if f.abort != nil {
		return *f.abort
	}
	return invalid(f.problems)
}

// rrsetView is one RRset.
func (s *Server) rrsetView(c *call, domain string, k key) *view {
	v := s.ownedView(c, domain, "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
	v.handle = func() answer {
		z := s.zones[domain]
		set, exists := z.rrsets[k]
		switch {
		case c.Method == http.MethodDelete && !exists:
			return empty()
		case !exists:
			return detail(404, "No RRset matches the given query.")
		case c.isSafe() && len(set.records) == 0:
			return answer{status: http.StatusOK}
		case c.isSafe():
			return ok(http.StatusOK, s.show(z, set))
		}
		w := s.write(c, z)
		if !w.allowed(k) {
			return detail(403, "Insufficient token permissions.")
		}
		if c.Method == http.MethodDelete {
			return w.remove(k)
		}
		return s.update(c, w, set)
	}
	return v
}

func (w *write) remove(k key) answer {
	if k == (key{"", "NS"}) && w.server.isLocal(w.zone.name) {
		return invalid([]string{"Cannot modify NS records for this domain."})
	}
	if _, _, problem := w.store([]change{{key: k, records: []string{}}}); problem != nil {
		return *problem
	}
	return empty()
}

// update handles PUT and PATCH of one RRset.
func (s *Server) update(c *call, w *write, set rrset) answer {
	in, problem := c.object()
	if problem != nil {
		return *problem
	}
	checked, f := w.check(item{sent: in, existing: &set, partial: w.partial})
	if f != nil {
		return f.answer()
	}
	_, updated, problem := w.store([]change{checked})
	if problem != nil {
		return *problem
	}
	if checked.deletes() {
		return empty()
	}
	return ok(http.StatusOK, s.show(w.zone, updated[0]))
}
