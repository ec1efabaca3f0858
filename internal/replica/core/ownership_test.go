package core_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// former is what one operator holds of former types.
func former(name string, types ...string) map[string]map[string]bool {
	return map[string]map[string]bool{name: only(types...)}
}

// anywhere is what both operators hold of types.
func anywhere(types ...string) map[string]map[string]bool {
	return map[string]map[string]bool{"one": only(types...), "two": only(types...)}
}

// told is an Ownership in one line: "foreign one; former two=A; ceded one=CNAME".
func told(o core.Ownership) string {
	var parts []string
	set := func(what string, m map[string]bool) {
		if len(m) > 0 {
			parts = append(parts, what+" "+names(m))
		}
	}
	set("foreign", o.Foreign)
	for _, name := range slices.Sorted(maps.Keys(o.Former)) {
		parts = append(parts, "former "+name+"="+names(o.Former[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(o.Ceded)) {
		parts = append(parts, "ceded "+name+"="+names(o.Ceded[name]))
	}
	set("unpublished", o.Unpublished)
	return strings.Join(parts, "; ")
}

func TestOwnership_AfterCreate(t *testing.T) {
	for want, outcomes := range map[string]map[string]core.Outcome{
		"":                             {"one": {Known: true}, "two": {}},
		"foreign two":                  {"one": {}, "two": {Foreign: true, Err: errors.New("out")}},
		"unpublished one":              {"one": {Unpublished: true}, "two": {}},
		"foreign two; unpublished one": {"one": {Unpublished: true}, "two": {Foreign: true}},
	} {
		if got := told(core.AfterCreate(outcomes)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestOwnership_AfterUpdate(t *testing.T) {
	out := errors.New("out")
	all := core.Ownership{
		Foreign: only("one"), Former: former("two", "TXT", "MX"), Ceded: anywhere("AAAA"), Unpublished: only("one", "two"),
	}
	for _, c := range []struct {
		what     string
		before   core.Ownership
		outcomes map[string]core.Outcome
		want     string
	}{
		{"all is well", core.Ownership{}, map[string]core.Outcome{"one": {}, "two": {}}, ""},
		{"all is well again", all, map[string]core.Outcome{"one": {}, "two": {}}, "ceded one=AAAA; ceded two=AAAA"},
		{"all fails", all, map[string]core.Outcome{"one": {Err: out, Foreign: true}, "two": {Err: out, Former: only("TXT", "MX")}},
			"foreign one; former two=MX TXT; ceded one=AAAA; ceded two=AAAA; unpublished one two"},
		{"only one is written", all, map[string]core.Outcome{"one": {}}, "former two=MX TXT; ceded one=AAAA; ceded two=AAAA; unpublished two"},
		{"only two is written", all, map[string]core.Outcome{"two": {}}, "foreign one; ceded one=AAAA; ceded two=AAAA; unpublished one"},
		{"a type fails at two", core.Ownership{}, map[string]core.Outcome{"one": {}, "two": {Err: out, Former: only("A")}}, "former two=A"},
		{"a second type fails at two", core.Ownership{Former: former("two", "TXT")},
			map[string]core.Outcome{"one": {}, "two": {Err: out, Former: only("A", "TXT")}}, "former two=A TXT"},
		{"of two former types one is left to another address", core.Ownership{Former: former("two", "TXT", "A")},
			map[string]core.Outcome{"one": {}, "two": {Err: out, Former: only("TXT"), Ceded: only("A")}}, "former two=TXT; ceded two=A"},
		{"left to other addresses", core.Ownership{Ceded: anywhere("MX")},
			map[string]core.Outcome{"one": {Ceded: only("A")}, "two": {Ceded: only("A", "TXT")}}, "ceded one=A MX; ceded two=A MX TXT"},
		{"declared here again", core.Ownership{Ceded: anywhere("A", "MX")}, map[string]core.Outcome{"one": {}, "two": {Err: out}}, "ceded one=MX; ceded two=MX"},
		{"of another type, ours at one and nowhere else", core.Ownership{Foreign: only("one")},
			map[string]core.Outcome{"one": {Err: out}, "two": {Err: out, Foreign: true, Former: only("TXT")}}, "foreign two; former two=TXT"},
		{"stored and not served", core.Ownership{}, map[string]core.Outcome{"one": {Unpublished: true}, "two": {}}, "unpublished one"},
	} {
		before := told(c.before)
		if got := told(c.before.AfterUpdate(a1.Key, c.outcomes)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		if told(c.before) != before {
			t.Errorf("%s: what was known before is changed to %q", c.what, told(c.before))
		}
	}
}

func TestOwnership_AfterRead(t *testing.T) {
	out := &operator.OutageError{Operator: "one", Action: "read", Reason: "down"}
	noZone := &operator.RefusalError{Operator: "one", Action: "read", Kind: operator.ZoneNotFound, Message: "none"}
	notShown := &operator.RefusalError{Operator: "one", Action: "read", Kind: operator.ZoneNotFound, Unproven: true, Message: "none"}
	same := core.Observation{Held: &a1}
	other := core.Observation{Held: &a2}
	beside := core.Observation{Held: &a1, Others: []operator.RRset{aaaa, txt}}
	for _, c := range []struct {
		what     string
		before   core.Ownership
		seen     core.Observation // at one; at two it is the same as declared
		kept     bool
		public   bool
		want     string
		standing core.Standing
	}{
		{"in order", core.Ownership{}, same, false, false, "", core.AsSeen},
		{"drifted", core.Ownership{}, other, false, false, "", core.AsSeen},
		{"not read", core.Ownership{}, core.Observation{Err: out}, false, false, "", core.Unreadable},
		{"no zone", core.Ownership{}, core.Observation{Err: noZone}, false, false, "", core.NoSuchZone},
		{"no zone, by an empty answer", core.Ownership{}, core.Observation{Err: notShown}, false, false, "", core.Unreadable},
		{"never read, and not now", core.Ownership{Foreign: only("one")}, core.Observation{Err: out}, false, false, "foreign one", core.Unreadable},
		{"never read, another one", core.Ownership{Foreign: only("one")}, other, false, false, "foreign one", core.NotOurs},
		{"never read, equal", core.Ownership{Foreign: only("one")}, same, false, false, "", core.AsSeen},
		{"never read, nothing there", core.Ownership{Foreign: only("one")}, core.Observation{}, false, false, "", core.AsSeen},
		{"former type still there", core.Ownership{Former: former("one", "AAAA")}, beside, false, false, "former one=AAAA", core.NotReplaced},
		{"two former types still there", core.Ownership{Former: former("one", "AAAA", "TXT")}, beside, false, false, "former one=AAAA TXT", core.NotReplaced},
		{"one of two still there", core.Ownership{Former: former("one", "MX", "TXT")}, beside, false, false, "former one=TXT", core.NotReplaced},
		{"two former types not read", core.Ownership{Former: former("one", "MX", "TXT")}, core.Observation{Err: out}, false, false, "former one=MX TXT", core.Unreadable},
		{"former types of another operator", core.Ownership{Former: former("three", "AAAA", "TXT")}, beside, false, false, "", core.AsSeen},
		{"former type gone", core.Ownership{Former: former("one", "AAAA")}, same, false, false, "", core.AsSeen},
		{"former type not read", core.Ownership{Former: former("one", "AAAA")}, core.Observation{Err: out}, false, false, "former one=AAAA", core.Unreadable},
		{"left to another, not taken", core.Ownership{Ceded: anywhere("AAAA")}, same, false, false, "ceded one=AAAA; ceded two=AAAA", core.AsSeen},
		{"left to another, taken", core.Ownership{Ceded: anywhere("AAAA")}, same, true, false, "", core.AsSeen},
		{"handed over", core.Ownership{Ceded: anywhere("A")}, same, true, false, "ceded one=A; ceded two=A", core.HandedOver},
		{"handed over, former type still there", core.Ownership{Ceded: anywhere("A"), Former: former("one", "AAAA")}, beside, true, false,
			"former one=AAAA; ceded one=A; ceded two=A", core.NotReplaced},
		{"handed over, not read", core.Ownership{Ceded: anywhere("A")}, core.Observation{Err: out}, true, false, "ceded one=A; ceded two=A", core.Unreadable},
		{"still not served", core.Ownership{Unpublished: only("one")}, same, false, false, "unpublished one", core.NotPublished},
		{"served by now", core.Ownership{Unpublished: only("one")}, same, false, true, "", core.AsSeen},
		{"not served, and drifted", core.Ownership{Unpublished: only("one")}, other, false, false, "unpublished one", core.AsSeen},
		{"not served, and gone", core.Ownership{Unpublished: only("one")}, core.Observation{}, false, false, "", core.AsSeen},
		{"not served, a former type there", core.Ownership{Former: former("one", "TXT"), Unpublished: only("one")}, beside, false, false, "former one=TXT; unpublished one", core.NotReplaced},
		{"never read, another one and a former type", core.Ownership{Foreign: only("one"), Former: former("one", "TXT")},
			core.Observation{Held: &a2, Others: []operator.RRset{txt}}, false, false, "foreign one; former one=TXT", core.NotReplaced},
		{"never read, equal, a former type", core.Ownership{Foreign: only("one"), Former: former("one", "TXT")}, beside, false, false, "former one=TXT", core.NotReplaced},
		{"not served, not read", core.Ownership{Unpublished: only("one")}, core.Observation{Err: out}, false, false, "unpublished one", core.Unreadable},
	} {
		asked := 0
		left, standing := c.before.AfterRead(core.Reading{
			Want: desired(a1), Seen: map[string]core.Observation{"one": c.seen, "two": same},
			Kept: func(key rrset.Key) bool { return c.kept && (key == aaaa.Key || key == a1.Key) },
			Unpublished: func(name string) bool {
				asked++
				return name == "one" && !c.public
			},
		})
		atTwo := core.AsSeen
		if c.before.HandedOver(a1.Key) {
			atTwo = core.HandedOver
		}
		if got := told(left); got != c.want || standing["one"] != c.standing || standing["two"] != atTwo {
			t.Errorf("%s: %q, stands %d, want %q, %d", c.what, got, standing["one"], c.want, c.standing)
		}
		if asks := c.before.Unpublished["one"] && c.seen.Held == &a1 && c.standing != core.NotReplaced; asked > 0 != asks {
			t.Errorf("%s: asked %d times whether it is served", c.what, asked)
		}
	}
}

// TestOwnership_Left: a former type is left where it could not be replaced, and not served only where that is known.
func TestOwnership_Left(t *testing.T) {
	o := core.Ownership{Former: map[string]map[string]bool{"one": only("TXT"), "two": only("TXT", "MX")}, Unpublished: only("two")}
	var got []string
	for _, e := range o.Left(a1.Key) {
		got = append(got, e.Key.Type+" at "+names(e.At)+", not served at "+names(e.Unpublished))
	}
	if want := []string{"MX at two, not served at two", "TXT at one two, not served at two"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestOwnership_LeftToOthers: what another address declares now is ours where it was, until it is taken, and what may
// come of a write to this address may change it.
func TestOwnership_LeftToOthers(t *testing.T) {
	o := core.Ownership{
		Former: former("one", "MX"), Ceded: map[string]map[string]bool{"one": only("A", "TXT"), "two": only("TXT")},
		Doubts: map[string]core.Doubt{"two": core.MayCome},
	}
	var got []string
	for _, e := range o.LeftToOthers(aaaa.Key) {
		got = append(got, fmt.Sprintf("%s at %s, %v", e.Key.Type, names(e.At), e.Doubted))
	}
	if want := []string{"A at one, map[two:other]", "TXT at one two, map[two:other]"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	beside := texts(o.Beside(aaaa.Key))
	slices.Sort(beside)
	if want := []string{"www.example.com. A", "www.example.com. MX", "www.example.com. TXT"}; !slices.Equal(beside, want) {
		t.Errorf("beside it %q", beside)
	}
	if !o.HandedOver(a1.Key) || !o.HandedOver(txt.Key) || o.HandedOver(aaaa.Key) || (core.Ownership{Former: former("one", "A")}).HandedOver(a1.Key) {
		t.Error("handed over is what another address has, at one operator at least")
	}
}

// TestOwnership_NotWritten: where nothing was written, all stays as it was.
func TestOwnership_NotWritten(t *testing.T) {
	before := core.Ownership{
		Foreign: only("two"), Former: former("two", "TXT"), Unpublished: only("two"), Doubts: map[string]core.Doubt{"one": core.MayGo, "two": core.MayChange},
	}
	one := map[string]core.Outcome{"one": {}}
	after := before.AfterUpdate(a1.Key, one)
	if told(after) != told(before) || !maps.Equal(after.Doubts, map[string]core.Doubt{"two": core.MayChange}) {
		t.Errorf("%q, %v", told(after), after.Doubts)
	}
	u := core.Update{From: a1.Key, Was: desired(a1), Want: desired(cname), At: only("one")}
	after = before.AfterNothing(u, map[string]core.Outcome{"one": {Err: &operator.OutageError{InDoubt: true}, Doubt: core.MayCome}})
	if got := told(after); got != "foreign two; former one=CNAME; former two=TXT; unpublished two" || !maps.Equal(after.Doubts, map[string]core.Doubt{"one": core.MayChange, "two": core.MayChange}) {
		t.Errorf("%q, %v", got, after.Doubts)
	}
	if told(before) != "foreign two; former two=TXT; unpublished two" {
		t.Errorf("what was known before has changed: %q", told(before))
	}
}

// TestAfterDelete: what a deletion that was not made everywhere leaves as it was, but for what was put back and is not
// served.
func TestAfterDelete(t *testing.T) {
	whole := core.Ownership{Foreign: only("one"), Former: former("two", "TXT"), Ceded: anywhere("AAAA"), Unpublished: only("two")}
	left := whole.AfterDelete(a1.Key, false, map[string]core.Outcome{
		"one": {Err: core.ErrTakenBack, Unpublished: true}, "two": {Err: &operator.OutageError{Operator: "two"}},
	})
	if got := told(left); got != "foreign one; former two=TXT; ceded one=AAAA; ceded two=AAAA; unpublished one two" {
		t.Errorf("%q", got)
	}
	kept := map[string]core.Outcome{"one": {Kept: true}, "two": {Kept: true, Err: &operator.OutageError{Operator: "two"}}}
	for what, c := range map[string]struct {
		before core.Ownership
		again  bool
		want   string
	}{
		"handed over":                  {core.Ownership{Former: former("two", "TXT")}, false, "former two=TXT; ceded one=A; ceded two=A"},
		"handed over, foreign at one":  {core.Ownership{Foreign: only("one"), Ceded: anywhere("MX")}, false, "foreign one; ceded one=MX; ceded two=A MX"},
		"never ours anywhere":          {core.Ownership{Foreign: only("one", "two")}, false, "foreign one two"},
		"declared by itself once more": {core.Ownership{Former: former("two", "TXT")}, true, "former two=TXT"},
	} {
		if got := told(c.before.AfterDelete(a1.Key, c.again, kept)); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if !maps.Equal(whole.Unpublished, only("two")) {
		t.Error("what was known before has changed")
	}
}

// TestOwnership_Kept: it survives being kept as text, and says when there is nothing to keep.
func TestOwnership_Kept(t *testing.T) {
	whole := core.Ownership{Foreign: only("one"), Former: former("two", "TXT", "MX"), Ceded: anywhere("AAAA"), Unpublished: only("two")}
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	var back core.Ownership
	if err := json.Unmarshal(text, &back); err != nil || !back.Equal(whole) {
		t.Errorf("%s is read as %q", text, told(back))
	}
	for _, part := range []core.Ownership{
		{Foreign: whole.Foreign}, {Former: whole.Former}, {Ceded: whole.Ceded}, {Unpublished: whole.Unpublished},
	} {
		if part.None() || part.Equal(core.Ownership{}) || whole.Equal(part) {
			t.Errorf("%q counts as nothing", told(part))
		}
	}
	if !(core.Ownership{}).None() {
		t.Error("nothing counts as something")
	}
	if less := (core.Ownership{Foreign: whole.Foreign, Former: former("two", "TXT"), Ceded: whole.Ceded, Unpublished: whole.Unpublished}); less.Equal(whole) {
		t.Error("a former type less counts as the same")
	}
	whole.Former["one"] = only("TXT")
	if keys := texts(whole.FormerKeys(a1.Key)); !slices.Equal(keys, []string{"www.example.com. MX", "www.example.com. TXT"}) {
		t.Errorf("former keys %v", keys)
	}
}
