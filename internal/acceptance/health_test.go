package acceptance

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/certtest"
)

// verdict is one multidns_health and what it must say.
type verdict struct {
	hcl     string
	healthy any    // true, false or nil
	reason  string // part of it
	made    int    // attempts; 0: not looked at
}

// quick are the arguments of a probe that does not keep the tests waiting. Its time-out is for what answers, on a
// machine that may be busy.
const quick = "  timeout = \"10s\"\n  interval = \"0s\"\n"

// httpAt is a probe of www.example.com that connects to an address.
func httpAt(address, rest string) string {
	return quick + fmt.Sprintf("  http = {\n url = \"http://www.example.com/health\"\n connect_to = %q\n %s\n }\n", address, rest)
}

// world is what the probes look at.
type world struct {
	s                              *stage
	closed, moved, valid, expiring string // addresses
	expired, silent                string
	ca                             string
}

func newWorld(t *testing.T, s *stage) world {
	t.Helper()
	// Nobody listens at port 1. One that was free a moment ago may soon be that of another test's sandbox.
	w := world{s: s, closed: "127.0.0.1:1"}
	// A listener that nobody accepts from: connections are made, and nothing is said.
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	w.silent = silent.Addr().String()
	moved := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/there" {
			http.Redirect(rw, r, "http://"+r.Context().Value(http.LocalAddrContextKey).(net.Addr).String()+"/there", http.StatusFound)
		}
	}))
	t.Cleanup(moved.Close)
	w.moved = moved.Listener.Addr().String()
	authority := certtest.New(t, time.Now())
	w.ca = authority.PEM
	w.valid = serveTLS(t, authority, 90*24*time.Hour)
	w.expiring = serveTLS(t, authority, 49*time.Hour)
	w.expired = serveTLS(t, authority, -24*time.Hour)
	s.box.Front("bunny-front").SetHealthy(false)
	s.edit("desec", "www", "A", 3600, "192.0.2.1", "192.0.2.2")
	return w
}

func (w world) verdicts() map[string]verdict {
	up, ill := w.s.box.Front("cf-front").Addr(), w.s.box.Front("bunny-front").Addr()
	dns := func(name, rest string) string {
		return quick + fmt.Sprintf("  dns = {\n server = %q\n name = %q\n type = \"A\"\n %s\n }\n", w.s.box.Desec.DNSAddr, name, rest)
	}
	secure := func(address, rest string) string {
		return quick + fmt.Sprintf("  tls = {\n address = %q\n server_name = \"www.example.com\"\n %s\n }\n", address, rest)
	}
	trusted := "ca_cert_pem = <<-EOT\n" + w.ca + "EOT\n"
	https := func(address, rest string) string {
		return strings.Replace(httpAt(address, rest), "http://www", "https://www", 1)
	}
	return map[string]verdict{
		"up":           {httpAt(up, ""), true, "status 200", 2},
		"ill":          {httpAt(ill, ""), false, "status 503, expected 200-299", 2},
		"ill_is_fine":  {httpAt(ill, `expected_status = ["503"]`), true, "status 503", 2},
		"refused":      {httpAt(w.closed, ""), false, "refused", 2},
		"silent":       {strings.Replace(httpAt(w.silent, ""), "10s", "200ms", 1) + "  attempts = 1\n", false, "no answer", 1},
		"unknown_name": {quick + "  attempts = 1\n  http = { url = \"http://front.invalid/\" }\n", false, "front.invalid", 1},
		"body":         {httpAt(up, `body_contains = "cf-front"`), true, "status 200", 2},
		"other_body":   {httpAt(up, `body_contains = "unicorn"`), false, "unicorn", 2},
		"regex":        {httpAt(up, `body_regex = "^cf-front: (ok|fine)"`), true, "status 200", 2},
		"redirected":   {httpAt(w.moved, ""), false, "status 302", 2},
		"followed":     {httpAt(w.moved, "follow_redirects = true"), true, "status 200", 2},
		"single":       {httpAt(up, "") + "  attempts = 1\n", true, "status 200", 1},
		"thrice":       {httpAt(up, "") + "  attempts = 5\n  required_successes = 3\n", true, "status 200", 3},
		"blind":        {httpAt(ill, "") + fmt.Sprintf("  controls = [\"http://%s/\"]\n", w.closed), nil, "", 2},
		"seeing":       {httpAt(ill, "") + fmt.Sprintf("  controls = [\"http://%s/\", \"http://%s/\"]\n", w.closed, up), false, "status 503", 2},
		"disabled":     {httpAt(w.closed, "") + "  enabled = false\n", nil, "enabled is false", 0},
		"front_itself": {httpAt(up, "") + "  not_via = [\"web-router.example.com\"]\n", true, "status 200", 2},
		"tcp":          {quick + fmt.Sprintf("  tcp = { address = %q }\n", up), true, "", 2},
		"tcp_closed":   {quick + fmt.Sprintf("  tcp = { address = %q }\n", w.closed), false, "refused", 2},
		"tls":          {secure(w.valid, trusted), true, "certificate is valid until", 2},
		"tls_stranger": {secure(w.valid, ""), false, "certificate", 2},
		"tls_name":     {strings.Replace(secure(w.valid, trusted), "www.example.com", "other.example.com", 1), false, "other.example.com", 2},
		"tls_expired":  {secure(w.expired, trusted), false, "certificate expired on", 2},
		"tls_days":     {secure(w.expiring, trusted+"minimum_days_valid = 14\n"), false, "in 2 days, at least 14", 2},
		"https":        {https(w.valid, trusted), true, "status 200", 2},
		"https_expiry": {https(w.expired, trusted), false, "certificate expired on", 2},
		"dns":          {dns("www.example.com", ""), true, "", 2},
		"dns_values":   {dns("www.example.com", `expected_values = ["192.0.2.2", "192.0.2.1"]`), true, "", 2},
		"dns_other":    {dns("www.example.com", `expected_values = ["192.0.2.3"]`), false, "192.0.2.3", 2},
		"dns_nxdomain": {dns("nowhere.example.com", ""), false, "does not exist", 2},
	}
}

func TestAccHealth_EveryVerdictAndNoError(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		verdicts := newWorld(t, s).verdicts()
		hcl := strings.Builder{}
		for name, v := range verdicts {
			fmt.Fprintf(&hcl, "data \"multidns_health\" %q {\n%s}\n", name, v.hcl)
		}
		s.configure(hcl.String())
		r := s.apply(0)
		state, err := s.work.Show(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range verdicts {
			got := state.Resources["data.multidns_health."+name]
			if got.Attr("healthy") != want.healthy {
				t.Errorf("%s: healthy = %v (%v), want %v", name, got.Attr("healthy"), got.Attr("reason"), want.healthy)
			}
			if reason, _ := got.Attr("reason").(string); !strings.Contains(reason, want.reason) {
				t.Errorf("%s: reason %q does not say %q", name, reason, want.reason)
			}
			// In steps, so that a quiet run leaves the state as it is; 0 when nobody was asked.
			if latency, _ := got.Attr("latency_ms").(float64); int(latency)%50 != 0 || (latency == 0) != (want.made == 0) {
				t.Errorf("%s: latency_ms = %v", name, latency)
			}
			checks, _ := got.Attr("checks").([]any)
			if made := got.Attr("attempts_made"); made != float64(want.made) || len(checks) != want.made {
				t.Errorf("%s: %v attempts and %d checks, want %d", name, made, len(checks), want.made)
			}
		}
		t.Logf("%d probes in %s", len(verdicts), r.Duration)
		for _, site := range s.box.Sites() {
			if got := site.Log.Count(nil); got != 0 {
				t.Errorf("%s got %d requests for probes", site.Name, got)
			}
		}
	})
}

func TestAccHealth_LoopIsRefused(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure("data \"multidns_health\" \"loop\" {\n  http = { url = \"http://web-router.example.com/\" }\n" + quick +
			"  attempts = 1\n  not_via = [\"WEB-ROUTER.example.com.\"]\n}\n")
		r, diagnostics := s.work.PlanJSON(t.Context())
		if err := r.Must(1); err != nil {
			t.Fatal(err)
		}
		if !told(diagnostics, "loop", "not_via =", []string{"web-router.example.com", "Set connect_to"}) {
			t.Errorf("nobody warns of the loop:\n%s", texts(diagnostics))
		}
	})
}

// The whole way: fronts break and are mended, and the router follows.
func TestAccHealth_RouterFollowsTheFronts(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		var hcl strings.Builder
		for _, front := range s.box.Fronts {
			fmt.Fprintf(&hcl, "data \"multidns_health\" %q {\n%s  attempts = 2\n  required_successes = 1\n  not_via = [\"web-router.example.com\"]\n}\n",
				front.Name, httpAt(front.Addr(), ""))
		}
		hcl.WriteString(strings.Replace(router("10:00:00", "", fronts("data.multidns_health.cf-front.healthy", "data.multidns_health.bunny-front.healthy")),
			`"2026-11-22T10:00:00Z"`, "plantimestamp()", 1))
		s.configure(hcl.String())
		cf, bunny := s.box.Front("cf-front"), s.box.Front("bunny-front")
		for _, step := range []struct {
			change func()
			active string
			exit   int
		}{
			{func() {}, "cloudflare", 2},
			{func() { cf.SetHealthy(false) }, "bunny", 2},
			{func() { bunny.SetRefused(true) }, "bunny", 0},
			{func() { cf.SetRefused(true) }, "bunny", 0},
			{func() { cf.SetRefused(false); cf.SetHealthy(true) }, "cloudflare", 2},
		} {
			step.change()
			s.plan(step.exit)
			s.apply(0)
			for operator, line := range pointsTo(step.active) {
				s.holds(operator, line)
			}
			s.plan(0)
		}
	})
}

// serveTLS starts an HTTPS server for www.example.com whose certificate still lasts for that long, and gives its
// address.
func serveTLS(t *testing.T, authority certtest.Authority, lasts time.Duration) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused certificates are the point
	server.TLS = authority.Issue(t, time.Now().AddDate(0, 0, -50), time.Now().Add(lasts), "www.example.com")
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}
