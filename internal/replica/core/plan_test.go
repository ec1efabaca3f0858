package core_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

func names(set map[string]bool) string {
	var in []string
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if set[name] {
			in = append(in, name)
		}
	}
	return strings.Join(in, " ")
}

func only(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// split is what is declared when the operators shall hold different RRsets.
func split(one, two operator.RRset) core.Desired { return core.Desired{"one": one, "two": two} }

// TestPlan_Writes is the table in the comment on core.Decision.
func TestPlan_Writes(t *testing.T) {
	slow := record("www", "A", 60, "192.0.2.1")
	dressed := record("www", "A", 3600, "192.0.2.1")
	dressed.Settings = operator.Settings{"proxied": true}
	prior := func(want core.Desired, change func(*core.Prior)) *core.Prior {
		p := &core.Prior{Key: a1.Key, Want: want, Owed: map[string]bool{}}
		if change != nil {
			change(p)
		}
		return p
	}
	for _, c := range []struct {
		what               string
		want               core.Desired
		prior              *core.Prior
		givenUp            bool
		writes, ask, check string
	}{
		{"creation", desired(a1), nil, false, "one two", "one two", ""},
		{"nothing", desired(a1), prior(desired(a1), nil), false, "", "", ""},
		{"other values", desired(a2), prior(desired(a1), nil), false, "one two", "", "one two"},
		{"other values at one", split(a2, a1), prior(desired(a1), nil), false, "one", "", "one"},
		{"another TTL", desired(slow), prior(desired(a1), nil), false, "one two", "one two", ""},
		{"another TTL at one", split(slow, a1), prior(desired(a1), nil), false, "one", "one", ""},
		{"a setting at two", split(a1, dressed), prior(desired(a1), nil), false, "two", "", "two"},
		{"another type", desired(aaaa), prior(desired(a1), nil), false, "one two", "one two", ""},
		{"another name", desired(api1), prior(desired(a1), nil), false, "one two", "one two", ""},
		{"not known before", desired(a1), prior(nil, nil), false, "one two", "one two", ""},
		{"owed", desired(a1), prior(desired(a1), func(p *core.Prior) { p.Owed = only("two") }), false, "two", "", ""},
		{"owed and changed at one", split(a2, a1), prior(desired(a1), func(p *core.Prior) { p.Owed = only("two") }), false, "one two", "", "one"},
		{"may be undone at one", desired(a1), prior(desired(a1), func(p *core.Prior) { p.Ownership = doubts(core.MayGo) }), false, "one", "", ""},
		{"may be changed at one", desired(a1), prior(desired(a1), func(p *core.Prior) { p.Ownership = doubts(core.MayChange) }), false, "one", "", ""},
		{"may come at one", desired(a1), prior(desired(a1), func(p *core.Prior) { p.Ownership = doubts(core.MayCome) }), false, "", "", ""},
		{"never read", desired(a1), prior(desired(a1), func(p *core.Prior) { p.Foreign = only("one") }), false, "", "one", ""},
		{"never read, and changed", desired(a2), prior(desired(a1), func(p *core.Prior) { p.Foreign = only("one") }), false, "one two", "one", "one two"},
		{"given up by another address", desired(a1), prior(desired(a1), nil), true, "one two", "", ""},
	} {
		d := core.Plan(core.Request{Want: c.want, Prior: c.prior, GivenUp: c.givenUp})
		if names(d.Writes) != c.writes || names(d.Ask) != c.ask || names(d.Check) != c.check {
			t.Errorf("%s: writes %q, asks %q, checks %q; want %q, %q, %q",
				c.what, names(d.Writes), names(d.Ask), names(d.Check), c.writes, c.ask, c.check)
		}
	}
}

// TestPlan_Conflict says for what is held and what was known whether it stands in the way, and whether that may be
// ours.
func TestPlan_Conflict(t *testing.T) {
	was := core.Ownership{Former: former("one", "CNAME")}
	were := core.Ownership{Former: former("one", "A", "AAAA")}
	foreign := core.Ownership{Foreign: only("one")}
	mx := record("www", "MX", 3600, "10 mx.example.net.")
	at := func(key operator.RRset, own core.Ownership) *core.Prior {
		return &core.Prior{Key: key.Key, Want: desired(key), Ownership: own}
	}
	for _, c := range []struct {
		what      string
		want      operator.RRset
		prior     *core.Prior
		holds     []operator.RRset
		overwrite bool
		conflict  string // awaited keys; "-" if there is none, "foreign" if it cannot be ours
	}{
		{"nothing there", a1, nil, nil, false, "-"},
		{"equal", a1, nil, []operator.RRset{a1}, false, "-"},
		{"other values", a1, nil, []operator.RRset{a2}, false, "www.example.com. A"},
		{"other values, overwritten", a1, nil, []operator.RRset{a2}, true, "-"},
		{"beside another type", a1, nil, []operator.RRset{aaaa}, false, "-"},
		{"beside a CNAME", a1, nil, []operator.RRset{cname}, false, "www.example.com. CNAME"},
		{"beside a CNAME, overwritten", a1, nil, []operator.RRset{cname}, true, "www.example.com. CNAME"},
		{"a CNAME beside two", cname, nil, []operator.RRset{a1, aaaa}, false, "www.example.com. A, www.example.com. AAAA"},
		{"ours has drifted", a1, at(a1, core.Ownership{}), []operator.RRset{a2}, false, "-"},
		{"never read, other values", a1, at(a1, foreign), []operator.RRset{a2}, false, "foreign"},
		{"never read, equal", a1, at(a1, foreign), []operator.RRset{a1}, false, "-"},
		{"never read, overwritten", a1, at(a1, foreign), []operator.RRset{a2}, true, "-"},
		{"another type takes the place of ours", cname, at(a1, core.Ownership{}), []operator.RRset{a1}, false, "-"},
		{"and meets one of its own", cname, at(a1, core.Ownership{}), []operator.RRset{a1, aaaa}, false, "www.example.com. AAAA"},
		{"another type, never read", cname, at(a1, foreign), []operator.RRset{a1}, false, "www.example.com. A"},
		{"another type, never read, meets other values", aaaa, at(a1, foreign), []operator.RRset{record("www", "AAAA", 60, "2001:db8::9")}, false, "www.example.com. AAAA"},
		{"another name, never read, meets other values", api1, at(a1, foreign), []operator.RRset{api2}, false, "api.example.com. A"},
		{"another type meets other values", aaaa, at(a1, core.Ownership{}), []operator.RRset{a1, record("www", "AAAA", 60, "2001:db8::9")}, false, "www.example.com. AAAA"},
		{"back to the former type", cname, at(a1, was), []operator.RRset{cname}, false, "-"},
		{"back to the former type, drifted", record("www", "CNAME", 60, "other.example.net."), at(a1, was), []operator.RRset{cname}, false, "-"},
		{"a third type in place of the former", record("www", "TXT", 60, `"x"`), at(a1, was), []operator.RRset{cname}, false, "-"},
		{"a CNAME in place of two former types", cname, at(txt, were), []operator.RRset{a1, aaaa, txt}, false, "-"},
		{"and meets another one", cname, at(txt, were), []operator.RRset{a1, aaaa, mx}, false, "www.example.com. MX"},
		{"back to one of two former types", a1, at(cname, were), []operator.RRset{a2, aaaa}, false, "-"},
		{"a new name under a former type", record("api", "CNAME", 60, "other.example.net."), at(a1, was), []operator.RRset{record("api", "CNAME", 60, "front.example.net.")}, false, "api.example.com. CNAME"},
	} {
		d := core.Plan(core.Request{Want: desired(c.want), Prior: c.prior, Overwrite: c.overwrite})
		var seen core.Observation
		for _, r := range c.holds {
			if r.Key == c.want.Key {
				seen.Held = &r
			} else {
				seen.Others = append(seen.Others, r)
			}
		}
		got := "-"
		if err := d.Conflict("one", c.want, seen); err != nil {
			keys, ok := d.Awaits(err)
			got = "foreign"
			if ok {
				got = strings.Join(texts(keys), ", ")
			}
		}
		if got != c.conflict {
			t.Errorf("%s: %s, want %s", c.what, got, c.conflict)
		}
	}
	if _, ok := core.Plan(core.Request{Want: desired(a1)}).Awaits(fmt.Errorf("another error")); ok {
		t.Error("an error that is no conflict is awaited")
	}
}

func texts(keys []rrset.Key) []string {
	var all []string
	for _, key := range keys {
		all = append(all, key.String())
	}
	return all
}
