package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

var emptyList = sandbox.Fault{Kind: sandbox.EmptyList, Path: "dns_records"}

// An empty list beside an export that shows records is an outage: nothing is written beside what it hides.
func TestAccOutage_EmptyListIsNotBelieved(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Cloudflare.Faults.Set(emptyList)
		s.plan(0)
		s.configure(record("r", "www", "A", second))
		s.apply(0)
		s.holds("cloudflare", firstHeld)
		s.state("multidns_record.r", "out_of_sync", "operators", "cloudflare", "status")
		s.state("multidns_record.r", "in_sync", "operators", "desec", "status")
		s.box.Cloudflare.Faults.Clear()
		s.apply(0)
		s.settled()
	})
}

// Where nothing else tells, a write beside an empty list is read back: what was hidden and what was written make a
// union, and the state must not call that in sync.
func TestAccOutage_EmptyListIsNotBelievedAfterAWrite(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden, Path: "export"}, emptyList)
		s.plan(2)
		s.configure(record("r", "www", "A", second))
		s.apply(0)
		s.state("multidns_record.r", "out_of_sync", "operators", "cloudflare", "status")
		s.state("multidns_record.r", "in_sync", "operators", "desec", "status")
		s.box.Cloudflare.Faults.Clear()
		s.plan(2)
		s.apply(0)
		s.holds("cloudflare", secondHeld)
		s.settled()
	})
}

// hiding is how an operator hides what it holds. At deSEC a page of three does not show all that the zone holds, and
// what comes after so many lists is empty: the name that is asked for, in the plan or in the apply.
type hiding struct {
	operator string
	passes   int // lists
}

func (h hiding) begin(s *stage) {
	path := map[string]string{"cloudflare": "dns_records", "desec": "rrsets"}[h.operator]
	s.box.Site(h.operator).Faults.Set(sandbox.Fault{Kind: sandbox.EmptyList, Path: path, Skip: h.passes})
}

var hidings = []hiding{{"cloudflare", 0}, {"desec", 0}, {"desec", 1}, {"desec", 3}}

// use is something that is asked of the provider while an operator hides what it holds at www, and what that operator
// holds afterwards.
type use struct {
	name   string
	before string // value
	// foreign: nobody has declared that.
	foreign bool
	do      func(*testing.T, driven)
	// after is applied once it hides nothing; it then holds the value healed.
	after  protocol.Config
	exit   int
	healed string
}

const hiddenForeign = "203.0.113.9"

func uses() []use {
	one, two, none := recordConfig("A", "192.0.2.1"), recordConfig("A", "192.0.2.2"), protocol.Config{}
	apply := func(c protocol.Config, exit int) func(*testing.T, driven) {
		return func(t *testing.T, run driven) {
			t.Helper()
			run.must(t, c, exit)
		}
	}
	shown := func(t *testing.T, r protocol.Result) {
		t.Helper()
		if len(r.Warnings()) == 0 {
			t.Errorf("what is hidden is taken for gone: %s", r)
		}
	}
	data := protocol.Config{Data: map[string]protocol.Resource{"data.multidns_records.d": {
		Type: "multidns_records", Args: map[string]any{"zone": sandbox.Zone},
	}}}
	bulk := bulkConfig("www/A", "192.0.2.1")
	return []use{
		{name: "create", before: hiddenForeign, foreign: true, do: apply(one, 0), after: one, healed: hiddenForeign, exit: 1},
		{name: "create many", before: hiddenForeign, foreign: true, do: apply(bulk, 0), after: bulk, healed: hiddenForeign, exit: 1},
		{name: "create, failing", before: hiddenForeign, foreign: true, do: func(t *testing.T, run driven) {
			t.Helper()
			run.project.Provider["on_outage"] = "fail"
			run.must(t, one, 1)
		}, after: none, healed: hiddenForeign},
		{name: "update", before: "192.0.2.1", do: apply(two, 0), after: two, healed: "192.0.2.2"},
		{name: "delete", before: "192.0.2.1", do: apply(none, 1), after: none},
		{name: "read", before: "192.0.2.1", do: apply(one, 0), after: one, healed: "192.0.2.1"},
		{name: "import", before: "192.0.2.1", foreign: true, do: func(t *testing.T, run driven) {
			t.Helper()
			shown(t, run.project.Import(t.Context(), "multidns_record.r", "multidns_record", "example.com/www/A"))
		}, after: one, healed: "192.0.2.1"},
		{name: "data source", before: "192.0.2.1", foreign: true, do: func(t *testing.T, run driven) {
			t.Helper()
			shown(t, run.project.Plan(t.Context(), data))
		}, after: none, healed: "192.0.2.1"},
	}
}

// An RRset that an operator hides is neither overwritten nor left behind nor shown as gone, whatever is asked for.
func TestOutage_EmptyAnswers(t *testing.T) {
	t.Parallel()
	for _, h := range hidings {
		for _, u := range uses() {
			t.Run(fmt.Sprintf("%s after %d/%s", h.operator, h.passes, u.name), func(t *testing.T) {
				t.Parallel()
				playHidden(t, h, u)
			})
		}
	}
}

func playHidden(t *testing.T, h hiding, u use) {
	t.Helper()
	if h.passes > 1 && u.foreign {
		t.Skip("the plan has seen it")
	}
	o := sandbox.Options{}
	if h.passes > 0 {
		o.DesecPageSize = 3
	}
	s := newBareStage(t, o)
	run := newDriven(t, s.box, patientTimeout)
	other := map[string]string{"cloudflare": "desec", "desec": "cloudflare"}[h.operator]
	if u.foreign {
		s.edit(h.operator, "www", "A", 3600, u.before)
	} else {
		run.must(t, recordConfig("A", u.before), 0)
	}
	for i := range 6 { // newer than www, so that it is on no first page
		s.edit(h.operator, fmt.Sprintf("f%d", i), "A", 3600, "203.0.113.5")
	}
	before, beside := s.held(h.operator), s.held(other)
	h.begin(s)
	u.do(t, run)
	s.box.Site(h.operator).Faults.Clear()
	s.holds(h.operator, before...)
	if u.name == "import" || u.name == "data source" {
		s.holds(other, beside...)
	}
	run.must(t, u.after, u.exit)
	want := slices.DeleteFunc(slices.Clone(before), func(line string) bool { return line == "www.example.com. 3600 A "+u.before })
	if u.healed != "" {
		want = append(want, "www.example.com. 3600 A "+u.healed)
	}
	s.holds(h.operator, want...)
}

// A look-up that shows no zone beside a list that shows none either is no proof that the zone is gone: what the state
// has there stays in it, through a refresh and a destruction. Where the list shows others, the zone is gone.
func TestOutage_NoZoneShown(t *testing.T) {
	t.Parallel()
	config := protocol.Config{Resources: map[string]protocol.Resource{
		"multidns_record.r": {Type: "multidns_record", Args: args{"zone": sandbox.Zone, "name": "www", "type": "A", "values": []string{"192.0.2.1"}}},
	}}
	for _, gone := range []bool{false, true} {
		t.Run(fmt.Sprintf("gone: %t", gone), func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			run := newDriven(t, box, patientTimeout)
			run.project.Provider["cloudflare"] = map[string]any{"api_token": box.Cloudflare.Token, "base_url": box.Cloudflare.BaseURL}
			run.apply(t.Context(), config)
			if gone {
				box.Cloudflare.SetZone("other.example", true)
				box.Cloudflare.SetZone(sandbox.Zone, false)
			} else {
				box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.EmptyList})
			}
			r := run.apply(t.Context(), protocol.Config{})
			if left := len(run.project.State) > 0; left == gone || (r.exit != 0) == gone {
				t.Fatalf("in the state: %t, exit code %d: %s", left, r.exit, r.text)
			}
			if len(heldAt(box, "desec", "www.example.com.")) > 0 {
				t.Error("deSEC holds it")
			}
			if gone {
				return
			}
			if !strings.Contains(r.text, "That alone does not prove that the zone is gone") {
				t.Error(r.text)
			}
			if held := heldAt(box, "cloudflare", "www.example.com."); len(held) != 1 {
				t.Errorf("Cloudflare holds %v", held)
			}
			box.Cloudflare.Faults.Clear()
			if r := run.apply(t.Context(), protocol.Config{}); r.exit != 0 || len(run.project.State) > 0 || len(heldAt(box, "cloudflare", "www.example.com.")) > 0 {
				t.Errorf("exit code %d, %v: %s", r.exit, run.project.State, r.text)
			}
		})
	}
}
