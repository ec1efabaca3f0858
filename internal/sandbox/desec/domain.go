package desec

import (
	"maps"
	"net/http"
	"slices"

	"golang.org/x/net/publicsuffix"
)

// show is a domain as the API shows it; keys only in answers about one domain.
func (z *zone) show(keys bool) object {
	o := object{{"created", stamp(z.created)}, {"published", stamp(z.published)}, {"name", z.name}}
	if keys {
		o = append(o, member{"keys", z.keys()})
	}
	return append(o, member{"minimum_ttl", z.minimumTTL}, member{"touched", stamp(z.touched())})
}

// permitDomain refuses to let a token with less rights create or delete domains; that is decided before the request is
// counted (design/facts/desec-api.md section 7).
func (s *Server) permitDomain(c *call, method string) *answer {
	if len(s.options.Policies) > 0 && c.Method == method {
		return new(detail(403, "You do not have permission to perform this action."))
	}
	return nil
}

func (c *call) domainScope() string {
	if c.isSafe() {
		return scopeCheap
	}
	return scopeExpensive
}

// domainsView is the collection of the domains of the account.
func (s *Server) domainsView(c *call) *view {
	return &view{
		allow:  []string{"GET", "POST", "HEAD", "OPTIONS"},
		scope:  c.domainScope(),
		permit: func() *answer { return s.permitDomain(c, http.MethodPost) },
		handle: func() answer {
			if c.Method == http.MethodPost {
				return s.createDomain(c)
			}
			var entries []entry
			for _, z := range s.newestZones() {
				entries = append(entries, entry{z.created, func() object { return z.show(false) }})
			}
			return paginate(c, entries, s.options.PageSize)
		},
	}
}

func (s *Server) newestZones() []*zone {
	return slices.SortedFunc(maps.Values(s.zones), func(a, b *zone) int { return b.created.Compare(a.created) })
}

func (s *Server) createDomain(c *call) answer {
	in, problem := c.object()
	if problem != nil {
		return *problem
	}
	value, ok := in["name"]
	complaints := []string{required}
	name := ""
	if ok {
		if name, complaints = nameField.read(value); complaints == nil {
			complaints = s.registrable(name)
		}
	}
	if complaints != nil {
		return invalid(object{{"name", complaints}})
	}
	z := s.newZone(name, defaultMinimumTTL)
	s.zones[name] = z
	a := answer{status: http.StatusCreated, kind: "application/json", body: z.show(true)}
	z.publish(s.tick()) // after it was shown: the answer does not know of it yet
	return a
}

// registrable checks that a name may be a domain of this account, which is the only one.
func (s *Server) registrable(name string) []string {
	suffix, _ := publicsuffix.PublicSuffix(name)
	switch {
	case s.zones[name] != nil || slices.Contains(s.options.PublicSuffixes, name):
		return []string{"domain with this name already exists."}
	case suffix == name:
		return []string{"This domain name conflicts with an existing domain, or is disallowed by policy."}
	}
	return nil
}

// SetZone deletes a domain, or registers it empty, as its owner would on the web.
func (s *Server) SetZone(name string, present bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name = apiName(name)
	if !present {
		delete(s.zones, name)
		return
	}
	if s.zones[name] == nil {
		z := s.newZone(name, defaultMinimumTTL)
		s.zones[name] = z
		z.publish(s.tick())
	}
}

// domainView is one domain.
func (s *Server) domainView(c *call, name string) *view {
	return &view{
		allow:  []string{"GET", "DELETE", "HEAD", "OPTIONS"},
		scope:  c.domainScope(),
		permit: func() *answer { return s.permitDomain(c, http.MethodDelete) },
		handle: func() answer {
			z := s.zones[name]
			switch {
			case c.Method == http.MethodDelete:
				delete(s.zones, name)
				return empty()
			case z == nil:
				return detail(404, "No Domain matches the given query.")
			default:
				return ok(200, z.show(true))
			}
		},
	}
}
