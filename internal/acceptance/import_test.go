package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// importing is an import block by string.
func importing(address, id string) string {
	return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address, id)
}

// both puts one RRset into both zones behind the provider's back.
func (s *stage) both(name, typ string, ttl int, values ...string) {
	s.t.Helper()
	s.edit("cloudflare", name, typ, ttl, values...)
	s.edit("desec", name, typ, ttl, values...)
}

func TestAccImport_ByCommandInAnySpelling(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.both("www", "A", 3600, "192.0.2.1")
		s.both("@", "TXT", 3600, `"v=spf1 -all"`)
		s.configure(record("a", "www", "A", first) + record("txt", "@", "TXT", `values = ["v=spf1 -all"]`))
		s.forget()
		for address, id := range map[string]string{"multidns_record.a": "EXAMPLE.com./WWW.example.com./a", "multidns_record.txt": "example.com/@/TXT"} {
			if err := s.work.Run(t.Context(), "import", address, id).Must(); err != nil {
				t.Fatal(err)
			}
		}
		s.plan(0)
		s.nothingWritten()
		s.state("multidns_record.a", "example.com/www/A", "id")
		s.configure(record("b", "b", "A", first))
		for id, words := range map[string][]string{
			"example.com":            {"zone/name/type", "example.com/www/A"},
			"example.com/nowhere/A":  {"does not exist", "nowhere.example.com. A"},
			"nowhere.example/www/A":  {"nowhere.example"},
			"example.com/www/NONSEN": {"NONSEN"},
		} {
			r := s.work.Run(t.Context(), "import", "multidns_record.b", id)
			if err := r.Must(1); err != nil {
				t.Error(err)
			}
			for _, word := range words {
				if !strings.Contains(flat(r.Stdout+r.Stderr), flat(word)) {
					t.Errorf("import of %s does not say %q:\n%s", id, word, r)
				}
			}
		}
	})
}

// Where the operators differ, the plan shows what would change at which.
func TestAccImport_DifferenceIsShownWhereItIs(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("cloudflare", "www", "A", 3600, "192.0.2.1")
		s.edit("desec", "www", "A", 3600, "192.0.2.66")
		s.edit("cloudflare", "half", "A", 3600, "192.0.2.1")
		s.configure(record("r", "www", "A", first) + record("h", "half", "A", first) +
			importing("multidns_record.r", "example.com/www/A") + importing("multidns_record.h", "example.com/half/A"))
		s.plan(2, "-out=import.tfplan")
		plan, err := s.work.ShowPlan(t.Context(), "import.tfplan")
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"multidns_record.r", "multidns_record.h"} {
			change := plan[address]
			unknown, _ := change.AfterUnknown.(map[string]any)
			operators, _ := unknown["operators"].(map[string]any)
			cloudflare, _ := operators["cloudflare"].(map[string]any)
			desec, _ := operators["desec"].(map[string]any)
			if cloudflare["status"] != nil || desec["status"] != true {
				t.Errorf("%s: the plan writes at %v", address, operators)
			}
		}
		s.forget()
		s.apply(0, "import.tfplan")
		s.requests("cloudflare", s.reads("cloudflare"), 0)
		s.holds("desec", firstHeld, "half.example.com. 3600 A 192.0.2.1")
		s.settled()
	})
}

// What differs on purpose is declared, and then nothing is left to write.
func TestAccImport_WithOverrides(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("cloudflare", "www", "A", 300, "192.0.2.1")
		s.edit("desec", "www", "A", 3600, "192.0.2.1")
		s.configure(record("r", "www", "A", first+"\nttl = 300\ndesec = { ttl = 3600 }") + importing("multidns_record.r", "example.com/www/A"))
		s.forget()
		if r := s.apply(0); !strings.Contains(r.Stdout, "1 imported, 0 added, 0 changed, 0 destroyed") {
			t.Errorf("the import changed something:\n%s", r)
		}
		s.nothingWritten()
		s.plan(0)
	})
}

// Most records at Cloudflare have the automatic TTL, which no other operator knows: the import takes them, and the plan
// shows the TTL that will be.
func TestAccImport_AutomaticTTL(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("cloudflare", "www", "A", 1, "192.0.2.1")
		s.edit("desec", "www", "A", 3600, "192.0.2.1")
		s.edit("cloudflare", "alone", "A", 1, "192.0.2.1")
		s.configure(record("r", "www", "A", first) + record("a", "alone", "A", first) +
			importing("multidns_record.r", "example.com/www/A") + importing("multidns_record.a", "example.com/alone/A"))
		if r := s.plan(2); !strings.Contains(flat(r.Stdout), "ttl is 1 instead of 3600") {
			t.Errorf("the plan does not say what is wrong with the TTL:\n%s", r)
		}
		s.apply(0)
		s.holds("cloudflare", firstHeld, "alone.example.com. 3600 A 192.0.2.1")
		s.settled()
	})
}

// A proxied record has no TTL of its own; the proxy is imported as what differs at Cloudflare.
func TestAccImport_Proxied(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("desec", "www", "A", 3600, "192.0.2.1")
		if _, err := s.box.Cloudflare.API.Add(s.box.Zone, cloudflare.Record{
			Name: "www.example.com", Type: "A", Content: "192.0.2.1", Proxied: true, Proxiable: true, TTL: 1,
		}); err != nil {
			t.Fatal(err)
		}
		s.configure(record("r", "www", "A", first+"\ncloudflare = { proxied = true }") + importing("multidns_record.r", "example.com/www/A"))
		if r := s.apply(0); !strings.Contains(r.Stdout, "1 imported, 0 added, 0 changed, 0 destroyed") {
			t.Errorf("the import changed something:\n%s", r)
		}
		s.plan(0)
	})
}

func TestAccImport_ByIdentity(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.both("www", "A", 3600, "192.0.2.1")
		s.edit("cloudflare", "web-router", "CNAME", 60, "bunny-front.example.net.")
		s.edit("desec", "web-router", "CNAME", 3600, "bunny-front.example.net.")
		hcl := record("r", "www", "A", first) + router("10:00:00", "", fronts("false", "true"))
		for address, key := range map[string][2]string{"multidns_record.r": {"www", "A"}, webRouter: {"web-router", "CNAME"}} {
			hcl += fmt.Sprintf("import {\n  to = %s\n  identity = {\n    zone = \"example.com\"\n    name = %q\n    type = %q\n  }\n}\n", address, key[0], key[1])
		}
		s.forget()
		if !s.work.CLI.HasIdentity() {
			if err := s.work.Write("main.tf", provider+hcl); err != nil {
				t.Fatal(err)
			}
			if err := s.work.Init(t.Context()).Must(1); err != nil {
				t.Errorf("identity is a configuration error on this CLI: %v", err)
			}
			return
		}
		s.configure(hcl)
		s.apply(0)
		s.nothingWritten()
		s.plan(0)
	})
}

// An imported router does not move because it was imported: what the operators hold is the decision that it starts
// from.
func TestAccImport_RouterStaysWhereItPoints(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for operator, line := range pointsTo("bunny") {
			ttl := map[string]int{"cloudflare": 60, "desec": 3600}[operator]
			s.edit(operator, "web-router", "CNAME", ttl, strings.Fields(line)[3])
		}
		s.both("api-router", "CNAME", 3600, "cloudflare-front.example.net.")
		api := `
resource "multidns_router" "api" {
  zone    = "example.com"
  name    = "api-router"
  ttl     = 3600
  targets = [` + strings.Join(fronts("true", "true"), ", ") + `]
}
`
		s.configure(router("10:00:00", `failback = { mode = "manual" }`, fronts("true", "true")) + api)
		s.forget()
		for address, id := range map[string]string{webRouter: "example.com/web-router/CNAME", "multidns_router.api": "example.com/api-router/CNAME"} {
			if err := s.work.Run(t.Context(), "import", address, id).Must(); err != nil {
				t.Fatal(err)
			}
		}
		r := s.plan(2)
		if said := flat(r.Stdout); !strings.Contains(said, `+ active_target = "bunny"`) || strings.Contains(said, "known after apply") {
			t.Errorf("the plan shows something else than the first decision:\n%s", r)
		}
		s.apply(0)
		s.nothingWritten()
		s.state(webRouter, "bunny", "active_target")
		s.state("multidns_router.api", "cloudflare", "active_target")
		s.plan(0)
	})
}

// An operator that is out is no reason to import half of the truth.
func TestAccImport_WithOneOperatorOut(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.both("www", "A", 3600, "192.0.2.1")
		s.configure(record("r", "www", "A", first) + importing("multidns_record.r", "example.com/www/A"))
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		s.forget()
		s.apply(0)
		s.state("multidns_record.r", []any{"192.0.2.1"}, "values")
		s.box.Cloudflare.Faults.Clear()
		s.apply(0)
		s.nothingWritten()
		s.settled()
	})
}

// What only the operator that is out may hold is not said to be absent: who believed that and created it would end in
// a conflict.
func TestAccImport_HeldByTheOneThatIsOut(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("cloudflare", "www", "A", 3600, "192.0.2.9")
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		zoneRecords := "resource \"multidns_zone_records\" \"z\" {\n  zone = \"example.com\"\n  records = { \"www/A\" = { " + first + " } }\n}\n"
		for _, hcl := range []string{
			zoneRecords + importing("multidns_zone_records.z", "example.com/www/A"),
			record("r", "www", "A", first) + importing("multidns_record.r", "example.com/www/A"),
		} {
			s.configure(hcl)
			s.saysAll(s.apply(1), "Unable to import RRset", "Whether Cloudflare does is not known: import it again when that is")
		}
		s.box.Cloudflare.Faults.Clear()
		s.apply(0)
		for _, name := range bothOperators {
			s.holds(name, "www.example.com. 3600 A 192.0.2.1")
		}
		s.settled()
	})
}
