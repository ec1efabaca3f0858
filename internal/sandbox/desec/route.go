package desec

import (
	"net/http"
	"slices"
	"strings"
)

// view is one kind of resource.
type view struct {
	// allow are the methods, as in the Allow header; the API sends it with every answer of a view.
	allow []string
	// scope is the throttle's, and bucket what it is counted by besides the account; see limits.
	scope, bucket string
	// permit checks rights before the request is counted.
	permit func() *answer
	handle func() answer
}

// answer finds the view and does what all views have in common, in the order of design/facts/desec-api.md section 4.
func (s *Server) answer(c *call) answer {
	if !strings.HasPrefix(c.URL.Path, "/api/") {
		return page(404, webServerPage(404, "Not Found"))
	}
	v := s.view(c, c.URL.Path)
	if v == nil {
		if !strings.HasSuffix(c.URL.Path, "/") && s.view(c, c.URL.Path+"/") != nil {
			return s.redirect(c)
		}
		return notFoundPage()
	}
	a := s.dispatch(c, v)
	if a.status == 500 && a.kind != "application/json" {
		return a // the framework gave up before it could add headers
	}
	return a.with("Allow", strings.Join(v.allow, ", "))
}

// redirect is the answer to a path without its final slash. Clients turn it into a GET, which is why it must not be
// followed.
func (s *Server) redirect(c *call) answer {
	location := c.URL.EscapedPath() + "/"
	if c.URL.RawQuery != "" {
		location += "?" + c.URL.RawQuery
	}
	a := answer{status: 301, kind: "text/html; charset=utf-8", body: []byte{}}
	return a.with("Location", location)
}

func (s *Server) dispatch(c *call, v *view) answer {
	if problem := c.negotiate(); problem != nil {
		return *problem
	}
	if problem := c.authenticate(s.options.Token); problem != nil {
		return *problem
	}
	if v.permit != nil {
		if problem := v.permit(); problem != nil {
			return *problem
		}
	}
	if s.options.Limits {
		if problem := s.throttle.check(s.options.Now(), v.scope, v.bucket); problem != nil {
			return *problem
		}
	}
	if !slices.Contains(v.allow, c.Method) {
		return detail(405, "Method \"%s\" not allowed.", c.Method)
	}
	if c.Method == http.MethodOptions {
		return detail(http.StatusNotImplemented, "The sandbox does not describe itself.")
	}
	return v.handle()
}

// view finds the resource of a path; nil if there is none.
func (s *Server) view(c *call, path string) *view {
	rest, ok := strings.CutPrefix(path, "/api/v1/")
	if !ok {
		if rest, ok = strings.CutPrefix(path, "/api/v2/"); !ok {
			return nil
		}
	}
	rest, ok = strings.CutSuffix(rest, "/")
	if !ok {
		return nil
	}
	parts := strings.Split(rest, "/")
	switch {
	case parts[0] != "domains" || len(parts) > 1 && parts[1] == "":
		return nil
	case len(parts) == 1:
		return s.domainsView(c)
	case len(parts) == 2:
		return s.domainView(c, parts[1])
	case len(parts) == 3 && parts[2] == "rrsets":
		return s.rrsetsView(c, parts[1])
	case len(parts) == 5 && parts[2] == "rrsets" && parts[3] != "" && parts[4] != "":
		return s.rrsetView(c, parts[1], key{subnameOf(parts[3]), parts[4]})
	default:
		return nil
	}
}

// subnameOf undoes the two ways to spell a subname that may be empty: "@" or "..." at its end.
func subnameOf(segment string) string {
	if subname, ok := strings.CutSuffix(segment, "..."); ok {
		return subname
	}
	return strings.TrimSuffix(segment, "@")
}

// base is the scheme and host by which the client came.
func base(c *call) string {
	if c.TLS != nil {
		return "https://" + c.Host
	}
	return "http://" + c.Host
}
