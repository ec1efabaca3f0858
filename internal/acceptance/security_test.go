package acceptance

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// secrets are what must show nowhere.
func secrets(box *sandbox.Sandbox) []string {
	return []string{box.Cloudflare.Token, box.Desec.Token}
}

// hides expects that a text holds no token.
func hides(t *testing.T, box *sandbox.Sandbox, where, text string) {
	t.Helper()
	for _, secret := range secrets(box) {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("a token shows in %s: …%s…", where, text[max(0, i-80):min(len(text), i+len(secret)+20)])
		}
	}
}

// A token from the environment shows nowhere, with the most talkative log and whatever the operators answer: neither in
// what is printed, nor in a file.
func TestAccSecurity_TokensShowNowhere(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.work.Env["TF_LOG"] = "TRACE"
		talk := func(args ...string) {
			t.Helper()
			r := s.work.Run(t.Context(), args...)
			if r.Err != nil {
				t.Fatal(r)
			}
			if !strings.Contains(r.Stderr, "[TRACE]") {
				t.Errorf("%v: there is no TRACE log to look at", args)
			}
			hides(t, s.box, strings.Join(args, " "), r.Stdout+r.Stderr)
		}
		s.configure(record("r", "www", "A", first))
		talk("plan", "-out=saved.plan")
		talk("apply", "saved.plan")
		s.configure(record("r", "www", "A", second) + record("n", "new", "A", first))
		for _, kind := range []sandbox.Kind{sandbox.Unauthorized, sandbox.Forbidden, sandbox.HTML502, sandbox.LostAfterCommit, sandbox.TooMany} {
			for _, site := range s.box.Sites() {
				site.Faults.Set(sandbox.Fault{Kind: kind, RetryAfter: 3000})
			}
			talk("apply", "-auto-approve", "-json")
		}
		s.filesHide()
	})
}

// filesHide looks into every file of the folder, and into the plan, which is a zip archive.
func (s *stage) filesHide() {
	s.t.Helper()
	looked := 0
	err := filepath.WalkDir(s.work.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		hides(s.t, s.box, filepath.Base(path), string(text))
		return nil
	})
	if err != nil || looked < 3 {
		s.t.Fatalf("%d files looked at: %v", looked, err)
	}
	plan, err := zip.OpenReader(filepath.Join(s.work.Dir, "saved.plan"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = plan.Close() }()
	for _, file := range plan.File {
		content, err := file.Open()
		if err != nil {
			s.t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			s.t.Fatal(err)
		}
		hides(s.t, s.box, "plan file "+file.Name, string(text))
	}
}

// TestSecurity_QuotedTokenShowsNowhere has an operator repeat the request's header, in every status and in ways that
// JSON takes apart: in a creation, an update and a deletion, for the messages and for what the state keeps.
func TestSecurity_QuotedTokenShowsNowhere(t *testing.T) {
	t.Parallel()
	escaped := func(token string) string {
		var b strings.Builder
		for _, c := range []byte(token) {
			fmt.Fprintf(&b, `\u%04x`, c)
		}
		return b.String()
	}
	for _, operator := range bothOperators {
		for _, status := range []int{200, 400, 401, 403, 409, 500} {
			for name, spell := range map[string]func(string) string{"plain": strings.Clone, "escaped": escaped} {
				t.Run(fmt.Sprintf("%s/%d/%s", operator, status, name), func(t *testing.T) {
					t.Parallel()
					box := newBox(t)
					run := newDriven(t, box, patientTimeout)
					run.project.Provider["max_wait"] = "1ms"
					said := spell(box.Site(operator).Token)
					bodies := []string{
						`{"detail":"` + said + `"}`, `[{"ttl":["` + said + `"]}]`,
						`{"success":false,"errors":[{"code":1000,"message":"` + said + `"}],"result":null}`,
					}
					var on atomic.Bool
					var asked atomic.Int64
					run.via(operator, between(t, box.Site(operator), func(w http.ResponseWriter, _ *http.Request) bool {
						if on.Load() {
							w.Header().Set("Content-Type", "application/json")
							w.Header().Set("Location", said)
							w.Header().Set("Cf-Ray", said)
							w.WriteHeader(status)
							_, _ = io.WriteString(w, bodies[int(asked.Add(1))%len(bodies)])
						}
						return on.Load()
					}, nil))
					try := func(c protocol.Config) {
						t.Helper()
						hides(t, box, "messages", run.apply(t.Context(), c).text)
						for address, r := range run.project.State {
							hides(t, box, "the state of "+address, fmt.Sprint(r.Attr("operators")))
						}
					}
					on.Store(true)
					try(recordConfig("A", "192.0.2.1"))
					on.Store(false)
					try(recordConfig("A", "192.0.2.1"))
					on.Store(true)
					try(recordConfig("A", "192.0.2.2"))
					try(protocol.Config{})
				})
			}
		}
	}
}

// A token that is written into the configuration is not printed with an error about its block: the CLI shows the line
// that an error points to.
func TestAccSecurity_LiteralTokenIsNotPrinted(t *testing.T) {
	t.Parallel()
	const literal = "literal-token-of-this-test"
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for _, account := range []string{
			`cloudflare = { api_token = "` + literal + `\u00e9" }`,
			`cloudflare = { api_token = "` + literal + ` blank" }`,
			`cloudflare = { api_token = "` + literal + `", base_url = "http://api.example.com" }`,
			`cloudflare = { api_token = "` + literal + `", zone_ids = { "example.com" = "no id" } }`,
			`desec = { api_token = "` + literal + `\u00e9" }`,
		} {
			s.configure(required + "provider \"multidns\" {\n  " + account + "\n}\n" + record("r", "www", "A", first))
			r := s.work.Run(t.Context(), "plan", "-no-color")
			if r.ExitCode == 0 {
				t.Errorf("%s is accepted", account)
			}
			if text := r.Stdout + r.Stderr; strings.Contains(text, literal) {
				t.Errorf("%s: the token is printed:\n%s", account, text)
			}
		}
	})
}

// stranger is a host that must never hear from us.
func stranger(t *testing.T) (address string) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked %s %s with Authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// between puts a server of the test between the provider and an operator. It answers by itself where answer says so.
func between(t *testing.T, site *sandbox.Site, answer func(http.ResponseWriter, *http.Request) bool, edit func(*http.Response) error) (baseURL string) {
	t.Helper()
	target, err := url.Parse(site.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: target.Scheme, Host: target.Host})
			r.Out.Host = target.Host
		},
		ModifyResponse: edit,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer == nil || !answer(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + target.Path
}

// via lets a runner reach an operator by another base URL.
func (d driven) via(operator, baseURL string) {
	block, _ := d.project.Provider[operator].(map[string]any)
	block["base_url"] = baseURL
}

func TestSecurity_RedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, operator := range bothOperators {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprintf("%s/%d", operator, status), func(t *testing.T) {
				t.Parallel()
				box := newBox(t)
				other := stranger(t)
				var on atomic.Bool
				run := newDriven(t, box, patientTimeout)
				run.via(operator, between(t, box.Site(operator), func(w http.ResponseWriter, r *http.Request) bool {
					if on.Load() {
						http.Redirect(w, r, other+r.URL.RequestURI(), status)
					}
					return on.Load()
				}, nil))
				run.must(t, recordConfig("A", "192.0.2.1"), 0)
				on.Store(true)
				run.must(t, recordConfig("A", "192.0.2.2"), 0)
				if got := run.project.State["multidns_record.r"].Attr("operators", operator, "status"); got != "out_of_sync" {
					t.Errorf("status %v of an operator that redirects, want out_of_sync", got)
				}
				on.Store(false)
				run.must(t, recordConfig("A", "192.0.2.2"), 0)
			})
		}
	}
}

// deSEC links to the next page; the cursor is taken from there, the host never.
func TestSecurity_PagesOfAnotherHostAreNotRead(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	other := stranger(t)
	run := newDriven(t, box, patientTimeout)
	var lists atomic.Int64
	run.via("desec", between(t, box.Desec.Site, nil, func(r *http.Response) error {
		if r.Request.Method == http.MethodGet && strings.HasSuffix(r.Request.URL.Path, "/rrsets/") && r.Request.URL.Query().Get("subname") == "" {
			if lists.Add(1)%2 == 1 {
				r.Header.Set("Link", fmt.Sprintf("<%s/api/v1/domains/example.com/rrsets/?cursor=abc>; rel=\"next\"", other))
			}
		}
		return nil
	}))
	run.must(t, recordConfig("A", "192.0.2.1"), 0, 1)
	if lists.Load() == 0 {
		t.Error("no list was read")
	}
}

func newBox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	return sandboxtest.Start(t, sandbox.Options{})
}

// hostileBodies are answers that no API gives.
func hostileBodies() map[string]string {
	return map[string]string{
		"nothing": "", "blank": "  \n", "null": "null", "number": "1e400", "true": "true", "string": `"hello"`, "array-of-null": "[null]", "object": "{}",
		"array-of-arrays": "[[[]]]", "array-of-numbers": "[1,2,3]", "array-of-objects": "[{},{}]", "half": `{"success":true,"result":[{"id":`,
		"wrong-types":    `{"success":"yes","errors":7,"messages":{},"result":"none","result_info":[]}`,
		"result-null":    `{"success":true,"errors":[],"messages":[],"result":null}`,
		"result-number":  `{"success":true,"errors":[],"messages":[],"result":5}`,
		"result-nulls":   `{"success":true,"errors":[],"messages":[],"result":[null,null]}`,
		"errors-null":    `{"success":false,"errors":null,"messages":null,"result":null}`,
		"errors-strings": `{"success":false,"errors":["no"],"result":[]}`,
		"records-wrong":  `{"success":true,"errors":[],"result":[{"id":5,"name":{},"type":[],"content":1,"ttl":"x","data":"y"}],"result_info":{"page":"one"}}`,
		"many-pages":     `{"success":true,"errors":[],"result":[{"id":"1","name":"a.example.com","type":"A","content":"192.0.2.1","ttl":60}],"result_info":{"page":1,"per_page":1,"count":1,"total_count":999999,"total_pages":999999}}`,
		"rrsets-wrong":   `[{"subname":5,"type":null,"ttl":"x","records":"y"}]`,
		"rrsets-nulls":   `[{"subname":null,"name":null,"type":null,"ttl":null,"records":[null]}]`,
		"negative-ttl":   `[{"subname":"www","name":"www.example.com.","domain":"example.com","type":"A","ttl":-5,"records":["192.0.2.1"]}]`,
		"another-zone":   `[{"subname":"www","name":"www.example.org.","domain":"example.org","type":"A","ttl":3600,"records":["192.0.2.1"]}]`,
		"detail-number":  `{"detail":12}`, "detail-deep": `{"detail":{"a":{"b":["c"]}}}`, "non-field": `{"non_field_errors":{"x":null}}`,
		"deep":      strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000),
		"deep-half": strings.Repeat(`{"a":`, 100_000),
		"huge":      `{"success":true,"result":"` + strings.Repeat("x", 33<<20) + `"}`,
		"binary":    "\x00\xff\xfe\x01\x80", "bad-utf8": "{\"detail\":\"\xff\xfe\"}", "bom": "\ufeff[]", "html": "<html><body>hello</body></html>",
		"two-values": "[] []", "duplicate-keys": `{"success":false,"success":true,"result":[],"result":{}}`,
		"control-characters": `{"detail":"\u0000\u001b[31mred"}`, "long-line": `{"detail":"` + strings.Repeat("y", 100_000) + `"}`,
	}
}

// TestSecurity_HostileAnswers gives each bad body with several statuses for every request. Nothing panics, nothing is
// lost, and one apply heals it.
func TestSecurity_HostileAnswers(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	slots := make(chan struct{}, 4)
	tried := 0
	for _, operator := range bothOperators {
		for name, body := range hostileBodies() {
			for _, status := range []int{200, 400, 500} {
				if name == "huge" && status != 200 {
					continue
				}
				tried++
				slots <- struct{}{}
				all.Go(func() {
					defer func() { <-slots }()
					t.Run(fmt.Sprintf("%s/%s/%d", operator, name, status), func(t *testing.T) { tryHostile(t, operator, status, body) })
				})
			}
		}
	}
	all.Wait()
	t.Logf("%d bad answers tried, for every request of a plan and an apply", tried)
}

func tryHostile(t *testing.T, operator string, status int, body string) {
	box := newBox(t)
	run := newDriven(t, box, patientTimeout)
	run.project.Provider["max_wait"] = "1ms" // a repeat would get the same
	var on atomic.Bool
	run.via(operator, between(t, box.Site(operator), func(w http.ResponseWriter, _ *http.Request) bool {
		if on.Load() {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
		return on.Load()
	}, nil))
	run.must(t, recordConfig("A", "192.0.2.1"), 0)
	on.Store(true)
	run.must(t, recordConfig("A", "192.0.2.2"), 0, 1)
	r := run.project.State["multidns_record.r"]
	if r == nil || r.Tainted {
		t.Fatalf("the resource is gone from the state or tainted: %+v", r)
	}
	if got := r.Attr("operators", operator, "status"); got == "in_sync" {
		t.Errorf("%s is called in sync by such an answer", operator)
	}
	if got := fmt.Sprint(r.Attr("operators", operator, "message")); len(got) > 2000 {
		t.Errorf("the message in state has %d characters", len(got))
	}
	on.Store(false)
	run.must(t, recordConfig("A", "192.0.2.2"), 0)
	for _, name := range bothOperators {
		if held := heldAt(box, name, "www.example.com."); len(held) != 1 || held[0] != heldTwo {
			t.Errorf("%s holds %q in the end", name, held)
		}
	}
}
