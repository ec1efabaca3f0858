package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// TestAccNeighbour_IndigestibleValue: one value that an operator fails on keeps nobody else from being written, and it
// alone is reported. The sandbox is told which, as no list of such values is complete (design/facts/desec-api.md
// section 10).
func TestAccNeighbour_IndigestibleValue(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		var hcl strings.Builder
		for i := range 9 {
			hcl.WriteString(record(fmt.Sprintf("r%d", i), fmt.Sprintf("r%d", i), "A", `values = ["192.0.2.1"]`))
		}
		hcl.WriteString(record("bad", "bad", "TXT", `values = ["indigestible"]`))
		s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.HTML500, Methods: sandbox.Writes, Body: "indigestible"})
		s.configure(hcl.String())
		r := s.apply(1)
		if !strings.Contains(r.Stderr, "bad.example.com.") || !strings.Contains(r.Stderr, "carries out others") {
			t.Errorf("the culprit is not named:\n%s", r.Stderr)
		}
		if got := s.held("desec"); len(got) != 9 {
			t.Errorf("deSEC holds %q, want the nine others", got)
		}
		s.identical()
		if got := len(s.box.Desec.Log.Writes()); got > 1+1+2*4+1 {
			t.Errorf("%d writes to find one of ten", got)
		}
		// Alone it may be the operator as well, and that is said.
		if r := s.apply(0); !strings.Contains(flat(r.Stdout), flat("the RRset may be what deSEC cannot process")) {
			t.Errorf("nothing says that it may be this RRset:\n%s", r.Stdout)
		}
		s.state("multidns_record.bad", "out_of_sync", "operators", "desec", "status")
		s.configure(strings.Replace(hcl.String(), "indigestible", "light", 1))
		s.apply(0)
		s.settled()
	})
}

// TestAccNeighbour_Switch: a router is moved beside a record that can not be written.
func TestAccNeighbour_Switch(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		config := func(first, value string) string {
			return fmt.Sprintf(`
resource "multidns_router" "web" {
  zone    = "example.com"
  name    = "web"
  ttl     = 3600
  targets = [
    { name = "cf", values = ["cf.example.net"], healthy = %s },
    { name = "bunny", values = ["bunny.example.net"], healthy = true },
  ]
}
`, first) + record("r", "r", "TXT", fmt.Sprintf("values = [%q]", value))
		}
		s.configure(config("true", "good"))
		s.apply(0)
		s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.HTML500, Methods: sandbox.Writes, Body: "indigestible"})
		s.configure(config("false", "indigestible"))
		s.work.Apply(t.Context())
		if got := s.held("desec"); !slices.Contains(got, "web.example.com. 3600 CNAME bunny.example.net.") {
			t.Errorf("the router was not moved: %q", got)
		}
	})
}

// publishesNoMore has an RRset made, and deSEC store the next write without handing it to its name servers.
func (s *stage) publishesNoMore() {
	s.t.Helper()
	s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`))
	s.apply(0)
	s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.JSON500AfterCommit, Methods: sandbox.Writes, Count: 1})
}

// TestAccUnpublished_HealsByAChangeAndBack: what deSEC stored and did not hand to its name servers is out of sync until
// it has.
func TestAccUnpublished_HealsByAChangeAndBack(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.publishesNoMore()
		s.configure(record("a", "www", "A", `values = ["192.0.2.2"]`))
		if r := s.apply(0); !strings.Contains(r.Stdout+r.Stderr, "does not serve what it stored") {
			t.Errorf("no warning:\n%s", r.Stdout)
		}
		s.state("multidns_record.a", "out_of_sync", "operators", "desec", "status")
		s.plan(2)
		s.apply(0)
		if published, stored := s.box.Desec.Published("example.com"), s.box.Desec.Stored("example.com"); len(published) != len(stored) || !strings.Contains(fmt.Sprint(published), "192.0.2.2") {
			t.Errorf("published %v, stored %v", published, stored)
		}
		s.settled()
		s.state("multidns_record.a", true, "in_sync")
	})
}

// TestAccUnpublished_WithoutAnAnswer: the name servers are silent, and so is deSEC, which has stored the write or
// stores it later. That it shows what is declared does not say that it serves it.
func TestAccUnpublished_WithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault sandbox.Fault
		told  bool // by the run itself
	}{
		"silent":      {sandbox.Fault{Kind: sandbox.Blackhole, Commit: true}, true},
		"lost":        {sandbox.Fault{Kind: sandbox.LostAfterCommit}, true},
		"carried out": {sandbox.Fault{Kind: sandbox.LateCommit}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`))
				s.apply(0)
				c.fault.Unserved, c.fault.Methods, c.fault.Count = true, sandbox.Writes, 1
				s.box.Desec.Faults.Set(c.fault)
				s.configure(record("a", "www", "A", `values = ["192.0.2.2"]`))
				if r := s.apply(0); strings.Contains(r.Stdout+r.Stderr, "does not serve what it stored") != c.told {
					t.Errorf("a warning: %t\n%s", !c.told, r.Stdout)
				}
				s.box.Desec.Faults.Clear()
				s.box.Desec.Settle(t.Context())
				s.holds("desec", "www.example.com. 3600 A 192.0.2.2")
				if published := fmt.Sprint(s.box.Desec.Published("example.com")); strings.Contains(published, "192.0.2.2") {
					t.Fatalf("published %s: the fault proves nothing", published)
				}
				s.state("multidns_record.a", "out_of_sync", "operators", "desec", "status")
				s.plan(2)
				s.apply(0)
				if published := fmt.Sprint(s.box.Desec.Published("example.com")); !strings.Contains(published, "192.0.2.2") {
					t.Errorf("published %s", published)
				}
				s.settled()
				s.state("multidns_record.a", true, "in_sync")
			})
		})
	}
}

// TestAccUnpublished_HandedOver: who takes an RRset over takes over that it is not served, also while the operator is
// out.
func TestAccUnpublished_HandedOver(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.publishesNoMore()
		s.configure(record("a", "www", "A", `values = ["192.0.2.2"]`))
		s.apply(0)
		s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		s.configure(record("b", "www", "A", `values = ["192.0.2.2"]`))
		s.apply(0)
		s.box.Desec.Faults.Set()
		s.apply(0)
		if published := fmt.Sprint(s.box.Desec.Published("example.com")); !strings.Contains(published, "192.0.2.2") {
			t.Errorf("published %s", published)
		}
		s.settled()
	})
}

// TestAccUnpublished_Deleted: what is deleted and still served is told.
func TestAccUnpublished_Deleted(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.publishesNoMore()
		r := s.work.Destroy(t.Context())
		if err := r.Must(0); err != nil || !strings.Contains(r.Stdout+r.Stderr, "goes on serving what was deleted") {
			t.Errorf("%v\n%s", err, r.Stdout)
		}
		s.holds("desec")
		// "change any of its RRsets, and back"
		s.configure(record("b", "other", "A", `values = ["192.0.2.1"]`))
		s.apply(0)
		s.configure("")
		s.apply(0)
		if published := fmt.Sprint(s.box.Desec.Published("example.com")); strings.Contains(published, "192.0.2") {
			t.Errorf("published %s", published)
		}
	})
}

// TestAccZone_GoneAtOneOperator: a zone that was deleted is named, and a destruction ends there.
func TestAccZone_GoneAtOneOperator(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`))
		s.apply(0)
		s.box.Desec.SetZone("example.com", false)
		s.plan(2)
		s.work.Apply(t.Context())
		s.state("multidns_record.a", false, "in_sync")
		if err := s.work.Destroy(t.Context()).Must(0); err != nil {
			t.Fatal(err)
		}
		s.holds("cloudflare")
	})
}

// TestAccSideEndpoint_IllProvesNothing: an endpoint that only informs does not keep a router from being moved.
func TestAccSideEndpoint_IllProvesNothing(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		hcl := "data \"multidns_zone\" \"z\" {\n  zone = \"example.com\"\n}\n"
		s.configure(hcl + record("a", "www", "A", `values = ["192.0.2.1"]`))
		s.apply(0)
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502, Path: "/dnssec"})
		s.configure(hcl + record("a", "www", "A", `values = ["192.0.2.2"]`))
		s.apply(0)
		s.holds("cloudflare", held(3600, "192.0.2.2"))
		s.holds("desec", held(3600, "192.0.2.2"))
	})
}
