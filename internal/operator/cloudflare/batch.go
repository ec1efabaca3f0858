package cloudflare

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/option"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// batch is the body of the batch endpoint; the service works on deletes, then patches, then posts
// (design/facts/cloudflare-api.md section 4.3).
type batch struct {
	Deletes []deletion `json:"deletes,omitempty"`
	Patches []patch    `json:"patches,omitempty"`
	Posts   []post     `json:"posts,omitempty"`
}

// Write sends one batch, or nothing if everything is as it is wanted.
func (c *Client) Write(ctx context.Context, zone string, changes []operator.Change) ([]*operator.RRset, error) {
	write := &call{action: actionOf(zone, changes), write: true}
	plans := make([]changePlan, len(changes))
	active := 0
	for i, change := range changes {
		var err error
		if plans[i], err = planIn(zone, change); err != nil {
			refused := write.refusal(operator.RefusedOther, "%s", err)
			refused.Culprits = map[int]string{i: err.Error()}
			return nil, refused
		}
		if plans[i].operations() > 0 {
			active++
		}
	}
	if active == 0 {
		return compose(changes, plans, nil, nil)
	}
	id, err := c.zoneCache.id(ctx, zone, write.action)
	if err != nil {
		return nil, err
	}
	if err := c.identify(ctx, write, zone, plans); err != nil {
		return nil, err
	}
	sent := joined(plans)
	env, err := c.send(ctx, write, id, sent)
	if err != nil {
		return nil, c.refused(err, zone, plans, sent)
	}
	patched, posted, ok := decodeBatch(env.Result)
	if !ok {
		return nil, write.unexpected("the records of a batch")
	}
	if other, found := stray(plans, posted); found {
		return nil, c.undo(ctx, write, zone, id, other, posted)
	}
	results, err := compose(changes, plans, patched, posted)
	if err != nil {
		return nil, write.unexpected(err.Error())
	}
	return results, nil
}

// planIn refuses changes of another zone: Cloudflare would take the name for a relative one
// (design/facts/cloudflare-api.md section 3.2).
func planIn(zone string, change operator.Change) (changePlan, error) {
	for _, set := range []*operator.RRset{change.Before, change.After} {
		if set != nil && (set.Zone != zone || !isWithin(set.Name, zone)) {
			return changePlan{}, fmt.Errorf("%s is not in the zone %s", set.Key, zone)
		}
	}
	return planChange(change)
}

func actionOf(zone string, changes []operator.Change) string {
	if len(changes) == 1 && (changes[0].Before != nil || changes[0].After != nil) {
		return "write the RRset " + changes[0].Key().String()
	}
	return fmt.Sprintf("write %d RRsets of %s", len(changes), zone)
}

func (c *Client) send(ctx context.Context, write *call, id string, b batch) (envelope, error) {
	body, err := json.Marshal(b)
	if err != nil {
		return envelope{}, write.refusal(operator.Invalid, "the request cannot be built: %s", err)
	}
	return write.run(ctx, func(options ...option.RequestOption) error {
		params := dns.RecordBatchParams{}
		params.ZoneID.Value, params.ZoneID.Present = id, true
		_, err := c.records.Batch(ctx, params, append(options, option.WithRequestBody("application/json", body))...)
		return err
	})
}

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

// joined puts the operations of all changes into one batch. Inside each part the service keeps the order, and a DS must
// have its NS beside it all the time: it goes first and comes last (design/facts/cloudflare-api.md section 4.3).
func joined(plans []changePlan) batch {
	var b batch
	for i, p := range plans {
		for _, d := range p.deletes {
			d.change = i
			b.Deletes = append(b.Deletes, d)
		}
		for _, patched := range p.patches {
			patched.change = i
			b.Patches = append(b.Patches, patched)
		}
		for _, made := range p.posts {
			made.change = i
			b.Posts = append(b.Posts, made)
		}
	}
	slices.SortStableFunc(b.Deletes, func(x, y deletion) int { return cmp.Compare(rank(y.Type), rank(x.Type)) })
	slices.SortStableFunc(b.Posts, func(x, y post) int { return cmp.Compare(rank(x.Type), rank(y.Type)) })
	return b
}

func rank(typ string) int {
	switch typ {
	case "NS":
		return 0
	case "DS":
		return 2
	}
	return 1
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
