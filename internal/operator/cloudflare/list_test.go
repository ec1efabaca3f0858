package cloudflare

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// zoneLines shows RRsets as zone file lines.
func zoneLines(held []operator.RRset) []string {
	var all []string
	for _, set := range held {
		all = append(all, fmt.Sprintf("%s %d %s %s", set.Name, set.TTL, set.Type, strings.Join(set.Values, " | ")))
	}
	return all
}

func TestList_RecordsBecomeRRsets(t *testing.T) {
	s := newSite(t)
	s.add(t, fake.Record{Type: "A", Name: "www.example.com", Content: "192.0.2.2", TTL: 300})
	s.add(t, fake.Record{Type: "MX", Name: "example.com", Content: "mail.example.net", TTL: 300, Priority: pointer(10)})
	s.add(t, fake.Record{Type: "A", Name: "www.example.com", Content: "192.0.2.1", TTL: 300})
	s.add(t, fake.Record{Type: "TXT", Name: "example.com", Content: "v=spf1 -all", TTL: 300})
	s.add(t, fake.Record{Type: "CNAME", Name: "*.example.com", Content: "Target.example.net", TTL: 300})
	held, complete, err := s.client(t).List(t.Context(), testZone, nil)
	if err != nil || !complete {
		t.Fatal(complete, err)
	}
	want := []string{
		`*.example.com. 300 CNAME target.example.net.`,
		`example.com. 300 MX 10 mail.example.net.`,
		`example.com. 300 TXT "v=spf1 -all"`,
		`www.example.com. 300 A 192.0.2.1 | 192.0.2.2`,
	}
	if diff := cmp.Diff(want, zoneLines(held)); diff != "" {
		t.Error(diff)
	}
	if got := held[0].ID(); got != "example.com/*/CNAME" {
		t.Errorf("id %q", got)
	}
	requests := s.seen()
	if len(requests) != 2 || requests[0].Path != "/zones" || requests[0].Query != "name=example.com" {
		t.Errorf("requests: %+v", requests)
	}
	query, _ := url.ParseQuery(requests[1].Query)
	if query.Get("per_page") != "5000" || query.Get("order") != "name" {
		t.Errorf("query %v", query)
	}
}

func TestList_UnevenTTLAndSettings(t *testing.T) {
	s := newSite(t)
	s.add(t, fake.Record{Type: "A", Name: "a.example.com", Content: "192.0.2.1", TTL: 600, Comment: pointer("one"), Tags: []string{"b:2", "a:1"}})
	s.add(t, fake.Record{Type: "A", Name: "a.example.com", Content: "192.0.2.2", TTL: 300, Proxied: true})
	s.add(t, fake.Record{Type: "TXT", Name: "b.example.com", Content: `"x"`, TTL: 300, Comment: pointer("c"), Tags: []string{"b:2", "a:1"}})
	c := s.client(t)
	uneven := read(t, c, "a.example.com.", "A")
	if !uneven.Uneven || uneven.TTL != 300 {
		t.Errorf("uneven %t, ttl %d", uneven.Uneven, uneven.TTL)
	}
	wantMixed := operator.Settings{"comment": "one\n", "tags": []string{"a:1,b:2\n"}}
	if diff := cmp.Diff(wantMixed, uneven.Settings); diff != "" {
		t.Error(diff)
	}
	even := read(t, c, "b.example.com.", "TXT")
	wantEven := operator.Settings{"proxied": false, "comment": "c", "tags": []string{"a:1", "b:2"}}
	if diff := cmp.Diff(wantEven, even.Settings); diff != "" || even.Uneven {
		t.Error(diff, even.Uneven)
	}
}

func TestList_ReadOnlyIsMarked(t *testing.T) {
	// What Email Routing left unlocked keeps that mark and can be edited.
	for meta, want := range map[string]bool{"read_only": true, "email_routing": false} {
		s := newSite(t)
		s.add(t, fake.Record{Type: "MX", Name: "example.com", Content: "route1.mx.cloudflare.net", TTL: 300, Priority: pointer(13), Meta: map[string]any{meta: true}})
		s.add(t, fake.Record{Type: "MX", Name: "example.com", Content: "mail.example.net", TTL: 300, Priority: pointer(20)})
		c := s.client(t)
		held := read(t, c, testZone, "MX")
		if held.ReadOnly != want {
			t.Errorf("%s: read-only is %t, want %t", meta, held.ReadOnly, want)
		}
		_, err := c.Write(t.Context(), testZone, []operator.Change{{Before: held}})
		if refused := operator.AsRefusal(err); (refused != nil) != want || want && !strings.Contains(refused.Message, "Email Routing") {
			t.Errorf("%s: %v", meta, err)
		}
		if got := len(s.Records("example.com")); (got == 2) != want {
			t.Errorf("%s: %d records left", meta, got)
		}
	}
}

// TestList_AnyRecordIsHeld: a record that cannot be read as RDATA still occupies its name.
func TestList_AnyRecordIsHeld(t *testing.T) {
	s := newSite(t)
	s.add(t, fake.Record{Type: "A", Name: "a.example.com", Content: "not an address", TTL: 300})
	s.add(t, fake.Record{Type: "HINFO", Name: "b.example.com", Content: `"x" "y"`, TTL: 300})
	s.add(t, fake.Record{Type: "CNAME", Name: "c.example.com", Content: "under_score..bad", TTL: 300})
	s.add(t, fake.Record{Type: "SRV", Name: "d.example.com", TTL: 300, Data: map[string]any{"port": "x"}})
	held, _, err := s.client(t).List(t.Context(), testZone, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`a.example.com. 300 A not an address`,
		`b.example.com. 300 HINFO "x" "y"`,
		`c.example.com. 300 CNAME under_score..bad.`,
		`d.example.com. 300 SRV {"port":"x"}`,
	}
	if diff := cmp.Diff(want, zoneLines(held)); diff != "" {
		t.Error(diff)
	}
}

func TestListName_IsExact(t *testing.T) {
	s := newSite(t)
	for _, owner := range []string{"www.example.com", "www.example.com", "awww.example.com", "x.www.example.com", "example.com"} {
		s.add(t, fake.Record{Type: "A", Name: owner, Content: fmt.Sprintf("192.0.2.%d", len(s.Records("example.com"))), TTL: 300})
	}
	s.add(t, fake.Record{Type: "TXT", Name: "www.example.com", Content: `"t"`, TTL: 300})
	c := s.client(t, withZoneID)
	held, err := c.ListName(t.Context(), testZone, "www.example.com.")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"www.example.com. 300 A 192.0.2.0 | 192.0.2.1", `www.example.com. 300 TXT "t"`}
	if diff := cmp.Diff(want, zoneLines(held)); diff != "" {
		t.Error(diff)
	}
	if got := len(s.seen()); got != 1 {
		t.Errorf("%d requests with zone_ids, not 1", got)
	}
}

// TestListName_FilterIgnored: a service that does not know the filter answers with the whole zone.
func TestListName_FilterIgnored(t *testing.T) {
	s := newSite(t)
	s.instead = paged(100, []string{rec("1", "a.example.com", "192.0.2.1"), rec("2", "b.example.com", "192.0.2.1")})
	held, err := s.client(t, withZoneID).ListName(t.Context(), testZone, "b.example.com.")
	if diff := cmp.Diff([]string{"b.example.com. 300 A 192.0.2.1"}, zoneLines(held)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// paged serves records in pages of its own size, whatever was asked for.
func paged(size int, pages ...[]string) func(w http.ResponseWriter, r *http.Request) bool {
	total := 0
	for _, p := range pages {
		total += len(p)
	}
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/dns_records") {
			return false
		}
		number := max(1, atoi(r.URL.Query().Get("page")))
		var items []string
		if number <= len(pages) {
			items = pages[number-1]
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"success":true,"errors":[],"messages":[],"result":[%s],"result_info":{"page":%d,"per_page":%d,"count":%d,"total_count":%d,"total_pages":%d}}`,
			strings.Join(items, ","), number, size, len(items), total, len(pages))
		return true
	}
}

func atoi(s string) int { return looseString(s).count() }

func rec(id, owner, content string) string {
	return fmt.Sprintf(`{"id":%q,"name":%q,"type":"A","content":%q,"ttl":300}`, id, owner, content)
}

func TestList_PagesUntilTheLast(t *testing.T) {
	s := newSite(t)
	s.instead = paged(2,
		[]string{rec("1", "a.example.com", "192.0.2.1"), rec("2", "b.example.com", "192.0.2.1")},
		[]string{rec("3", "b.example.com", "192.0.2.2"), rec("4", "c.example.com", "192.0.2.1")},
		[]string{rec("5", "d.example.com", "192.0.2.1")})
	held, complete, err := s.client(t, withZoneID).List(t.Context(), testZone, nil)
	want := []string{"a.example.com. 300 A 192.0.2.1", "b.example.com. 300 A 192.0.2.1 | 192.0.2.2", "c.example.com. 300 A 192.0.2.1", "d.example.com. 300 A 192.0.2.1"}
	if diff := cmp.Diff(want, zoneLines(held)); diff != "" || !complete || err != nil {
		t.Error(diff, complete, err)
	}
	if got := len(s.seen()); got != 3 {
		t.Errorf("%d requests, not 3", got)
	}
}

// TestList_StoppedEarlyKeepsRRsetsWhole: b goes on in the page that is not read.
func TestList_StoppedEarlyKeepsRRsetsWhole(t *testing.T) {
	s := newSite(t)
	s.instead = paged(2,
		[]string{rec("1", "a.example.com", "192.0.2.1"), rec("2", "b.example.com", "192.0.2.1")},
		[]string{rec("3", "b.example.com", "192.0.2.2")})
	asked := 0
	held, complete, err := s.client(t, withZoneID).List(t.Context(), testZone, func(read int) bool { asked = read; return false })
	if diff := cmp.Diff([]string{"a.example.com. 300 A 192.0.2.1"}, zoneLines(held)); diff != "" || complete || err != nil || asked != 1 {
		t.Error(diff, complete, err, asked)
	}
}

func TestList_StoppedEarlyWithoutOrderReturnsNothing(t *testing.T) {
	s := newSite(t)
	s.instead = paged(3,
		[]string{rec("1", "b.example.com", "192.0.2.1"), rec("2", "a.example.com", "192.0.2.1"), rec("3", "b.example.com", "192.0.2.2")},
		[]string{rec("4", "a.example.com", "192.0.2.2")})
	held, complete, err := s.client(t, withZoneID).List(t.Context(), testZone, func(int) bool { return false })
	if len(held) != 0 || complete || err != nil {
		t.Error(held, complete, err)
	}
}

func TestList_RepeatedRecordCountsOnce(t *testing.T) {
	s := newSite(t)
	s.instead = paged(2,
		[]string{rec("1", "a.example.com", "192.0.2.1"), rec("2", "b.example.com", "192.0.2.1")},
		[]string{rec("2", "b.example.com", "192.0.2.1"), rec("3", "c.example.com", "192.0.2.1")},
		[]string{rec("4", "c.example.com", "192.0.2.2"), rec("5", "d.example.com", "192.0.2.2")})
	s.instead = withTotal(s.instead, 6, 5)
	held, _, err := s.client(t, withZoneID).List(t.Context(), testZone, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := held[1].Handle.(*handle).records; len(got) != 1 || len(held) != 4 {
		t.Errorf("b has %d records, %d RRsets", len(got), len(held))
	}
}

// withTotal changes the total_count of another answer.
func withTotal(next func(http.ResponseWriter, *http.Request) bool, from, to int) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		return next(&replacing{ResponseWriter: w, from: fmt.Sprintf(`"total_count":%d`, from), to: fmt.Sprintf(`"total_count":%d`, to)}, r)
	}
}

type replacing struct {
	http.ResponseWriter
	from, to string
}

func (w *replacing) Write(p []byte) (int, error) {
	_, err := w.ResponseWriter.Write([]byte(strings.Replace(string(p), w.from, w.to, 1)))
	return len(p), err
}

// TestList_ShortOfItsTotalIsOutage: an answer that lacks records must not make them look deleted.
func TestList_ShortOfItsTotalIsOutage(t *testing.T) {
	s := newSite(t)
	s.answer("/dns_records", 200, "application/json",
		`{"success":true,"errors":[],"messages":[],"result":[],"result_info":{"page":1,"per_page":5000,"count":0,"total_count":7,"total_pages":1}}`)
	c := s.client(t, withZoneID)
	_, _, err := c.List(t.Context(), testZone, nil)
	if operator.AsOutage(err) == nil {
		t.Errorf("List: %v", err)
	}
	_, err = c.ListName(t.Context(), testZone, "www.example.com.")
	if operator.AsOutage(err) == nil {
		t.Errorf("ListName: %v", err)
	}
}

// TestList_PagesThatCannotBeAll: what one page says of the list, another one may not take back.
func TestList_PagesThatCannotBeAll(t *testing.T) {
	a, b, c := rec("1", "a.example.com", "192.0.2.1"), rec("2", "b.example.com", "192.0.2.1"), rec("3", "c.example.com", "192.0.2.1")
	page := func(info string, records ...string) string {
		return `{"success":true,"errors":[],"messages":[],"result":[` + strings.Join(records, ",") + `],"result_info":{` + info + `}}`
	}
	const nothing = `"page":2,"per_page":2,"count":0,"total_count":0,"total_pages":0`
	cases := map[string]struct {
		pages  []string
		outage string
	}{
		"the second is empty":                             {[]string{page(`"per_page":2,"count":2,"total_count":3,"total_pages":2`, a, b), page(nothing)}, "than the 3 it speaks of"},
		"the second is empty, and nothing was said of it": {[]string{page(`"per_page":2`, a, b), page(nothing)}, ""},
		"the last is empty, after all that there is":      {[]string{page(`"per_page":2,"total_count":2`, a, b), page(nothing)}, ""},
		"the first is short":                              {[]string{page(`"per_page":2,"total_pages":2`, a)}, "ends with page 1 of the 2"},
		"a page lacks one":                                {[]string{page(`"per_page":2,"count":2`, a)}, "a page holds fewer records than the 2"},
		"one within lacks one":                            {[]string{page(`"per_page":1,"count":2,"total_pages":3`, a), page(`"per_page":1`, b)}, "a page holds fewer records than the 2"},
		"all are there":                                   {[]string{page(`"per_page":2,"count":2,"total_count":3,"total_pages":2`, a, b), page(`"per_page":2,"count":1,"total_count":3,"total_pages":2`, c)}, ""},
		"they do not end":                                 {slices.Repeat([]string{page(`"per_page":1`, a)}, maxPages+1), "the list does not end"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.instead = func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/dns_records") {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(test.pages[atoi(r.URL.Query().Get("page"))-1]))
				return true
			}
			held, complete, err := s.client(t, withZoneID).List(t.Context(), testZone, nil)
			if test.outage == "" {
				if err != nil || !complete {
					t.Errorf("complete %t, %v", complete, err)
				}
				return
			}
			if outage := operator.AsOutage(err); outage == nil || !strings.Contains(outage.Reason, test.outage) || complete || len(held) > 0 {
				t.Errorf("held %v, complete %t, %v", held, complete, err)
			}
		})
	}
}

func TestList_EmptyZone(t *testing.T) {
	held, complete, err := newSite(t).client(t).List(t.Context(), testZone, nil)
	if len(held) != 0 || !complete || err != nil {
		t.Error(held, complete, err)
	}
}

// TestList_HostileAnswers: none of them means that nothing is there.
func TestList_HostileAnswers(t *testing.T) {
	ok := func(result string) string {
		return `{"success":true,"errors":[],"messages":[],"result":` + result + `}`
	}
	cases := map[string]string{
		"result null":         ok(`null`),
		"result missing":      `{"success":true,"errors":[],"messages":[]}`,
		"result object":       ok(`{}`),
		"result string":       ok(`"none"`),
		"result number":       ok(`0`),
		"null item":           ok(`[null]`),
		"list item":           ok(`[[]]`),
		"number item":         ok(`[1,2]`),
		"empty item":          ok(`[{}]`),
		"no id":               ok(`[{"name":"a.example.com","type":"A","content":"192.0.2.1","ttl":300}]`),
		"no ttl":              ok(`[{"id":"1","name":"a.example.com","type":"A","content":"192.0.2.1"}]`),
		"ttl list":            ok(`[{"id":"1","name":"a.example.com","type":"A","content":"192.0.2.1","ttl":[]}]`),
		"ttl negative":        ok(`[{"id":"1","name":"a.example.com","type":"A","content":"192.0.2.1","ttl":-1}]`),
		"ttl huge":            ok(`[{"id":"1","name":"a.example.com","type":"A","content":"192.0.2.1","ttl":1e300}]`),
		"name object":         ok(`[{"id":"1","name":{},"type":"A","content":"192.0.2.1","ttl":300}]`),
		"list instead":        `[]`,
		"string instead":      `"ok"`,
		"null instead":        `null`,
		"no success":          `{"result":[]}`,
		"success string":      `{"success":"yes","result":[]}`,
		"success false":       `{"success":false,"errors":[{"code":1005,"message":"Internal error"}],"messages":[],"result":null}`,
		"success false empty": `{"success":false,"errors":null,"result":[]}`,
		"problem JSON":        `{"type":"about:blank","title":"Bad gateway","status":502,"error_code":502}`,
		"deep":                ok(strings.Repeat("[", 9000) + strings.Repeat("]", 9000)),
		"too deep":            strings.Repeat("[", 20000),
		"html":                `<!DOCTYPE html><title>502</title>`,
		"empty":               ``,
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.answer("/dns_records", 200, "application/json", body)
			for _, c := range []*Client{s.client(t), s.client(t, withZoneID)} {
				held, complete, err := c.List(t.Context(), testZone, nil)
				if err == nil || len(held) > 0 || complete {
					t.Fatalf("held %v, complete %t, error %v", held, complete, err)
				}
				if operator.AsOutage(err) == nil {
					t.Errorf("no outage: %v", err)
				}
				if strings.Contains(err.Error(), testToken) {
					t.Error("the token is in the error")
				}
			}
		})
	}
}

// TestList_RecordsOfAnotherZone: a wrong id in zone_ids is the user's to mend, without zone_ids the answer is at fault.
func TestList_RecordsOfAnotherZone(t *testing.T) {
	for _, owner := range []string{"a.example.org", "notexample.com"} {
		s := newSite(t)
		s.answer("/dns_records", 200, "application/json", `{"success":true,"errors":[],"messages":[],"result":[`+rec("1", owner, "192.0.2.1")+`]}`)
		_, _, err := s.client(t, withZoneID).List(t.Context(), testZone, nil)
		if refused := operator.AsRefusal(err); refused == nil || !strings.Contains(refused.Message, "zone_ids") || !strings.Contains(refused.Message, owner) {
			t.Errorf("%s: %v", owner, err)
		}
		if _, _, err = s.client(t).List(t.Context(), testZone, nil); operator.AsOutage(err) == nil {
			t.Errorf("%s: %v", owner, err)
		}
	}
}
