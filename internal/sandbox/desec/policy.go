package desec

// Policy is one policy of the token (design/facts/desec-api.md section 1). What is nil stands for everything that no
// other policy names.
type Policy struct {
	Domain  *string `json:"domain"`
	Subname *string `json:"subname"`
	Type    *string `json:"type"`
	Write   bool    `json:"perm_write"`
}

// SetPolicies replaces the policies of the token; none allow everything.
func (s *Server) SetPolicies(policies ...Policy) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.Policies = policies
}

// permits asks the most specific policy: the domain counts more than the subname, and that more than the type. A
// wildcard in a policy is a name like others.
func permits(policies []Policy, domain string, k key) bool {
	best, allowed := -1, len(policies) == 0
	for _, p := range policies {
		weight := 0
		for i, part := range []struct {
			want *string
			is   string
		}{{p.Type, k.typ}, {p.Subname, k.subname}, {p.Domain, domain}} {
			switch {
			case part.want == nil:
			case *part.want == part.is:
				weight += 1 << i
			default:
				weight = -1 << 3
			}
		}
		if weight > best {
			best, allowed = weight, p.Write
		}
	}
	return allowed
}
