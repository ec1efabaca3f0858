package desec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

func TestNew_Configuration(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		config Config
		says   string
	}{
		{"deSEC's own address", Config{Token: "geheim"}, ""},
		{"loopback", Config{Token: "geheim", BaseURL: "http://127.0.0.1:1/api/v1"}, ""},
		{"older secret with odd characters", Config{Token: "i-T3b1h_OI-H9ab8tRS98stGtURe"}, ""},
		{"no token", Config{}, "token is empty"},
		{"token with a newline", Config{Token: "geheim\n"}, "line break"},
		{"token in two words", Config{Token: "Token geheim"}, "blank"},
		{"token beyond ASCII", Config{Token: "geheimé"}, "outside ASCII"},
		{"unencrypted", Config{Token: "geheim", BaseURL: "http://desec.io/api/v1"}, "unencrypted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := New(c.config)
			switch {
			case c.says == "" && err != nil:
				t.Errorf("unexpected error: %v", err)
			case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
				t.Errorf("error is %v, want one that says %q", err, c.says)
			case err != nil && strings.Contains(err.Error(), "geheim"):
				t.Errorf("error holds the token: %v", err)
			}
		})
	}
}

func TestClient_BaseURLWithAndWithoutFinalSlash(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://desec.io/api/v1", "https://desec.io/api/v1/"} {
		c, err := New(Config{Token: "x", BaseURL: base})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := c.rrsetsURL(zone).String(), "https://desec.io/api/v1/domains/example.com/rrsets/"; got != want {
			t.Errorf("%s: URL is %s, want %s", base, got, want)
		}
	}
}

func TestClient_Zone(t *testing.T) {
	t.Parallel()
	const at = "GET /api/v1/domains/example.com/"
	for _, c := range []struct {
		name string
		body string
		want operator.Zone
		fail string // the outage's reason
	}{
		{
			name: "published and signed, with extra keys of the user's",
			body: `{"created":"2026-01-02T03:04:05Z","published":"2026-01-02T03:04:05.678901Z","name":"example.com","minimum_ttl":60,"touched":"x","default_ttl":1,
				"keys":[{"dnskey":"257 3 13 AAAA","ds":["1 13 2 aa","1 13 4 bb"],"flags":257,"keytype":"csk","managed":true},
				{"dnskey":"256 3 13 BBBB","ds":[],"flags":256,"keytype":null,"managed":false},
				{"dnskey":"257 3 13 AAAA","ds":["1 13 2 aa"],"managed":false},null]}`,
			want: operator.Zone{
				Name: zone, ID: "example.com", Status: "published", MinimumTTL: 60, MaximumTTL: 86400,
				DNSKEYs: []string{"257 3 13 AAAA"}, DSs: []string{"1 13 2 aa", "1 13 4 bb"},
			},
		},
		{
			name: "changed since the last hand-over",
			body: `{"name":"example.com","minimum_ttl":3600,"published":"2026-01-02T03:04:05Z","touched":"2026-01-02T03:04:05.000001Z"}`,
			want: operator.Zone{Name: zone, ID: "example.com", Status: "published", MinimumTTL: 3600, MaximumTTL: 86400, Unpublished: true},
		},
		{
			name: "handed over since the last change",
			body: `{"name":"example.com","minimum_ttl":3600,"published":"2026-01-02T03:04:05.5Z","touched":"2026-01-02T03:04:05.5Z"}`,
			want: operator.Zone{Name: zone, ID: "example.com", Status: "published", MinimumTTL: 3600, MaximumTTL: 86400},
		},
		{
			name: "changed and never handed over",
			body: `{"name":"example.com","minimum_ttl":3600,"published":null,"touched":"2026-01-02T03:04:05.5Z"}`,
			want: operator.Zone{Name: zone, ID: "example.com", Status: "unpublished", Inactive: true, MinimumTTL: 3600, MaximumTTL: 86400, Unpublished: true},
		},
		{
			name: "never published",
			body: `{"name":"example.com","minimum_ttl":3600,"published":null,"keys":[]}`,
			want: operator.Zone{Name: zone, ID: "example.com", Status: "unpublished", Inactive: true, MinimumTTL: 3600, MaximumTTL: 86400},
		},
		{name: "another domain", body: `{"name":"example.org","minimum_ttl":3600}`, fail: "HTTP 200 with something else than the domain"},
		{name: "no limit", body: `{"name":"example.com"}`, fail: "HTTP 200 with something else than the domain"},
		{name: "negative limit", body: `{"name":"example.com","minimum_ttl":-1}`, fail: "HTTP 200 with something else than the domain"},
		{name: "list", body: `[]`, fail: "HTTP 200 with something else than the domain"},
		{name: "null", body: `null`, fail: "HTTP 200 with something else than the domain"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := scripted(t, exchange{request: at, status: 200, body: c.body}).Zone(t.Context(), zone)
			if c.fail != "" {
				if e := operator.AsOutage(err); e == nil || e.Reason != c.fail || e.InDoubt {
					t.Errorf("error is %v, want an outage: %s", err, c.fail)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("zone (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClient_ZoneNotFoundSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		request, body string
		ask           func(*Client) error
	}{
		{"GET /api/v1/domains/example.com/", `{"detail":"No Domain matches the given query."}`, func(c *Client) error {
			_, err := c.Zone(t.Context(), zone)
			return err
		}},
		{"GET /api/v1/domains/example.com/rrsets/?cursor=", `{"detail":"Not found."}`, func(c *Client) error {
			_, _, err := c.List(t.Context(), zone, nil)
			return err
		}},
		{"GET /api/v1/domains/example.com/rrsets/?cursor=&subname=www", `{"detail":"Not found."}`, func(c *Client) error {
			_, err := c.ListName(t.Context(), zone, "www."+zone)
			return err
		}},
		{`PATCH /api/v1/domains/example.com/rrsets/ [{"subname":"www","type":"A","records":[]}]`, `{"detail":"Not found."}`, func(c *Client) error {
			_, err := c.Write(t.Context(), zone, []operator.Change{remove("www", "A")})
			return err
		}},
	} {
		e := operator.AsRefusal(c.ask(scripted(t, exchange{request: c.request, status: 404, body: c.body})))
		if e == nil || e.Kind != operator.ZoneNotFound {
			t.Fatalf("%s gave %#v, want ZoneNotFound", c.request, e)
		}
		for _, part := range []string{"must exist at deSEC", "token of that account", "https://desec.io/domains"} {
			if !strings.Contains(e.Error(), part) {
				t.Errorf("%s: the message lacks %q: %v", c.request, part, e)
			}
		}
	}
}
