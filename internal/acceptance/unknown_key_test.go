package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// keyed is a resource whose name or zone is the given expression, and what operators hold of it.
type keyed struct {
	hcl                     func(expression string) string
	before, after           string // the value of the expression
	former, renamed         string // what is held then, as at reads it
	formerZone, renamedZone string
	// deletion is a request to deSEC that deletes the former one.
	deletion sandbox.Fault
	// forth: what could not be deleted does not take back what was created.
	forth bool
}

func keyedResource(of string, box *sandbox.Sandbox) keyed {
	named, zoned := sandbox.Fault{Body: `"www"`}, sandbox.Fault{Path: "/example.com/"}
	const renamedZone = "example.net"
	front := `targets = [{ name = "a", values = ["a.example.net."], healthy = true }]`
	return map[string]keyed{
		"record": {
			func(e string) string {
				return fmt.Sprintf("resource \"multidns_record\" \"r\" {\n  zone = \"example.com\"\n  name = %s\n  type = \"A\"\n  values = [\"192.0.2.1\"]\n}\n", e)
			},
			"www", "web", "www.example.com. A", "web.example.com. A", "example.com", "example.com", named, false,
		},
		"router": {
			func(e string) string {
				return fmt.Sprintf("resource \"multidns_router\" \"r\" {\n  zone = \"example.com\"\n  name = %s\n  desec = { ttl = 3600 }\n  %s\n}\n", e, front)
			},
			"www", "web", "www.example.com. CNAME", "web.example.com. CNAME", "example.com", "example.com", named, false,
		},
		"record in another zone": {
			func(e string) string {
				return fmt.Sprintf("resource \"multidns_record\" \"r\" {\n  zone = %s\n  name = \"www\"\n  type = \"A\"\n  values = [\"192.0.2.1\"]\n}\n", e)
			},
			"example.com", renamedZone, "www.example.com. A", "www.example.net. A", "example.com", renamedZone, zoned, false,
		},
		"map": {
			func(e string) string {
				return fmt.Sprintf("resource \"multidns_zone_records\" \"r\" {\n  zone = %s\n  records = {\n    \"www/A\" = { values = [\"192.0.2.1\"] }\n    \"two/TXT\" = { values = [\"text\"] }\n  }\n}\n", e)
			},
			"example.com", renamedZone, "www.example.com. A", "www.example.net. A", "example.com", renamedZone, zoned, false,
		},
		"signers": {
			func(e string) string {
				return fmt.Sprintf("resource \"multidns_dnssec\" \"r\" {\n  zone = %s\n  servers = { cloudflare = [%q], desec = [%q] }\n}\n", e, box.Cloudflare.DNSAddr, box.Desec.DNSAddr)
			},
			"example.com", renamedZone, "example.com. DNSKEY", "example.net. DNSKEY", "example.com", renamedZone, zoned, true,
		},
	}[of]
}

// has reports whether an operator stores an RRset, given as "name type".
func (s *stage) has(operator, zone, rrset string) bool {
	for _, r := range s.box.Site(operator).Stored(zone) {
		if r.Name+" "+r.Type == rrset {
			return true
		}
	}
	return false
}

// TestAccUnknownKey: a name or a zone that is not known in the plan may turn out to be as it was, or what it hangs on
// may fail. Nothing is deleted before what takes its place is there.
func TestAccUnknownKey(t *testing.T) {
	t.Parallel()
	for _, of := range []string{"record", "router", "record in another zone", "map", "signers"} {
		for _, c := range []struct {
			what    string
			renamed bool   // what the key turns out to be
			command string // of what it hangs on
			fault   *sandbox.Fault
			// deleting: the fault, at deSEC until the apply is over, is of deletions alone.
			deleting bool
			exit     int
			args     []string
			apart    bool // the provider has a process for each walk
		}{
			{what: "the same", command: "true"},
			{what: "the same, apart", command: "true", apart: true, args: []string{"-parallelism=1"}},
			{what: "another", command: "true", renamed: true},
			{what: "another, apart", command: "true", renamed: true, apart: true, args: []string{"-parallelism=1"}},
			{what: "another, not refreshed", command: "true", renamed: true, args: []string{"-refresh=false"}},
			{what: "never", command: "exit 1", renamed: true, exit: 1},
			{
				what: "the same, one operator out", command: "true",
				fault: &sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes},
			},
			{
				what: "another, one operator does not write", command: "true", renamed: true, exit: 1,
				fault: &sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes},
			},
			{
				what: "another, one operator out", command: "true", renamed: true, exit: 1,
				fault: &sandbox.Fault{Kind: sandbox.Unavailable},
			},
			{
				what: "another, one operator refuses to delete", command: "true", renamed: true, exit: 1, deleting: true,
				fault: &sandbox.Fault{Kind: sandbox.Forbidden, Methods: sandbox.Writes},
			},
			{
				what: "another, one operator does not delete", command: "true", renamed: true, exit: 1, deleting: true,
				fault: &sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes},
			},
		} {
			t.Run(of+"/"+c.what, func(t *testing.T) {
				t.Parallel()
				onOneCLI(t, sandbox.Options{MoreZones: []string{"example.net"}}, func(t *testing.T, s *stage) {
					s.work.Attach = !c.apart
					s.work.Env["MULTIDNS_ROOT_SERVERS"] = s.box.Parent.DNSAddr
					k := keyedResource(of, s.box)
					s.configure(k.hcl(fmt.Sprintf("%q", k.before)))
					s.apply(0)
					lost := s.neither(k)
					value := k.before
					if c.renamed {
						value = k.after
					}
					s.configure(hangingOn(value, c.command) + k.hcl("terraform_data.late.output"))
					if c.fault != nil {
						fault := *c.fault
						if c.deleting {
							fault.Path, fault.Body = k.deletion.Path, k.deletion.Body
						}
						s.box.Desec.Faults.Set(fault)
					}
					r := s.apply(c.exit, c.args...)
					s.box.Desec.Faults.Clear()
					switch done := c.renamed && c.exit == 0; {
					case c.deleting && k.forth:
						s.expect("desec", k, true, true)
					case c.deleting && c.fault.Kind == sandbox.Unavailable: // which takes nothing back
						s.expect("cloudflare", k, true, false)
					default:
						s.expect("cloudflare", k, !done, done)
						s.expect("desec", k, !done, done)
					}
					if lost.Load() {
						t.Errorf("an operator held neither:\n%s", r)
					}
					s.configure(hangingOn(value, "true") + k.hcl("terraform_data.late.output"))
					s.apply(0)
					s.plan(0)
					s.expect("cloudflare", k, !c.renamed, c.renamed)
					s.expect("desec", k, !c.renamed, c.renamed)
				})
			})
		}
	}
}

// hangingOn is a resource whose output is not known before the apply.
func hangingOn(value, command string) string {
	return fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  input = %q\n  provisioner \"local-exec\" {\n    command = %q\n  }\n}\n", value, command)
}

// neither watches whether an operator holds neither what was there nor what takes its place.
func (s *stage) neither(k keyed) (lost *atomic.Bool) {
	lost = &atomic.Bool{}
	for _, operator := range bothOperators {
		s.box.Site(operator).Watch(func() {
			if !s.has(operator, k.formerZone, k.former) && !s.has(operator, k.renamedZone, k.renamed) {
				lost.Store(true)
			}
		})
	}
	return lost
}

// expect expects an operator to hold the former RRset, the renamed one, or both.
func (s *stage) expect(operator string, k keyed, former, renamed bool) {
	s.t.Helper()
	if got := s.has(operator, k.formerZone, k.former); got != former {
		s.t.Errorf("%s holds %s: %t, want %t", operator, k.former, got, former)
	}
	if got := s.has(operator, k.renamedZone, k.renamed); got != renamed {
		s.t.Errorf("%s holds %s in zone %s: %t, want %t", operator, k.renamed, k.renamedZone, got, renamed)
	}
}

// aRecord declares an A of example.com; its name may be one that is known later.
func aRecord(name any, value string) protocol.Resource { return aSingle(name, "A", value) }

// aSingle declares an RRset of one value in example.com.
func aSingle(name any, typ, value string) protocol.Resource {
	return protocol.Resource{Type: "multidns_record", Args: args{"zone": sandbox.Zone, "name": name, "type": typ, "values": []string{value}}}
}

// TestUnknownKey_HandedOver: the name that a resource may give up is declared by another one, with another value, or
// two resources change their names with each other. Neither name is absent at any moment.
func TestUnknownKey_HandedOver(t *testing.T) {
	t.Parallel()
	later := func(name string) protocol.Later { return protocol.Later{Value: name} }
	oneA := map[string]any{"values": []string{"192.0.2.1"}}
	aMap := func(records any) protocol.Resource {
		return protocol.Resource{Type: "multidns_zone_records", Args: map[string]any{"zone": "example.com", "records": records}}
	}
	cnameAt := aSingle("one", "CNAME", "front.example.net.")
	for what, c := range map[string]struct {
		before, after map[string]protocol.Resource
		want          []string
	}{
		"taken": {
			map[string]protocol.Resource{"multidns_record.a": aRecord("one", "192.0.2.1")},
			map[string]protocol.Resource{"multidns_record.a": aRecord(later("two"), "192.0.2.1"), "multidns_record.b": aRecord("one", "192.0.2.2")},
			[]string{"one.example.com. 3600 A 192.0.2.2", "two.example.com. 3600 A 192.0.2.1"},
		},
		"replaced by what cannot stand beside it": {
			map[string]protocol.Resource{"multidns_record.a": aRecord("one", "192.0.2.1")},
			map[string]protocol.Resource{"multidns_record.a": aRecord(later("two"), "192.0.2.1"), "multidns_record.b": cnameAt},
			[]string{"one.example.com. 3600 CNAME front.example.net.", "two.example.com. 3600 A 192.0.2.1"},
		},
		"taken from a map": {
			map[string]protocol.Resource{"multidns_record.c": aRecord("keep", "192.0.2.1"), "multidns_zone_records.a": aMap(map[string]any{"one/A": oneA, "two/A": oneA})},
			map[string]protocol.Resource{"multidns_record.c": aRecord("keep", "192.0.2.1"), "multidns_record.b": aRecord("one", "192.0.2.2"), "multidns_zone_records.a": aMap(protocol.Later{Value: map[string]any{"two/A": oneA}})},
			[]string{"keep.example.com. 3600 A 192.0.2.1", "one.example.com. 3600 A 192.0.2.2", "two.example.com. 3600 A 192.0.2.1"},
		},
		"exchanged": {
			map[string]protocol.Resource{"multidns_record.a": aRecord("one", "192.0.2.1"), "multidns_record.b": aRecord("two", "192.0.2.2")},
			map[string]protocol.Resource{"multidns_record.a": aRecord(later("two"), "192.0.2.1"), "multidns_record.b": aRecord(later("one"), "192.0.2.2")},
			[]string{"one.example.com. 3600 A 192.0.2.2", "two.example.com. 3600 A 192.0.2.1"},
		},
		"rotated": {
			map[string]protocol.Resource{"multidns_record.a": aRecord("one", "192.0.2.1"), "multidns_record.b": aRecord("two", "192.0.2.2"), "multidns_record.c": aRecord("three", "192.0.2.3")},
			map[string]protocol.Resource{"multidns_record.a": aRecord(later("two"), "192.0.2.1"), "multidns_record.b": aRecord(later("three"), "192.0.2.2"), "multidns_record.c": aRecord(later("one"), "192.0.2.3")},
			[]string{"one.example.com. 3600 A 192.0.2.3", "three.example.com. 3600 A 192.0.2.2", "two.example.com. 3600 A 192.0.2.1"},
		},
		"handed on": {
			map[string]protocol.Resource{"multidns_record.a": aRecord("one", "192.0.2.1"), "multidns_record.b": aRecord("two", "192.0.2.2")},
			map[string]protocol.Resource{"multidns_record.a": aRecord(later("two"), "192.0.2.1"), "multidns_record.b": aRecord(later("three"), "192.0.2.2")},
			[]string{"three.example.com. 3600 A 192.0.2.2", "two.example.com. 3600 A 192.0.2.1"},
		},
	} {
		for _, parallelism := range []int{10, 1} {
			t.Run(fmt.Sprintf("%s, %d at once", what, parallelism), func(t *testing.T) {
				t.Parallel()
				s := newBareStage(t, sandbox.Options{})
				r := newDriven(t, s.box, patientTimeout)
				r.must(t, protocol.Config{Resources: c.before}, 0)
				var lost atomic.Bool
				for _, operator := range bothOperators {
					s.box.Site(operator).Watch(func() {
						for _, r := range c.before {
							owner := ownerOf(r.Args["name"].(string)) + " "
							begins := func(line string) bool { return strings.HasPrefix(line, owner) }
							if slices.ContainsFunc(c.want, begins) && !slices.ContainsFunc(s.held(operator), begins) {
								lost.Store(true)
							}
						}
					})
				}
				r.project.Parallelism = parallelism
				if done := r.apply(t.Context(), protocol.Config{Resources: c.after}); done.exit != 0 {
					if parallelism > 1 { // with one call at a time nobody knows of the other's plan: the next run does
						t.Error(done.text)
					}
					r.must(t, protocol.Config{Resources: known(c.after)}, 0)
				}
				if r := r.plan(t.Context(), protocol.Config{Resources: known(c.after)}); r.exit != 0 {
					t.Error(r.text)
				}
				s.holds("cloudflare", c.want...)
				s.holds("desec", c.want...)
				// One call at a time, and who gives a name up may do so before anybody knows who takes it
				// (design/hand-over.md).
				if lost.Load() && (parallelism > 1 || what != "handed on" && what != "rotated") {
					t.Error("a name was absent")
				}
			})
		}
	}
}

// known are resources with nothing left open.
func known(resources map[string]protocol.Resource) map[string]protocol.Resource {
	all := maps.Clone(resources)
	for address, r := range all {
		r.Args = maps.Clone(r.Args)
		for name, v := range r.Args {
			if late, ok := v.(protocol.Later); ok {
				r.Args[name] = late.Value
			}
		}
		all[address] = r
	}
	return all
}

// TestUnknownKey_ReplacedOnDemand: who has a resource replaced while nobody knows its key asks for a deletion of what
// may have to stay. It is refused, unless the new one comes first.
func TestUnknownKey_ReplacedOnDemand(t *testing.T) {
	t.Parallel()
	for of, args := range fullConfigurations(newBox(t)) {
		if _, has := args[0]["zone"]; !has || !slices.Contains([]string{"multidns_record", "multidns_router", "multidns_zone_records"}, of) {
			continue
		}
		for _, at := range []string{"zone", "name", "type", "records"} {
			for _, first := range []bool{false, true} {
				if args[0][at] == nil {
					continue
				}
				t.Run(fmt.Sprintf("%s %s, create_before_destroy %t", of, at, first), func(t *testing.T) {
					t.Parallel()
					s := newBareStage(t, sandbox.Options{CloudflarePlan: "pro"})
					r := newDriven(t, s.box, patientTimeout)
					address := of + ".r"
					r.must(t, protocol.Config{Resources: map[string]protocol.Resource{address: {Type: of, Args: args[0]}}}, 0)
					before := s.held("desec")
					var lost atomic.Bool
					s.box.Desec.Watch(func() { lost.Store(lost.Load() || len(s.held("desec")) < len(before)) })
					r.project.Replace = []string{address}
					later := protocol.Resource{Type: of, Args: makeLater(args[0], []string{at}).(map[string]any), CreateBeforeDestroy: first}
					done := r.apply(t.Context(), protocol.Config{Resources: map[string]protocol.Resource{address: later}})
					if refused := strings.Contains(done.text, "What takes its place is not known yet"); refused == first || (done.exit == 0) != first {
						t.Error(done.text)
					}
					if lost.Load() || r.project.State[address] == nil {
						t.Errorf("lost: %t, state %v", lost.Load(), r.project.State)
					}
				})
			}
		}
	}
}

// TestUnknownKey_SpelledInFull: a name in full is kept in the state as the relative one that it means. That it means
// something else in the zone that it gets is an error, and says how to write it.
func TestUnknownKey_SpelledInFull(t *testing.T) {
	t.Parallel()
	const zone = "sub.example.com"
	s := newBareStage(t, sandbox.Options{MoreZones: []string{zone}})
	r := newDriven(t, s.box, patientTimeout)
	declare := func(zone any, name string) protocol.Config {
		one := aRecord(name, "192.0.2.1")
		one.Args["zone"] = zone
		return protocol.Config{Resources: map[string]protocol.Resource{"multidns_record.r": one}}
	}
	r.must(t, declare("example.com", "www.sub"), 0)
	refused := r.apply(t.Context(), declare(protocol.Later{Value: zone}, "www.sub.example.com."))
	if refused.exit != 1 || !strings.Contains(refused.text, `declare it as "www.sub", or apply one change after the other`) {
		t.Error(refused.text)
	}
	s.holds("desec", "www.sub.example.com. 3600 A 192.0.2.1")
	r.must(t, declare("example.com", "www.sub.example.com."), 0)
	if r := r.apply(t.Context(), declare(protocol.Later{Value: zone}, "www.sub")); r.exit != 0 {
		t.Error(r.text)
	}
	s.holds("desec")
	if !s.has("desec", zone, "www.sub.sub.example.com. A") {
		t.Error("it is not in the other zone")
	}
}
