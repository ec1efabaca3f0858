package probe

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewHTTP_WrongQuestions(t *testing.T) {
	const ok = "https://www.example.com/health"
	tests := []struct {
		name      string
		config    HTTP
		attribute string
	}{
		{"no URL", HTTP{}, "url"},
		{"no scheme", HTTP{URL: "www.example.com/health"}, "url"},
		{"other scheme", HTTP{URL: "ftp://www.example.com"}, "url"},
		{"no host", HTTP{URL: "https:///health"}, "url"},
		{"unparsable", HTTP{URL: "https://www.example.com/%zz"}, "url"},
		{"port", HTTP{URL: "https://www.example.com:99999"}, "url"},
		{"host with a space", HTTP{URL: "https://www%20.example.com"}, "url"},
		{"method", HTTP{URL: ok, Method: "GET IT"}, "method"},
		{"header name", HTTP{URL: ok, Headers: map[string]string{"X Y": "1"}}, "headers"},
		{"header value", HTTP{URL: ok, Headers: map[string]string{"X": "1\r\nY: 2"}}, "headers"},
		{"status word", HTTP{URL: ok, ExpectedStatus: []string{"ok"}}, "expected_status"},
		{"status out of range", HTTP{URL: ok, ExpectedStatus: []string{"600"}}, "expected_status"},
		{"status range backwards", HTTP{URL: ok, ExpectedStatus: []string{"299-200"}}, "expected_status"},
		{"status class", HTTP{URL: ok, ExpectedStatus: []string{"2xx"}}, "expected_status"},
		{"regex", HTTP{URL: ok, BodyRegex: "("}, "body_regex"},
		{"regex of repeats of repeats", HTTP{URL: ok, BodyRegex: "(a{1,100}){1,10}b"}, "body_regex"},
		{"regex of many words", HTTP{URL: ok, BodyRegex: strings.Repeat("a", patternLimit)}, "body_regex"},
		{"body of HEAD", HTTP{URL: ok, Method: "HEAD", BodyContains: "ok"}, "body_contains"},
		{"body of head", HTTP{URL: ok, Method: "head", BodyRegex: "ok"}, "body_regex"},
		{"body of No Content", HTTP{URL: ok, ExpectedStatus: []string{"204", "304"}, BodyRegex: "ok"}, "body_regex"},
		{"text that is longer than what is read", HTTP{URL: ok, BodyContains: strings.Repeat("x", bodyLimit+1)}, "body_contains"},
		{"connect_to URL", HTTP{URL: ok, ConnectTo: "https://cf-front.example.net"}, "connect_to"},
		{"connect_to port", HTTP{URL: ok, ConnectTo: "cf-front.example.net:https"}, "connect_to"},
		{"IP version", HTTP{URL: ok, IPVersion: 5}, "ip_version"},
		{"IP version against the URL", HTTP{URL: "http://192.0.2.1", IPVersion: 6}, "ip_version"},
		{"IP version against connect_to", HTTP{URL: ok, ConnectTo: "[2001:db8::1]:443", IPVersion: 4}, "ip_version"},
		{"roots", HTTP{URL: ok, CACertPEM: "none"}, "ca_cert_pem"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewHTTP(tt.config)
			e, isConfig := errors.AsType[*ConfigError](err)
			if !isConfig || e.Attribute != tt.attribute || e.Message == "" {
				t.Errorf("got %v, want a ConfigError on %q", err, tt.attribute)
			}
		})
	}
}

func TestHTTP_Host(t *testing.T) {
	for _, tt := range []struct {
		config HTTP
		want   string
	}{
		{HTTP{URL: "https://WWW.example.com.:8443/x"}, "www.example.com"},
		{HTTP{URL: "https://bücher.example/"}, "xn--bcher-kva.example"},
		{HTTP{URL: "https://www.example.com/", ConnectTo: "CF-front.example.net:443"}, "cf-front.example.net"},
		{HTTP{URL: "https://www.example.com/", ConnectTo: "2001:db8::1"}, "2001:db8::1"},
		{HTTP{URL: "https://[2001:DB8::1]:8443/"}, "2001:db8::1"},
	} {
		if got := tt.config.Host(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.config, got, tt.want)
		}
	}
}

func TestHTTP_HostHeaderIsThatOfTheURL(t *testing.T) {
	for given, want := range map[string]string{
		"http://www.example.com/":     "www.example.com",
		"http://www.example.com:80/":  "www.example.com:80",
		"http://[2001:db8::1]/":       "[2001:db8::1]",
		"http://bücher.example:8080/": "xn--bcher-kva.example:8080",
	} {
		u, _, err := parseURL(given)
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		if _, err := url.Parse(u.String()); err != nil || u.Host != want {
			t.Errorf("%s: host %q, want %q (%v)", given, u.Host, want, err)
		}
	}
}

func FuzzParseStatuses(f *testing.F) {
	f.Add("200-299")
	f.Add("304")
	f.Fuzz(func(t *testing.T, s string) {
		set, err := parseStatuses([]string{s})
		if err != nil {
			return
		}
		again, err := parseStatuses([]string{set.String()})
		if err != nil || !cmp.Equal(set, again, cmp.AllowUnexported(statusRange{})) {
			t.Errorf("%q gives %v, read again %v, %v", s, set, again, err)
		}
	})
}
