package replica

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica/core"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// evidence says, by operator, what was held of an RRset when it was last known to be ours, as a digest, or several
// where it is one of them. What a note or an earlier run says of an RRset is true of that one: somebody may have
// deleted it since, and made another.
type evidence map[string]string

// either stands between digests of which one is held.
const either = "+"

// evidenceOf is that of what operators hold, as far as that is known.
func evidenceOf(held map[string]*operator.RRset) evidence {
	e := evidence{}
	for name, r := range held {
		if r != nil {
			e[name] = digest(*r)
		}
	}
	return e
}

// String is the evidence in one word, empty if there is none.
func (e evidence) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(e)) {
		parts = append(parts, name+"="+e[name])
	}
	return strings.Join(parts, ",")
}

// or is the evidence of what is either of both, where both have something to say.
func (e evidence) or(other evidence) evidence {
	both := evidence{}
	maps.Copy(both, e)
	for name, of := range other {
		one := strings.Split(both[name]+either+of, either)
		slices.Sort(one)
		both[name] = strings.Trim(strings.Join(slices.Compact(one), either), either)
	}
	return both
}

// parseEvidence reads such a word, which anybody may have written.
func parseEvidence(text string) evidence {
	e := evidence{}
	for part := range strings.SplitSeq(text, ",") {
		if name, of, ok := strings.Cut(part, "="); ok {
			e[name] = of
		}
	}
	return e
}

// digest is that of all that is compared of an RRset, in one spelling: what is off or empty counts as not there.
func digest(r operator.RRset) string {
	kept := map[string]any{}
	for name, value := range r.Settings {
		switch value := value.(type) {
		case bool:
			if value {
				kept[name] = value
			}
		case string:
			if value != "" {
				kept[name] = value
			}
		case []string:
			if len(value) > 0 {
				kept[name] = slices.Sorted(slices.Values(value))
			}
		default:
			kept[name] = value
		}
	}
	text, err := json.Marshal([]any{r.ID(), r.TTL, r.Uneven, r.Values, kept})
	if err != nil {
		return "" // which equals no digest
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// under is what an operator was seen to hold under a key at the name that was looked at; nil if nothing, or if it could
// not be read.
func under(o Observation, key rrset.Key) *operator.RRset {
	if o.Held != nil && o.Held.Key == key {
		return o.Held
	}
	for i := range o.Others {
		if o.Others[i].Key == key {
			return &o.Others[i]
		}
	}
	return nil
}

// holds reports whether an operator was seen to hold what the evidence is of.
func (e evidence) holds(name string, seen *operator.RRset) bool {
	return seen != nil && e[name] != "" && slices.Contains(strings.Split(e[name], either), digest(*seen))
}

// at are the operators that were seen to hold what the evidence is of.
func (e evidence) at(key rrset.Key, seen map[string]Observation) (at map[string]bool) {
	at = map[string]bool{}
	for name, o := range seen {
		if e.holds(name, under(o, key)) {
			at[name] = true
		}
	}
	return at
}

// believed is what a note says of an RRset that an address gives up, as far as it is believed by what operators were
// seen to hold: where another RRset stands now it is somebody else's. Where it is not known what stands or stood, the
// note is believed if it is true elsewhere: an outage between plan and apply leaves an RRset ours. ok is false if it is
// ours nowhere.
func (d departing) believed(key rrset.Key, seen map[string]Observation) (told core.Leaving, ok bool) {
	ours, open, same, changed := map[string]bool{}, map[string]bool{}, false, false
	for name, o := range seen {
		switch r := under(o, key); {
		case d.Foreign[name] || len(d.At) > 0 && !d.At[name]:
		case o.Err != nil || r != nil && d.Held[name] == "":
			open[name] = true
		case d.Held.holds(name, r):
			ours[name], same = true, true
		case r != nil:
			changed = true
		default:
			same = same || d.Held[name] == "" // deleted before that plan: it is owed where nobody answered
		}
	}
	if same && !changed {
		maps.Copy(ours, open)
	}
	told = d.Leaving(key)
	told.Foreign = map[string]bool{}
	for name := range seen {
		if !ours[name] {
			told.Foreign[name] = true
		}
	}
	if len(d.At) > 0 {
		told.Foreign, told.At = nil, ours
	}
	return told, len(ours) > 0
}

// look asks operators what they hold at an owner name, of which a memory has something to say. One that answers long
// after another is not waited for.
func (w *Walk) look(ctx context.Context, key rrset.Key) map[string]Observation {
	return w.shell.call(ctx, func(id core.ID) core.Event {
		return core.Look{ID: id, Key: key, At: w.everywhere()}
	}).Seen
}
