package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// betweenPlay is a change that was planned, and an RRset that somebody makes at one operator before it is applied.
type betweenPlay struct {
	before, after string
	// zone, name, typ and value are of what is made.
	zone, name, typ, value string
	// stays is what both operators hold after an apply that failed, and says what that said.
	stays string
	says  []string
	// comes is what both hold after one that did not.
	comes string
}

// TestAccBetween_Replacement: what is to be replaced is deleted nowhere if somebody took the place of what is to come
// since that was planned. The next plan says what stands there, and an apply heals once it is gone.
func TestAccBetween_Replacement(t *testing.T) {
	t.Parallel()
	value := `values = ["192.0.2.1"]`
	inZone := func(hcl, zone string) string { return strings.ReplaceAll(hcl, "example.com", zone) }
	pointing := func(name string) string {
		return fmt.Sprintf(`
resource "multidns_router" "a" {
  zone    = "example.com"
  name    = %q
  type    = "A"
  ttl     = 3600
  targets = [{ name = "x", values = ["192.0.2.1"], healthy = true }]
}
`, name)
	}
	www, ftp := record("a", "www", "A", value), record("a", "ftp", "A", value)
	const notReplaced, again = "RRset was not replaced", "Plan again: that says what stands there"
	other := []string{notReplaced, "holds ftp.example.com. A by now, and not as it is declared", again, "Nothing was deleted"}
	stays := "www.example.com. 3600 A 192.0.2.1"
	for what, p := range map[string]betweenPlay{
		"a name": {before: www, after: ftp, name: "ftp", typ: "A", value: "192.0.2.66", stays: stays, says: other},
		"a zone": {
			before: www, after: inZone(www, secondZone), zone: secondZone, name: "www", typ: "A", value: "192.0.2.66", stays: stays,
			says: []string{notReplaced, "holds www." + secondZone + ". A by now", again},
		},
		"a router": {before: pointing("www"), after: pointing("ftp"), name: "ftp", typ: "A", value: "192.0.2.66", stays: stays, says: other},
		"a map": {
			before: zoneRecords("", wwwA), after: inZone(zoneRecords("", wwwA), secondZone), zone: secondZone, name: "www", typ: "A", value: "192.0.2.66",
			stays: stays, says: []string{notReplaced, "holds www." + secondZone + ". A by now", again},
		},
		"what stands alone": {
			before: www, after: record("a", "ftp", "CNAME", `values = ["front.example.net."]`), name: "ftp", typ: "TXT", value: `"theirs"`, stays: stays,
			says: []string{notReplaced, "holds TXT at ftp.example.com. by now, and", again},
		},
		"the new one first": {
			before: www, after: record("a", "ftp", "A", value+"\nlifecycle {\n  create_before_destroy = true\n}"), name: "ftp", typ: "A", value: "192.0.2.66",
			stays: stays, says: []string{"RRset exists already"},
		},
		"a type": {
			before: www, after: record("a", "www", "CNAME", `values = ["front.example.net."]`), name: "www", typ: "TXT", value: `"theirs"`, stays: stays,
			says: []string{"RRset exists already"},
		},
		"the same": {before: www, after: ftp, name: "ftp", typ: "A", value: "192.0.2.1", comes: "ftp.example.com. 3600 A 192.0.2.1"},
		"what may be overwritten": {
			before: www, after: record("a", "ftp", "A", value+"\noverwrite = true"), name: "ftp", typ: "A", value: "192.0.2.66",
			comes: "ftp.example.com. 3600 A 192.0.2.1",
		},
		"what may stand beside it": {before: www, after: ftp, name: "ftp", typ: "TXT", value: `"theirs"`, comes: "ftp.example.com. 3600 A 192.0.2.1"},
	} {
		for _, operator := range bothOperators {
			t.Run(what+"/"+operator, func(t *testing.T) {
				t.Parallel()
				onOneCLI(t, sandbox.Options{MoreZones: []string{secondZone}}, func(t *testing.T, s *stage) {
					s.work.Attach = false
					p.play(t, s, operator)
				})
			})
		}
	}
}

func (p betweenPlay) play(t *testing.T, s *stage, operator string) {
	t.Helper()
	s.configure(p.before)
	s.apply(0)
	s.configure(p.after)
	s.plan(2, "-out=p")
	zone := p.zone
	if zone == "" {
		zone = s.box.Zone
	}
	site := s.box.Site(operator)
	if err := site.Edit(zone, p.name, p.typ, 3600, p.value); err != nil {
		t.Fatal(err)
	}
	exit := 0
	if p.stays != "" {
		exit = 1
	}
	s.forget()
	said := s.work.Apply(t.Context(), "p")
	if err := said.Must(exit); err != nil {
		t.Fatal(err)
	}
	saysAll(t, said.Stderr, p.says...)
	for _, name := range bothOperators {
		if p.stays != "" && !slices.Contains(s.held(name), p.stays) {
			t.Errorf("%s holds %q, without %q", name, s.held(name), p.stays)
		}
		if p.comes != "" && !slices.Contains(s.held(name), p.comes) {
			t.Errorf("%s holds %q, without %q", name, s.held(name), p.comes)
		}
	}
	if p.stays == "" {
		s.plan(0)
		return
	}
	s.writes(0)
	saysAll(t, s.plan(1).Stderr, "RRset exists already")
	if err := site.Edit(zone, p.name, p.typ, 3600); err != nil {
		t.Fatal(err)
	}
	s.apply(0)
	s.settled()
}
