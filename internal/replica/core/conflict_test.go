package core_test

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

func holding(t *testing.T, ttl uint32, settings operator.Settings, values ...string) operator.RRset {
	t.Helper()
	key, err := rrset.NewKey("example.com", "www", "TXT")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rrset.New(key, ttl, values)
	if err != nil {
		t.Fatal(err)
	}
	return operator.RRset{RRset: r, Settings: settings}
}

// A conflict says what is held and never what is declared: that may be sensitive (design/sensitive-values.md).
func TestConflict_SaysWhatIsHeld(t *testing.T) {
	off := operator.Settings{"proxied": false}
	for name, test := range map[string]struct {
		want, held operator.RRset
		text       string
	}{
		"other values": {
			holding(t, 300, nil, "secret"), holding(t, 60, nil, "foreign"),
			`one already holds www.example.com. TXT with ttl 60 and values ["foreign"]`,
		},
		"the same values": {
			holding(t, 300, nil, "secret"), holding(t, 60, nil, "secret"),
			"one already holds www.example.com. TXT with ttl 60 and the declared values",
		},
		"some of them": {
			holding(t, 300, nil, "secret", "second"), holding(t, 300, nil, "secret"),
			"one already holds www.example.com. TXT with ttl 300 and 1 of the declared values",
		},
		"one more": {
			holding(t, 300, nil, "secret"), holding(t, 300, nil, "secret", "foreign"),
			`one already holds www.example.com. TXT with ttl 300 and 1 of the declared values and ["foreign"]`,
		},
		"settings alone": {
			holding(t, 300, off, "secret"), holding(t, 300, operator.Settings{"proxied": true}, "secret"),
			"one already holds www.example.com. TXT with ttl 300 and the declared values; proxied is true instead of false",
		},
	} {
		err := core.Conflict("one", test.want, &test.held, nil, nil, false)
		if err == nil || err.Error() != test.text {
			t.Errorf("%s:\n got %v\nwant %s", name, err, test.text)
		}
		if err := core.Conflict("one", test.want, &test.held, nil, nil, true); err != nil {
			t.Errorf("%s: a conflict although it may be overwritten: %v", name, err)
		}
	}
}

// TestConflict_WithOurs: what is ours may be replaced, be it under the same key or under another one.
func TestConflict_WithOurs(t *testing.T) {
	want, held := holding(t, 300, nil, "new"), holding(t, 60, nil, "old")
	for what, c := range map[string]struct {
		held   *operator.RRset
		others []operator.RRset
		ours   []rrset.Key
		free   bool
	}{
		"somebody else's":        {held: &held},
		"ours":                   {held: &held, ours: []rrset.Key{want.Key}, free: true},
		"ours of another type":   {held: &held, ours: []rrset.Key{want.WithType("A")}},
		"beside somebody else's": {others: []operator.RRset{cname}},
		"beside ours":            {others: []operator.RRset{cname}, ours: []rrset.Key{cname.Key}, free: true},
		"beside ours, and held":  {held: &held, others: []operator.RRset{cname}, ours: []rrset.Key{cname.Key}},
	} {
		if err := core.Conflict("one", want, c.held, c.others, c.ours, false); (err == nil) != c.free {
			t.Errorf("%s: %v", what, err)
		}
	}
}
