package probe

import (
	"net/netip"
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	for given, want := range map[string]endpoint{
		"www.example.com":      {"www.example.com", ""},
		"WWW.Example.com.:443": {"www.example.com", "443"},
		"192.0.2.1":            {"192.0.2.1", ""},
		"192.0.2.1:53":         {"192.0.2.1", "53"},
		"2001:db8::1":          {"2001:db8::1", ""},
		"[2001:DB8::1]":        {"2001:db8::1", ""},
		"[2001:db8::1]:53":     {"2001:db8::1", "53"},
		"_sip.example.com:1":   {"_sip.example.com", "1"},
	} {
		if got, err := parseEndpoint(given); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", given, got, err, want)
		}
	}
	for _, bad := range []string{"", ":443", "host:", "host:0", "host:65536", "host:http", "a b", "a..b", "http://host", strings.Repeat("a", 64), "[::1", "host/path"} {
		if got, err := parseEndpoint(bad); err == nil {
			t.Errorf("%q: %+v, want an error", bad, got)
		}
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, s := range []string{"www.example.com:443", "[2001:db8::1]:53", "192.0.2.1", "bücher.example", "fe80::1%eth0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parseEndpoint(s)
		if err != nil {
			return
		}
		again := e.host
		if e.port != "" {
			again = e.String()
		}
		if e2, err := parseEndpoint(again); err != nil || e2 != e {
			t.Errorf("%q gives %+v, and %q gives %+v, %v", s, e, again, e2, err)
		}
	})
}

func TestDialer_ChoosesTheFamily(t *testing.T) {
	for _, tt := range []struct {
		host    string
		version int
		want    string
		err     string
	}{
		{"192.0.2.1", 0, "192.0.2.1", ""},
		{"::ffff:192.0.2.1", 0, "192.0.2.1", ""},
		{"2001:db8::1", 0, "2001:db8::1", ""},
		{"2001:db8::1", 6, "2001:db8::1", ""},
		{"192.0.2.1", 6, "", "name 192.0.2.1 has no IPv6 address"},
		{"localhost", 4, "127.0.0.1", ""},
		{"localhost", 0, "127.0.0.1", ""},
	} {
		got, err := dialer{version: tt.version}.resolve(t.Context(), tt.host)
		if tt.err != "" {
			if err == nil || err.Error() != tt.err {
				t.Errorf("%s IPv%d: %v, want %q", tt.host, tt.version, err, tt.err)
			}
			continue
		}
		if err != nil || got != netip.MustParseAddr(tt.want) {
			t.Errorf("%s IPv%d: %v, %v; want %s", tt.host, tt.version, got, err, tt.want)
		}
	}
}

func TestChoose(t *testing.T) {
	addrs := func(list ...string) []netip.Addr {
		var out []netip.Addr
		for _, s := range list {
			out = append(out, netip.MustParseAddr(s))
		}
		return out
	}
	both := addrs("2001:db8::2", "192.0.2.2", "192.0.2.1", "2001:db8::1")
	for _, tt := range []struct {
		addrs   []netip.Addr
		version int
		want    string
	}{
		{both, 0, "192.0.2.2"},
		{both, 4, "192.0.2.2"},
		{both, 6, "2001:db8::2"},
		{addrs("2001:db8::2"), 0, "2001:db8::2"},
		{addrs("2001:db8::2"), 4, ""},
		{addrs("192.0.2.1"), 6, ""},
		{addrs("::ffff:192.0.2.1"), 6, ""}, // an IPv4 address in another notation
		{nil, 0, ""},
	} {
		got, ok := choose(tt.addrs, tt.version)
		if ok != (tt.want != "") || ok && got.String() != tt.want {
			t.Errorf("choose(%v, %d) = %v, want %q", tt.addrs, tt.version, got, tt.want)
		}
	}
}
