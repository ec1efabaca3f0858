package cloudflare

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// refused adds what is known of a refusal beyond what the service says. It was never seen to name a culprit
// (design/facts/cloudflare-api.md section 4.3), but where only one change needed anything, that is the one.
func (c *Client) refused(err error, zone string, plans []changePlan, sent batch) error {
	said := operator.AsRefusal(err)
	if said == nil {
		return err
	}
	explained := *said
	operations, active := 0, []int{}
	for i, p := range plans {
		operations += p.operations()
		if p.operations() > 0 {
			active = append(active, i)
		}
	}
	switch {
	case isTooMany(said, operations):
		c.batches.halve(zone, operations)
		explained.Kind = operator.TooMany
	case isAboutData(said.Kind) && len(sent.pointedTo(said)) > 0:
		explained.Culprits = sent.pointedTo(said)
	case len(active) == 1 && isAboutData(said.Kind):
		explained.Culprits = map[int]string{active[0]: said.Message}
	}
	return c.zoneCache.explain(&explained, zone)
}

func isAboutData(kind operator.RefusalKind) bool {
	return kind == operator.Invalid || kind == operator.Exists || kind == operator.Gone || kind == operator.RefusedOther ||
		kind == operator.Policy
}

// pointedError is a refusal whose errors say where in the request the fault lies. The field is in the API's schema and
// was never seen (design/facts/cloudflare-api.md section 4.3), so it only ever helps.
type pointedError struct {
	*httpapi.StatusError
	pointers []string
	messages []string // of the same errors
}

func (e *pointedError) Unwrap() error { return e.StatusError }

// withPointers is answer, with the pointers of the errors if they have any.
func withPointers(answer *httpapi.StatusError, all []apiError) error {
	pointed := &pointedError{StatusError: answer}
	for _, e := range all {
		if e.Pointer != "" {
			pointed.pointers = append(pointed.pointers, e.Pointer)
			pointed.messages = append(pointed.messages, httpapi.Excerpt([]byte(e.Message)))
		}
	}
	if len(pointed.pointers) == 0 {
		return answer
	}
	return pointed
}

// inBatch is a JSON pointer (RFC 6901) into a batch: a part, and a position.
var inBatch = regexp.MustCompile(`^#?/?(deletes|patches|posts)/(\d{1,6})(?:/|$)`)

// pointedTo are the changes that the refusal points to, with what it says of each. A pointer that leads nowhere makes
// all of them worth nothing.
func (b batch) pointedTo(refused *operator.RefusalError) map[int]string {
	pointed, ok := errors.AsType[*pointedError](refused)
	if !ok {
		return nil
	}
	culprits := make(map[int]string)
	for i, pointer := range pointed.pointers {
		match := inBatch.FindStringSubmatch(pointer)
		if match == nil {
			return nil
		}
		at, _ := strconv.Atoi(match[2]) // at most six digits
		change, ok := b.changeAt(match[1], at)
		if !ok {
			return nil
		}
		culprits[change] = pointed.messages[i]
	}
	return culprits
}

func (b batch) changeAt(part string, at int) (change int, ok bool) {
	switch {
	case part == "deletes" && at < len(b.Deletes):
		return b.Deletes[at].change, true
	case part == "patches" && at < len(b.Patches):
		return b.Patches[at].change, true
	case part == "posts" && at < len(b.Posts):
		return b.Posts[at].change, true
	}
	return 0, false
}

func decodeBatch(raw json.RawMessage) (patched, posted []record, ok bool) {
	var parts struct {
		Patches json.RawMessage `json:"patches"`
		Posts   json.RawMessage `json:"posts"`
	}
	if isNull(raw) || json.Unmarshal(raw, &parts) != nil {
		return nil, nil, false
	}
	// A part that nothing was asked of comes back as null or not at all.
	if !isNull(parts.Patches) {
		if patched, ok = decodeRecords(parts.Patches); !ok {
			return nil, nil, false
		}
	}
	if !isNull(parts.Posts) {
		if posted, ok = decodeRecords(parts.Posts); !ok {
			return nil, nil, false
		}
	}
	return patched, posted, true
}

// compose makes the result of each change of what was kept and what the answer says of the rest. Its error names what
// the answer lacks.
func compose(changes []operator.Change, plans []changePlan, patched, posted []record) ([]*operator.RRset, error) {
	answer := index(patched, posted)
	results := make([]*operator.RRset, len(changes))
	for i, change := range changes {
		if plans[i].operations() == 0 {
			if change.After != nil {
				results[i] = change.Before
			}
			continue
		}
		records := slices.Clone(plans[i].kept)
		for _, p := range plans[i].patches {
			r, there := answer.patched[p.ID]
			if !there {
				return nil, errors.New("every record that was changed")
			}
			records = append(records, r)
		}
		for _, p := range plans[i].posts {
			r, there := answer.take(p)
			if !there {
				return nil, errors.New("every record that was made")
			}
			records = append(records, r)
		}
		if change.After != nil && len(records) > 0 {
			set := gather(change.After.Key, records)
			results[i] = &set
		}
	}
	return results, nil
}

// answered are the records of an answer, by what they answer.
type answered struct {
	patched map[string]record
	// posted are by owner name and type.
	posted map[[2]string][]record
}

func index(patched, posted []record) answered {
	a := answered{patched: make(map[string]record, len(patched)), posted: make(map[[2]string][]record, len(posted))}
	for _, r := range patched {
		a.patched[r.ID] = r
	}
	for _, r := range posted {
		key := [2]string{r.Name, r.Type}
		a.posted[key] = append(a.posted[key], r)
	}
	return a
}

// take finds the answer to a post: the same value if possible, else the next of the same name and type, because what
// the service made of the value is for the caller to judge.
func (a answered) take(p post) (record, bool) {
	key := [2]string{absolute(p.Name), p.Type}
	left := a.posted[key]
	if len(left) == 0 {
		return record{}, false
	}
	at := max(0, slices.IndexFunc(left, func(r record) bool { return r.Value == p.value }))
	found := left[at]
	a.posted[key] = slices.Delete(left, at, at+1)
	return found, true
}
