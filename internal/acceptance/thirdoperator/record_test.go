package thirdoperator

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const (
	address = "multidns_record.r"
	one     = "www.example.com. 3600 A 192.0.2.1"
	two     = "www.example.com. 3600 A 192.0.2.2"
)

func TestRecord_LivesAtAllThree(t *testing.T) {
	s := newStage(t)
	s.apply(record(nil), 0)
	s.holds(one)
	for _, name := range []string{"cloudflare", "desec", "memory"} {
		if got := s.attr(address, "operators", name, "status"); got != "in_sync" {
			t.Errorf("%s is %v", name, got)
		}
	}
	s.plan(record(nil), 0)
	s.apply(record(map[string]any{"values": []string{"192.0.2.2"}}), 0)
	s.holds(two)
	s.apply(protocol.Config{}, 0)
	s.holds()
}

// TestRecord_SettingOfItsOwn: it is written at its operator alone, a drift is seen, and what is not declared any more
// is left as it is.
func TestRecord_SettingOfItsOwn(t *testing.T) {
	s := newStage(t)
	noted := func(note string) protocol.Config {
		return record(map[string]any{"memory": map[string]any{"note": note}})
	}
	s.apply(noted("first"), 0)
	s.note("first")
	before := s.writes()
	s.apply(noted("second"), 0)
	s.note("second")
	want := maps.Clone(before)
	want["memory"]++
	if diff := cmp.Diff(want, s.writes()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	drifted := s.memory.Held()[0]
	drifted.Settings = operator.Settings{"note": "somebody else's"}
	s.memory.Put(drifted)
	s.plan(noted("second"), 2)
	s.apply(noted("second"), 0)
	s.note("second")
	s.apply(record(nil), 0)
	s.note("second")
}

func (s *stage) note(want string) {
	s.Helper()
	if got, _ := s.memory.Held()[0].Settings.Text("note"); got != want {
		s.Errorf("the note is %q, want %q", got, want)
	}
}

// TestRecord_RuleOfItsOwn is told in the plan, by the operator's name, and what differs on purpose obeys it.
func TestRecord_RuleOfItsOwn(t *testing.T) {
	s := newStage(t)
	many := []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}
	s.plan(record(map[string]any{"values": many}), 1, "Memory cannot hold this RRset", "at most 3 values", "memory.values")
	s.apply(record(map[string]any{"values": many, "memory": map[string]any{"values": many[:1]}}), 0)
	s.holdsAt("memory", one)
	s.holdsAt("desec", "www.example.com. 3600 A 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4")
	s.plan(record(map[string]any{"name": "low", "ttl": 60, "desec": map[string]any{"ttl": 3600}}), 1, "memory = { ttl = 120 }")
}

func TestRecord_OutageIsOwedAndHealed(t *testing.T) {
	s := newStage(t)
	s.memory.Down("no answer")
	s.apply(record(nil), 0, "Memory did not answer", "no answer")
	s.holdsAt("cloudflare", one)
	s.holdsAt("desec", one)
	s.holdsAt("memory")
	if got := s.attr(address, "operators", "memory", "status"); got != "out_of_sync" {
		t.Errorf("memory is %v", got)
	}
	s.plan(record(nil), 2)
	s.memory.Down("")
	s.apply(record(nil), 0)
	s.holds(one)
	s.plan(record(nil), 0)
	s.memory.Down("no answer")
	s.apply(protocol.Config{}, 1, "could not be deleted at Memory")
	s.holdsAt("desec")
	s.holdsAt("memory", one)
	s.memory.Down("")
	s.apply(protocol.Config{}, 0)
	s.holds()
}

// TestRecord_RealOperatorsOut: it is written while nobody else answers.
func TestRecord_RealOperatorsOut(t *testing.T) {
	s := newStage(t)
	for _, name := range []string{"cloudflare", "desec"} {
		s.box.Site(name).Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
	}
	s.apply(record(nil), 0, "Cloudflare did not answer", "deSEC did not answer")
	s.holdsAt("memory", one)
	s.memory.Down("no answer")
	s.apply(record(map[string]any{"values": []string{"192.0.2.2"}}), 1)
	s.holdsAt("memory", one)
}

// TestRecord_MaxWaitIsKept: max_wait is 10 s.
func TestRecord_MaxWaitIsKept(t *testing.T) {
	s := newStage(t)
	s.memory.Busy(11 * time.Second)
	s.apply(record(nil), 0, "max_wait bounds how long")
	s.holdsAt("memory")
	s.memory.Busy(time.Second)
	s.apply(record(nil), 0)
	s.holds(one)
}

func TestRecord_RefusalIsRolledBack(t *testing.T) {
	s := newStage(t)
	s.memory.Refuse("the moon is full")
	s.apply(record(nil), 1, `REFUSED: "the moon is full"`)
	s.holds()
	if len(s.project.State) != 0 {
		t.Errorf("state: %v", s.project.State)
	}
}

func TestRecord_ConflictNamesIt(t *testing.T) {
	s := newStage(t)
	s.put("www", "A", 600, "203.0.113.1")
	s.plan(record(nil), 1, "RRset exists already", "203.0.113.1")
	s.apply(record(map[string]any{"overwrite": true}), 0)
	s.holds(one)
}

func TestRecord_Import(t *testing.T) {
	s := newStage(t)
	s.apply(record(map[string]any{"memory": map[string]any{"ttl": 7200, "note": "kept"}}), 0)
	s.project.State = map[string]*protocol.Instance{}
	s.exits(s.project.Import(t.Context(), address, "multidns_record", "example.com/www/A"), 0)
	if got := s.attr(address, "memory", "ttl"); got != 7200.0 && got != int64(7200) {
		t.Errorf("memory.ttl is %v (%T)", got, got)
	}
	if got := s.attr(address, "cloudflare"); got != nil {
		t.Errorf("cloudflare is %v", got)
	}
	before := s.writes()
	s.plan(record(map[string]any{"memory": map[string]any{"ttl": 7200}}), 0)
	if diff := cmp.Diff(before, s.writes()); diff != "" {
		t.Error(diff)
	}
}

func (s *stage) put(name, typ string, ttl uint32, values ...string) {
	s.Helper()
	key, err := rrset.NewKey(s.box.Zone, name, typ)
	if err != nil {
		s.Fatal(err)
	}
	s.memory.Put(operator.RRset{RRset: rrset.Observed(key, ttl, values)})
}
