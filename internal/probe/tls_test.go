package probe

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/certtest"
)

func TestTLS_Certificates(t *testing.T) {
	for _, tt := range certificateTests(t) {
		t.Run(tt.name, func(t *testing.T) {
			address := serveTLS(t, tt.server, status)
			p, err := NewTLS(TLS{Address: address, ServerName: "WWW.example.com.", CACertPEM: tt.roots, Now: atNoon})
			if err != nil {
				t.Fatal(err)
			}
			want := Result{Reason: tt.want, RemoteAddress: address}
			if tt.want == "" {
				want.Success, want.Reason = true, "certificate is valid until 2027-02-03"
			}
			if diff := cmp.Diff(want, try(t.Context(), p, 30*time.Second), ignoreLatency); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTLS_MinimumDaysValid(t *testing.T) {
	a := certtest.New(t, noon)
	end := noon.Add(14 * 24 * time.Hour)
	address := serveTLS(t, a.Issue(t, noon.AddDate(0, 0, -1), end, "www.example.com"), status)
	for days, want := range map[int]Result{
		0:  {Success: true, Reason: "certificate is valid until 2026-11-19"},
		14: {Success: true, Reason: "certificate is valid until 2026-11-19"},
		15: {Reason: "certificate expires on 2026-11-19, in 14 days, at least 15 are required"},
	} {
		p, err := NewTLS(TLS{Address: address, ServerName: "www.example.com", MinimumDaysValid: days, CACertPEM: a.PEM, Now: atNoon})
		if err != nil {
			t.Fatal(err)
		}
		want.RemoteAddress = address
		if diff := cmp.Diff(want, try(t.Context(), p, 30*time.Second), ignoreLatency); diff != "" {
			t.Errorf("%d days (-want +got):\n%s", days, diff)
		}
	}
}

func TestTLS_Down(t *testing.T) {
	silent := accept(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	hangUp := accept(t, func(net.Conn) {})
	plain := serve(t, status)
	for _, tt := range []struct {
		address  string
		patience time.Duration
		reason   string
	}{
		{nobody, 30 * time.Second, "connect " + nobody + ": refused"},
		{silent, time.Second, "no answer within 1s"},
		{hangUp, 30 * time.Second, hangUp + " closed the connection without an answer"},
		{plain, 30 * time.Second, plain + " does not speak TLS"},
	} {
		p, err := NewTLS(TLS{Address: tt.address})
		if err != nil {
			t.Fatal(err)
		}
		want := Result{Reason: tt.reason, RemoteAddress: tt.address}
		if diff := cmp.Diff(want, try(t.Context(), p, tt.patience), ignoreLatency); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestNewTLS_WrongQuestions(t *testing.T) {
	const ok = "www.example.com:443"
	for _, tt := range []struct {
		config    TLS
		attribute string
	}{
		{TLS{Address: "www.example.com"}, "address"},
		{TLS{Address: ok, ServerName: "https://www.example.com"}, "server_name"},
		{TLS{Address: ok, MinimumDaysValid: -1}, "minimum_days_valid"},
		{TLS{Address: ok, CACertPEM: "none"}, "ca_cert_pem"},
	} {
		_, err := NewTLS(tt.config)
		e, isConfig := errors.AsType[*ConfigError](err)
		if !isConfig || e.Attribute != tt.attribute || e.Message == "" {
			t.Errorf("%+v: %v, want a ConfigError on %q", tt.config, err, tt.attribute)
		}
	}
}
