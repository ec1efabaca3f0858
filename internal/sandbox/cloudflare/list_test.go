package cloudflare

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (f *fake) contents(query string) []string {
	f.t.Helper()
	a := f.call("GET", records+query, "")
	var rows []Record
	if err := json.Unmarshal(a.Result, &rows); err != nil {
		f.t.Fatalf("%s: %v in %d %s", query, err, a.status, a.text)
	}
	out := []string{}
	for _, r := range rows {
		out = append(out, r.Content)
	}
	return out
}

// Row 9 and section 4.1.
func TestList_Filters(t *testing.T) {
	f := newFake(t)
	f.add(`{"type":"A","name":"a","content":"192.0.2.1"}`)
	f.add(`{"type":"A","name":"a","content":"192.0.2.2","proxied":true}`)
	f.add(`{"type":"TXT","name":"a","content":"\"Hello\""}`)
	f.add(`{"type":"CNAME","name":"www","content":"a.example.com"}`)
	f.add(`{"type":"SRV","name":"_s._tcp","data":{"priority":1,"weight":2,"port":3,"target":"a.example.com"}}`)
	const a1, a2, txt, cname, srv = "192.0.2.1", "192.0.2.2", `"Hello"`, "a.example.com", "2 3 a.example.com"
	for query, want := range map[string][]string{
		"":                                   {a1, a2, cname, srv, txt},
		"?type=A":                            {a1, a2},
		"?type=txt&name.exact=A.EXAMPLE.com": {txt},
		"?name=a.example.com":                {a1, a2, txt},
		"?name=a":                            {},
		"?name=contains:a":                   {},
		"?name=a.example.com&name=www.example.com": {},
		"?order=name&direction=asc":                {srv, a1, a2, txt, cname},
	} {
		if diff := cmp.Diff(want, f.contents(query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	for _, query := range []string{"?per_page=0", "?per_page=5000001", "?page=0", "?order=age", "?direction=desc", "?match=any", "?content=x", "?nosuch=x"} {
		if a := f.call("GET", records+query, ""); a.status != 400 {
			t.Errorf("%s: %d", query, a.status)
		}
	}
}

// Row 8, and that the pages together are the list, whatever their size.
func TestList_Pages(t *testing.T) {
	f := newFake(t)
	want := []string{}
	for i := range 7 {
		content := fmt.Sprintf("192.0.2.%d", i)
		want = append(want, content)
		f.add(`{"type":"A","name":"a","content":"` + content + `"}`)
	}
	for perPage := 1; perPage <= 8; perPage++ {
		got := []string{}
		pages := (len(want) + perPage - 1) / perPage
		for page := 1; page <= pages; page++ {
			query := fmt.Sprintf("?per_page=%d&page=%d", perPage, page)
			rows := f.contents(query)
			got = append(got, rows...)
			info := resultInfo{Page: page, PerPage: perPage, Count: len(rows), TotalCount: 7, TotalPages: pages}
			if diff := cmp.Diff(&info, f.call("GET", records+query, "").Info); diff != "" {
				t.Errorf("%s (-want +got):\n%s", query, diff)
			}
		}
		if !slices.Equal(want, got) {
			t.Errorf("per_page %d: %v", perPage, got)
		}
	}
	for _, query := range []string{"?page=2", "?page=9999999999&per_page=5000000"} {
		if rows := f.contents(query); len(rows) != 0 {
			t.Errorf("%s, past the end: %v", query, rows)
		}
	}
	if got := f.call("GET", "/zones/"+proZoneID+"/dns_records", "").Info; *got != (resultInfo{Page: 1, PerPage: 100}) {
		t.Errorf("empty list: %+v", got)
	}
}
