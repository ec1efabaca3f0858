package proof

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/miekg/dns"
	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
	"github.com/multidns/terraform-provider-multidns/internal/exchange"
)

// freePort is one that nobody listens on at any of the addresses, as far as can be told.
func freePort(t *testing.T) uint16 {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return netip.MustParseAddrPort(listener.Addr().String()).Port()
}

// counter counts questions by server, name and type.
type counter struct {
	mu    sync.Mutex
	asked map[string]int
}

func (c *counter) ask(ctx context.Context, server netip.AddrPort, q exchange.Question) (*dns.Msg, error) {
	c.mu.Lock()
	if c.asked == nil {
		c.asked = map[string]int{}
	}
	c.asked[fmt.Sprint(server, " ", q)]++
	c.mu.Unlock()
	return exchange.Ask(ctx, server, q)
}

// TestWalk_Budget: each question is asked once, and ten names of a site cost at most twelve more each than one.
func TestWalk_Budget(t *testing.T) {
	in := base()
	in.zones["shop.com."].rrsets["api A"] = "127.4.9.1"
	in.names = []string{"www.shop.com."}
	for i := range 10 {
		in.zones["shop.com."].rrsets[fmt.Sprintf("n%d A", i)] = "127.4.9.1"
	}
	r := in.start(t, freePort(t))
	questions := func(names ...string) int {
		r.names = names
		_, w, walked := r.question()
		c := &counter{}
		w.Ask = c.ask
		if world := w.Walk(t.Context(), walked); world.Late {
			t.Error("late")
		}
		for q, n := range c.asked {
			if n > 1 {
				t.Errorf("%s was asked %d times", q, n)
			}
		}
		return len(c.asked)
	}
	var ten []string
	for i := range 10 {
		ten = append(ten, fmt.Sprintf("n%d.shop.com.", i))
	}
	one := questions(ten[0])
	all := questions(ten...)
	t.Logf("%d questions for one name, %d for ten", one, all)
	if all-one > 9*12 {
		t.Errorf("%d questions for one name and %d for ten: more than 12 for each further one", one, all)
	}
}

// TestWalk_Problems: what was planted is found, and nothing else.
func TestWalk_Problems(t *testing.T) {
	for name, want := range map[string][]string{
		"all well":                 nil,
		"second operator is lame":  {"ns1.blue-dns.org (127.2.1.1) of shop.com is lame: it answers REFUSED", "ns2.blue-dns.org (127.2.2.1) of shop.com is lame"},
		"lame in all ways":         {"ns1.blue-dns.org (127.2.1.1) of shop.com is lame: it refers to", "ns2.blue-dns.org (127.2.2.1) of shop.com is lame: it answers SERVFAIL"},
		"router moved at one only": {"The name servers of shop.com differ about www.shop.com A"},
		"missing at one":           {"differ about www.shop.com A"},
		"glue on one side only":    {"gives no address (glue) for the name server ns2.shop.com of shop.com"},
		"a circle of zones":        {"ns.loop-a.net of shop.com cannot be reached: its name has no address", "ns.loop-a.net of loop-b.org cannot be reached", "ns.loop-b.org of loop-a.net cannot be reached", "All name servers of shop.com are in one network"},
		"aliases in a circle":      {"www.shop.com is down already"},
		"all in one network":       {"All name servers of shop.com are in one network, 127.1.5.0/24"},
	} {
		t.Run(name, func(t *testing.T) {
			in := base()
			switch change, ok := handmade[name]; {
			case ok:
				change(&in)
			default:
				in.hosts["ns1.shop.com."], in.hosts["ns2.shop.com."] = []string{"127.1.5.1"}, []string{"127.1.5.2"}
				in.zones["shop.com."].ns = []string{"ns1.shop.com.", "ns2.shop.com."}
			}
			got := in.start(t, freePort(t)).dependencies(t).Report().Problems
			for _, w := range want {
				if !slices.ContainsFunc(got, func(p string) bool { return strings.Contains(p, w) }) {
					t.Errorf("no problem %q", w)
				}
			}
			if len(got) != len(want) || t.Failed() {
				t.Errorf("%d problems, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
			}
		})
	}
}

// TestWalk_Silence: a silent server is a problem; what is left decides.
func TestWalk_Silence(t *testing.T) {
	in := base()
	r := in.start(t, freePort(t))
	for _, b := range r.boxes {
		if strings.HasPrefix(b.host, "ns1.blue") {
			b.server.SetSilent(true)
		}
	}
	m, w, names := r.question()
	w.Patience = 200 * time.Millisecond
	m.World = w.Walk(t.Context(), names)
	report := m.Report()
	if !slices.Contains(report.Problems, "The name server ns1.blue-dns.org (127.2.1.1) of shop.com is silent: it does not answer.") {
		t.Errorf("%q", report.Problems)
	}
	if o := report.WhatIf["red"][dependency.DNS]["www.shop.com."]; o.Now != dependency.Up {
		t.Errorf("%+v", o)
	}
}

// TestWalk_Late: what could not be asked in time is unknown, a problem, and no guess.
func TestWalk_Late(t *testing.T) {
	r := base().start(t, freePort(t))
	for _, b := range r.boxes {
		if strings.Contains(b.host, "blue") || strings.Contains(b.host, "red") {
			b.server.SetSilent(true)
		}
	}
	m, w, names := r.question()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	m.World = w.Walk(ctx, names)
	report := m.Report()
	if o := report.WhatIf["cdn"][dependency.Edge]["www.shop.com."]; o.Now != dependency.Unknown {
		t.Errorf("%+v", o)
	}
	if len(report.Points) != 0 && report.Points[0].Operator != "nic-com.net" {
		t.Errorf("%+v", report.Points)
	}
	if !slices.ContainsFunc(report.Problems, func(p string) bool { return strings.Contains(p, "Raise timeout") }) {
		t.Errorf("%q", report.Problems)
	}
}

// TestWalk_SameTwice: two walks of one world give the same report.
func TestWalk_SameTwice(t *testing.T) {
	r := base().start(t, freePort(t))
	first := r.dependencies(t).Report()
	for range 3 {
		if diff := cmp.Diff(first, r.dependencies(t).Report()); diff != "" {
			t.Fatal(diff)
		}
	}
	if !strings.Contains(first.Mermaid(), "red (US)") {
		t.Error(first.Mermaid())
	}
}
