package cloudflare

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// placeholder stands for every error code that nobody has seen in a document or a log (design/facts/cloudflare-api.md
// section 9).
const placeholder = 9999

// apiError is a refusal: an HTTP status and one entry of the envelope's errors.
type apiError struct {
	status  int
	code    int
	message string
	chain   []entry
	gateway bool // answered by the gateway, which orders the keys of the envelope differently
}

// Error makes apiError an error, for the callers of Edit.
func (e *apiError) Error() string {
	return fmt.Sprintf("cloudflare: HTTP %d, code %d: %s", e.status, e.code, e.message)
}

type entry struct {
	Code    int     `json:"code"`
	Message string  `json:"message"`
	Chain   []entry `json:"error_chain,omitempty"`
}

// refuse is the common refusal: HTTP 400 with a code of section 4.6.
func refuse(code int, format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, code: code, message: fmt.Sprintf(format, args...)}
}

// resultInfo is the pagination part of the envelope (section 2).
type resultInfo struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	TotalPages int `json:"total_pages"`
	Count      int `json:"count"`
	TotalCount int `json:"total_count"`
}

// dnsEnvelope and gatewayEnvelope differ in the order of keys only: the service is seen to answer with both.
type dnsEnvelope struct {
	Result     any         `json:"result"`
	ResultInfo *resultInfo `json:"result_info,omitempty"`
	Success    bool        `json:"success"`
	Errors     []entry     `json:"errors"`
	Messages   []any       `json:"messages"`
}

type gatewayEnvelope struct {
	Success  bool    `json:"success"`
	Errors   []entry `json:"errors"`
	Messages []any   `json:"messages"`
	Result   any     `json:"result"`
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client may have gone away; there is nobody to tell.
	_ = json.NewEncoder(w).Encode(body)
}

// listing is a result of which one page is shown.
type listing struct {
	rows any
	info resultInfo
}

// zoneFile is a result without an envelope.
type zoneFile string

func writeResult(w http.ResponseWriter, result any) {
	body := dnsEnvelope{Result: result, Success: true, Errors: []entry{}, Messages: []any{}}
	switch result := result.(type) {
	case zoneFile:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, string(result)) //nolint:gosec // no browser reads it
		return
	case listing:
		body.Result, body.ResultInfo = result.rows, &result.info
	}
	writeJSON(w, http.StatusOK, body)
}

func writeError(w http.ResponseWriter, e *apiError) {
	errs := []entry{{Code: e.code, Message: e.message, Chain: e.chain}}
	if e.gateway {
		writeJSON(w, e.status, gatewayEnvelope{Errors: errs, Messages: []any{}})
		return
	}
	writeJSON(w, e.status, dnsEnvelope{Errors: errs, Messages: []any{}})
}
