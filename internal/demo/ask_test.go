package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

func newBox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	return sandboxtest.Start(t, sandbox.Options{})
}

// edit changes an RRset at an operator.
func edit(t *testing.T, box *sandbox.Sandbox, operator, name, typ string, ttl int, values ...string) {
	t.Helper()
	if err := box.Site(operator).Edit(box.Zone, name, typ, ttl, values...); err != nil {
		t.Fatal(err)
	}
}

func TestAsk_FollowsAliases(t *testing.T) {
	box := newBox(t)
	edit(t, box, "desec", "www", "CNAME", 3600, "web-router.example.com.")
	edit(t, box, "desec", "web-router", "CNAME", 3600, "cf-front.example.net.")
	edit(t, box, "desec", "mail", "A", 3600, "192.0.2.25")
	edit(t, box, "desec", "round", "CNAME", 3600, "about.example.com.")
	edit(t, box, "desec", "about", "CNAME", 3600, "round.example.com.")
	tests := []struct {
		name, ask string
		want      chain
		front     string
	}{
		{"two aliases", "WWW.example.com", chain{"web-router.example.com.", "cf-front.example.net."}, firstFront},
		{"one alias", "web-router.example.com.", chain{"cf-front.example.net."}, firstFront},
		{"an address", "mail.example.com", nil, "nothing"},
		{"no such name", "missing.example.com", nil, "nothing"},
		{"a loop ends", "round.example.com", chain{"about.example.com.", "round.example.com."}, "round.example.com."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ask(t.Context(), box.Desec.DNSAddr, test.ask)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("chain (-want +got):\n%s", diff)
			}
			if got.front() != test.front {
				t.Errorf("front %q, want %q", got.front(), test.front)
			}
		})
	}
	if _, err := ask(t.Context(), box.Desec.DNSAddr, "www.example.org"); err == nil {
		t.Error("a name outside of the zone was answered")
	}
}

func TestWatch_SeesTheChange(t *testing.T) {
	box := newBox(t)
	edit(t, box, "desec", "www", "CNAME", 3600, "cf-front.example.net.")
	before := time.Now()
	seen := make(chan time.Time, 1)
	go func() { seen <- watch(t.Context(), box.Desec.DNSAddr, "www.example.com", "bunny-front.example.net.") }()
	edit(t, box, "desec", "www", "CNAME", 3600, "bunny-front.example.net.")
	if when := <-seen; when.Before(before) {
		t.Errorf("seen at %s, before it happened", when)
	}
}
