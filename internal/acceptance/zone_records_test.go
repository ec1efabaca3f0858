package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// zoneRecords declares a map of RRsets, one line each.
func zoneRecords(rest string, lines ...string) string {
	return "resource \"multidns_zone_records\" \"z\" {\n  zone = \"example.com\"\n" + rest +
		"\n  records = {\n" + strings.Join(lines, "\n") + "\n  }\n}\n"
}

const (
	wwwA   = `"www/A" = { values = ["192.0.2.1"] }`
	apexMX = `"@/MX" = { values = ["10 mail.example.com"], ttl = 7200 }`
	docTXT = `"doc/TXT" = { values = ["one"], desec = { ttl = 7200 } }`
)

func TestAccZoneRecords_OneRequestForEachOperator(t *testing.T) {
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("cloudflare", "other", "TXT", 300, `"not declared"`)
		s.configure(zoneRecords("", wwwA, apexMX, docTXT))
		s.forget()
		s.apply(0)
		for _, site := range s.box.Sites() {
			if got := len(site.Log.Writes()); got != 1 {
				t.Errorf("%s: %d writes to create three RRsets, want 1", site.Name, got)
			}
		}
		s.holds("cloudflare", "www.example.com. 3600 A 192.0.2.1", "example.com. 7200 MX 10 mail.example.com.",
			`doc.example.com. 3600 TXT "one"`, `other.example.com. 300 TXT "not declared"`)
		s.holds("desec", "www.example.com. 3600 A 192.0.2.1", "example.com. 7200 MX 10 mail.example.com.",
			`doc.example.com. 7200 TXT "one"`)
		s.forget()
		s.plan(0)
		s.requests("cloudflare", 2, 0)
		s.requests("desec", 1, 0)
		// Re-spelled: nothing to do. Taken out: deleted, and nothing else.
		s.configure(zoneRecords("", wwwA, `"@/MX" = { values = ["10 MAIL.example.com."], ttl = 7200 }`, docTXT))
		s.plan(0)
		s.configure(zoneRecords("", wwwA))
		s.apply(0)
		s.holds("cloudflare", "www.example.com. 3600 A 192.0.2.1", `other.example.com. 300 TXT "not declared"`)
		s.holds("desec", "www.example.com. 3600 A 192.0.2.1")
		s.plan(0)
	})
}

func TestAccZoneRecords_PlanNamesWhatChanges(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(zoneRecords("", wwwA, apexMX, docTXT))
		s.apply(0)
		s.configure(zoneRecords("", `"www/CNAME" = { values = ["target.example.net"] }`, apexMX, docTXT))
		plan := s.plan(2).Stdout
		if !strings.Contains(plan, `"www/CNAME"`) || strings.Contains(plan, `"@/MX"`) || strings.Contains(plan, `"doc/TXT"`) {
			t.Errorf("the plan does not name just what changes:\n%s", plan)
		}
		s.forget()
		s.apply(0)
		for _, site := range s.box.Sites() {
			if got := len(site.Log.Writes()); got != 1 {
				t.Errorf("%s: %d writes for a change of type, want 1", site.Name, got)
			}
		}
		s.plan(0)
		s.edit("desec", "www", "CNAME", 3600, "elsewhere.example.net.")
		s.plan(2)
		s.apply(0)
		s.plan(0)
	})
}

func TestAccZoneRecords_OutageIsOwedAndHealed(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		s.configure(zoneRecords("", wwwA, apexMX))
		s.apply(0)
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		s.configure(zoneRecords("", `"www/A" = { values = ["192.0.2.2"] }`, `"new/A" = { values = ["192.0.2.3"] }`, apexMX))
		s.apply(0)
		s.state("multidns_zone_records.z", false, "in_sync")
		s.state("multidns_zone_records.z", "out_of_sync", "differences", "www/A", "operators", out, "status")
		s.state("multidns_zone_records.z", "out_of_sync", "differences", "new/A", "operators", out, "status")
		s.state("multidns_zone_records.z", "unreachable", "differences", "@/MX", "operators", out, "status")
		s.box.Site(out).Faults.Clear()
		s.plan(2)
		s.apply(0)
		s.settled()
		// A deletion that one operator owes keeps the RRset in the state.
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		s.configure(zoneRecords("", apexMX))
		s.apply(1)
		s.holds(other(out), "example.com. 7200 MX 10 mail.example.com.")
		s.box.Site(out).Faults.Clear()
		s.apply(0)
		s.holds(out, "example.com. 7200 MX 10 mail.example.com.")
		s.settled()
	})
}

func TestAccZoneRecords_ConflictAndRefusalLeaveNothing(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.edit("desec", "www", "A", 3600, "192.0.2.99")
		s.configure(zoneRecords("", wwwA, apexMX, docTXT))
		if r := s.apply(1); !strings.Contains(r.Stderr, "www/A") {
			t.Errorf("the error does not point to the entry:\n%s", r.Stderr)
		}
		s.holds("cloudflare")
		s.holds("desec", "www.example.com. 3600 A 192.0.2.99")
		s.edit("desec", "www", "A", 0)
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden, Methods: sandbox.Writes})
		s.apply(1)
		s.holds("cloudflare")
		s.holds("desec")
		s.box.Cloudflare.Faults.Clear()
		s.apply(0)
		s.plan(0)
	})
}

// A map of 1000 is two bulk requests at deSEC and five at Cloudflare.
func TestAccZoneRecords_Thousand(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{CloudflarePlan: "pro"}, func(t *testing.T, s *stage) {
		var lines []string
		for i := range 1000 {
			lines = append(lines, fmt.Sprintf(`"r%d/A" = { values = ["192.0.2.1"] }`, i))
		}
		s.work.Weigh = true
		s.configure(patient + zoneRecords("", lines...))
		s.forget()
		r := s.apply(0)
		if cloudflare, desec := len(s.box.Cloudflare.Log.Writes()), len(s.box.Desec.Log.Writes()); cloudflare > 5 || desec > 2 {
			t.Errorf("%d writes to Cloudflare and %d to deSEC, want at most 5 and 2", cloudflare, desec)
		}
		s.forget()
		p := s.plan(0)
		s.requests("desec", 3, 0) // 1000 and the apex NS RRset
		s.identical()
		s.light(r, p)
		t.Logf("1000 RRsets: apply %s, plan %s", r.Duration, p.Duration)
	})
}

// What a conflict advises is done to the letter: the map is imported, what is there is shown in the next plan, and what
// is nowhere is created.
func TestAccZoneRecords_ImportedAsAConflictAdvises(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for _, operator := range bothOperators {
			s.edit(operator, "www", "A", 3600, "192.0.2.99")
			s.edit(operator, "other", "A", 3600, "192.0.2.98")
		}
		s.edit("cloudflare", "doc", "TXT", 3600, `"one"`)
		s.edit("desec", "doc", "TXT", 7200, `"one"`)
		s.configure(zoneRecords("", wwwA, apexMX, docTXT))
		r := s.plan(1)
		id := "example.com/@/MX,doc/TXT,www/A"
		if !strings.Contains(flat(r.Stderr), flat("import it (terraform import ADDRESS '"+id+"')")) {
			t.Fatalf("nothing advises the import:\n%s", r.Stderr)
		}
		s.forget()
		if err := s.work.Run(t.Context(), "import", "multidns_zone_records.z", id).Must(); err != nil {
			t.Fatal(err)
		}
		plan := s.plan(2).Stdout
		if !strings.Contains(plan, `- "192.0.2.99"`) || !strings.Contains(plan, `+ "@/MX"`) || strings.Contains(plan, `"doc/TXT"`) {
			t.Errorf("the plan shows something else:\n%s", plan)
		}
		s.requests("cloudflare", s.reads("cloudflare"), 0)
		s.apply(0)
		s.holds("desec", "www.example.com. 3600 A 192.0.2.1", "example.com. 7200 MX 10 mail.example.com.", `doc.example.com. 7200 TXT "one"`, "other.example.com. 3600 A 192.0.2.98")
		s.plan(0)
		for _, wrong := range []string{"example.com", "example.com/", "example.com/www", "example.com/www/A,WWW/a", "example.com/no/A", "example.com/www/SPF", "/www/A"} {
			s.loseState()
			if err := s.work.Run(t.Context(), "import", "multidns_zone_records.z", wrong).Must(1); err != nil {
				t.Error(err)
			}
		}
	})
}
