package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// owing is one RRset as a resource of each kind, at a place of which there are two: a name, or for a map a zone.
var owing = map[string]func(place int, value string) (typ string, arguments args, name string){
	"record": func(place int, value string) (string, args, string) {
		name := []string{"a", "b"}[place]
		return "multidns_record", args{"zone": sandbox.Zone, "name": name, "type": "A", "ttl": 3600, "values": []string{value}}, name + "." + sandbox.Zone + "."
	},
	"router": func(place int, value string) (string, args, string) {
		name := []string{"a", "b"}[place]
		targets := []any{args{"name": "t", "values": []string{value}, "healthy": true}}
		return "multidns_router", args{"zone": sandbox.Zone, "name": name, "type": "A", "ttl": 3600, "targets": targets}, name + "." + sandbox.Zone + "."
	},
	"map": func(place int, value string) (string, args, string) {
		zone := []string{sandbox.Zone, secondZone}[place]
		return "multidns_zone_records", args{"zone": zone, "records": args{"a/A": args{"values": []string{value}}}}, "a." + zone + "."
	},
}

const secondZone = "example.net"

// debtor plays what comes at both operators, one of which goes out, with an RRset as a resource of each kind.
type debtor struct {
	t    *testing.T
	box  *sandbox.Sandbox
	run  driven
	out  string
	kind string
}

func onEachDebtor(t *testing.T, play func(d *debtor)) {
	t.Helper()
	for _, name := range bothOperators {
		for kind := range owing {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				box := newBox(t)
				play(&debtor{t: t, box: box, run: newDriven(t, box, patientTimeout), out: name, kind: kind})
			})
		}
	}
}

// declare is a configuration of one address.
func (d *debtor) declare(address, value string) protocol.Config {
	typ, arguments, _ := owing[d.kind](0, value)
	return protocol.Config{Resources: map[string]protocol.Resource{typ + "." + address: {Type: typ, Args: arguments}}}
}

// apply gives the command, with one call at a time if it is alone; an exit code below 0 may be any.
func (d *debtor) apply(c protocol.Config, exit int, alone bool) {
	d.t.Helper()
	m := manner{}
	if alone {
		m.parallelism = 1
	}
	if r := d.run.give(d.t.Context(), c, m); exit >= 0 && r.exit != exit {
		d.t.Fatalf("exit code %d, want %d: %s", r.exit, exit, r.text)
	}
}

func (d *debtor) goOut() {
	d.box.Site(d.out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
}

// heals: one apply after the outage leaves nothing, and the plan after it is empty.
func (d *debtor) heals() {
	d.t.Helper()
	d.box.Site(d.out).Faults.Clear()
	d.apply(nothing, 0, false)
	if r := d.run.plan(d.t.Context(), nothing); r.exit != 0 {
		d.t.Errorf("the plan after healing has exit code %d: %s", r.exit, r.text)
	}
	_, _, name := owing[d.kind](0, "")
	for _, operator := range bothOperators {
		if got := heldAt(d.box, operator, name); len(got) > 0 {
			d.t.Errorf("%s holds %q, and nothing is declared", operator, got)
		}
	}
}

// What a creation left at an operator where it could not be taken back is ours, for whoever declares it next.
func TestOwed_NotTakenBack(t *testing.T) {
	t.Parallel()
	onEachDebtor(t, func(d *debtor) {
		beside := d.box.Site(other(d.out))
		fails := func(value, address string) protocol.Config {
			c := d.declare(address, value)
			for _, r := range c.Resources {
				r.Args["on_outage"] = "fail"
			}
			return c
		}
		d.box.Site(d.out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes, Skip: 1})
		beside.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes})
		d.apply(fails("192.0.2.1", "a"), 1, false)
		_, _, name := owing[d.kind](0, "")
		if got := heldAt(d.box, d.out, name); len(got) != 1 {
			t.Fatalf("%s holds %q, and it should not have been taken back", d.out, got)
		}
		d.box.Site(d.out).Faults.Clear()
		beside.Faults.Clear()
		d.apply(fails("192.0.2.2", "b"), 0, false)
		for _, operator := range bothOperators {
			if got, want := heldAt(d.box, operator, name), []string{name + " 3600 A 192.0.2.2"}; !slices.Equal(got, want) {
				t.Errorf("%s holds %q, want %q", operator, got, want)
			}
		}
	})
}

// A deletion that is owed to an operator that is out is not forgotten when its RRset is declared anew: what that
// operator holds is ours. With create_before_destroy the creation comes first, in a process that was told nothing.
func TestAccOwed_AwayAndBack(t *testing.T) {
	t.Parallel()
	for _, out := range bothOperators {
		for kind, resource := range owing {
			elsewhere := kind == "record" // the apply is another machine's, which has no note of the plan
			t.Run(out+"/"+kind, func(t *testing.T) {
				t.Parallel()
				onOneCLI(t, sandbox.Options{MoreZones: []string{secondZone}}, func(t *testing.T, s *stage) {
					configure := func(place int, value string) (name string) {
						typ, arguments, name := resource(place, value)
						s.configure(hcl(protocol.Config{Resources: map[string]protocol.Resource{
							typ + ".r": {Type: typ, Args: arguments, CreateBeforeDestroy: true},
						}}))
						return name
					}
					configure(0, "192.0.2.1")
					s.apply(0)
					s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
					configure(1, "192.0.2.1")
					s.apply(1) // the deletion is owed
					name := configure(0, "192.0.2.2")
					if elsewhere {
						s.run("plan", "-out=p")
						s.moveOn()
						if r := s.work.Run(t.Context(), "apply", "p"); r.ExitCode != 1 {
							t.Fatal(r)
						}
					} else {
						s.apply(1) // as is that of the other one
					}
					s.box.Site(out).Faults.Clear()
					s.apply(0)
					s.settled()
					for _, operator := range bothOperators {
						if got, want := heldAt(s.box, operator, name), []string{name + " 3600 A 192.0.2.2"}; !slices.Equal(got, want) {
							t.Errorf("%s holds %q, want %q", operator, got, want)
						}
					}
					s.run("destroy", "-auto-approve")
					for _, operator := range bothOperators {
						if got := heldAt(s.box, operator, name); len(got) > 0 {
							t.Errorf("%s holds %q, and all was destroyed", operator, got)
						}
					}
				})
			})
		}
	}
}

// The same where it is declared by another address, which goes as well; with one call at a time that one may come
// first.
func TestOwed_ByAnother(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"192.0.2.1", "192.0.2.2"} {
		for _, alone := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, alone %t", value, alone), func(t *testing.T) {
				t.Parallel()
				onEachDebtor(t, func(d *debtor) {
					times := 1
					if alone { // then the order is a matter of chance
						times = 3
					}
					for range times {
						d.apply(d.declare("a", "192.0.2.1"), 0, alone)
						d.goOut()
						d.apply(nothing, 1, alone)
						d.apply(d.declare("b", value), -1, alone)
						d.apply(nothing, -1, alone)
						d.heals()
					}
				})
			})
		}
	}
}

// What an operator that was out cannot hold is said by the plan that is to heal it, on the attribute and with the line
// to add, and not by a refusal of the apply.
func TestOwed_CannotBeHeld(t *testing.T) {
	t.Parallel()
	for kind := range owing {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			d := &debtor{t: t, box: box, run: newDriven(t, box, patientTimeout), out: "desec", kind: kind}
			brief := func(own args) protocol.Config {
				c := d.declare("a", "192.0.2.1")
				for _, r := range c.Resources {
					where := r.Args
					if records, ok := r.Args["records"].(args); ok {
						where, _ = records["a/A"].(args)
					}
					if where["ttl"] = 60; own != nil {
						where["desec"] = own
					}
				}
				return c
			}
			d.goOut()
			d.apply(brief(nil), 0, false)
			box.Desec.Faults.Clear()
			r := d.run.plan(t.Context(), brief(nil))
			if r.exit != 1 || !strings.Contains(r.text, "desec = { ttl = 3600 }") {
				t.Errorf("exit code %d: %s", r.exit, r.text)
			}
			d.apply(brief(args{"ttl": 3600}), 0, false)
			if r := d.run.plan(t.Context(), brief(args{"ttl": 3600})); r.exit != 0 {
				t.Errorf("exit code %d: %s", r.exit, r.text)
			}
		})
	}
}
