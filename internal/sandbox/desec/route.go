package desec

import (
	"fmt"
	"slices"
	"strings"
)

// view is one kind of resource.
type view struct {
	// allow are the methods, as in the Allow header; the API sends it with every answer of a view.
	allow []string
	// scope is the throttle's, and bucket what it is counted by besides the account; see limits.
	scope, bucket string
	// plain: errors are plain text and the Accept header does not matter.
	plain bool
	// open: answers without a token.
	open bool
	// permit checks rights before the request is counted.
	permit func() *answer
	handle func() answer
}

// answer finds the view and does what all views have in common, in the order of design/facts/desec-api.md
// section 4.
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
	if v.plain && a.status >= 400 {
		a = plain(a)
	}
	return a.with("Allow", strings.Join(v.allow, ", "))
}

// plain turns an error into text.
func plain(a answer) answer {
	if o, ok := a.body.(object); ok && len(o) == 1 {
		a.body = []byte(fmt.Sprint(o[0].value))
	}
	a.kind = "text/plain"
	return a
}

// redirect is the answer to a path without its final slash. Clients turn it into a GET, which is
// why it must not be followed.
func (s *Server) redirect(c *call) answer {
	location := c.URL.EscapedPath() + "/"
	if c.URL.RawQuery != "" {
		location += "?" + c.URL.RawQuery
	}
	a := answer{status: 301, kind: "text/html; charset=utf-8", body: []byte{}}
	return a.with("Location", location)
}

func (s *Server) dispatch(c *call, v *view) answer {
	if !v.plain {
		if problem := c.negotiate(); problem != nil {
			return *problem
		}
	}
	if !v.open {
		if problem := c.authenticate(s.options.Token); problem != nil {
			return *problem
		}
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
	if rest == "" {
		return s.rootView(c)
	}
	rest, ok = strings.CutSuffix(rest, "/")
	if !ok {
		return nil
	}
	parts := strings.Split(rest, "/")
	switch {
	case parts[0] == "auth":
		return s.accountView(parts[1:])
	case parts[0] != "domains" || len(parts) > 1 && parts[1] == "":
		return nil
	case len(parts) == 1:
		return s.domainsView(c)
	case len(parts) == 2:
		return s.domainView(c, parts[1])
	case len(parts) == 3 && parts[2] == "zonefile":
		return s.zonefileView(parts[1])
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

// rootView is the directory of the API.
func (s *Server) rootView(c *call) *view {
	return &view{
		allow: []string{"GET", "HEAD", "OPTIONS"},
		open:  true,
		handle: func() answer {
			at := func(path string) string { return base(c) + c.URL.Path + path }
			if c.authenticate(s.options.Token) != nil {
				return ok(200, object{
					{"register", at("auth/")}, {"login", at("auth/login/")}, {"reset-password", at("auth/account/reset-password/")},
				})
			}
			return ok(200, object{
				{"account", object{
					{"show", at("auth/account/")}, {"delete", at("auth/account/delete/")},
					{"change-email", at("auth/account/change-email/")}, {"reset-password", at("auth/account/reset-password/")},
				}},
				{"logout", at("auth/logout/")}, {"tokens", at("auth/tokens/")}, {"domains", at("domains/")},
			})
		},
	}
}

// accountView answers as the service does to a token without the right to manage tokens.
func (s *Server) accountView(parts []string) *view {
	path := strings.Join(parts, "/")
	if path != "tokens" && path != "account" {
		return nil
	}
	allow := []string{"GET", "POST", "HEAD", "OPTIONS"}
	if path == "account" {
		allow = []string{"GET", "PUT", "PATCH", "HEAD", "OPTIONS"}
	}
	return &view{
		allow: allow,
		permit: func() *answer {
			return new(detail(403, "You do not have permission to perform this action."))
		},
	}
}

// base is the scheme and host by which the client came.
func base(c *call) string {
	if c.TLS != nil {
		return "https://" + c.Host
	}
	return "http://" + c.Host
}
