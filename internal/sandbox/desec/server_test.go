package desec_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

const (
	zone   = "example.com"
	rrsets = "/api/v1/domains/" + zone + "/rrsets/"
)

func newServer(change ...func(*desec.Options)) *desec.Server {
	options := desec.Options{Token: token, Domains: []desec.Domain{{Name: zone, MinimumTTL: 60}}}
	for _, f := range change {
		f(&options)
	}
	return desec.New(options)
}

func set(subname, typ string, ttl int, values ...string) map[string]any {
	return map[string]any{"subname": subname, "type": typ, "ttl": ttl, "records": append([]string{}, values...)}
}

// must sends a request and demands a status.
func must(t *testing.T, handler http.Handler, status int, method, path string, body any) any {
	t.Helper()
	response, value := ask(t, handler, method, path, body)
	if response.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d: %v", method, path, response.StatusCode, status, value)
	}
	return value
}

func TestServer_PublishesOnlyRealChanges(t *testing.T) {
	server := newServer()
	silent := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(desec.WithoutPublication(r.Context())))
	})
	published := func() []string { return stringsOf(server.Published(zone)) }
	ns := "example.com. 3600 NS [ns1.desec.io. ns2.desec.org.]"

	must(t, silent, 500, "PATCH", rrsets, []any{set("www", "A", 60, "192.0.2.1")})
	must(t, silent, 200, "PATCH", rrsets, []any{set("www", "A", 60, "192.0.2.1")})
	must(t, silent, 400, "PATCH", rrsets, []any{set("www", "A", 60, "x")})
	if diff := cmp.Diff([]string{ns}, published()); diff != "" {
		t.Errorf("a write without publication reached the name servers:\n%s", diff)
	}
	if diff := cmp.Diff([]string{ns, "www.example.com. 60 A [192.0.2.1]"}, stringsOf(server.Stored(zone))); diff != "" {
		t.Errorf("stored:\n%s", diff)
	}
	must(t, server, 200, "PATCH", rrsets, []any{set("www", "A", 60, "192.0.2.1")})
	if diff := cmp.Diff([]string{ns}, published()); diff != "" {
		t.Errorf("a write that changes nothing published:\n%s", diff)
	}
	must(t, server, 400, "PATCH", rrsets, []any{set("www", "A", 60, "192.0.2.2"), set("bad", "A", 60, "x")})
	if diff := cmp.Diff([]string{ns}, published()); diff != "" {
		t.Errorf("a refused write published:\n%s", diff)
	}
	must(t, server, 201, "POST", rrsets, set("other", "TXT", 60, `"x"`))
	want := []string{ns, `other.example.com. 60 TXT ["x"]`, "www.example.com. 60 A [192.0.2.1]"}
	if diff := cmp.Diff(want, published()); diff != "" {
		t.Errorf("the next real change did not publish everything:\n%s", diff)
	}
}

func stringsOf(sets []zonedata.RRset) []string {
	var all []string
	for _, s := range sets {
		all = append(all, fmt.Sprintf("%s %d %s %v", s.Name, s.TTL, s.Type, s.Values))
	}
	return all
}

func TestServer_EditIsCheckedButNotLimited(t *testing.T) {
	server := newServer(func(o *desec.Options) {
		o.Limits = true
		o.Policies = []desec.Policy{{}}
	})
	for i := range 5 {
		if err := server.Edit(zone, "www", "A", 60, []string{fmt.Sprintf("192.0.2.%d", i), "192.0.2.99"}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"example.com. 3600 NS [ns1.desec.io. ns2.desec.org.]", "www.example.com. 60 A [192.0.2.4 192.0.2.99]"}
	if diff := cmp.Diff(want, stringsOf(server.Published(zone))); diff != "" {
		t.Errorf("after edits:\n%s", diff)
	}
	for name, err := range map[string]error{
		"content": server.Edit(zone, "www", "A", 60, []string{"x"}),
		"ttl":     server.Edit(zone, "www", "A", 59, []string{"192.0.2.1"}),
		"cname":   server.Edit(zone, "www", "CNAME", 60, []string{"a.example."}),
		"domain":  server.Edit("other.test", "www", "A", 60, []string{"192.0.2.1"}),
	} {
		if err == nil {
			t.Errorf("%s: an edit that the API would refuse was taken", name)
		}
	}
	if err := server.Edit(zone, "www", "A", 0, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[:1], stringsOf(server.Stored(zone))); diff != "" {
		t.Errorf("after the deletion:\n%s", diff)
	}
}

func TestServer_ShuffleChangesOrderAlone(t *testing.T) {
	server := newServer(func(o *desec.Options) { o.Shuffle = true })
	values := []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7"}
	must(t, server, 201, "POST", rrsets, set("www", "A", 60, values...))
	orders := map[string]bool{}
	for range 50 {
		got := must(t, server, 200, "GET", rrsets+"www/A/", nil).(map[string]any)["records"].([]any)
		var read []string
		for _, value := range got {
			read = append(read, value.(string))
		}
		orders[strings.Join(read, " ")] = true
		slices.Sort(read)
		if diff := cmp.Diff(values, read); diff != "" {
			t.Fatal(diff)
		}
	}
	if len(orders) < 2 {
		t.Error("50 reads gave the records in one order")
	}
}

var nextLink = regexp.MustCompile(`<https?://[^/]+([^>]+)>; rel="(\w+)"`)

func links(response *http.Response) map[string]string {
	all := map[string]string{}
	for _, part := range nextLink.FindAllStringSubmatch(response.Header.Get("Link"), -1) {
		all[part[2]] = part[1]
	}
	return all
}

func TestServer_PagesThroughAListAndBack(t *testing.T) {
	server := newServer(func(o *desec.Options) { o.PageSize = 3 })
	for i := range 7 { // 8 with NS
		must(t, server, 201, "POST", rrsets, set(fmt.Sprintf("h%d", i), "A", 60, "192.0.2.1"))
	}
	response, body := ask(t, server, "GET", rrsets, nil)
	if response.StatusCode != 400 || !strings.Contains(fmt.Sprint(body), "up to 3 items at a time (8 total)") {
		t.Fatalf("without cursor: status %d, %v", response.StatusCode, body)
	}
	if got := slices.Sorted(maps.Keys(links(response))); !slices.Equal(got, []string{"first"}) {
		t.Errorf("without cursor: links %v", got)
	}
	want := []struct {
		names, links string
	}{
		{"h6 h5 h4", "first next"}, {"h3 h2 h1", "first next prev"}, {"h0 ", "first prev"},
		{"h3 h2 h1", "first next prev"}, {"h6 h5 h4", "first next"},
	}
	path := links(response)["first"]
	for i, page := range want {
		response, body := ask(t, server, "GET", path, nil)
		var names []string
		for _, item := range body.([]any) {
			names = append(names, item.(map[string]any)["subname"].(string))
		}
		rels := slices.Sorted(maps.Keys(links(response)))
		if got := strings.Join(names, " "); got != page.names || strings.Join(rels, " ") != page.links {
			t.Fatalf("page %d: %q with links %v, want %q with %s", i, got, rels, page.names, page.links)
		}
		path = links(response)[map[bool]string{true: "next", false: "prev"}[i < 2]]
	}
	response, body = ask(t, server, "GET", rrsets+"?type=A&cursor=", nil)
	if got := links(response)["next"]; !strings.Contains(got, "type=A") || len(body.([]any)) != 3 {
		t.Errorf("with a filter: next is %s, %d items", got, len(body.([]any)))
	}
}

// TestServer_KeysMatchRecording gives the fake a key of the real server and expects its DS.
func TestServer_KeysMatchRecording(t *testing.T) {
	const name = "example-one.test"
	server := newServer(func(o *desec.Options) { o.Domains = []desec.Domain{{Name: name}} })
	const dnskey = "257 3 13 T9epRx0F6wKWS+vomRpV6Kx9jNdOkmir2lPRQ9WSjiYergwpaAIwoHEZcxuB2bAQfJILrYztG2pqsCRE4wkP0Q=="
	if err := server.Edit(name, "", "DNSKEY", 3600, []string{dnskey}); err != nil {
		t.Fatal(err)
	}
	domain := must(t, server, 200, "GET", "/api/v1/domains/"+name+"/", nil).(map[string]any)
	keys := domain["keys"].([]any)
	want := map[string]any{
		"dnskey": dnskey, "flags": 257.0, "keytype": nil, "managed": false,
		"ds": []any{
			"592 13 2 a41680783ed687999b06f23968fdf581b4f6a3847e8df990b49e52b7a0a4cd10",
			"592 13 4 36818060cd04947001cdb6681dec4f116c4a7d2ed1636541c4cdf0fa49860dd9042843b002505827321d40a6d4b66c03",
		},
	}
	if len(keys) != 2 || keys[0].(map[string]any)["managed"] != true {
		t.Fatalf("keys: %v", keys)
	}
	if diff := cmp.Diff(want, keys[1]); diff != "" {
		t.Errorf("extra key (-want +got):\n%s", diff)
	}
}

func TestServer_TTLInDigitsOfAnyScript(t *testing.T) {
	in := set("www", "A", 0, "192.0.2.1")
	in["ttl"] = "٣６00"
	got := must(t, newServer(), 201, "POST", rrsets, in).(map[string]any)
	if got["ttl"] != 3600.0 {
		t.Errorf("ttl is %v, want 3600", got["ttl"])
	}
}

// TestServer_HalfASurrogatePair: design/facts/desec-api.md section 3.
func TestServer_HalfASurrogatePair(t *testing.T) {
	server := newServer()
	for _, c := range []struct {
		method, body string
		status       int
		says         string
	}{
		{"PATCH", `[{"subname":"ok","type":"A","ttl":60,"records":["192.0.2.1"]},{"subname":"a\uD800","type":"A","records":[]}]`, 500, "Server Error"},
		{"PATCH", `[{"subname":"s","type":"\udfff","ttl":60,"records":["192.0.2.1"]}]`, 400, "U+DFFF"},
		{"POST", `{"subname":"\ud800","type":"A","ttl":60,"records":["192.0.2.1"]}`, 400, "Surrogate characters are not allowed: U+D800."},
		{"POST", `{"subname":"s","type":"TXT","ttl":60,"records":["\"\udc00\ud800\ud83d\ude00\""]}`, 400, "U+DC00"},
		{"POST", `{"subname":"s","type":"TXT","ttl":60,"records":["\"\\\\ud800 \ud83d\ude00 \uabcd\ufffd\""],"other":"\ud800"}`, 201, `\ud800 \240\159\152\128 \234\175\141\239\191\189`},
	} {
		r := httptest.NewRequest(c.method, rrsets, strings.NewReader(c.body))
		r.Header.Set("Authorization", "Token "+token)
		r.Header.Set("Content-Type", "application/json")
		if response, body := result(t, server, r); response.StatusCode != c.status || !strings.Contains(fmt.Sprint(body), c.says) {
			t.Errorf("%s: status %d, %v, want %d and %s", c.body, response.StatusCode, body, c.status, c.says)
		}
	}
}

// TestServer_NSAndDNAME: design/facts/desec-api.md section 5.
func TestServer_NSAndDNAME(t *testing.T) {
	server := newServer()
	ns, dname := set("d", "NS", 60, "ns.example."), set("d", "DNAME", 60, "a.example.")
	must(t, server, 201, "POST", rrsets, set("", "DNAME", 60, "a.example."))
	must(t, server, 201, "POST", rrsets, ns)
	must(t, server, 500, "POST", rrsets, dname)
	must(t, server, 500, "PATCH", rrsets, []any{set("ok", "A", 60, "192.0.2.1"), dname})
	must(t, server, 404, "GET", rrsets+"ok/A/", nil)
	must(t, server, 200, "PATCH", rrsets, []any{set("d", "NS", 60), dname})
	must(t, server, 500, "PATCH", rrsets, []any{ns})
	must(t, server, 200, "PATCH", rrsets, []any{set("d", "DNAME", 60, "b.example."), set("x.d", "NS", 60, "ns.example.")})
}

// TestServer_ConflictWithAnItemWithoutType: design/facts/desec-api.md section 4.3.
func TestServer_ConflictWithAnItemWithoutType(t *testing.T) {
	server := newServer()
	alias, other := set("a", "CNAME", 60, "a.example."), set("a", "", 60, "192.0.2.1")
	for _, typ := range []any{"", nil} {
		other["type"] = typ
		status := map[any]int{"": 400, nil: 500}[typ]
		must(t, server, status, "PATCH", rrsets, []any{alias, other})
		must(t, server, status, "PATCH", rrsets, []any{other, alias})
	}
	delete(other, "type")
	must(t, server, 500, "PATCH", rrsets, []any{alias, other})
	must(t, server, 400, "PATCH", rrsets, []any{other})
}

// TestServer_TouchedMayBeOldInTheAnswer: design/facts/desec-api.md section 3.
func TestServer_TouchedMayBeOldInTheAnswer(t *testing.T) {
	server := newServer()
	touched := func(value any) string { return value.(map[string]any)["touched"].(string) }
	created := touched(must(t, server, 201, "POST", rrsets, set("www", "A", 60, "192.0.2.1", "192.0.2.2")))
	answer := touched(must(t, server, 200, "PATCH", rrsets+"www/A/", map[string]any{"records": []string{"192.0.2.1"}}))
	read := touched(must(t, server, 200, "GET", rrsets+"www/A/", nil))
	if answer != created || read <= created {
		t.Errorf("created %s, the answer to a deletion of a record says %s, a read after it %s", created, answer, read)
	}
	answer = touched(must(t, server, 200, "PATCH", rrsets+"www/A/", map[string]any{"ttl": 61}))
	if answer <= read {
		t.Errorf("a new TTL: the answer says %s, before it was %s", answer, read)
	}
}

func TestServer_DomainsComeAndGo(t *testing.T) {
	server := newServer()
	domain := map[string]any{"name": "new.test"}
	key := func(value any) any { return value.(map[string]any)["keys"].([]any)[0].(map[string]any)["dnskey"] }
	first := key(must(t, server, 201, "POST", "/api/v1/domains/", domain))
	if got := key(must(t, server, 200, "GET", "/api/v1/domains/new.test/", nil)); got != first {
		t.Errorf("the key changed from %v to %v", first, got)
	}
	must(t, server, 400, "POST", "/api/v1/domains/", domain)
	if got := server.Zones(); !slices.Equal(got, []string{zone, "new.test"}) {
		t.Errorf("zones: %v", got)
	}
	want := []string{"new.test. 3600 NS [ns1.desec.io. ns2.desec.org.]"}
	if diff := cmp.Diff(want, stringsOf(server.Published("new.test"))); diff != "" {
		t.Errorf("a new domain:\n%s", diff)
	}
	must(t, server, 204, "DELETE", "/api/v1/domains/new.test/", nil)
	if got := server.Published("new.test"); got != nil {
		t.Errorf("a deleted domain is still served: %v", got)
	}
	if again := key(must(t, server, 201, "POST", "/api/v1/domains/", domain)); again == first {
		t.Error("created again, the domain has its old key")
	}
}

func TestServer_OverHTTP(t *testing.T) {
	web := httptest.NewServer(newServer())
	defer web.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(method, path, body string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, web.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Token "+token)
		r.Header.Set("Content-Type", "application/json")
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		return response
	}
	if response := send("POST", strings.TrimSuffix(rrsets, "/"), "{}"); response.StatusCode != 301 || response.Header.Get("Location") != rrsets {
		t.Errorf("without the slash: %d to %q", response.StatusCode, response.Header.Get("Location"))
	}
	if response := send("GET", rrsets+"/A/", ""); response.StatusCode != 404 {
		t.Errorf("empty subname: %d", response.StatusCode)
	}
	if response := send("HEAD", rrsets+".../NS/", ""); response.StatusCode != 200 || response.ContentLength <= 0 {
		t.Errorf("HEAD: %d, length %d", response.StatusCode, response.ContentLength)
	}
	if response := send("DELETE", rrsets+"www/A/", ""); response.StatusCode != 204 || response.Header.Get("Content-Type") != "" {
		t.Errorf("DELETE: %d, content type %q", response.StatusCode, response.Header.Get("Content-Type"))
	}
}

// TestServer_Concurrently is for the race detector; no write may get lost either.
func TestServer_Concurrently(t *testing.T) {
	server := newServer()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			body := fmt.Sprintf(`[{"subname":"h%d","type":"A","ttl":60,"records":["192.0.2.1"]}]`, i)
			for _, method := range []string{"PATCH", "GET"} {
				r := httptest.NewRequest(method, rrsets+"?cursor=", bytes.NewBufferString(body))
				r.Header.Set("Authorization", "Token "+token)
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r)
				if w.Code != 200 {
					t.Errorf("%s: %d %s", method, w.Code, w.Body)
				}
			}
			server.Published(zone)
		})
	}
	wg.Wait()
	if got := len(server.Stored(zone)); got != 21 {
		t.Errorf("%d RRsets, want 21", got)
	}
}
