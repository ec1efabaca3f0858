package cloudflare

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// envelope is what every answer of the API is wrapped in (design/facts/cloudflare-api.md section 1).
type envelope struct {
	Success bool
	Errors  []apiError
	Result  json.RawMessage
	Info    pageInfo
}

// apiError is one entry of "errors". Cause is what the gateway adds as error_chain.
type apiError struct {
	Code    int
	Message string
	// Pointer is where in the request the fault lies, mostly empty.
	Pointer string
	Cause   []apiError
}

// pageInfo is "result_info"; fields that an answer leaves out are 0.
type pageInfo struct {
	PerPage, Count, TotalCount, TotalPages int
}

// decodeEnvelope returns ok = false for JSON that is not Cloudflare's: success is the one field that every answer has.
func decodeEnvelope(body []byte) (env envelope, ok bool) {
	var wire struct {
		Success *bool           `json:"success"`
		Errors  json.RawMessage `json:"errors"`
		Result  json.RawMessage `json:"result"`
		Info    json.RawMessage `json:"result_info"`
	}
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) || json.Unmarshal(body, &wire) != nil || wire.Success == nil {
		return envelope{}, false
	}
	var info struct {
		PerPage    looseString `json:"per_page"`
		Count      looseString `json:"count"`
		TotalCount looseString `json:"total_count"`
		TotalPages looseString `json:"total_pages"`
	}
	// Without a usable result_info the length of a page still says whether another one follows.
	_ = json.Unmarshal(wire.Info, &info)
	return envelope{
		Success: *wire.Success, Errors: decodeErrors(wire.Errors, maxChain), Result: wire.Result,
		Info: pageInfo{PerPage: info.PerPage.count(), Count: info.Count.count(), TotalCount: info.TotalCount.count(), TotalPages: info.TotalPages.count()},
	}, true
}

// maxChain is how deep causes are followed. One level was seen; a hostile answer could nest thousands.
const maxChain = 3

// decodeErrors is lenient: entries were seen as bare strings (design/facts/cloudflare-api.md section 1), and an error
// that cannot be read must not hide that there is one.
func decodeErrors(raw json.RawMessage, depth int) []apiError {
	var items []json.RawMessage
	if depth == 0 || json.Unmarshal(raw, &items) != nil {
		return nil
	}
	var all []apiError
	for _, item := range items {
		var entry struct {
			Code    looseString     `json:"code"`
			Message looseString     `json:"message"`
			Chain   json.RawMessage `json:"error_chain"`
			Source  json.RawMessage `json:"source"`
		}
		var text string
		switch {
		case json.Unmarshal(item, &text) == nil:
			all = append(all, apiError{Message: text})
		case json.Unmarshal(item, &entry) == nil:
			var source struct {
				Pointer looseString `json:"pointer"`
			}
			_ = json.Unmarshal(entry.Source, &source)
			all = append(all, apiError{
				Code: entry.Code.count(), Message: string(entry.Message), Pointer: string(source.Pointer), Cause: decodeErrors(entry.Chain, depth-1),
			})
		}
	}
	return all
}

// codes are the codes of all errors, causes after what they caused.
func codes(all []apiError) []int {
	var found []int
	for _, e := range all {
		found = append(found, e.Code)
		found = append(found, codes(e.Cause)...)
	}
	return found
}

func messages(all []apiError) string {
	var parts []string
	for _, e := range all {
		text := e.Message
		if cause := messages(e.Cause); cause != "" {
			text += ": " + cause
		}
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "; ")
}

// classify sorts answers for the transport. It returns nil for success, and where the transport's general rule is
// right: 429, redirects, and 5xx that do not come from the API itself.
func classify(req *http.Request, a httpapi.Answer) error {
	if a.Status == http.StatusTooManyRequests || a.Status == http.StatusNoContent || a.Status >= 300 && a.Status < 400 {
		return nil
	}
	action := req.Method + " " + req.URL.Path
	write := req.Method != http.MethodGet && req.Method != http.MethodHead
	env, ok := decodeEnvelope(a.Body)
	if !ok {
		if a.Status >= 500 {
			return nil
		}
		// The edge answers by itself in JSON of its own (RFC 9457); below 500 it turned the request away before the API
		// saw it.
		return &operator.OutageError{
			Operator: name, Action: action, Answered: true, InDoubt: write && a.Status < 300,
			Reason: fmt.Sprintf("HTTP %d with JSON that is not Cloudflare's API", a.Status),
		}
	}
	if env.Success && a.Status < 300 {
		return nil
	}
	found := codes(env.Errors)
	if a.Status < 300 || a.Status >= 500 || slices.ContainsFunc(found, isInternal) {
		return &operator.OutageError{Operator: name, Action: action, Answered: true, InDoubt: write, Reason: failureReason(a.Status, found)}
	}
	return refusal(action, a, env.Errors, found)
}

func refusal(action string, a httpapi.Answer, all []apiError, found []int) error {
	said := messages(all)
	if said == "" {
		said = string(a.Body)
	}
	answer := &httpapi.StatusError{Status: a.Status}
	if len(found) > 0 {
		answer.Code = found[0]
	}
	return &operator.RefusalError{
		Operator: name, Action: action, Kind: kindOf(a.Status, found), Answer: withPointers(answer, all),
		Message: httpapi.Excerpt([]byte(said)),
	}
}

// isInternal tells codes that mean a failure at Cloudflare whatever the status is (design/facts/cloudflare-api.md
// section 4.6).
func isInternal(code int) bool { return code == 1005 || code == 1101 }

// failureReason leaves the message out: it may hold a request id, and a reason is the same from run to run.
func failureReason(status int, found []int) string {
	reason := fmt.Sprintf("HTTP %d", status)
	if status < 300 {
		reason += " with success:false"
	}
	if len(found) > 0 && found[0] != 0 {
		reason += fmt.Sprintf(" (code %d)", found[0])
	}
	return reason
}

// kinds are the codes that decide the kind of a refusal, whatever its status is (design/facts/cloudflare-api.md
// sections 1 and
// 4.6).
var kinds = map[int]operator.RefusalKind{
	1004:  operator.Invalid,
	6003:  operator.Unauthorized,
	6103:  operator.Unauthorized,
	6111:  operator.Unauthorized,
	7003:  operator.ZoneNotFound,
	9103:  operator.Unauthorized,
	9106:  operator.Unauthorized,
	9107:  operator.Unauthorized,
	9109:  operator.Unauthorized,
	10000: operator.Unauthorized,
	10001: operator.Unauthorized,
	81044: operator.Gone,
	81045: operator.RefusedOther,
	81053: operator.Invalid,
	81054: operator.Invalid,
	81055: operator.Invalid,
	81056: operator.Invalid,
	81057: operator.Exists,
	81058: operator.Exists,
	83011: operator.Invalid,
	89018: operator.Invalid,
}

// kindOf goes by code before status: a 403 with a code that does not speak of the token, such as 1038 or 890190, is
// about the record that was sent, and no other token mends it (design/facts/cloudflare-api.md section 1).
func kindOf(status int, found []int) operator.RefusalKind {
	for _, code := range found {
		if kind, known := kinds[code]; known {
			return kind
		}
	}
	hasCode := slices.ContainsFunc(found, func(code int) bool { return code != 0 })
	switch {
	case status == http.StatusForbidden && hasCode:
		return operator.Policy
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return operator.Unauthorized
	case slices.ContainsFunc(found, isAboutRecord):
		return operator.Invalid
	}
	return operator.RefusedOther
}

// isAboutRecord tells codes that no status but 400 was seen with: 9000 to 9999, and Email Routing's own
// (design/facts/cloudflare-api.md section 4.6).
func isAboutRecord(code int) bool {
	return code >= 9000 && code <= 9999 || code == 1046 || code == 890190
}
