package desec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const writeAt = "PATCH /api/v1/domains/example.com/rrsets/ "

func TestClient_Write(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		changes []operator.Change
		sent    string
		body    string
		want    []*operator.RRset
	}{
		{
			"creation", []operator.Change{create("www", "A", 3600, "192.0.2.1", "192.0.2.2")},
			`[{"subname":"www","type":"A","ttl":3600,"records":["192.0.2.1","192.0.2.2"]}]`,
			`[` + wwwA + `]`, []*operator.RRset{&heldA},
		},
		{
			"apex and deletion: nothing is left out of an item",
			[]operator.Change{remove("", "TXT"), change("", "NS", "NS", 3600, "ns1.desec.io.", "ns2.desec.org.")},
			`[{"subname":"","type":"TXT","records":[]},{"subname":"","type":"NS","ttl":3600,"records":["ns1.desec.io.","ns2.desec.org."]}]`,
			`[` + apexNS + `]`, []*operator.RRset{nil, &heldNS},
		},
		{
			"a change of type is a deletion and a creation in one request",
			[]operator.Change{change("www", "CNAME", "A", 7200, "192.0.2.3")},
			`[{"subname":"www","type":"CNAME","records":[]},{"subname":"www","type":"A","ttl":7200,"records":["192.0.2.3"]}]`,
			`[` + wwwB + `]`, []*operator.RRset{&heldB},
		},
		{
			"where types cross at one name, nothing is deleted that another change keeps",
			[]operator.Change{change("www", "A", "TXT", 3600, `"x"`), change("www", "TXT", "A", 7200, "192.0.2.3")},
			`[{"subname":"www","type":"TXT","ttl":3600,"records":["\"x\""]},{"subname":"www","type":"A","ttl":7200,"records":["192.0.2.3"]}]`,
			`[` + wwwB + `,{"subname":"www","type":"TXT","ttl":3600,"records":["\"x\""]}]`,
			[]*operator.RRset{new(held("www", "TXT", 3600, `"x"`)), &heldB},
		},
		{
			"the answer's order is not the request's",
			[]operator.Change{create("www", "A", 7200, "192.0.2.3"), remove("a", "A"), create("", "NS", 3600, "ns1.desec.io.", "ns2.desec.org.")},
			`[{"subname":"www","type":"A","ttl":7200,"records":["192.0.2.3"]},{"subname":"a","type":"A","records":[]},{"subname":"","type":"NS","ttl":3600,"records":["ns1.desec.io.","ns2.desec.org."]}]`,
			`[` + apexNS + `,` + wwwB + `]`, []*operator.RRset{&heldB, nil, &heldNS},
		},
		{
			"what the service says is returned even if it is not what was sent",
			[]operator.Change{create("www", "A", 3600, "192.0.2.1")},
			`[{"subname":"www","type":"A","ttl":3600,"records":["192.0.2.1"]}]`,
			`[` + wwwA + `]`, []*operator.RRset{&heldA},
		},
		{
			"only deletions are answered by an empty list",
			[]operator.Change{remove("www", "A")}, `[{"subname":"www","type":"A","records":[]}]`, `[]`, []*operator.RRset{nil},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := scripted(t, exchange{writeAt + c.sent, 200, "", c.body}).Write(t.Context(), zone, c.changes)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClient_WriteAnswerThatProvesNothingIsInDoubt(t *testing.T) {
	t.Parallel()
	const sent = writeAt + `[{"subname":"www","type":"A","ttl":3600,"records":["192.0.2.1"]}]`
	for _, body := range []string{`[]`, `[null]`, `null`, `{}`, `{"detail":"x"}`, wwwA, `[1]`, `[` + apexNS + `]`} {
		_, err := scripted(t, exchange{sent, 200, "", body}).Write(t.Context(), zone, []operator.Change{create("www", "A", 3600, "192.0.2.1")})
		if e := operator.AsOutage(err); e == nil || !e.InDoubt || e.Stored || e.Action != "write www.example.com. A" {
			t.Errorf("%s gave %#v, want an outage in doubt", body, err)
		}
	}
}

func TestClient_WriteRefusesItsOwnMistakes(t *testing.T) {
	t.Parallel()
	elsewhere := create("www", "A", 3600, "192.0.2.1")
	elsewhere.After.Zone = "example.org."
	renamed := change("www", "A", "A", 3600, "192.0.2.1")
	renamed.Before.Name = "old." + zone
	for _, c := range []struct {
		name   string
		change operator.Change
		says   string
	}{
		{"no RRset at all", operator.Change{}, "needs an RRset"},
		{"another zone's", elsewhere, "not in the zone"},
		{"no values would be a deletion", create("www", "A", 3600), "has no values"},
		{"another name", renamed, "keeps the owner name"},
		{"the apex without NS", remove("", "NS"), "never deleted"},
		{"the apex without NS by type", change("", "NS", "A", 3600, "192.0.2.1"), "never deleted"},
	} {
		_, err := scripted(t).Write(t.Context(), zone, []operator.Change{c.change})
		text := fmt.Sprint(err)
		if e := operator.AsRefusal(err); e != nil {
			text += e.Culprits[0]
		}
		if !strings.Contains(text, c.says) {
			t.Errorf("%s: error is %v, want one that says %q", c.name, err, c.says)
		}
	}
}

func TestClient_SplitByNumber(t *testing.T) {
	t.Parallel()
	var all []operator.Change
	for i := range 1200 {
		all = append(all, create(fmt.Sprintf("n%d", i), "A", 3600, "192.0.2.1"))
	}
	var sizes []int
	for _, run := range new(Client).Split(all) {
		sizes = append(sizes, len(run))
	}
	if diff := cmp.Diff([]int{500, 500, 200}, sizes); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
}

func TestClient_SplitBySize(t *testing.T) {
	t.Parallel()
	var all []operator.Change
	for i := range 20 {
		// 100,000 bytes in the body: each of the two characters is escaped once more.
		all = append(all, create(fmt.Sprintf("n%d", i), "TXT", 3600, strings.Repeat(`\"`, 25000)))
	}
	var sizes []int
	for _, run := range new(Client).Split(all) {
		sizes = append(sizes, len(run))
	}
	if diff := cmp.Diff([]int{8, 8, 4}, sizes); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
}

// TestClient_SplitProperties draws changes of all kinds and sizes; every run must fit, none may be empty or end early,
// and nothing may be lost.
func TestClient_SplitProperties(t *testing.T) {
	t.Parallel()
	c := new(Client)
	rapid.Check(t, func(t *rapid.T) {
		var all []operator.Change
		for i := range rapid.IntRange(0, 1500).Draw(t, "changes") {
			name := fmt.Sprintf("n%d", i)
			switch kind := rapid.IntRange(0, 99).Draw(t, "kind"); {
			case kind < 30:
				all = append(all, change(name, "A", "CNAME", 3600, "front.example.net."))
			case kind < 40:
				all = append(all, remove(name, "A"))
			case kind < 50:
				all = append(all, create(name, "TXT", 3600, `"`+strings.Repeat(`\"`, rapid.IntRange(0, 20000).Draw(t, "size"))+`"`))
			default:
				all = append(all, create(name, "A", 3600, "192.0.2.1"))
			}
		}
		runs := c.Split(all)
		for i, run := range runs {
			items, bytes := sum(run)
			if len(run) == 0 || items > maxItems || bytes > maxBytes {
				t.Errorf("run %d holds %d changes, %d items, %d bytes", i, len(run), items, bytes)
			}
			if i+1 < len(runs) {
				if n, size := sum(append(slices.Clip(run), runs[i+1][0])); n <= maxItems && size <= maxBytes {
					t.Errorf("run %d ends although the next change fits", i)
				}
			}
		}
		if got := slices.Concat(runs...); !slices.Equal(all, got) {
			t.Error("the runs are not the changes in their order")
		}
	})
}

func sum(run []operator.Change) (items, bytes int) {
	for _, c := range run {
		n, size := weight(c)
		items, bytes = items+n, bytes+size
	}
	return items, bytes
}
