package probe

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"
)

// chains is a resolver that knows them by heart.
type chains map[string][]string

func (c chains) Chain(_ context.Context, name string) ([]string, error) {
	chain, ok := c[name]
	if !ok {
		return nil, errors.New("server misbehaving")
	}
	return chain, nil
}

func TestGuardLoop(t *testing.T) {
	resolver := chains{
		"www.example.com":        {"web-router.example.com.", "cf-front.example.net."},
		"web-router.example.com": {"cf-front.example.net."},
		"cf-front.example.net":   nil,
		// Whatever a resolver makes of these, they are where they say.
		"192.0.2.1":    {"web-router.example.com."},
		"2001:db8::1":  {"web-router.example.com."},
		"localhost":    {"web-router.example.com."},
		"cf.localhost": {"web-router.example.com."},
	}
	router := []string{"web-router.example.com"}
	tests := []struct {
		name   string
		host   string
		notVia []string
		want   string // the error, empty for none
	}{
		{"the front itself", "cf-front.example.net", router, ""},
		{"through the router", "www.example.com", router,
			"The probe connects to www.example.com, which leads through web-router.example.com (www.example.com -> web-router.example.com), " +
				"so it sees whatever that points to today and not the one target that it is about. Set connect_to to the target's own name or " +
				"address (a tcp or tls probe: address; a dns probe: server); today web-router.example.com points to cf-front.example.net."},
		{"the router itself", "web-router.example.com", router,
			"The probe connects to web-router.example.com, so it sees whatever that points to today and not the one target that it is about. " +
				"Set connect_to to the target's own name or address (a tcp or tls probe: address; a dns probe: server)."},
		{"nothing forbidden", "www.example.com", nil, ""},
		{"forbidden is another", "www.example.com", []string{"api-router.example.com"}, ""},
		{"a name that ends alike", "www.example.com", []string{"router.example.com"}, ""},
		{"cannot be looked up", "www.example.org", router, ""},
		{"an address", "192.0.2.1", router, ""},
		{"an IPv6 address", "2001:db8::1", router, ""},
		{"localhost", "localhost", router, ""},
		{"below localhost", "cf.localhost", router, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := GuardLoop(t.Context(), resolver, tt.host, tt.notVia); err != nil {
				e, ok := errors.AsType[*ConfigError](err)
				if !ok || e.Attribute != "not_via" {
					t.Fatalf("got %v", err)
				}
				got = e.Message
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGuardLoop_Spelling(t *testing.T) {
	resolver := chains{"www.example.com": {"Web-Router.Example.com."}}
	if err := GuardLoop(t.Context(), resolver, "WWW.example.com.", []string{"x.example.com", "WEB-router.example.COM."}); err == nil {
		t.Error("the loop was not seen")
	}
	err := GuardLoop(t.Context(), resolver, "www.example.com", []string{"web-router.example.com", "https://x"})
	if e, ok := errors.AsType[*ConfigError](err); !ok || e.Attribute != "not_via[1]" {
		t.Errorf("got %v", err)
	}
}

func TestServerResolver_Chain(t *testing.T) {
	whole := serveZone(t, &zoneServer{},
		"www.example.com. 60 IN CNAME web-router.example.com.",
		"web-router.example.com. 60 IN CNAME Front.example.com.",
		"front.example.com. 60 IN A 192.0.2.1",
		"loop.example.com. 60 IN CNAME pool.example.com.",
		"pool.example.com. 60 IN CNAME loop.example.com.")
	broken := serveZone(t, &zoneServer{rcode: dns.RcodeRefused})
	tests := []struct {
		name    string
		servers serverResolver
		host    string
		want    []string
		fails   bool
	}{
		{"whole chain", serverResolver{whole.address}, "www.example.com", []string{"web-router.example.com.", "front.example.com."}, false},
		{"upper case", serverResolver{whole.address}, "WWW.example.com.", []string{"web-router.example.com.", "front.example.com."}, false},
		{"no alias", serverResolver{whole.address}, "front.example.com", nil, false},
		{"no such name", serverResolver{whole.address}, "none.example.com", nil, false},
		{"in a circle", serverResolver{whole.address}, "loop.example.com", []string{"pool.example.com."}, false},
		{"second server", serverResolver{broken.address, whole.address}, "www.example.com",
			[]string{"web-router.example.com.", "front.example.com."}, false},
		{"no server answers", serverResolver{broken.address}, "www.example.com", nil, true},
		{"no server", nil, "www.example.com", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.servers.Chain(t.Context(), tt.host)
			if (err != nil) != tt.fails {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A server that knows only its own zone leaves the end of the chain open, so the end is asked for by itself.
func TestServerResolver_AsksOnForTheRest(t *testing.T) {
	first := serveZone(t, &zoneServer{}, "www.example.com. 60 IN CNAME a.example.net.")
	got, err := serverResolver{first.address}.Chain(t.Context(), "www.example.com")
	if err != nil || !cmp.Equal(got, []string{"a.example.net."}) {
		t.Errorf("%v, %v", got, err)
	}
	if n := first.udp.Load(); n != 2 {
		t.Errorf("%d questions, want one for the name and one for the end of its chain", n)
	}
}

func TestFileResolver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "resolv.conf")
	if _, err := (fileResolver{path}).Chain(t.Context(), "www.example.com"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	// TEST-NET-1 answers nobody (RFC 5737); the cancelled context spares the wait.
	if err := os.WriteFile(path, []byte("# ours\nnameserver 192.0.2.53\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := fileResolver{path}.Chain(ctx, "www.example.com")
	if err == nil || !strings.Contains(err.Error(), net.JoinHostPort("192.0.2.53", "53")) {
		t.Errorf("got %v", err)
	}
}
