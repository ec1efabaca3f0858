package desec

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

const outsidePolicy = "the token's policy at deSEC does not allow this change: " +
	"add a policy for the RRset to the token, or use a token that may write it"

// Bodies are recorded answers of deSEC (design/facts/desec-api.md sections 4.4, 8 and 9), or what could be one.
func TestClient_WriteRefused(t *testing.T) {
	t.Parallel()
	two := []operator.Change{
		change("www", "CNAME", "A", 3600, "192.0.2.1"), // items 0 and 1
		create("bad", "A", 1, "192.0.2.2"),             // item 2
	}
	one := two[1:]
	for _, c := range []struct {
		name    string
		changes []operator.Change
		status  int
		body    string
		want    operator.RefusalError
	}{
		{
			"a list that is aligned", two, 400,
			`[{},{},{"ttl":["Ensure this value is greater than or equal to 3600."]}]`,
			operator.RefusalError{
				Kind: operator.Invalid, Message: "bad.example.com. A: ttl: Ensure this value is greater than or equal to 3600.",
				Culprits: map[int]string{1: "ttl: Ensure this value is greater than or equal to 3600."},
			},
		},
		{
			"both items of one change, and another change", two, 400,
			`[{"non_field_errors":["one"]},{"records":["two","three"]},{"type":["four"]}]`,
			operator.RefusalError{
				Kind:     operator.Invalid,
				Message:  "www.example.com. A: one; www.example.com. A: records: two; records: three; bad.example.com. A: type: four",
				Culprits: map[int]string{0: "one; records: two; records: three", 1: "type: four"},
			},
		},
		{
			"plain strings in place of lists", two, 400,
			`[{"non_field_errors":"Expected a dictionary, but got str."},{"subname":"Expected a string, but got int."},{}]`,
			operator.RefusalError{
				Kind:     operator.Invalid,
				Message:  "www.example.com. A: Expected a dictionary, but got str.; www.example.com. A: subname: Expected a string, but got int.",
				Culprits: map[int]string{0: "Expected a dictionary, but got str.; subname: Expected a string, but got int."},
			},
		},
		{
			"errors of single records", two, 400,
			`[{},{"records":[{},["Must be a string."]]},{"records":[{},{"content":["This field may not be blank."]}]}]`,
			operator.RefusalError{
				Kind:    operator.Invalid,
				Message: "www.example.com. A: records[1]: Must be a string.; bad.example.com. A: records[1].content: This field may not be blank.",
				Culprits: map[int]string{
					0: "records[1]: Must be a string.", 1: "records[1].content: This field may not be blank.",
				},
			},
		},
		{
			"a whole list that is wrong", two, 400,
			`[{"records":{"non_field_errors":["Expected a list of items but got type \"str\"."]}},{},{}]`,
			operator.RefusalError{
				Kind:     operator.Invalid,
				Message:  `www.example.com. A: records: Expected a list of items but got type "str".`,
				Culprits: map[int]string{0: `records: Expected a list of items but got type "str".`},
			},
		},
		{
			"a flat list names nobody", two, 400, `["CNAME RRset cannot have multiple records.","x"]`,
			operator.RefusalError{Kind: operator.Invalid, Message: "CNAME RRset cannot have multiple records.; x"},
		},
		{
			"a flat list to a single change", one, 400, `["CNAME RRset cannot have multiple records."]`,
			operator.RefusalError{
				Kind: operator.Invalid, Message: "CNAME RRset cannot have multiple records.",
				Culprits: map[int]string{0: "CNAME RRset cannot have multiple records."},
			},
		},
		{
			"a list that is not aligned names nobody", two, 400, `[{},{},{},{},{"ttl":["x"]}]`,
			operator.RefusalError{Kind: operator.Invalid, Message: "ttl: x"},
		},
		{
			"an object", two, 400, `{"non_field_errors":["No data provided"]}`,
			operator.RefusalError{Kind: operator.Invalid, Message: "No data provided"},
		},
		{
			"the token", two, 401, `{"detail":"Invalid token."}`,
			operator.RefusalError{Kind: operator.Unauthorized, Message: "Invalid token."},
		},
		{
			"the token's policy names nobody", two, 403, `{"detail":"Insufficient token permissions."}`,
			operator.RefusalError{Kind: operator.Policy, Message: "Insufficient token permissions.", Advice: outsidePolicy},
		},
		{
			"the token's policy, and a single change", one, 403, `{"detail":"Insufficient token permissions."}`,
			operator.RefusalError{
				Kind: operator.Policy, Message: "Insufficient token permissions.", Advice: outsidePolicy, Culprits: map[int]string{0: "Insufficient token permissions."},
			},
		},
		{
			"the token itself", two, 403, `{"detail":"You do not have permission to perform this action."}`,
			operator.RefusalError{Kind: operator.Unauthorized, Message: "You do not have permission to perform this action."},
		},
		{
			"another writer", one, 409, `{"detail":"Conflict: duplicate key value violates unique constraint \"x\"\nDETAIL:  Key (domain_id, subname, type)=(2, r1, A) already exists."}`,
			operator.RefusalError{
				Kind: operator.Raced, Message: `Conflict: duplicate key value violates unique constraint "x" DETAIL: Key (domain_id, subname, type)=(2, r1, A) already exists.`,
			},
		},
		{
			"too large", two, 413, `{"detail":"Payload too large."}`,
			operator.RefusalError{Kind: operator.TooMany, Message: "Payload too large."},
		},
		{
			"a verb that is not there", two, 405, `{"detail":"Method \"PATCH\" not allowed."}`,
			operator.RefusalError{Kind: operator.RefusedOther, Message: `Method "PATCH" not allowed.`},
		},
		{
			"a number", two, 400, `7`, operator.RefusalError{Kind: operator.Invalid, Message: "7"},
		},
		{
			"nothing that can be read out", two, 400, `[{},null,{"ttl":[]}]`, operator.RefusalError{Kind: operator.Invalid, Message: `[{},null,{"ttl":[]}]`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer server.Close()
			client, err := New(Config{Token: "t0ken", BaseURL: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Write(t.Context(), zone, c.changes)
			got := operator.AsRefusal(err)
			if got == nil {
				t.Fatalf("error is %v, want a refusal", err)
			}
			want := c.want
			want.Operator, want.Answer, want.Action = "desec", &httpapi.StatusError{Status: c.status}, "write 2 RRsets of example.com."
			if len(c.changes) == 1 {
				want.Action = "write bad.example.com. A"
			}
			if diff := cmp.Diff(&want, got); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRead_DeepBodyIsQuotedNotWalked(t *testing.T) {
	t.Parallel()
	body := strings.Repeat(`{"a":`, 5000) + `"x"` + strings.Repeat(`}`, 5000)
	message, culprits := read([]byte(body))
	if !strings.HasPrefix(message, `{"a":{"a":`) || len(message) > 400 || culprits != nil {
		t.Errorf("message is %.80q…, culprits %v; want the beginning of the body", message, culprits)
	}
}

func TestJudge_StoredIsBelievedOnlyFromDeSECItself(t *testing.T) {
	t.Parallel()
	const own = `{"detail":"Internal Server Error. We're on it!"}`
	for _, c := range []struct {
		name, method string
		status       int
		body         string
		stored       bool
	}{
		{"a write", "PATCH", 500, own, true},
		{"a read", "GET", 500, own, false},
		{"another status", "PATCH", 502, own, false},
		{"problem details of a gateway", "PATCH", 500, `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"Internal Server Error"}`, false},
		{"another member beside the text", "PATCH", 500, `{"title":"Internal Server Error","detail":"Internal Server Error"}`, false},
		{"another text", "PATCH", 500, `{"detail":"upstream"}`, false},
		{"a list", "PATCH", 500, `["Internal Server Error"]`, false},
	} {
		err := classify(httptest.NewRequest(c.method, "/api/v1/domains/example.com/rrsets/", nil), httpapi.Answer{Status: c.status, Body: []byte(c.body)})
		switch e := operator.AsOutage(err); {
		case c.stored && (e == nil || !e.Stored || !e.InDoubt):
			t.Errorf("%s: %#v, want a stored change in doubt", c.name, err)
		case !c.stored && err != nil:
			t.Errorf("%s: %v, want it left to the general rule", c.name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{`[{"ttl":["x"]},{}]`, `["x"]`, `{"detail":null}`, `[[[[5]]]]`, `{"records":[{},["x"]]}`, `"`, `[null,"a",{}]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		message, culprits := read(body)
		if len(message) > 400 {
			t.Errorf("%q became a message of %d bytes", body, len(message))
		}
		for i, said := range culprits {
			if i < 0 || said == "" || len(said) > 400 {
				t.Errorf("%q names %d: %q", body, i, said)
			}
		}
	})
}
