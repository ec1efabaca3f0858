package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

func TestNew_BadConfiguration(t *testing.T) {
	cases := map[string]struct {
		config Config
		want   string
	}{
		"no token":           {Config{}, "token is empty"},
		"blank token":        {Config{Token: " \n"}, "token is empty"},
		"token with a break": {Config{Token: "secret-a\nsecret-b"}, "line break"},
		"token in quotes":    {Config{Token: "secret-“a”"}, "without quotes"},
		"http":               {Config{Token: "secret", BaseURL: "http://api.cloudflare.com/client/v4"}, "https"},
		"no zone":            {Config{Token: "secret", ZoneIDs: map[string]string{"a..b": testZoneID}}, "zone_ids"},
		"no id":              {Config{Token: "secret", ZoneIDs: map[string]string{"example.com": "../x"}}, "32 hexadecimal"},
		"two ids":            {Config{Token: "secret", ZoneIDs: map[string]string{"example.com": testZoneID, "EXAMPLE.com.": strings.Repeat("a", 32)}}, "twice"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			client, err := New(c.config)
			if err == nil || client != nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v does not say %q", err, c.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the token is in %q", err)
			}
		})
	}
}

func TestNew_MakesNoRequest(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	if got := len(s.seen()); got != 0 || c.Name() != "cloudflare" {
		t.Errorf("%d requests by %s", got, c.Name())
	}
}

func TestEffective(t *testing.T) {
	c := newSite(t).client(t)
	plain := *wantSet(t, "www", "A", 3600, "192.0.2.1")
	if got := c.Effective(plain); got.TTL != 3600 {
		t.Error(got.TTL)
	}
	for on, want := range map[bool]uint32{true: 1, false: 3600} {
		plain.Settings = plain.Settings.With("proxied", on)
		if got := c.Effective(plain); got.TTL != want || plain.TTL != 3600 {
			t.Errorf("proxied %t: %d", on, got.TTL)
		}
	}
}

// TestWrite_InterruptedAfterTheAnswer: the SDK throws an answer away whose context has ended, and the write was carried
// out.
func TestWrite_InterruptedAfterTheAnswer(t *testing.T) {
	kept := &call{action: "try"}
	ctx, interrupt := context.WithCancel(t.Context())
	s := newSite(t)
	c := s.client(t, withZoneID)
	_, err := kept.run(ctx, func(options ...requestOption) error {
		err := c.get(ctx, options...)
		interrupt()
		return errors.Join(err, ctx.Err())
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCall_NothingSent(t *testing.T) {
	broken := errors.New("no request")
	_, err := (&call{action: "try", write: true}).run(t.Context(), func(...requestOption) error { return broken })
	if outage := operator.AsOutage(err); outage == nil || outage.InDoubt || outage.Action != "try" || !errors.Is(err, broken) {
		t.Errorf("%+v", err)
	}
	ctx, interrupt := context.WithCancelCause(t.Context())
	interrupt(broken)
	_, err = (&call{action: "try"}).run(ctx, func(...requestOption) error { return ctx.Err() })
	if outage := operator.AsOutage(err); outage == nil || outage.Reason != "interrupted" || !errors.Is(err, broken) {
		t.Errorf("%+v", err)
	}
}

// TestErrors_HoldNoToken tries every method against a service that repeats the request's headers wherever it can.
func TestErrors_HoldNoToken(t *testing.T) {
	for _, status := range []int{200, 400, 401, 403, 404, 429, 500} {
		for _, body := range []string{
			`{"success":false,"errors":[{"code":1,"message":"Bearer ` + testToken + `"}],"messages":[],"result":null}`,
			`{"detail":"Bearer ` + testToken + `"}`, `<html>` + testToken,
		} {
			s := newSite(t)
			s.answer("/", status, "application/json", body)
			c := s.client(t)
			_, zoneErr := c.Zone(t.Context(), testZone)
			_, _, listErr := c.List(t.Context(), testZone, nil)
			_, nameErr := c.ListName(t.Context(), testZone, testZone)
			_, writeErr := s.client(t, withZoneID).Write(t.Context(), testZone, []operator.Change{{After: wantSet(t, "www", "A", 300, "192.0.2.1")}})
			for _, err := range []error{zoneErr, listErr, nameErr, writeErr} {
				if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), testToken) {
					t.Errorf("%d %s: %v", status, body, err)
				}
			}
		}
	}
}

func TestContentType_DoesNotMatter(t *testing.T) {
	s := newSite(t)
	s.answer("/dns_records", http.StatusOK, "text/plain", `{"success":true,"errors":[],"messages":[],"result":[`+rec("1", "a.example.com", "192.0.2.1")+`]}`)
	held, _, err := s.client(t, withZoneID).List(t.Context(), testZone, nil)
	if err != nil || len(held) != 1 {
		t.Error(held, err)
	}
}
