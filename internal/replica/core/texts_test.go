package core_test

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
)

// TestDifference: in what words a difference is told, with what was declared and without.
func TestDifference(t *testing.T) {
	slow, uneven := record("www", "A", 60, "192.0.2.1"), a1
	uneven.Uneven = true
	for _, c := range []struct {
		what              string
		held              *operator.RRset
		difference, drift string
	}{
		{"equal", &a1, "", ""},
		{"missing", nil, "missing", "missing"},
		{"other values", &a2, "values are [192.0.2.2] instead of [192.0.2.1]", "values differ"},
		{"another TTL", &slow, "ttl is 60 instead of 3600", "ttl is 60 instead of 3600"},
		{"several TTLs", &uneven, "the records have different TTLs", "the records have different TTLs"},
	} {
		if got := core.Difference(a1, c.held); got != c.difference {
			t.Errorf("%s: %q", c.what, got)
		}
		if got := core.Drift(a1, c.held); got != c.drift {
			t.Errorf("%s without values: %q", c.what, got)
		}
	}
}

// TestConflict_OfTypes: types that cannot stand beside a CNAME are named.
func TestConflict_OfTypes(t *testing.T) {
	err := core.Conflict("one", cname, nil, []operator.RRset{a1, aaaa}, nil, false)
	if want := "one already holds A, AAAA at www.example.com., and a CNAME cannot stand beside other types (RFC 1034 section 3.6.2)"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestLowestTTL: the apex NS RRset, which the service made, does not count; everything else does, once all of the zone
// is known.
func TestLowestTTL(t *testing.T) {
	for want, held := range map[uint32][]operator.RRset{
		3600: {a1, record("@", "NS", 60, "ns1.example.net.")},
		300:  {a1, record("@", "NS", 60, "ns1.example.net."), record("@", "MX", 300, "10 mx.example.net.")},
		120:  append(many(8, 600), record("child", "NS", 120, "ns1.example.net.")),
		0:    {record("@", "NS", 60, "ns1.example.net.")},
	} {
		s := newScene(t)
		s.hold(held...)
		if got := s.walk.machine.LowestTTL("one", zone); got != 0 {
			t.Errorf("%d before the zone is known", got)
		}
		s.look(a1.Key)
		s.play(well)
		if got := s.walk.machine.LowestTTL("one", zone); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
}

// TestOutcome: what may stand, by what is known of it.
func TestOutcome(t *testing.T) {
	doubt := &operator.OutageError{Operator: "one", Action: "write", Reason: "silence", InDoubt: true}
	out := &operator.OutageError{Operator: "one", Action: "write", Reason: "down"}
	for _, c := range []struct {
		what       string
		o          core.Outcome
		doubt, may bool
	}{
		{"done", core.Outcome{}, false, true},
		{"not sent", core.Outcome{Err: out}, false, false},
		{"not answered", core.Outcome{Err: doubt}, true, true},
		{"not answered, and read", core.Outcome{Err: doubt, Known: true}, true, false},
		{"refused", core.Outcome{Err: &operator.RefusalError{Operator: "one", Action: "write", Message: "no"}}, false, false},
	} {
		if c.o.InDoubt() != c.doubt || c.o.MayStand() != c.may {
			t.Errorf("%s: in doubt %t, may stand %t", c.what, c.o.InDoubt(), c.o.MayStand())
		}
	}
}

// TestOutcome_OfADeletion: what may be gone, by what is known of it. What was left there on purpose is not.
func TestOutcome_OfADeletion(t *testing.T) {
	doubt := &operator.OutageError{Operator: "one", Action: "write", Reason: "silence", InDoubt: true}
	for _, c := range []struct {
		what        string
		o           core.Outcome
		gone, there bool
	}{
		{"done", core.Outcome{Known: true}, true, false},
		{"kept for another address", core.Outcome{Kept: true}, false, false},
		{"no zone", core.Outcome{NoZone: true}, false, false},
		{"not answered", core.Outcome{Err: doubt}, true, false},
		{"not answered, and there", core.Outcome{Err: doubt, Known: true, Held: &a1}, false, false},
		{"refused", core.Outcome{Err: &operator.RefusalError{Operator: "one", Action: "write", Message: "no"}}, false, false},
		{"not taken over", core.Outcome{Err: core.ErrNotTaken, Wrote: true}, false, true},
		{"not succeeded", core.Outcome{Err: core.ErrNotSucceeded, Known: true}, false, true},
		{"taken back", core.Outcome{Err: core.ErrTakenBack, Known: true}, false, true},
	} {
		if c.o.MayBeGone() != c.gone || c.o.LeftThere() != c.there {
			t.Errorf("%s: may be gone %t, left there %t", c.what, c.o.MayBeGone(), c.o.LeftThere())
		}
	}
}
