package acceptance

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// What the matrix or the adversary found once, by its symptom.

// The type changed twice while an operator was out, which still held the first: its RRset could neither be replaced nor
// deleted any more.
func TestRegression_TypeChangedTwiceDuringAnOutage(t *testing.T) {
	t.Parallel()
	last := map[string]struct {
		config protocol.Config
		held   []string
	}{
		"to a third type":         {recordConfig("AAAA", "2001:db8::1"), []string{"www.example.com. 3600 AAAA 2001:db8::1"}},
		"back to the first":       {recordConfig("A", "192.0.2.1"), []string{heldOne}},
		"back, with other values": {recordConfig("A", "192.0.2.2"), []string{heldTwo}},
		"to nothing":              {protocol.Config{}, nil},
	}
	for _, out := range bothOperators {
		for name, test := range last {
			t.Run(out+"/"+name, func(t *testing.T) {
				t.Parallel()
				box := newBox(t)
				run := newDriven(t, box, patientTimeout)
				run.must(t, recordConfig("A", "192.0.2.1"), 0)
				box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
				run.must(t, recordConfig("CNAME", "target.example.net"), 0)
				run.must(t, test.config, 0, 1) // a deletion beside an outage is an error
				box.Site(out).Faults.Clear()
				run.must(t, test.config, 0)
				for _, operator := range bothOperators {
					c := cell{t: t, box: box}
					line := ""
					if len(test.held) > 0 {
						line = test.held[0]
					}
					c.holds(operator, line)
				}
				if r := run.project.Plan(t.Context(), test.config); r.ExitCode != 0 {
					t.Errorf("the plan after the heal: %s", r)
				}
			})
		}
	}
}

// An RRset was deleted from the state and left at the operator, because a list that was empty by mistake said that it
// was gone.
func TestRegression_EmptyListLosesNothing(t *testing.T) {
	t.Parallel()
	for _, out := range bothOperators {
		t.Run(out, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			run := newDriven(t, box, patientTimeout)
			run.must(t, recordConfig("A", "192.0.2.1"), 0)
			box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.EmptyList})
			run.must(t, protocol.Config{}, 1)
			box.Site(out).Faults.Clear()
			run.must(t, protocol.Config{}, 0)
			(&cell{t: t, box: box}).holds(out, "")
		})
	}
}

// A zone that somebody emptied is no outage: what is missing is created again, and what is to go is gone.
func TestRegression_EmptiedZoneIsBelieved(t *testing.T) {
	t.Parallel()
	for _, operator := range bothOperators {
		t.Run(operator, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			run := newDriven(t, box, patientTimeout)
			one := recordConfig("A", "192.0.2.1")
			empty := func() {
				if err := box.Site(operator).Edit(box.Zone, "www", "A", 0); err != nil {
					t.Fatal(err)
				}
				if operator == "desec" {
					return // its apex NS RRset stays: a list there is never empty
				}
				if held := box.Site(operator).Stored(box.Zone); len(held) != 0 {
					t.Fatalf("%s still holds %v", operator, held)
				}
			}
			run.must(t, one, 0)
			empty()
			if r := run.project.Plan(t.Context(), one); r.ExitCode != 2 || len(r.Warnings()) != 0 {
				t.Errorf("plan of what somebody deleted: %s", r)
			}
			run.must(t, one, 0)
			(&cell{t: t, box: box}).holds(operator, heldOne)
			empty()
			run.must(t, protocol.Config{}, 0)
		})
	}
}

// What cannot be served beside each other at one name is found before anything is sent.
func TestRRsetsAtOneName(t *testing.T) {
	t.Parallel()
	entry := func(values ...string) map[string]any { return map[string]any{"values": values} }
	proxied := map[string]any{"values": []string{"192.0.2.1"}, "cloudflare": map[string]any{"proxied": true}}
	for name, test := range map[string]struct {
		records map[string]any
		exit    int
		said    string
	}{
		"NS and A":               {map[string]any{"sub/NS": entry("ns1.example.net"), "sub/A": entry("192.0.2.1")}, 1, "Delegation beside other types"},
		"NS and TXT":             {map[string]any{"sub/NS": entry("ns1.example.net"), "sub/TXT": entry("x")}, 1, "Delegation beside other types"},
		"NS and CNAME":           {map[string]any{"sub/NS": entry("ns1.example.net"), "sub/CNAME": entry("a.example.net")}, 1, "CNAME beside other types"},
		"NS and DS":              {map[string]any{"sub/NS": entry("ns1.example.net"), "sub/DS": entry("12345 13 2 " + digest)}, 2, ""},
		"NS and A below":         {map[string]any{"sub/NS": entry("ns1.example.net"), "ns1.sub/A": entry("192.0.2.1")}, 2, ""},
		"apex NS and A":          {map[string]any{"@/NS": entry("ns1.example.net", "ns2.example.net"), "@/A": entry("192.0.2.1")}, 2, ""},
		"HTTPS and proxied":      {map[string]any{"www/HTTPS": entry("1 . alpn=h2"), "www/A": proxied}, 2, "Cloudflare will not serve an RRset"},
		"HTTPS and not proxied":  {map[string]any{"www/HTTPS": entry("1 . alpn=h2"), "www/A": entry("192.0.2.1")}, 2, ""},
		"HTTPS elsewhere":        {map[string]any{"api/HTTPS": entry("1 . alpn=h2"), "www/A": proxied}, 2, "Operators will answer differently"},
		"other types at a proxy": {map[string]any{"www/TXT": entry("x"), "www/A": proxied}, 2, "Operators will answer differently"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			r := newDriven(t, box, patientTimeout).project.Plan(t.Context(), declared("multidns_zone_records.r", map[string]any{"records": test.records}))
			if r.ExitCode != test.exit || !strings.Contains(r.String(), test.said) || test.said == "" && len(r.Diagnostics) > 0 {
				t.Errorf("want exit code %d and %q, got %s", test.exit, test.said, r)
			}
			if hidden := strings.Contains(r.String(), "will not serve"); hidden != (name == "HTTPS and proxied") {
				t.Errorf("got %s", r)
			}
		})
	}
}

// So it is with a router that is proxied, at the apex say: the operator answers HTTPS there with records of its own.
func TestRRsetsAtOneName_ProxiedRouter(t *testing.T) {
	t.Parallel()
	for _, proxied := range []bool{true, false} {
		box := newBox(t)
		r := newDriven(t, box, patientTimeout).project.Plan(t.Context(), protocol.Config{Resources: map[string]protocol.Resource{
			"multidns_record.https": {Type: "multidns_record", Args: map[string]any{"zone": sandbox.Zone, "name": "@", "type": "HTTPS", "values": []string{"1 . alpn=h2"}}},
			"multidns_router.web": {Type: "multidns_router", Args: map[string]any{
				"zone": sandbox.Zone, "name": "@", "type": "A", "ttl": 3600, "cloudflare": map[string]any{"proxied": proxied},
				"targets": []any{map[string]any{"name": "a", "values": []string{"192.0.2.1"}}},
			}},
		}})
		if r.ExitCode != 2 || strings.Contains(r.String(), "Cloudflare will not serve an RRset") != proxied {
			t.Errorf("proxied %t: %s", proxied, r)
		}
	}
}

// An entry leaves a map that stays, and becomes a record: the update that takes it out of the map hands it over, one
// call at a time too. A removal that no other resource takes up, planned after that, deletes.
func TestRegression_EntryOfAMapBecomesARecord(t *testing.T) {
	t.Parallel()
	s := newBareStage(t, sandbox.Options{})
	run := newDriven(t, s.box, patientTimeout)
	run.project.Parallelism = 1
	const lonely, shared = "a.example.com. 3600 A 192.0.2.1", "z.example.com. 3600 A 192.0.2.1"
	entry := map[string]any{"values": []string{"192.0.2.1"}}
	whole := func(keys ...string) protocol.Resource {
		records := map[string]any{}
		for _, key := range keys {
			records[key] = entry
		}
		return protocol.Resource{Type: "multidns_zone_records", Args: map[string]any{"zone": sandbox.Zone, "records": records}}
	}
	// The names of the resources decide who comes first.
	for _, address := range []string{"multidns_record.a", "multidns_zone_records.z_after"} {
		single := protocol.Resource{Type: "multidns_record", Args: map[string]any{"zone": sandbox.Zone, "name": "z", "type": "A", "values": []string{"192.0.2.1"}}}
		if strings.HasPrefix(address, "multidns_zone") {
			single = whole("z/A")
		}
		both := protocol.Config{Resources: map[string]protocol.Resource{"multidns_zone_records.z": whole("a/A", "z/A")}}
		run.must(t, both, 0)
		s.forget()
		run.must(t, protocol.Config{Resources: map[string]protocol.Resource{"multidns_zone_records.z": whole("a/A"), address: single}}, 0)
		s.writes(0)
		run.must(t, protocol.Config{Resources: map[string]protocol.Resource{"multidns_zone_records.z": whole("a/A", "z/A")}}, 0)
		s.writes(0)
		s.holds("desec", lonely, shared)
		run.must(t, protocol.Config{Resources: map[string]protocol.Resource{"multidns_zone_records.z": whole("a/A")}}, 0)
		s.holds("desec", lonely)
		s.holds("cloudflare", lonely)
	}
}
