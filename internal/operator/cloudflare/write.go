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

// attributes are what a patch or a post says of a record. What is nil is not sent: PATCH leaves it as it is
// (design/facts/cloudflare-api.md section 4.2).
type attributes struct {
	Content  *string         `json:"content,omitempty"`
	Data     map[string]any  `json:"data,omitempty"`
	Priority *json.Number    `json:"priority,omitempty"`
	TTL      *uint32         `json:"ttl,omitempty"`
	Proxied  *bool           `json:"proxied,omitempty"`
	Comment  *string         `json:"comment,omitempty"`
	Tags     *[]string       `json:"tags,omitempty"`
	Settings json.RawMessage `json:"settings,omitempty"`
}

type deletion struct {
	ID string `json:"id"`
	// Type orders deletions; it is not sent.
	Type   string `json:"-"`
	change int    // whose operation it is
}

type patch struct {
	ID string `json:"id"`
	attributes
	change int
}

type post struct {
	Name string `json:"name"`
	Type string `json:"type"`
	attributes
	// value is what the record is to hold, in canonical form.
	value  string
	change int
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

// changePlan is what one change asks of a batch, and what it leaves alone.
type changePlan struct {
	deletes []deletion
	patches []patch
	posts   []post
	kept    []record
}

func (p changePlan) operations() int { return len(p.deletes) + len(p.patches) + len(p.posts) }

// planChange turns a change into operations. It is deterministic, so that Split counts what Write sends.
func planChange(change operator.Change) (changePlan, error) {
	if change.Before == nil && change.After == nil {
		return changePlan{}, errors.New("a change needs an RRset before or after it")
	}
	held, err := heldRecords(change.Before)
	if err != nil {
		return changePlan{}, err
	}
	if change.After == nil {
		return changePlan{deletes: deletions(held)}, nil
	}
	if change.Before != nil && change.Before.Type != change.After.Type {
		// A record cannot change its type (design/facts/cloudflare-api.md section 4.2).
		posts, err := postsFor(change.After, change.After.Values, held)
		return changePlan{deletes: deletions(held), posts: posts}, err
	}
	return planValues(change.After, held)
}

func deletions(held []record) []deletion {
	all := make([]deletion, len(held))
	for i, r := range held {
		all[i] = deletion{ID: r.ID, Type: r.Type}
	}
	return all
}

// planValues changes the records of one RRset into what is wanted: records whose value stays keep their id and what
// else they carry; a record whose value leaves takes a new value, so that its comment and tags live on; what is then
// left over is deleted, and what is missing is made.
func planValues(want *operator.RRset, held []record) (changePlan, error) {
	staying, leaving, coming := match(want.Values, held)
	var plan changePlan
	changed := len(coming) > 0 || slices.ContainsFunc(leaving, func(r record) bool { return !slices.Contains(want.Values, r.Value) })
	for _, r := range staying {
		changed = changed || !isEmpty(difference(want, r))
	}
	if !changed {
		return changePlan{kept: held}, nil
	}
	for _, r := range staying {
		wanted := difference(want, r)
		if isMisspelled(r) {
			if err := wanted.setValue(r.Type, r.Value); err != nil {
				return changePlan{}, err
			}
		}
		if isEmpty(wanted) {
			plan.kept = append(plan.kept, r)
			continue
		}
		plan.patches = append(plan.patches, patch{ID: r.ID, attributes: wanted})
	}
	leaving, coming = paired(want.Type, leaving, coming)
	pairs := min(len(leaving), len(coming))
	for i, r := range leaving[:pairs] {
		wanted := difference(want, r)
		if err := wanted.setValue(want.Type, coming[i]); err != nil {
			return changePlan{}, err
		}
		plan.patches = append(plan.patches, patch{ID: r.ID, attributes: wanted})
	}
	plan.deletes = deletions(leaving[pairs:])
	var err error
	plan.posts, err = postsFor(want, coming[pairs:], held)
	return plan, err
}

// match pairs wanted values with records. Of two records that mean the same, which Cloudflare takes for different
// texts, the better spelled one stays.
func match(values []string, held []record) (staying, leaving []record, coming []string) {
	used := make([]bool, len(held))
	for _, value := range values {
		found := -1
		for i, r := range held {
			if !used[i] && r.Value == value && (found < 0 || isMisspelled(held[found]) && !isMisspelled(r)) {
				found = i
			}
		}
		if found < 0 {
			coming = append(coming, value)
			continue
		}
		used[found] = true
		staying = append(staying, held[found])
	}
	for i, r := range held {
		if !used[i] {
			leaving = append(leaving, r)
		}
	}
	return staying, leaving, coming
}

// paired orders both sides so that each record stands where the value is that it takes. A record keeps its content and
// changes its priority alone where it can: were two MX records to trade their hosts, both would have the same content
// in between, and the batch would be refused as a duplicate (error 81058, design/facts/cloudflare-api.md section 4.6).
func paired(typ string, leaving []record, coming []string) ([]record, []string) {
	if typ != "MX" && typ != "SRV" && typ != "URI" {
		return leaving, coming
	}
	var records, otherRecords []record
	var values []string
	otherValues := slices.Clone(coming)
	for _, r := range leaving {
		at := slices.IndexFunc(otherValues, func(v string) bool { return withoutPriority(v) == withoutPriority(r.Value) })
		if at < 0 {
			otherRecords = append(otherRecords, r)
			continue
		}
		records = append(records, r)
		values = append(values, otherValues[at])
		otherValues = slices.Delete(otherValues, at, at+1)
	}
	return append(records, otherRecords...), append(values, otherValues...)
}

// isMisspelled tells TXT content that is not in quotes or not cut as it would be sent: Cloudflare's dashboard warns of
// it (design/facts/cloudflare-api.md section
// 3.4). It is mended in passing only, since it means the same.
func isMisspelled(r record) bool { return r.Type == "TXT" && r.Content != r.Value }

// postsFor makes new records for values. What is not declared they take from the records that the RRset has, where
// those agree.
func postsFor(want *operator.RRset, values []string, held []record) ([]post, error) {
	inherited := inherit(want, held)
	posts := make([]post, len(values))
	for i, value := range values {
		posts[i] = post{Name: ownerName(want.Name), Type: want.Type, attributes: inherited, value: value}
		if err := posts[i].setValue(want.Type, value); err != nil {
			return nil, fmt.Errorf("%s: %w", want.Key, err)
		}
	}
	return posts, nil
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
