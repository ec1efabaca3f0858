package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// What is given up to a replacement that comes to nothing, because that deletes nowhere while an operator is out, stays
// in the state that has it: it goes if it is declared no more, and changes if it is declared anew, also where nobody
// could see it.
func TestHandOver_ReplacementComesToNothing(t *testing.T) {
	t.Parallel()
	entry := func(zone, key, value string) protocol.Resource {
		return protocol.Resource{Type: "multidns_zone_records", Args: args{"zone": zone, "records": args{key: args{"values": []string{value}}}}}
	}
	type taker struct {
		elsewhere protocol.Resource
		takes     func(value string) protocol.Resource
	}
	takers := map[string]taker{
		"record": {aSingle("elsewhere", "A", "192.0.2.9"), func(value string) protocol.Resource { return aSingle("www", "A", value) }},
		"map":    {entry(secondZone, "elsewhere/A", "192.0.2.9"), func(value string) protocol.Resource { return entry(sandbox.Zone, "www/A", value) }},
	}
	given := map[string]protocol.Resource{"A": aSingle("www", "A", "192.0.2.1"), "CNAME": aSingle("www", "CNAME", "front.example.net.")}
	play := func(t *testing.T, out string, to taker, from protocol.Resource, destroyed bool) {
		t.Helper()
		box := newBareStage(t, sandbox.Options{MoreZones: []string{secondZone}}).box
		run := newDriven(t, box, patientTimeout)
		address, want := to.elsewhere.Type+".to", []string(nil)
		run.must(t, protocol.Config{Resources: map[string]protocol.Resource{"multidns_record.from": from, address: to.elsewhere}}, 0)

		box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		run.must(t, declared(address, to.takes("192.0.2.2").Args), 1)
		if len(run.project.State) != 2 {
			t.Errorf("the state has %d resources, and what one of them gave up nobody took", len(run.project.State))
		}
		box.Site(out).Faults.Clear()

		then := nothing
		if !destroyed {
			then, want = declared(address, to.takes("192.0.2.3").Args), []string{held(3600, "192.0.2.3")}
		}
		run.must(t, then, 0)
		for _, name := range bothOperators {
			if got := heldAt(box, name, "www.example.com."); !slices.Equal(got, want) {
				t.Errorf("%s holds %q, want %q", name, got, want)
			}
		}
		if r := run.plan(t.Context(), then); r.exit != 0 {
			t.Errorf("the plan after that is not empty: %s", r.text)
		}
	}
	for _, out := range bothOperators {
		for kind, to := range takers {
			for typ, from := range given {
				for what, destroyed := range map[string]bool{"changed": false, "destroyed": true} {
					t.Run(fmt.Sprintf("%s out, %s to a %s, %s", out, typ, kind, what), func(t *testing.T) {
						t.Parallel()
						play(t, out, to, from, destroyed)
					})
				}
			}
		}
	}
}

// One call at a time, the old address may go before the new one is created, and while no operator answers that fails:
// what nobody could see meanwhile is ours all the same.
func TestHandOver_NobodyAnswered(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"multidns_record", "multidns_router"} {
		t.Run("to a "+kind, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			run := newDriven(t, box, patientTimeout)
			run.must(t, declared("multidns_zone_records.from", args{"records": args{"www/A": args{"values": []string{"192.0.2.1"}}}}), 0)
			arguments := args{"name": "www", "type": "A", "ttl": 3600, "values": []string{"192.0.2.2"}}
			if kind == "multidns_router" {
				delete(arguments, "values")
				arguments["targets"] = []any{args{"name": "t", "values": []string{"192.0.2.2"}, "healthy": true}}
			}
			renamed := declared(kind+".to", arguments)
			for _, site := range box.Sites() {
				site.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
			}
			if r := run.give(t.Context(), renamed, manner{parallelism: 1}); r.exit != 1 {
				t.Fatalf("exit code %d: %s", r.exit, r.text)
			}
			for _, site := range box.Sites() {
				site.Faults.Clear()
			}
			run.must(t, renamed, 0)
			for _, name := range bothOperators {
				if got, want := heldAt(box, name, "www.example.com."), []string{held(3600, "192.0.2.2")}; !slices.Equal(got, want) {
					t.Errorf("%s holds %q, want %q", name, got, want)
				}
			}
			if r := run.plan(t.Context(), renamed); r.exit != 0 {
				t.Errorf("the plan after that is not empty: %s", r.text)
			}
		})
	}
}

// Two calls at a time, what is given up to a replacement stays in the state that has it if the deletion of that fails:
// it goes once nobody declares it any more.
func TestHandOver_ReplacementCannotLeave(t *testing.T) {
	t.Parallel()
	both := func(it protocol.Resource, beside string, other protocol.Resource) protocol.Config {
		return protocol.Config{Resources: map[string]protocol.Resource{"multidns_record.it": it, beside: other}}
	}
	for n := range 8 { // the order of the calls is any
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			run := newDriven(t, box, patientTimeout)
			b := aSingle("b", "A", "192.0.2.2")
			run.must(t, both(aSingle("a", "A", "192.0.2.1"), "multidns_record.b", b), 0)
			box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes})
			run.must(t, both(aSingle("a", "TXT", "t"), "multidns_record.b", b), 0)
			after := both(b, "multidns_record.c", aSingle("a", "TXT", "t"))
			if r := run.give(t.Context(), after, manner{parallelism: 2}); r.exit != 1 {
				t.Fatalf("exit code %d: %s", r.exit, r.text)
			}
			box.Desec.Faults.Clear()
			delete(after.Resources, "multidns_record.it")
			run.must(t, after, 0)
			for _, name := range bothOperators {
				got := append(heldAt(box, name, "a.example.com."), heldAt(box, name, "b.example.com.")...)
				if want := []string{`a.example.com. 3600 TXT "t"`}; !slices.Equal(got, want) {
					t.Errorf("%s holds %q, want %q", name, got, want)
				}
			}
		})
	}
}

// What is replaced by itself (-replace) is deleted by nobody, and if it then cannot be created it is in no state: the
// next apply takes it over, whatever it declares.
func TestHandOver_ReplacedByItselfInVain(t *testing.T) {
	t.Parallel()
	const record, table = "multidns_record.it", "multidns_zone_records.it"
	with := map[string]func(value string) protocol.Config{
		record: func(value string) protocol.Config {
			return declared(record, args{"name": "www", "type": "A", "values": []string{value}})
		},
		table: func(value string) protocol.Config {
			return declared(table, args{"records": args{"www/A": args{"values": []string{value}}}})
		},
	}
	faults := map[string]sandbox.Fault{
		"refused":       {Kind: sandbox.Forbidden, Methods: sandbox.Writes},
		"token refused": {Kind: sandbox.Unauthorized, Skip: 1},
	}
	for _, sick := range bothOperators {
		for address, config := range with {
			for what, fault := range faults {
				t.Run(fmt.Sprintf("%s, %s at %s", address, what, sick), func(t *testing.T) {
					t.Parallel()
					box := newBox(t)
					run := newDriven(t, box, patientTimeout)
					run.must(t, config("192.0.2.1"), 0)
					box.Site(sick).Faults.Set(fault)
					if r := run.give(t.Context(), config("192.0.2.2"), manner{replace: []string{address}}); r.exit != 1 {
						t.Fatalf("exit code %d: %s", r.exit, r.text)
					}
					box.Site(sick).Faults.Clear()
					run.must(t, config("192.0.2.2"), 0)
					for _, name := range bothOperators {
						if got, want := heldAt(box, name, "www.example.com."), []string{held(3600, "192.0.2.2")}; !slices.Equal(got, want) {
							t.Errorf("%s holds %q, want %q", name, got, want)
						}
					}
					if r := run.plan(t.Context(), config("192.0.2.2")); r.exit != 0 {
						t.Errorf("the plan after that is not empty: %s", r.text)
					}
				})
			}
		}
	}
}

// What another address takes the place of, while the replacement that was to give it up waits for an operator that is
// out, is not in the state as if it were still there.
func TestHandOver_ReplacementIsReplaced(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	run := newDriven(t, box, patientTimeout)
	run.must(t, protocol.Config{Resources: map[string]protocol.Resource{"multidns_record.a": aSingle("b", "AAAA", "2001:db8::1")}}, 0)
	box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
	after := protocol.Config{Resources: map[string]protocol.Resource{
		"multidns_record.a": aSingle("a", "AAAA", "2001:db8::1"), "multidns_record.b": aSingle("b", "CNAME", "front.example.net."),
	}}
	r := run.apply(t.Context(), after)
	if strings.Contains(r.text, "Cloudflare keeps it") {
		t.Errorf("Cloudflare does not: %s", r.text)
	}
	if got := heldAt(box, "cloudflare", "b.example.com."); !slices.Equal(got, []string{"b.example.com. 3600 CNAME front.example.net."}) {
		t.Errorf("cloudflare holds %q", got)
	}
	if status := run.project.State["multidns_record.a"].Attr("operators", "cloudflare", "status"); status == "in_sync" {
		t.Errorf("what is not there any more is called %v", status)
	}
	box.Desec.Faults.Clear()
	run.must(t, after, 0)
	for _, name := range bothOperators {
		if got := append(heldAt(box, name, "a.example.com."), heldAt(box, name, "b.example.com.")...); len(got) != 2 {
			t.Errorf("%s holds %q", name, got)
		}
	}
	if r := run.plan(t.Context(), after); r.exit != 0 {
		t.Errorf("the plan after that is not empty: %s", r.text)
	}
}
