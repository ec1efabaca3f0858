package replica

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// TestDigest: what would be told as a difference is another digest, what means the same is the same.
func TestDigest(t *testing.T) {
	www := keyOf(t, "www", "A")
	is := func(ttl uint32, uneven bool, settings operator.Settings, values ...string) string {
		return digest(operator.RRset{RRset: rrset.Observed(www, ttl, values), Uneven: uneven, Settings: settings})
	}
	base := is(60, false, operator.Settings{"tags": []string{"a", "b"}, "proxied": false}, "192.0.2.1", "192.0.2.2")
	same := map[string]string{
		"values in another order": is(60, false, operator.Settings{"tags": []string{"a", "b"}, "proxied": false}, "192.0.2.2", "192.0.2.1"),
		"a list in another order": is(60, false, operator.Settings{"tags": []string{"b", "a"}, "proxied": false}, "192.0.2.1", "192.0.2.2"),
		"off and not there":       is(60, false, operator.Settings{"tags": []string{"a", "b"}, "comment": ""}, "192.0.2.1", "192.0.2.2"),
	}
	for what, other := range same {
		if other != base {
			t.Errorf("%s: another digest", what)
		}
	}
	for what, other := range map[string]string{
		"a value":   is(60, false, operator.Settings{"tags": []string{"a", "b"}}, "192.0.2.1", "192.0.2.3"),
		"the TTL":   is(61, false, operator.Settings{"tags": []string{"a", "b"}}, "192.0.2.1", "192.0.2.2"),
		"uneven":    is(60, true, operator.Settings{"tags": []string{"a", "b"}}, "192.0.2.1", "192.0.2.2"),
		"a list":    is(60, false, operator.Settings{"tags": []string{"a"}}, "192.0.2.1", "192.0.2.2"),
		"a flag":    is(60, false, operator.Settings{"tags": []string{"a", "b"}, "proxied": true}, "192.0.2.1", "192.0.2.2"),
		"a comment": is(60, false, operator.Settings{"tags": []string{"a", "b"}, "comment": "c"}, "192.0.2.1", "192.0.2.2"),
		"the type":  digest(operator.RRset{RRset: rrset.Observed(www.WithType("TXT"), 60, []string{"192.0.2.1", "192.0.2.2"})}),
	} {
		if other == base {
			t.Errorf("%s: the same digest", what)
		}
	}
}

// TestDeparting_Believed: a note makes an RRset ours where the operator holds what the note is of, nowhere where
// another one stands, and where nothing can be told only if it is true elsewhere.
func TestDeparting_Believed(t *testing.T) {
	www := keyOf(t, "www", "A")
	was := operator.RRset{RRset: rrset.Observed(www, 60, []string{"192.0.2.1"})}
	other := operator.RRset{RRset: rrset.Observed(www, 60, []string{"192.0.2.9"})}
	held, changed, absent, out := Observation{Held: &was}, Observation{Held: &other}, Observation{}, Observation{Err: errors.New("out")}
	beside := Observation{Others: []operator.RRset{was}} // looked at for another type
	on := func(names ...string) map[string]bool {
		set := map[string]bool{}
		for _, name := range names {
			set[name] = true
		}
		return set
	}
	noted := evidence{"one": digest(was), "two": digest(was)}
	for what, c := range map[string]struct {
		noted    departing
		one, two Observation
		ours     []string
	}{
		"as noted":                                       {departing{Held: noted}, held, held, []string{"one", "two"}},
		"seen beside another type":                       {departing{Held: noted}, beside, beside, []string{"one", "two"}},
		"changed everywhere":                             {departing{Held: noted}, changed, changed, nil},
		"changed at one":                                 {departing{Held: noted}, changed, held, []string{"two"}},
		"deleted at one":                                 {departing{Held: noted}, absent, held, []string{"two"}},
		"deleted":                                        {departing{Held: noted}, absent, absent, nil},
		"one is out":                                     {departing{Held: noted}, out, held, []string{"one", "two"}},
		"one is out, the other differs":                  {departing{Held: noted}, out, changed, nil},
		"one is out, the other has none":                 {departing{Held: noted}, out, absent, nil},
		"all are out":                                    {departing{Held: noted}, out, out, nil},
		"one was out":                                    {departing{Held: evidence{"two": digest(was)}}, changed, held, []string{"one", "two"}},
		"one was out, the other differs":                 {departing{Held: evidence{"two": digest(was)}}, held, changed, nil},
		"of an older version":                            {departing{}, held, held, nil},
		"deleted at one before, the other is out":        {departing{}, absent, out, []string{"two"}},
		"deleted at one before, the other was out":       {departing{}, absent, held, []string{"two"}},
		"deleted at one since, the other is out":         {departing{Held: evidence{"one": digest(was)}}, absent, out, nil},
		"deleted at one before, and held now":            {departing{Held: evidence{"two": digest(was)}}, held, changed, nil},
		"deleted at one before, the other changed":       {departing{Held: evidence{"two": digest(was)}}, absent, changed, nil},
		"deleted at one before, foreign where it is out": {departing{Departing: core.Departing{Foreign: on("two")}}, absent, out, nil},
		"former at one, which is out":                    {departing{Departing: core.Departing{At: on("one")}}, out, absent, nil},
		"foreign at one":                                 {departing{Departing: core.Departing{Foreign: on("one")}, Held: noted}, held, held, []string{"two"}},
		"foreign at one, which is out":                   {departing{Departing: core.Departing{Foreign: on("one")}, Held: noted}, out, held, []string{"two"}},
		"former at one":                                  {departing{Departing: core.Departing{At: on("one")}, Held: noted}, held, held, []string{"one"}},
		"former at one, changed":                         {departing{Departing: core.Departing{At: on("one")}, Held: noted}, changed, held, nil},
	} {
		told, ok := c.noted.believed(www, map[string]Observation{"one": c.one, "two": c.two})
		var ours []string
		for _, name := range []string{"one", "two"} {
			if told.At[name] || len(told.At) == 0 && !told.Foreign[name] {
				ours = append(ours, name)
			}
		}
		if ok != (len(c.ours) > 0) || ok && !slices.Equal(ours, c.ours) {
			t.Errorf("%s: ours at %v (%t), want %v", what, ours, ok, c.ours)
		}
		if ok && len(c.noted.At) > 0 && (told.Foreign != nil || !maps.Equal(told.At, on(c.ours...))) {
			t.Errorf("%s: %+v", what, told)
		}
	}
}

// TestDeparting_BelievedOfThree: what has changed at one operator may have changed at one that does not answer.
func TestDeparting_BelievedOfThree(t *testing.T) {
	www := keyOf(t, "www", "A")
	was := operator.RRset{RRset: rrset.Observed(www, 60, []string{"192.0.2.1"})}
	other := operator.RRset{RRset: rrset.Observed(www, 60, []string{"192.0.2.9"})}
	noted := departing{Held: evidence{"one": digest(was), "two": digest(was), "three": digest(was)}}
	told, ok := noted.believed(www, map[string]Observation{"one": {Held: &was}, "two": {Held: &other}, "three": {Err: errors.New("out")}})
	if !ok || told.Foreign["one"] || !told.Foreign["two"] || !told.Foreign["three"] {
		t.Errorf("%+v, %t", told, ok)
	}
}

// FuzzEvidence reads a word that anybody may have written.
func FuzzEvidence(f *testing.F) {
	f.Add("one=0011,two=2233")
	f.Add("=,==,")
	f.Fuzz(func(t *testing.T, text string) {
		e := parseEvidence(text)
		if again := parseEvidence(e.String()); len(e) == 1 && len(again) != 1 {
			t.Errorf("%q is %v and then %v", text, e, again)
		}
	})
}

// TestEvidence_Or: what is either of both is known by either, in the file as well, and nothing twice.
func TestEvidence_Or(t *testing.T) {
	was := operator.RRset{RRset: rrset.Observed(keyOf(t, "www", "A"), 60, []string{"192.0.2.1"})}
	next := operator.RRset{RRset: rrset.Observed(keyOf(t, "www", "A"), 60, []string{"192.0.2.2"})}
	other := operator.RRset{RRset: rrset.Observed(keyOf(t, "www", "A"), 60, []string{"192.0.2.9"})}
	of := func(held map[string]*operator.RRset) evidence { return evidenceOf(held) }
	one, two := of(map[string]*operator.RRset{"one": &was, "two": &was}), of(map[string]*operator.RRset{"one": &next, "three": &next})
	both := parseEvidence(one.or(two).or(two).or(two.or(one)).or(nil).String())
	for _, c := range []struct {
		name string
		held operator.RRset
		want bool
	}{
		{"one", was, true},
		{"one", next, true},
		{"one", other, false},
		{"two", was, true},
		{"two", next, false},
		{"three", next, true},
		{"four", was, false},
	} {
		if both.holds(c.name, &c.held) != c.want {
			t.Errorf("%s, %v: want %t of %v", c.name, c.held.Values, c.want, both)
		}
	}
	if len(both["one"]) != len(one["one"])+len(either)+len(two["one"]) || len(one["one"]) == 0 {
		t.Errorf("%v: something is said twice", both)
	}
	if evidence(nil).or(one).String() != one.String() {
		t.Error("what is either of nothing and something is that")
	}
}
