package cloudflare

import (
	"net/http"
	"regexp"
	"strings"
)

type rights int

const (
	rightsNone  rights = iota
	rightsZones        // may list zones
	rightsDNS          // may also read and write DNS
)

var wellFormedToken = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// authenticate follows the table of design/facts/cloudflare-api.md section 1. The key pair of old accounts is known to
// nobody here.
func (s *Server) authenticate(r *http.Request) (rights, *apiError) {
	header := r.Header.Get("Authorization")
	if header == "" {
		if r.Header.Get("X-Auth-Key") != "" || r.Header.Get("X-Auth-Email") != "" {
			return rightsNone, &apiError{status: http.StatusForbidden, code: 9103, message: "Unknown X-Auth-Key or X-Auth-Email", gateway: true}
		}
		return rightsNone, &apiError{
			status: http.StatusBadRequest, code: 9106, gateway: true,
			message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
		}
	}
	token, isBearer := strings.CutPrefix(header, "Bearer ")
	switch {
	case !isBearer || !wellFormedToken.MatchString(token):
		return rightsNone, &apiError{
			status: http.StatusBadRequest, code: 6003, message: "Invalid request headers", gateway: true,
			chain: []entry{{Code: 6111, Message: "Invalid format for Authorization header"}},
		}
	case token == s.token:
		return rightsDNS, nil
	case s.readOnlyToken != "" && token == s.readOnlyToken:
		return rightsZones, nil
	}
	return rightsNone, &apiError{status: http.StatusForbidden, code: 9109, message: "Invalid access token", gateway: true}
}
