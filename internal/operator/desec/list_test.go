package desec

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	listAt = "GET /api/v1/domains/example.com/rrsets/?cursor="
	nsAt   = "GET /api/v1/domains/example.com/rrsets/@/NS/"
	noNS   = `{"detail":"No RRset matches the given query."}`
	apexNS = `{"created":"x","domain":"example.com","subname":"","name":"example.com.","records":["ns2.desec.org.","ns1.desec.io."],"ttl":3600,"type":"NS","touched":"x","new":{"field":1}}`
	wwwA   = `{"domain":"example.com","subname":"www","name":"www.example.com.","records":["192.0.2.2","192.0.2.1"],"ttl":3600,"type":"A"}`
	wwwB   = `{"domain":"example.com","subname":"www","name":"www.example.com.","records":["192.0.2.3"],"ttl":7200,"type":"A"}`
)

var (
	heldNS = held("", "NS", 3600, "ns1.desec.io.", "ns2.desec.org.")
	heldA  = held("www", "A", 3600, "192.0.2.1", "192.0.2.2")
	heldB  = held("www", "A", 7200, "192.0.2.3")
)

// What is said of lists that cannot be all.
const (
	lacksNS = "its list lacks the NS RRset of the apex, which the zone holds, and may lack others"
	noPage  = "HTTP 200 with something else than a page of RRsets"
)

// next is a Link header as deSEC writes one, with a host that is not to be asked.
func next(cursor string) string {
	return `<https://elsewhere.example/api/v1/domains/example.com/rrsets/?cursor=>; rel="first", ` +
		`<https://elsewhere.example/api/v1/domains/example.com/rrsets/?cursor=p0>; rel="prev", ` +
		`<https://elsewhere.example/api/v1/domains/example.com/rrsets/?cursor=` + cursor + `>; rel="next"`
}

func TestClient_List(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		script []exchange
		want   []operator.RRset
		fail   string
	}{
		{"nothing at all", []exchange{{listAt, 200, "", `[]`}, {nsAt, 404, "", noNS}}, nil, ""},
		{"no apex NS RRset", []exchange{{listAt, 200, "", `[` + wwwA + `]`}, {nsAt, 404, "", noNS}}, []operator.RRset{heldA}, ""},
		{"nothing at all, beside an apex NS RRset", []exchange{{listAt, 200, "", `[]`}, {nsAt, 200, "", apexNS}}, nil, lacksNS},
		{"ends before the apex NS RRset", []exchange{{listAt, 200, next("p2"), `[` + wwwA + `]`}, {listAt + "p2", 200, "", `[` + wwwA + `]`}, {nsAt, 200, "", apexNS}}, nil, lacksNS},
		{"an empty list, and no answer whether it is", []exchange{{listAt, 200, "", `[]`}, {nsAt, 200, "", ``}}, nil, "HTTP 200 with an empty body"},
		{"an empty page at the end", []exchange{{listAt, 200, next("p2"), `[` + apexNS + `]`}, {listAt + "p2", 200, "", `[]`}}, nil, noPage},
		{"an empty page within", []exchange{{listAt, 200, next("p2"), `[` + apexNS + `]`}, {listAt + "p2", 200, next("p3"), ` [ ] `}}, nil, noPage},
		{"an empty page that is the first", []exchange{{listAt, 200, next("p2"), `[]`}}, nil, noPage},
		{"a page of phantoms", []exchange{{listAt, 200, next("p2"), `[` + apexNS + `]`}, {listAt + "p2", 200, "", `[null]`}}, []operator.RRset{heldNS}, ""},
		{"one page", []exchange{{listAt, 200, "", `[` + wwwA + `,` + apexNS + `]`}}, []operator.RRset{heldA, heldNS}, ""},
		{
			"the last page has no next link",
			[]exchange{{listAt, 200, `<https://elsewhere.example/?cursor=>; rel="first"`, `[` + apexNS + `]`}},
			[]operator.RRset{heldNS}, "",
		},
		{
			"cursors are taken out of the link and sent to the own base",
			[]exchange{{listAt, 200, next("cD0%3D"), `[` + wwwA + `]`}, {listAt + "cD0%3D", 200, next("b%26c"), `[` + wwwA + `]`}, {listAt + "b%26c", 200, "", `[` + apexNS + `]`}},
			[]operator.RRset{heldA, heldNS}, "",
		},
		{
			"an RRset that moved between pages counts as read last",
			[]exchange{{listAt, 200, next("p2"), `[` + wwwA + `]`}, {listAt + "p2", 200, "", `[` + apexNS + `,` + wwwB + `]`}},
			[]operator.RRset{heldB, heldNS}, "",
		},
		{"a phantom is left out", []exchange{{listAt, 200, "", `[null,` + apexNS + `,null]`}}, []operator.RRset{heldNS}, ""},
		{"an endless list", []exchange{{listAt, 200, next("p2"), `[` + wwwA + `]`}, {listAt + "p2", 200, next("p2"), `[` + wwwA + `]`}}, nil, "HTTP 200 with something else than a link to the next page"},
		{"a link without cursor", []exchange{{listAt, 200, `<https://elsewhere.example/>; rel="next"`, `[` + wwwA + `]`}}, nil, "HTTP 200 with something else than a link to the next page"},
		{"a link that is none", []exchange{{listAt, 200, `<https://%zz>; rel=next`, `[` + wwwA + `]`}}, nil, "HTTP 200 with something else than a link to the next page"},
		{"an object", []exchange{{listAt, 200, "", wwwA}}, nil, "HTTP 200 with something else than an RRset list"},
		{"a detail", []exchange{{listAt, 200, "", `{"detail":"Hello"}`}}, nil, "HTTP 200 with something else than an RRset list"},
		{"null", []exchange{{listAt, 200, "", `null`}}, nil, "HTTP 200 with something else than an RRset list"},
		{"numbers", []exchange{{listAt, 200, "", `[1,2]`}}, nil, "HTTP 200 with something else than an RRset list"},
		{"another zone's", []exchange{{listAt, 200, "", strings.ReplaceAll(`[`+wwwA+`]`, "example.com", "example.org")}}, nil, "HTTP 200 with something else than an RRset list"},
		{"no records", []exchange{{listAt, 200, "", `[{"subname":"www","type":"A","ttl":1}]`}}, nil, "HTTP 200 with something else than an RRset list"},
		{"a null record", []exchange{{listAt, 200, "", `[{"subname":"www","type":"A","ttl":1,"records":[null]}]`}}, nil, "HTTP 200 with something else than an RRset list"},
		{"a second page that is none", []exchange{{listAt, 200, next("p2"), `[` + wwwA + `]`}, {listAt + "p2", 200, "", `{}`}}, nil, "HTTP 200 with something else than an RRset list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, complete, err := scripted(t, c.script...).List(t.Context(), zone, nil)
			if c.fail != "" {
				if e := operator.AsOutage(err); e == nil || e.Reason != c.fail || e.InDoubt || got != nil || complete {
					t.Errorf("got %v, complete %t, error %v; want an outage: %s", got, complete, err, c.fail)
				}
				return
			}
			if err != nil || !complete {
				t.Fatalf("complete %t, error %v", complete, err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("list (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClient_ListStopsBetweenPages(t *testing.T) {
	t.Parallel()
	c := scripted(t, exchange{listAt, 200, next("p2"), `[` + wwwA + `]`}, exchange{listAt + "p2", 200, next("p3"), `[` + apexNS + `]`})
	got, complete, err := c.List(t.Context(), zone, func(pages int) bool { return pages < 2 })
	if err != nil || complete {
		t.Fatalf("complete %t, error %v", complete, err)
	}
	if diff := cmp.Diff([]operator.RRset{heldA, heldNS}, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

func TestClient_ListCursorGoneIsNoMissingZone(t *testing.T) {
	t.Parallel()
	c := scripted(t, exchange{listAt, 200, next("p2"), `[` + wwwA + `]`}, exchange{listAt + "p2", 404, "", `{"detail":"Invalid cursor"}`})
	_, _, err := c.List(t.Context(), zone, nil)
	if e := operator.AsRefusal(err); e == nil || e.Kind != operator.RefusedOther {
		t.Errorf("error is %v, want a refusal of no particular kind", err)
	}
}

func TestClient_ListKeepsWhatNobodyCanDeclare(t *testing.T) {
	t.Parallel()
	body := `[{"subname":"*.w","type":"DNAME","ttl":3600,"records":["b.example.","a.example."]},{"subname":"X","type":"A","ttl":3600,"records":["not an address"]}]`
	got, _, err := scripted(t, exchange{listAt, 200, "", body}, exchange{nsAt, 404, "", noNS}).List(t.Context(), zone, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []operator.RRset{held("*.w", "DNAME", 3600, "a.example.", "b.example."), held("X", "A", 3600, "not an address")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

func TestClient_ListName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		owner, request, body string
		want                 []operator.RRset
		fail                 bool
	}{
		{"www." + zone, listAt + "&subname=www", `[` + wwwA + `]`, []operator.RRset{heldA}, false},
		{"www." + zone, listAt + "&subname=www", `[]`, nil, false},
		{zone, listAt + "&subname=", `[` + apexNS + `]`, []operator.RRset{heldNS}, false},
		{"*.a." + zone, listAt + "&subname=%2A.a", `[]`, nil, false},
		{"www." + zone, listAt + "&subname=www", `[` + apexNS + `]`, nil, true},
		{"www." + zone, listAt + "&subname=www", `{}`, nil, true},
	} {
		got, err := scripted(t, exchange{c.request, 200, "", c.body}).ListName(t.Context(), zone, c.owner)
		if c.fail {
			if operator.AsOutage(err) == nil {
				t.Errorf("%s with %s gave %v, error %v; want an outage", c.owner, c.body, got, err)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got, cmp.Transformer("empty", func(r []operator.RRset) []operator.RRset {
			if len(r) == 0 {
				return nil
			}
			return r
		})); err != nil || diff != "" {
			t.Errorf("%s: error %v (-want +got):\n%s", c.owner, err, diff)
		}
	}
}

func TestClient_Holds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sub, at, body          string
		status                 int
		holds, refused, outage bool
	}{
		{"www", "www/A", wwwA, 200, true, false, false},
		{"", "@/A", noNS, 404, false, false, false},
		{"*.w", "*.w/A", noNS, 404, false, false, false},
		{"www", "www/A", `{"detail":"Invalid token."}`, 401, false, true, false},
		{"www", "www/A", ``, 200, false, false, true},
	} {
		holds, err := scripted(t, exchange{"GET /api/v1/domains/example.com/rrsets/" + c.at + "/", c.status, "", c.body}).
			Holds(t.Context(), held(c.sub, "A", 3600, "x").Key)
		if holds != c.holds || (operator.AsRefusal(err) != nil) != c.refused || (operator.AsOutage(err) != nil) != c.outage {
			t.Errorf("%s, HTTP %d %s: %t, %v", c.at, c.status, c.body, holds, err)
		}
	}
}

func TestNextCursor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		link, want string
		more       bool
	}{
		{"", "", false},
		{`<https://x/?cursor=>; rel="first"`, "", false},
		{`<https://x/?cursor=a>; rel="prev"`, "", false},
		{`<https://x/?cursor=>; rel="first", <https://x/?cursor=b&type=A>; rel="next"`, "b", true},
		{`<https://x/?type=A&cursor=b%3D>;rel=next, <https://x/?cursor=>; rel="first"`, "b=", true},
		{`<https://x/?type=A>; rel="next"`, "", true},
	} {
		got, more := nextCursor(http.Header{"Link": {c.link}})
		if got != c.want || more != c.more {
			t.Errorf("%s: cursor %q, more %t; want %q, %t", c.link, got, more, c.want, c.more)
		}
	}
}

func TestDecodeItems_ReadOnlyWhereDeSECOwnsTheDelegation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, subname, typ string
		want               bool
	}{
		{"me.dedyn.io.", "", "NS", true},
		{"me.dedyn.io.", "", "A", false},
		{"me.dedyn.io.", "child", "NS", false},
		{"notdedyn.io.", "", "NS", false},
		{"example.com.", "", "NS", false},
	} {
		held, ok := decodeItems(c.zone, []byte(`[{"subname":"`+c.subname+`","type":"`+c.typ+`","ttl":3600,"records":["ns1.desec.io."]}]`))
		if !ok || len(held) != 1 || held[0].ReadOnly != c.want {
			t.Errorf("%s %s %s: %+v, want read-only %t", c.zone, c.subname, c.typ, held, c.want)
		}
	}
}

func FuzzDecodeItems(f *testing.F) {
	for _, seed := range []string{`[]`, `[null]`, `null`, `{}`, `[` + wwwA + `,` + apexNS + `]`, `[[[]]]`, `[{"records":{}}]`, `[{"subname":"\u0000","type":"TXT","ttl":1e3,"records":["\\"]}]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		held, ok := decodeItems(zone, body)
		if !ok && held != nil {
			t.Errorf("%q is no list, but %v came out of it", body, held)
		}
		for _, r := range held {
			if r.Type == "" || len(r.Values) == 0 || !strings.HasSuffix("."+r.Name, "."+zone) {
				t.Errorf("%q became %+v, which is no RRset of the zone", body, r)
			}
		}
	})
}
