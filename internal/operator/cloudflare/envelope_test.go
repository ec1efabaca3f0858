package cloudflare

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

func failed(errors string) string {
	return `{"success":false,"errors":[` + errors + `],"messages":[],"result":null}`
}

func code(n int) string { return failed(fmt.Sprintf(`{"code":%d,"message":"because"}`, n)) }

func classified(method string, status int, body string) error {
	req := &http.Request{Method: method, URL: &url.URL{Path: "/client/v4/zones"}}
	return classify(req, httpapi.Answer{Status: status, Header: http.Header{}, Body: []byte(body)})
}

func TestJudge_Refusals(t *testing.T) {
	cases := []struct {
		status int
		body   string
		kind   operator.RefusalKind
		said   string
	}{
		{403, code(9109), operator.Unauthorized, `HTTP 403 (code 9109): "because"`},
		{403, code(10000), operator.Unauthorized, `HTTP 403 (code 10000): "because"`},
		{401, failed(``), operator.Unauthorized, `HTTP 401`},
		{400, failed(`{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,"message":"Invalid format"}]}`), operator.Unauthorized, `HTTP 400 (code 6003): "Invalid request headers: Invalid format"`},
		{400, failed(`{"code":1004,"message":"DNS Validation Error","error_chain":[{"code":81058,"message":"identical"}]}`), operator.Invalid, `DNS Validation Error: identical`},
		{403, code(1038), operator.Policy, `1038`},
		{403, code(890190), operator.Policy, `890190`},
		{403, code(4711), operator.Policy, `4711`},
		{400, code(890190), operator.Invalid, `890190`},
		{400, code(1046), operator.Invalid, `1046`},
		{403, code(9103), operator.Unauthorized, `9103`},
		{403, code(9106), operator.Unauthorized, `9106`},
		{403, code(9107), operator.Unauthorized, `9107`},
		{403, code(10001), operator.Unauthorized, `10001`},
		{403, failed(``), operator.Unauthorized, `HTTP 403`},
		{403, failed(`"bare text"`), operator.Unauthorized, `HTTP 403`},
		{403, failed(`{"message":"no code"}`), operator.Unauthorized, `HTTP 403`},
		{400, code(9002), operator.Invalid, `9002`},
		{400, code(9207), operator.Invalid, `9207`},
		{400, code(81057), operator.Exists, `81057`},
		{400, code(81058), operator.Exists, `81058`},
		{404, code(81044), operator.Gone, `81044`},
		{404, code(7003), operator.ZoneNotFound, `7003`},
		{400, code(7003), operator.ZoneNotFound, `7003`},
		{400, code(81053), operator.Invalid, `81053`},
		{400, code(81054), operator.Invalid, `81054`},
		{400, code(81056), operator.Invalid, `81056`},
		{400, code(9005), operator.Invalid, `9005`},
		{400, code(9021), operator.Invalid, `9021`},
		{400, code(9300), operator.Invalid, `9300`},
		{400, code(81045), operator.RefusedOther, `81045`},
		{405, code(1001), operator.RefusedOther, `1001`},
		{400, failed(`"bare text"`), operator.RefusedOther, `HTTP 400: "bare text"`},
		{400, failed(`{"code":"9021","message":"as text"}`), operator.Invalid, `HTTP 400 (code 9021): "as text"`},
		{400, failed(`{"code":9021,"message":"one"},{"code":1,"message":"two"}`), operator.Invalid, `"one; two"`},
		{418, `{"success":true,"result":null}`, operator.RefusedOther, `HTTP 418`},
	}
	for _, c := range cases {
		refused := operator.AsRefusal(classified(http.MethodPost, c.status, c.body))
		if refused == nil || refused.Kind != c.kind || statusOf(refused).Status != c.status || !strings.Contains(refused.Said(), c.said) {
			t.Errorf("%d %s: %+v", c.status, c.body, refused)
		}
	}
}

func TestJudge_Outages(t *testing.T) {
	cases := []struct {
		status  int
		body    string
		reason  string
		inDoubt bool
	}{
		{200, code(1005), "HTTP 200 with success:false (code 1005)", true},
		{200, code(9021), "HTTP 200 with success:false (code 9021)", true},
		{200, failed(``), "HTTP 200 with success:false", true},
		{500, code(1005), "HTTP 500 (code 1005)", true},
		{502, failed(``), "HTTP 502", true},
		{400, code(1005), "HTTP 400 (code 1005)", true},
		{400, code(1101), "HTTP 400 (code 1101)", true},
		{200, `{"type":"about:blank","status":502}`, "HTTP 200 with JSON that is not Cloudflare's API", true},
		{403, `{"type":"about:blank","status":403}`, "HTTP 403 with JSON that is not Cloudflare's API", false},
		{200, `[]`, "HTTP 200 with JSON that is not Cloudflare's API", true},
		{200, `{"success":null}`, "HTTP 200 with JSON that is not Cloudflare's API", true},
	}
	for _, c := range cases {
		outage := operator.AsOutage(classified(http.MethodPost, c.status, c.body))
		if outage == nil || outage.Reason != c.reason || outage.InDoubt != c.inDoubt || !outage.Answered {
			t.Errorf("%d %s: %+v", c.status, c.body, outage)
		}
		if outage := operator.AsOutage(classified(http.MethodGet, c.status, c.body)); outage == nil || outage.InDoubt {
			t.Errorf("GET %d %s: %+v", c.status, c.body, outage)
		}
	}
}

// TestJudge_LeavesToTheGeneralRule: the transport knows 429 with its wait, redirects and the failures of the edge.
func TestJudge_LeavesToTheGeneralRule(t *testing.T) {
	for status, body := range map[int]string{
		429: code(10100), 302: `{}`, 502: `{"type":"about:blank"}`, 204: ``, 200: `{"success":true,"result":[]}`,
	} {
		if err := classified(http.MethodGet, status, body); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestJudge_LongMessageIsCut(t *testing.T) {
	err := classified(http.MethodGet, 400, failed(`{"code":9007,"message":"`+strings.Repeat("long ", 10000)+`"}`))
	if got := len(err.Error()); got > 1000 {
		t.Errorf("%d bytes", got)
	}
}
