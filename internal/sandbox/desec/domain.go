package desec

import (
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"

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

// permitDomain refuses to let a token with less rights create or delete domains; that is decided
// before the request is counted (design/facts/desec-api.md section 7).
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
			switch c.Method {
			case http.MethodPost:
				return s.createDomain(c)
			case http.MethodOptions:
				return failed() // it does, to the service's shame (design/facts/desec-exchanges.jsonl a-0003)
			}
			if qname, ok := c.param("owns_qname"); ok {
				return s.owner(qname)
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

// owner answers which domain a name belongs to. A name that cannot be is no error.
func (s *Server) owner(qname string) answer {
	found := []object{}
	name := strings.ToLower(strings.TrimPrefix(qname, "*."))
	if name == "" || nameField.complaints(name) != nil {
		return ok(200, found)
	}
	for rest := qname; rest != ""; _, rest, _ = strings.Cut(rest, ".") {
		if z := s.zones[rest]; z != nil {
			return ok(200, append(found, z.show(false)))
		}
	}
	return ok(200, found)
}

func (s *Server) createDomain(c *call) answer {
	sent, given, problem := c.content()
	if problem != nil {
		return *problem
	}
	if !given {
		sent = map[string]any{}
	}
	in, problem := single(sent)
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
	if text, ok := in["zonefile"].(string); ok {
		if problem := s.importZonefile(z, text); problem != nil {
			return *problem
		}
	}
	s.zones[name] = z
	a := answer{status: http.StatusCreated, kind: "application/json", body: z.show(true)}
	z.publish(s.tick()) // after it was shown: the answer does not know of it yet
	return a
}

// SetZone deletes a domain, or registers it empty, as its owner would on the web.
func (s *Server) SetZone(name string, present bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
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

// registrable checks that a name may be a domain of this account.
func (s *Server) registrable(name string) []string {
	taken := slices.Concat(s.options.Taken, s.options.PublicSuffixes)
	if s.zones[name] != nil || slices.Contains(taken, name) {
		return []string{"domain with this name already exists."}
	}
	suffix, _ := publicsuffix.PublicSuffix(name)
	if _, err := netip.ParseAddr(name); err == nil {
		suffix = "" // the list's code gives addresses back; the service takes them for names
	}
	conflicts := suffix == name || strings.HasSuffix("."+name, ".internal") ||
		slices.ContainsFunc(s.options.Taken, func(other string) bool {
			return strings.HasSuffix(name, "."+other) || strings.HasSuffix(other, "."+name)
		})
	if conflicts {
		return []string{"This domain name conflicts with an existing domain, or is disallowed by policy."}
	}
	return nil
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
			case c.Method == http.MethodOptions:
				return ok(200, describe("Domain Instance"))
			default:
				return ok(200, z.show(true))
			}
		},
	}
}

// zonefileView exports a domain. Its errors are plain text, and it counts as a write
// (design/facts/desec-api.md section 2).
func (s *Server) zonefileView(name string) *view {
	return &view{
		allow: []string{"GET", "HEAD", "OPTIONS"},
		scope: scopePerDomain, bucket: name,
		plain: true,
		handle: func() answer {
			z := s.zones[name]
			if z == nil {
				return detail(404, "No Domain matches the given query.")
			}
			return answer{status: http.StatusOK, kind: "text/dns", body: []byte(z.zonefile(s.options.Now()))}
		},
	}
}
