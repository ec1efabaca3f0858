package acceptance

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// neverEmpty watches that both operators hold something at www after each of their writes.
func (s *stage) neverEmpty() (empty *atomic.Bool) {
	empty = &atomic.Bool{}
	for _, site := range s.box.Sites() {
		site.Watch(func() {
			for _, r := range site.Stored(s.box.Zone) {
				if r.Name == "www."+s.box.Zone+"." {
					return
				}
			}
			empty.Store(true)
		})
	}
	return empty
}

// TestAccSuccession lets one thing take the place of another that cannot stand beside it, under another address: the
// name is empty at no moment, whatever is slow, fails, or has to wait for its turn.
func TestAccSuccession(t *testing.T) {
	t.Parallel()
	const (
		cnameHCL = `values = ["front.example.net."]`
		awaits   = "resource \"terraform_data\" \"late\" {\n  input = \"front.example.net.\"\n  provisioner \"local-exec\" {\n    command = %q\n  }\n}\n"
	)
	for _, c := range []struct {
		what  string
		later string // how the CNAME is declared
		args  []string
		fault *sandbox.Fault // at Cloudflare, until the first apply is over
		exit  int
		cf    []string // what Cloudflare holds then
	}{
		{what: "a record", later: record("c", "www", "CNAME", cnameHCL), cf: cname(3600)},
		{what: "a router", later: routerWith(""), cf: []string{"www.example.com. 3600 CNAME a.example.net."}},
		{what: "one call at a time", later: record("c", "www", "CNAME", cnameHCL), args: []string{"-parallelism=1"}, cf: cname(3600)},
		{
			what: "one operator is slower", later: record("c", "www", "CNAME", cnameHCL),
			fault: &sandbox.Fault{Kind: sandbox.Slow, Delay: 400 * time.Millisecond}, cf: cname(3600),
		},
		{
			what: "one refuses the new one", later: record("c", "www", "CNAME", cnameHCL), exit: 1,
			fault: &sandbox.Fault{Kind: sandbox.Forbidden, Methods: sandbox.Writes, Body: "CNAME"}, cf: []string{held(3600, "192.0.2.1")},
		},
		{
			what: "one fails on the new one", later: record("c", "www", "CNAME", cnameHCL), exit: 1,
			fault: &sandbox.Fault{Kind: sandbox.JSON500, Methods: sandbox.Writes, Body: "CNAME"}, cf: []string{held(3600, "192.0.2.1")},
		},
		{
			what: "the new one comes late", cf: cname(3600),
			later: fmt.Sprintf(awaits, "sleep 2") + record("c", "www", "CNAME", "values = [terraform_data.late.output]"),
		},
		{
			what: "the new one never comes", exit: 1, cf: []string{held(3600, "192.0.2.1")},
			later: fmt.Sprintf(awaits, "exit 1") + record("c", "www", "CNAME", "values = [terraform_data.late.output]"),
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				s.configure(record("address", "www", "A", `values = ["192.0.2.1"]`))
				s.apply(0)
				empty := s.neverEmpty()
				if c.fault != nil {
					s.box.Cloudflare.Faults.Set(*c.fault)
				}
				s.configure(c.later)
				s.apply(c.exit, c.args...)
				s.holds("cloudflare", c.cf...)
				s.box.Cloudflare.Faults.Clear()
				s.configure(record("c", "www", "CNAME", cnameHCL))
				if c.what == "a router" {
					s.configure(c.later)
				}
				s.apply(0)
				s.settled()
				if empty.Load() {
					t.Error("www was empty")
				}
			})
		})
	}
}

func cname(ttl int) []string {
	return []string{fmt.Sprintf("www.example.com. %d CNAME front.example.net.", ttl)}
}
