package replica

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

func keyOf(t *testing.T, name, typ string) rrset.Key {
	t.Helper()
	key, err := rrset.NewKey("example.com.", name, typ)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// saying is what a process says of an RRset, and what is known then.
type saying struct {
	key  rrset.Key
	is   fate
	want map[rrset.Key]fate
}

func (s saying) in(p *past) {
	if s.is == adrift {
		p.remember(s.key, gone)
		p.strand(s.key, evidence{"one": "0011"})
		return
	}
	p.remember(s.key, s.is)
}

// TestPast: what was said last holds, in this process and in the next, whatever else the file has.
func TestPast(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made when it is needed")
	www, api := keyOf(t, "www", "A"), keyOf(t, "api", "A")
	for n, say := range []saying{
		{www, gone, map[rrset.Key]fate{www: gone, api: gone}},
		{www, inState, map[rrset.Key]fate{www: inState, api: gone}},
		{api, inState, map[rrset.Key]fate{www: inState, api: inState}},
		{api, adrift, map[rrset.Key]fate{www: inState, api: adrift}},
		{www, gone, map[rrset.Key]fate{www: gone, api: adrift}},
		{www, gone, map[rrset.Key]fate{www: gone, api: adrift}},
		{api, inState, map[rrset.Key]fate{www: gone, api: inState}},
	} {
		p := newPast(dir)
		say.in(p)
		for key, want := range say.want {
			if is, next := p.of(key).is, newPast(dir).of(key).is; is != want || next != want {
				t.Errorf("%d: %s is %q, and %q in the next process, want %q", n, key, is, next, want)
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "owned"))
	if err != nil || strings.Count(string(text), "\n") != 6 || strings.Contains(string(text), "www") {
		t.Errorf("%v, %q: want a line for each thing that changed, and no names", err, text)
	}
}

// TestPast_Adrift: what was handed over to nobody is left at each operator until it is taken or replaced there, or
// gone.
func TestPast_Adrift(t *testing.T) {
	dir := t.TempDir()
	www := keyOf(t, "www", "A")
	left := func(when string, want map[rrset.Key]evidence) {
		t.Helper()
		for _, p := range []*past{newPast(dir), newPast(dir)} {
			if diff := cmp.Diff(want, p.adriftAt(www.WithType("CNAME"))); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
		}
	}
	both := evidence{"one": "0011", "two": "2233"}
	newPast(dir).strand(www, both)
	left("left", map[rrset.Key]evidence{www: both})
	newPast(dir).strand(www.WithType("TXT"), evidence{"one": "4455"})
	left("two types", map[rrset.Key]evidence{www: both, www.WithType("TXT"): {"one": "4455"}})
	newPast(dir).remember(www.WithType("TXT"), gone)
	newPast(dir).strand(www, evidence{"two": "2233"})
	newPast(dir).remember(www, inState)
	left("taken at one", map[rrset.Key]evidence{www: {"two": "2233"}})
	if p := newPast(dir); p.of(www).is != inState || !p.ours(www) {
		t.Error("taken at one: it is in the state")
	}
	newPast(dir).strand(www, evidence{})
	left("taken at both", map[rrset.Key]evidence{})
	if newPast(dir).of(www).is != inState {
		t.Error("taken at both: it is in the state")
	}
	newPast(dir).remember(www, gone)
	newPast(dir).strand(www, both)
	newPast(dir).strand(www, evidence{})
	left("replaced at both", map[rrset.Key]evidence{})
	if newPast(dir).of(www).is != gone {
		t.Error("replaced at both: it is gone")
	}
}

// TestPast_Nowhere: without a folder, or one that cannot be written, nothing is known and nothing fails.
func TestPast_Nowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", filepath.Join(file, "below a file")} {
		p := newPast(dir)
		www := keyOf(t, "www", "A")
		p.remember(www, inState)
		if newPast(dir).of(www).is != gone {
			t.Errorf("%q: known", dir)
		}
	}
}

// TestPast_Beside: what another process of the same run has is not ours: it may be that of another provider
// configuration. What it had in an earlier run is.
func TestPast_Beside(t *testing.T) {
	www := keyOf(t, "www", "A")
	for _, c := range []struct {
		what string
		by   process
		is   fate
		ours bool
		// then is what is known once nobody has spoken up for it in this run.
		elsewhere bool
		then      fate
	}{
		{"this process", process{1, 2}, inState, true, false, inState},
		{"another one of this run", process{1, 3}, inState, false, true, inState},
		{"an earlier run", process{4, 5}, inState, true, false, gone},
		{"an earlier run, whose process had this number", process{4, 2}, inState, true, false, gone},
		{"an earlier run, handed over to nobody", process{4, 5}, adrift, false, false, adrift},
		{"an earlier run, gone", process{4, 5}, gone, false, false, gone},
	} {
		dir := t.TempDir()
		p, other := newPast(dir), newPast(dir)
		p.by, other.by = process{1, 2}, c.by
		if p.ours(www) {
			t.Errorf("%s: ours before anything was said", c.what)
		}
		other.remember(www, inState)
		saying{key: www, is: c.is}.in(other)
		if p.ours(www) != c.ours || p.elsewhere(www) != c.elsewhere {
			t.Errorf("%s: want ours %t, elsewhere %t", c.what, c.ours, c.elsewhere)
		}
		p.disbelieve(www)
		if is, next := p.of(www).is, newPast(dir).of(www).is; is != c.then || next != c.then {
			t.Errorf("%s: disbelieved it is %q, and %q in the next process, want %q", c.what, is, next, c.then)
		}
	}
}

// TestPast_AdriftBefore: what is adrift is told by one process of a run, and once more where that is asked for.
func TestPast_AdriftBefore(t *testing.T) {
	www := keyOf(t, "www", "A")
	for _, c := range []struct {
		what        string
		by          process
		told, twice bool
		mark        bool
	}{
		{what: "by an earlier run", by: process{4, 5}, told: true, twice: true},
		{what: "by another process of this run", by: process{1, 3}, twice: true},
		{what: "told to this process", by: process{4, 5}, mark: true},
	} {
		dir := t.TempDir()
		p, other := newPast(dir), newPast(dir)
		p.by, other.by = process{1, 2}, c.by
		other.strand(www, evidence{"one": "0011"})
		if c.mark {
			p.mark(www)
		}
		for again, want := range map[bool]bool{false: c.told, true: c.twice} {
			if got := len(p.adriftBefore(www, again)) > 0; got != want || p.anyAdrift(again) != want {
				t.Errorf("%s, again %t: %t, want %t", c.what, again, got, want)
			}
		}
		next := newPast(dir)
		next.by = process{6, 7}
		if len(next.adriftBefore(www, false)) == 0 {
			t.Errorf("%s: the next run is not told", c.what)
		}
	}
}

// TestPast_Begun: what was begun and not ended is adrift for a later run, beside what was left before, and stays so
// whatever that says of it; it is not for the process that began it, nor for another one of its run.
func TestPast_Begun(t *testing.T) {
	www, left, becomes := keyOf(t, "www", "A"), evidence{"one": "0011"}, evidence{"one": "2233", "two": "4455"}
	for _, c := range []struct {
		what string
		by   process
		end  bool
		was  fate
		is   fate
		want evidence
	}{
		{"by an earlier run", process{4, 5}, false, gone, adrift, evidence{"one": "0011+2233", "two": "4455"}},
		{"of what the state has", process{4, 5}, false, inState, inState, evidence{"one": "0011+2233", "two": "4455"}},
		{"and ended", process{4, 5}, true, gone, adrift, left},
		{"by another process of this run", process{1, 3}, false, gone, adrift, left},
	} {
		dir := t.TempDir()
		p, other := newPast(dir), newPast(dir)
		p.by, other.by = process{1, 2}, c.by
		other.strand(www, left)
		if c.was == inState {
			other.remember(www, inState)
		}
		other.begin(www, becomes)
		if diff := cmp.Diff(map[rrset.Key]evidence{www: left}, other.adriftAt(www)); diff != "" {
			t.Errorf("%s, to itself: %s", c.what, diff)
		}
		if c.end {
			other.end(www)
		}
		for range 2 {
			if diff := cmp.Diff(map[rrset.Key]evidence{www: c.want}, p.adriftAt(www)); diff != "" || p.of(www).is != c.is {
				t.Errorf("%s it is %q: %s", c.what, p.of(www).is, diff)
			}
			p.mark(www)
		}
	}
	p := newPast(t.TempDir())
	p.begin(www, becomes)
	p.end(www)
	if next := newPast(filepath.Dir(p.path)); next.of(www) != (last{is: gone}) {
		t.Errorf("begun and ended it is %+v", next.of(www))
	}
}

// TestPast_DisbelievedAndLeft: who takes an RRset out of the state does not take what was handed over to nobody before.
func TestPast_DisbelievedAndLeft(t *testing.T) {
	dir, www := t.TempDir(), keyOf(t, "www", "A")
	other, left := newPast(dir), evidence{"one": "0011"}
	other.by = process{1, 2}
	other.strand(www, left)
	other.remember(www, inState)
	p := newPast(dir)
	p.disbelieve(www)
	if diff := cmp.Diff(map[rrset.Key]evidence{www: left}, newPast(dir).adriftAt(www)); diff != "" || p.ours(www) {
		t.Errorf("ours %t: %s", p.ours(www), diff)
	}
}

// TestPast_Shortened: a file that has seen much is written anew with what is left, one that has much is not.
func TestPast_Shortened(t *testing.T) {
	www, api := keyOf(t, "www", "A"), keyOf(t, "api", "A")
	for _, c := range []struct {
		what, pair string
		want       int
	}{
		{"comings and goings", "+0011223344556677 1 2\n-0011223344556677 1 2\n", 2},
		{"few of them", "", 2},
	} {
		p := newPast(t.TempDir())
		p.strand(www, evidence{"one": "0011"})
		text, err := os.ReadFile(p.path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.path, append(text, strings.Repeat(c.pair, worthShortening)...), 0o600); err != nil {
			t.Fatal(err)
		}
		newPast(filepath.Dir(p.path)).remember(api, inState)
		if text, err := os.ReadFile(p.path); err != nil || strings.Count(string(text), "\n") != c.want {
			t.Errorf("%s: %v, %d bytes, want %d lines", c.what, err, len(text), c.want)
		}
		if next := newPast(filepath.Dir(p.path)); next.of(www).is != adrift || next.of(api).is != inState {
			t.Errorf("%s: %q and %q", c.what, next.of(www).is, next.of(api).is)
		}
	}
	p := newPast(t.TempDir())
	for n := range worthShortening + 1 {
		p.remember(keyOf(t, fmt.Sprintf("r%d", n), "A"), inState)
	}
	before, err := os.Stat(p.path)
	if err != nil {
		t.Fatal(err)
	}
	newPast(filepath.Dir(p.path)).of(www)
	if after, err := os.Stat(p.path); err != nil || !os.SameFile(before, after) {
		t.Errorf("a file of what is there was written anew: %v", err)
	}
}

// FuzzPast reads a file that anybody may have written.
func FuzzPast(f *testing.F) {
	f.Add([]byte("+0011223344556677 1 2\n~0011223344556677 1 2\n-0011223344556677 1 2\n"))
	f.Add([]byte("\n\n+\n~\n+ 1 2\n"))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "owned"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		www := keyOf(t, "www", "A")
		if len(text) > 0 && !strings.HasSuffix(string(text), "\n") {
			return // the last line is somebody's who is about to end it
		}
		newPast(dir).remember(www, inState)
		if newPast(dir).of(www).is != inState {
			t.Errorf("%q hides what was said after it", text)
		}
	})
}
