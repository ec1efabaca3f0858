package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// TestAccConflict_WithWhatTheStateForgot: the state may forget an RRset without a word to the provider (`state rm`, a
// removed block). One apply finds that out, before it writes anything, and from then on each plan says so.
func TestAccConflict_WithWhatTheStateForgot(t *testing.T) {
	t.Parallel()
	for what, declared := range map[string]string{
		"another value":       record("b", "www", "A", `values = ["192.0.2.2"]`),
		"the same address":    record("a", "www", "A", `values = ["192.0.2.2"]`),
		"a CNAME":             record("b", "www", "CNAME", `values = ["front.example.net."]`),
		"a map":               zoneRecords("", `"www/A" = { values = ["192.0.2.2"] }`),
		"beside another type": record("t", "www", "TXT", `values = ["text"]`) + record("b", "www", "A", `values = ["192.0.2.2"]`),
		"spelled otherwise":   record("b", "WWW.example.com.", "A", `values = ["192.0.2.2"]`),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				s.work.Attach = false
				s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`))
				s.apply(0)
				if err := s.work.Run(t.Context(), "state", "rm", "multidns_record.a").Must(); err != nil {
					t.Fatal(err)
				}
				s.configure(declared)
				s.plan(2) // the RRset may be that of an address that was not read so far
				saysAll(t, s.apply(1).Stderr, "RRset exists already")
				for range 2 {
					saysAll(t, s.plan(1).Stderr, "RRset exists already", "Nothing was written")
				}
				for _, operator := range bothOperators {
					if got := heldAt(s.box, operator, "www.example.com."); !strings.Contains(strings.Join(got, " "), held(3600, "192.0.2.1")) {
						t.Errorf("%s holds %q", operator, got)
					}
				}
				s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`)) // which is adopted
				s.apply(0)
				s.settled()
			})
		})
	}
}

// TestAccConflict_WithWhatIsGivenUpLater: with one call at a time, and names that are not known in the plan, nobody can
// know that the RRset which stands in the way is about to move. The error says what to do, and that helps.
func TestAccConflict_WithWhatIsGivenUpLater(t *testing.T) {
	t.Parallel()
	names := []string{"one", "two", "three"}
	for _, of := range []int{2, 3} {
		t.Run(fmt.Sprint(of), func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				s.work.Attach = false
				rotated := func(by int) (hcl string) {
					for i := range of {
						hcl += fmt.Sprintf("resource \"terraform_data\" \"n%d\" {\n  input = %q\n}\n", i, names[(i+by)%of]) +
							strings.Replace(record(fmt.Sprintf("r%d", i), "www", "A", fmt.Sprintf("values = [\"192.0.2.%d\"]", i)), `"www"`, fmt.Sprintf("terraform_data.n%d.output", i), 1)
					}
					return hcl
				}
				s.configure(rotated(0))
				s.apply(0)
				s.configure(rotated(1))
				said := s.apply(1, "-parallelism=1").Stderr
				for conflict := range strings.SplitSeq(said, "Error: RRset exists already") {
					if strings.Contains(conflict, "already holds") {
						saysAll(t, conflict, "Another resource has that until now: if it gives it up, apply again, and it is handed over")
					}
				}
				saysAll(t, said, "RRset exists already")
				s.apply(0, "-parallelism=1")
				s.settled()
				var want []string
				for i := range of {
					want = append(want, fmt.Sprintf("%s.example.com. 3600 A 192.0.2.%d", names[(i+1)%of], i))
				}
				s.holds("cloudflare", want...)
				s.holds("desec", want...)
			})
		})
	}
}

// TestAccConflict_WithWhatCameByHand: what somebody put where an RRset of ours was, and that this cannot stand beside,
// is never deleted. Each apply says so, and the state promises no creation that cannot come.
func TestAccConflict_WithWhatCameByHand(t *testing.T) {
	t.Parallel()
	for address, hcl := range map[string]string{
		"multidns_record.r":       record("r", "www", "CNAME", `values = ["front.example.net."]`),
		"multidns_router.r":       routerWith(""),
		"multidns_zone_records.z": zoneRecords("", `"www/CNAME" = { values = ["front.example.net."] }`),
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				of := []any{"operators", "desec", "message"}
				if strings.HasSuffix(address, "z") {
					of = append([]any{"differences", "www/CNAME"}, of...)
				}
				s.configure(hcl)
				s.apply(0)
				s.edit("desec", "www", "CNAME", 0)
				s.edit("desec", "www", "A", 3600, "192.0.2.66")
				s.apply(0, "-refresh-only")
				s.state(address, "missing: the operator holds A at the name, which it cannot stand beside; an apply creates it when that is there no more", of...)
				saysAll(t, s.apply(1).Stderr, "deSEC already holds A at www.example.com.", "remove what is there")
				s.state(address, "owed: deSEC already holds A at www.example.com., and a CNAME cannot stand beside other types "+
					"(RFC 1034 section 3.6.2); each apply tries it again", of...)
				s.holds("desec", held(3600, "192.0.2.66"))
				s.edit("desec", "www", "A", 0)
				s.apply(0)
				s.settled()
			})
		})
	}
}
