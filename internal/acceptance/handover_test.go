package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// writes expects so many writes at each operator since forget.
func (s *stage) writes(want int) {
	s.t.Helper()
	for _, site := range s.box.Sites() {
		if got := site.Log.Writes(); len(got) != want {
			s.t.Fatalf("%s got %d writes, want %d: %v", site.Name, len(got), want, paths(got))
		}
	}
}

func held(ttl int, value string) string { return fmt.Sprintf("www.example.com. %d A %s", ttl, value) }

// TestAccHandOver_Renamed renames a resource without a moved block: nothing is written when nothing differs, once when
// something does, in any order in which the CLI comes, one call at a time and many.
func TestAccHandOver_Renamed(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r0", "www", "A", `values = ["192.0.2.1"]`))
		s.apply(0)
		name := 0
		for _, args := range [][]string{{"-parallelism=1"}, {"-parallelism=1"}, {}, {}} {
			name++
			s.forget()
			s.configure(record(fmt.Sprintf("r%d", name), "www", "A", `values = ["192.0.2.1"]`))
			s.apply(0, args...)
			s.writes(0)
			s.settled()
		}
		for i := range 3 {
			name++
			s.forget()
			ttl := 3600 + 60*i + 60
			s.configure(record(fmt.Sprintf("r%d", name), "www", "A", fmt.Sprintf("values = [\"192.0.2.1\"]\nttl = %d", ttl)))
			s.apply(0)
			s.writes(1)
			s.holds("desec", held(ttl, "192.0.2.1"))
			s.settled()
		}
	})
}

// TestAccHandOver_OneCallAtATime renames, with another value, with a CLI that may plan the creation before it reads
// what is there. It knows from the run before whose it is.
func TestAccHandOver_OneCallAtATime(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for n, name := range []string{"m", "a", "z", "b"} {
			s.configure(record(name, "www", "A", fmt.Sprintf("values = [\"192.0.2.%d\"]", n)))
			s.forget()
			s.apply(0, "-parallelism=1")
			s.writes(1)
			s.holds("desec", held(3600, fmt.Sprintf("192.0.2.%d", n)))
		}
		s.settled()
	})
}

// TestAccHandOver_ByAReplacement changes the name of a resource, which replaces it, and declares what it had elsewhere:
// that is handed over, one call at a time as well, whatever is done first.
func TestAccHandOver_ByAReplacement(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		one := func(resource string, n int, more string) string {
			return record(resource, fmt.Sprintf("r%d", n), "A", fmt.Sprintf("values = [\"192.0.2.%d\"]\n%s", n, more))
		}
		for round, more := range []string{"", "lifecycle {\n  create_before_destroy = true\n}"} {
			from := 10 * round
			s.configure(one("m", from, more))
			s.apply(0)
			takers := ""
			for n, taker := range []string{"a", "z", "b"} {
				takers += one(taker, from+n, "")
				s.configure(one("m", from+n+1, more) + takers)
				s.forget()
				s.apply(0, "-parallelism=1")
				s.writes(1) // the new one
			}
		}
	})
}

// TestAccHandOver_ByAReplacementElsewhere applies a saved plan on a machine that has no notes of it: what a replacement
// takes from an address that is destroyed is never absent, although the creation is not known before its own deletion
// has ended.
func TestAccHandOver_ByAReplacementElsewhere(t *testing.T) {
	t.Parallel()
	const taken = "d.example.com. 3600 CNAME"
	zoneOf := func(lines ...string) string { return zoneRecords("", lines...) }
	const kept, joined = `"c/AAAA" = { values = ["2001:db8::1"] }`, `"d/CNAME" = { values = ["two.example.net"] }`
	given := record("q", "d", "CNAME", `values = ["one.example.net"]`)
	for what, c := range map[string]struct{ before, after, replace string }{
		"a record": {
			record("r", "c", "AAAA", `values = ["2001:db8::1"]`) + given,
			record("r", "d", "CNAME", `values = ["two.example.net"]`), "",
		},
		"a map": {zoneOf(kept, `"e/A" = { values = ["192.0.2.1"] }`) + given, zoneOf(kept, joined), "-replace=multidns_zone_records.z"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				s.configure(c.before)
				s.apply(0)
				s.configure(c.after)
				plan := []string{"plan", "-out=p"}
				if c.replace != "" {
					plan = append(plan, c.replace)
				}
				s.run(plan...)
				s.moveOn()
				s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Slow, Delay: 900 * time.Millisecond})
				for _, operator := range bothOperators {
					s.box.Site(operator).Watch(func() {
						if held := strings.Join(s.held(operator), "\n"); !strings.Contains(held, taken) {
							t.Errorf("%s holds %q between two writes", operator, held)
						}
					})
				}
				s.run("apply", "-auto-approve", "p")
				s.settled()
			})
		})
	}
}

// TestAccHandOver_ReplacedByItself replaces what goes on to declare the same RRset (-replace, taint), before or after
// the new one is created: it is in the way of nobody, whatever differs, also at one operator alone, and nothing is
// deleted.
func TestAccHandOver_ReplacedByItself(t *testing.T) {
	t.Parallel()
	const first = "lifecycle {\n  create_before_destroy = true\n}\n"
	kinds := map[string]func(n int, more string) string{
		"multidns_record.it": func(n int, more string) string {
			return record("it", "www", "A", fmt.Sprintf("ttl = %d\nvalues = [\"192.0.2.%d\"]\n%s", 3600+n, n, more))
		},
		"multidns_router.it": func(n int, more string) string {
			return fmt.Sprintf("resource \"multidns_router\" \"it\" {\n  zone = \"example.com\"\n  name = \"www\"\n  type = \"A\"\n  ttl = %d\n"+
				"  targets = [{ name = \"t\", values = [\"192.0.2.%d\"], healthy = true }]\n%s}\n", 3600+n, n, more)
		},
		"multidns_zone_records.it": func(n int, more string) string {
			return fmt.Sprintf("resource \"multidns_zone_records\" \"it\" {\n  zone = \"example.com\"\n"+
				"  records = {\n    \"www/A\" = { ttl = %d, values = [\"192.0.2.%d\"] }\n    \"n%[2]d/A\" = { values = [\"192.0.2.1\"] }\n  }\n%s}\n", 3600+n, n, more)
		},
	}
	for address, config := range kinds {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				n := 0
				next := func(more string, args ...string) {
					t.Helper()
					n++
					s.configure(config(n, more))
					s.apply(0, args...)
					for _, operator := range bothOperators {
						if !slices.Contains(s.held(operator), held(3600+n, fmt.Sprintf("192.0.2.%d", n))) {
							t.Fatalf("%d: %s holds %q", n, operator, s.held(operator))
						}
					}
				}
				next("")
				for _, more := range []string{"", first} {
					next(more)
					next(more, "-replace="+address)
					next(more, "-replace="+address, "-refresh=false", "-parallelism=1")
					s.run("taint", address)
					next(more)
					s.edit("desec", "www", "A", 3600, "192.0.2.66")
					next(more, "-replace="+address)
				}
				s.settled()
			})
		})
	}
}

// TestAccHandOver_TargetedThenWhole creates under the new address alone; the old one is destroyed by a later run, and
// the RRset stays.
func TestAccHandOver_TargetedThenWhole(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`))
		s.apply(0)
		s.forget()
		s.configure(record("b", "www", "A", `values = ["192.0.2.1"]`))
		s.apply(0, "-target=multidns_record.b")
		s.apply(0)
		s.writes(0)
		s.holds("cloudflare", held(3600, "192.0.2.1"))
		s.settled()
	})
}

// TestAccHandOver_OverAnOutage renames while one operator is out, and goes on when it is back.
func TestAccHandOver_OverAnOutage(t *testing.T) {
	t.Parallel()
	for name, ttl := range map[string]int{"nothing differs": 3600, "the TTL differs": 7200} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`))
				s.apply(0)
				s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
				s.configure(record("b", "www", "A", fmt.Sprintf("values = [\"192.0.2.1\"]\nttl = %d", ttl)))
				s.apply(0)
				s.holds("desec", held(ttl, "192.0.2.1"))
				s.holds("cloudflare", held(3600, "192.0.2.1"))
				s.box.Cloudflare.Faults.Clear()
				s.apply(0)
				s.holds("cloudflare", held(ttl, "192.0.2.1"))
				s.settled()
			})
		})
	}
}

// TestAccHandOver_Many renames twenty at once, with another TTL.
func TestAccHandOver_Many(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		many := func(prefix string, ttl int) string {
			var text strings.Builder
			for i := range 20 {
				text.WriteString(record(fmt.Sprintf("%s%d", prefix, i), fmt.Sprintf("r%d", i), "A", fmt.Sprintf("values = [\"192.0.2.1\"]\nttl = %d", ttl)))
			}
			return text.String()
		}
		s.configure(many("a", 3600))
		s.apply(0)
		s.configure(many("b", 7200))
		s.apply(0)
		if got := s.held("desec"); len(got) != 20 || strings.Contains(strings.Join(got, " "), "3600") {
			t.Fatalf("deSEC holds %q", got)
		}
		s.settled()
	})
}

// TestAccHandOver_AnotherNameDuringAnOutage changes the name, which replaces the resource: what answers keeps the old
// RRset until both can change.
func TestAccHandOver_AnotherNameDuringAnOutage(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("a", "old", "A", `values = ["192.0.2.1"]`))
		s.apply(0)
		s.configure(record("a", "new", "A", `values = ["192.0.2.1"]`))
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		if r := s.apply(1); !strings.Contains(r.Stderr, "was not replaced") && !strings.Contains(r.Stderr, "could not be deleted") {
			t.Errorf("the error does not say why:\n%s", r.Stderr)
		}
		s.holds("desec", "old.example.com. 3600 A 192.0.2.1")
		s.box.Cloudflare.Faults.Clear()
		s.apply(0)
		s.holds("desec", "new.example.com. 3600 A 192.0.2.1")
		s.settled()
	})
}

// TestAccHandOver_AMapGoesToAnotherZone replaces a map while an operator is out: what answers keeps the old RRsets
// until both can change.
func TestAccHandOver_AMapGoesToAnotherZone(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{MoreZones: []string{"example.net"}}, func(t *testing.T, s *stage) {
		whole := zoneRecords("", wwwA, docTXT)
		s.configure(whole)
		s.apply(0)
		before := s.held("desec")
		s.configure(strings.Replace(whole, "example.com", "example.net", 1))
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		if r := s.apply(1); !strings.Contains(r.Stderr, "was not replaced") && !strings.Contains(r.Stderr, "could not be deleted") {
			t.Errorf("the error does not say why:\n%s", r.Stderr)
		}
		s.holds("desec", before...)
		s.box.Cloudflare.Faults.Clear()
		s.apply(0)
		s.holds("desec")
		s.holds("cloudflare")
		s.settled()
	})
}

// TestAccHandOver_BetweenKinds moves an RRset from a record into a map of RRsets, and back, without a write.
func TestAccHandOver_BetweenKinds(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		single := record("a", "www", "A", `values = ["192.0.2.1"]`)
		whole := "resource \"multidns_zone_records\" \"all\" {\n  zone = \"example.com\"\n  records = { \"www/A\" = { values = [\"192.0.2.1\"] } }\n}\n"
		s.configure(single)
		s.apply(0)
		s.forget()
		for _, hcl := range []string{whole, single, whole} {
			s.configure(hcl)
			s.apply(0)
			s.writes(0)
			s.settled()
		}
	})
}

// TestAccHandOver_JoinedToACNAME makes one CNAME of an A and an AAAA, in one resource and in three.
func TestAccHandOver_JoinedToACNAME(t *testing.T) {
	t.Parallel()
	zone := func(records string) string {
		return "resource \"multidns_zone_records\" \"all\" {\n  zone = \"example.com\"\n  records = {\n" + records + "  }\n}\n"
	}
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(zone("\"www/A\" = { values = [\"192.0.2.1\"] }\n\"www/AAAA\" = { values = [\"2001:db8::1\"] }\n"))
		s.apply(0)
		s.forget()
		s.configure(zone("\"www/CNAME\" = { values = [\"front.example.net.\"] }\n"))
		s.apply(0)
		s.writes(1)
		s.holds("desec", "www.example.com. 3600 CNAME front.example.net.")
		s.settled()
		s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`) + record("aaaa", "www", "AAAA", `values = ["2001:db8::1"]`))
		s.apply(0)
		s.settled()
		s.configure(record("c", "www", "CNAME", `values = ["front.example.net."]`))
		s.apply(0)
		s.holds("cloudflare", "www.example.com. 3600 CNAME front.example.net.")
		s.settled()
	})
}

// TestAccHandOver_WhoTakesOverFails renames, and the new address comes to nothing in the apply, for a reason that the
// plan could not know. The RRset stays, and one apply of what is mended takes it over, whatever that declares.
func TestAccHandOver_WhoTakesOverFails(t *testing.T) {
	t.Parallel()
	// late is known in the apply; the name of what takes over decides in which order the CLI begins.
	late := func(value string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  input = %q\n}\n", value)
	}
	ways := map[string]string{
		"its value is wrong":         late("no address") + record("b", "www", "A", "values = [terraform_data.late.output]"),
		"its TTL is wrong":           late("-1") + record("b", "www", "A", "values = [\"192.0.2.1\"]\nttl = terraform_data.late.output"),
		"its TTL is too short":       late("61") + record("b", "www", "A", "values = [\"192.0.2.1\"]\nttl = terraform_data.late.output"),
		"one of its values in a map": late("no address") + zoneRecords("", `"www/A" = { values = [terraform_data.late.output] }`),
		"another RRset of its map":   late("no address") + zoneRecords("", wwwA, `"api/A" = { values = [terraform_data.late.output] }`),
		"a precondition": late("no") + record("b", "www", "A", "values = [\"192.0.2.1\"]\n"+
			"lifecycle {\n  precondition {\n    condition = terraform_data.late.output == \"yes\"\n    error_message = \"no\"\n  }\n}"),
		"what it depends on": "resource \"terraform_data\" \"late\" {\n  provisioner \"local-exec\" {\n    command = \"exit 1\"\n  }\n}\n" +
			record("b", "www", "A", "values = [\"192.0.2.1\"]\ndepends_on = [terraform_data.late]"),
	}
	cname := "www.example.com. 3600 CNAME front.example.net."
	mended := []struct{ what, hcl, holds string }{
		{"as it was", record("b", "www", "A", `values = ["192.0.2.1"]`), held(3600, "192.0.2.1")},
		{"another value", record("b", "www", "A", `values = ["192.0.2.2"]`), held(3600, "192.0.2.2")},
		{"a map", zoneRecords("", `"www/A" = { values = ["192.0.2.3"] }`), held(3600, "192.0.2.3")},
		{"another type", record("b", "www", "CNAME", `values = ["front.example.net."]`), cname},
		{"another type in a map", zoneRecords("", `"www/CNAME" = { values = ["front.example.net."] }`), cname},
	}
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		for n, way := range slices.Sorted(maps.Keys(ways)) {
			then := mended[n%len(mended)]
			s.configure(record("a", "www", "A", `values = ["192.0.2.1"]`))
			s.apply(0)
			s.configure(ways[way])
			r := s.apply(1)
			s.holds("cloudflare", held(3600, "192.0.2.1"))
			s.holds("desec", held(3600, "192.0.2.1"))
			if way == "what it depends on" { // nobody heard of it in this apply
				saysAll(t, r.Stdout, "no longer in the state here", "delete the RRset by hand")
			}
			s.configure(then.hcl)
			if again := s.work.Apply(t.Context()); again.ExitCode != 0 {
				t.Errorf("%s fails, then %s: exit code %d\n%s\n--- before\n%s", way, then.what, again.ExitCode, again.Stderr, r.Stderr)
			}
			s.holds("cloudflare", then.holds)
			s.holds("desec", then.holds)
			s.settled()
		}
	})
}

// TestAccHandOver_AnotherTypeWhereNobodyLooked changes the type while an operator is out that holds somebody else's
// RRset of the new type. That one stays, whatever follows, until the user decides.
func TestAccHandOver_AnotherTypeWhereNobodyLooked(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		was := []string{"www.example.com. 300 A 192.0.2.9", "www.example.com. 3600 TXT \"v\""}
		s.configure(record("r", "www", "TXT", `values = ["v"]`))
		s.apply(0)
		s.edit("cloudflare", "www", "A", 300, "192.0.2.9")
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		s.configure(record("r", "www", "A", `values = ["192.0.2.1"]`))
		s.apply(0)
		s.holds("desec", held(3600, "192.0.2.1"))
		s.box.Cloudflare.Faults.Clear()
		for range 2 {
			if r := s.apply(1); !strings.Contains(r.Stderr, "already holds") {
				t.Errorf("the error does not say what stands in the way:\n%s", r.Stderr)
			}
			s.holds("cloudflare", was...)
		}
		s.configure(record("r", "www", "A", "values = [\"192.0.2.1\"]\noverwrite = true"))
		s.apply(0)
		s.holds("cloudflare", held(3600, "192.0.2.1"))
		s.settled()
	})
}

// TestHandOver_StaysHandedOver: what a deletion handed over and could not end, because a former type is left at an
// operator that is out, is not deleted by a later run that sees the old address alone.
func TestHandOver_StaysHandedOver(t *testing.T) {
	t.Parallel()
	s := newBareStage(t, sandbox.Options{})
	r := newDriven(t, s.box, patientTimeout)
	rrset := func(typ, value string) map[string]any {
		return map[string]any{"zone": sandbox.Zone, "name": "www", "type": typ, "values": []string{value}, "ttl": 3600}
	}
	declare := func(address, typ, value string, want int) {
		t.Helper()
		if done := r.apply(t.Context(), declared(address, rrset(typ, value))); done.exit != want {
			t.Fatalf("apply of %s:\n%s", address, done.text)
		}
	}
	declare("multidns_record.a", "TXT", "v", 0)
	s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
	declare("multidns_record.a", "A", "192.0.2.1", 0)
	declare("multidns_record.b", "A", "192.0.2.1", 1) // b has the A, and a the TXT that is left at deSEC
	renamed := declared("multidns_record.b", rrset("A", "192.0.2.1"))
	targeted := r.give(t.Context(), renamed, manner{targets: []string{"multidns_record.a"}})
	if targeted.exit != 1 || !strings.Contains(targeted.text, "former type TXT could not be deleted at deSEC") {
		t.Errorf("apply -target=multidns_record.a:\n%s", targeted.text)
	}
	s.holds("cloudflare", held(3600, "192.0.2.1"))
	s.box.Desec.Faults.Clear()
	if done := r.give(t.Context(), renamed, manner{targets: []string{"multidns_record.a"}}); done.exit != 0 {
		t.Errorf("apply -target=multidns_record.a when all is well:\n%s", done.text)
	}
	s.holds("cloudflare", held(3600, "192.0.2.1"))
	s.holds("desec")
	declare("multidns_record.b", "A", "192.0.2.1", 0)
	s.holds("desec", held(3600, "192.0.2.1"))
	if r.plan(t.Context(), renamed).exit != 0 {
		t.Error("the plan after that is not empty")
	}
}
