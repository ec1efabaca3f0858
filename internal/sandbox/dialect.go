package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

// dialect is how one service speaks when something is wrong with it.
type dialect struct {
	apex    string          // how the API writes the name of the apex
	ray     string          // request id in the header of every answer, also of the edge's own; "" for none
	answers map[Kind]answer // to what is not carried out, where nothing of the request is in it
	tooMany func(seconds int) answer
	isList  func(path string) bool
	// unpublished marks a request that is stored and then fails before the name servers learn of it; nil: the service
	// has no such failure.
	unpublished func(context.Context) context.Context
	// quoting is a refusal that repeats a header of the request.
	quoting func(header string) answer
}

// answer is a whole HTTP response.
type answer struct {
	status int
	kind   string
	body   string
	header map[string]string
}

// recorded is an answer that has not been sent.
func (a answer) recorded() *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", a.kind)
	for key, value := range a.header {
		w.Header().Set(key, value)
	}
	w.WriteHeader(a.status)
	w.Body.WriteString(a.body)
	return w
}

const (
	kindJSON    = "application/json"
	kindHTML    = "text/html; charset=utf-8"
	kindText    = "text/plain; charset=utf-8"
	kindProblem = "application/problem+json"
)

func envelope(code int, message string) string {
	return fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":%q}],"messages":[],"result":null}`, code, message)
}

// cloudflareDialect follows design/facts/cloudflare-api.md section 9, rows 3, 4 and 48 to 50.
var cloudflareDialect = dialect{
	apex: "@",
	ray:  "9a1b2c3d4e5f6071-FRA",
	answers: map[Kind]answer{
		JSON500:      {http.StatusInternalServerError, kindJSON, envelope(1005, "Internal error"), nil},
		SuccessFalse: {http.StatusOK, kindJSON, envelope(1005, "Internal error"), nil},
		EmptyList: {http.StatusOK, kindJSON, `{"result":[],"success":true,"errors":[],"messages":[],` +
			`"result_info":{"page":1,"per_page":100,"count":0,"total_count":0,"total_pages":0}}`, nil},
		EmptyBody:    {http.StatusOK, kindJSON, "", nil},
		HTML200:      {http.StatusOK, kindHTML, edgePage("500: Internal server error"), nil},
		HTML500:      {http.StatusInternalServerError, kindHTML, edgePage("500: Internal server error"), nil},
		HTML502:      {http.StatusBadGateway, kindHTML, edgePage("502: Bad gateway"), nil},
		Unavailable:  {http.StatusServiceUnavailable, kindText, "error code: 1015", nil},
		Unauthorized: {http.StatusForbidden, kindJSON, envelope(9109, "Invalid access token"), nil},
		Forbidden:    {http.StatusForbidden, kindJSON, envelope(10000, "Authentication error"), nil},
	},
	tooMany: func(seconds int) answer {
		return retryAfter(seconds, answer{status: http.StatusTooManyRequests, kind: kindJSON, body: envelope(10100,
			"More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed")})
	},
	isList: func(path string) bool {
		return strings.HasSuffix(path, "/zones") || strings.HasSuffix(path, "/dns_records")
	},
	quoting: func(header string) answer {
		return answer{status: http.StatusBadRequest, kind: kindJSON, body: envelope(6003, "Invalid request headers: "+header)}
	},
}

func edgePage(title string) string {
	return "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>api.cloudflare.com | " + title + "</title></head>\n" +
		"<body><h1>" + title + "</h1><p>Visit <a href=\"https://www.cloudflare.com/5xx-error-landing\">cloudflare.com</a>.</p></body>\n</html>\n"
}

const (
	desecError   = `{"detail":"Internal Server Error. We're on it!"}`
	desecPage500 = "<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Server Error (500)</title>\n</head>\n<body>\n" +
		"  <h1>Server Error (500)</h1><p></p>\n</body>\n</html>\n"
)

// desecDialect follows design/facts/desec-api.md sections 7 and 8.
var desecDialect = dialect{
	answers: map[Kind]answer{
		JSON500:      {http.StatusInternalServerError, kindJSON, desecError, nil},
		SuccessFalse: {http.StatusOK, kindJSON, desecError, nil},
		EmptyList:    {http.StatusOK, kindJSON, `[]`, nil},
		EmptyBody:    {http.StatusOK, kindJSON, "", nil},
		HTML200:      {http.StatusOK, kindHTML, desecPage500, nil},
		HTML500:      {http.StatusInternalServerError, kindHTML, desecPage500, nil},
		HTML502:      {http.StatusBadGateway, kindHTML, nginxPage("502 Bad Gateway"), nil},
		Unavailable:  {http.StatusServiceUnavailable, kindHTML, nginxPage("503 Service Temporarily Unavailable"), nil},
		Unauthorized: {http.StatusUnauthorized, kindJSON, `{"detail":"Invalid token."}`, map[string]string{"WWW-Authenticate": "Token"}},
		Forbidden:    {http.StatusForbidden, kindJSON, `{"detail":"You do not have permission to perform this action."}`, nil},
	},
	tooMany: func(seconds int) answer {
		if seconds == 0 { // the proxy's own limit: a page, and no header
			return answer{status: http.StatusTooManyRequests, kind: kindHTML, body: nginxPage("429 Too Many Requests")}
		}
		unit := "seconds"
		if seconds == 1 {
			unit = "second"
		}
		return retryAfter(seconds, answer{
			status: http.StatusTooManyRequests, kind: kindJSON,
			body: fmt.Sprintf(`{"detail":"Request was throttled. Expected available in %d %s."}`, seconds, unit),
		})
	},
	isList: func(path string) bool {
		return strings.HasSuffix(path, "/domains/") || strings.HasSuffix(path, "/rrsets/")
	},
	unpublished: desec.WithoutPublication,
	quoting: func(header string) answer {
		return answer{status: http.StatusBadRequest, kind: kindJSON, body: fmt.Sprintf(`{"detail":%q}`, "Bad header: "+header)}
	},
}

func nginxPage(title string) string {
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
}

// problem is what an edge answers to a client that accepts JSON (design/facts/cloudflare-api.md section 1, RFC 9457).
func problem(seconds int) answer {
	body := `{"type":"https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-502/",` +
		`"title":"Error 502: Bad gateway","status":502,"detail":"The origin web server reported a bad gateway error.",` +
		`"instance":"9a1b2c3d4e5f6071","error_code":502,"retryable":true,"retry_after":` + strconv.Itoa(seconds) + `}`
	return retryAfter(seconds, answer{status: http.StatusBadGateway, kind: kindProblem, body: body})
}

func retryAfter(seconds int, a answer) answer {
	if seconds > 0 {
		a.header = map[string]string{"Retry-After": strconv.Itoa(seconds)}
	}
	return a
}
