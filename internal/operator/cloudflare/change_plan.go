package cloudflare

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

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

// changePlan is what one change asks of a batch, and what it leaves alone.
type changePlan struct {
	deletes []deletion
	patches []patch
	posts   []post
	kept    []record
}

func (p changePlan) operations() int { return len(p.deletes) + len(p.patches) + len(p.posts) }

var (
	errNothingAsked = errors.New("a change needs an RRset before or after it")
	errNoHandle     = errors.New("the RRset to change was not read from Cloudflare first, so the ids of its records are unknown; " +
		"this is a bug in the provider, please report it")
	errReadOnly = errors.New("Cloudflare made the record for one of its other products (such as Email Routing) and lets nobody change it here; " +
		"turn that product off in Cloudflare's dashboard, or take the RRset out of the configuration")
)

// planChange turns a change into operations. It is deterministic, so that Split counts what Write sends.
func planChange(change operator.Change) (changePlan, error) {
	if change.Before == nil && change.After == nil {
		return changePlan{}, errNothingAsked
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

func heldRecords(before *operator.RRset) ([]record, error) {
	if before == nil {
		return nil, nil
	}
	if before.ReadOnly {
		return nil, errReadOnly
	}
	known, ok := before.Handle.(*handle)
	if !ok || known == nil {
		return nil, errNoHandle
	}
	return known.records, nil
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
		changed = changed || !isEmpty(settle(want, r))
	}
	if !changed {
		return changePlan{kept: held}, nil
	}
	for _, r := range staying {
		wanted := settle(want, r)
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
		wanted := settle(want, r)
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

// settle is what must be said to bring TTL and settings of the record to what is wanted.
func settle(want *operator.RRset, r record) attributes {
	var wanted attributes
	declared := settingsOf(want.Settings)
	proxied := r.Proxied
	if p := declared.Proxied; p != nil && *p != r.Proxied {
		proxied, wanted.Proxied = *p, p
	}
	if ttl := ttlOf(want, proxied); ttl != r.TTL {
		wanted.TTL = &ttl
	}
	if comment := declared.Comment; comment != nil && *comment != r.Comment {
		wanted.Comment = comment
	}
	if tags := declared.Tags; tags != nil {
		if !slices.Equal(foldedTags(*tags), r.Tags) {
			slices.Sort(*tags)
			wanted.Tags = tags
		}
	}
	return wanted
}

func ttlOf(want *operator.RRset, proxied bool) uint32 {
	if proxied {
		return automaticTTL
	}
	return want.TTL
}

func isEmpty(a attributes) bool {
	return a.Content == nil && a.Data == nil && a.Priority == nil && a.TTL == nil &&
		a.Proxied == nil && a.Comment == nil && a.Tags == nil
}

// setValue sets the RDATA, all of it: "data" is replaced as a whole (design/facts/cloudflare-api.md section 4.2).
func (a *attributes) setValue(typ, value string) error {
	encoded, err := encode(typ, value)
	if err != nil {
		return err
	}
	if encoded.Data != nil {
		a.Data = encoded.Data
	} else {
		a.Content = &encoded.Content
	}
	if encoded.Priority != "" {
		a.Priority = &encoded.Priority
	}
	return nil
}

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

// inherit is what all new records of want carry beside their value.
func inherit(want *operator.RRset, held []record) attributes {
	declared := settingsOf(want.Settings)
	made := attributes{Proxied: declared.Proxied, Comment: declared.Comment, Tags: declared.Tags}
	if len(held) > 0 {
		first, common := held[0], settingsOf(commonSettings(held))
		if made.Proxied == nil && isProxiable(want.Type) {
			made.Proxied = common.Proxied
		}
		if made.Comment == nil && first.Comment != "" && agree(held, func(r record) string { return r.Comment }) {
			made.Comment = common.Comment
		}
		if made.Tags == nil && len(first.Tags) > 0 && agree(held, func(r record) string { return fmt.Sprint(r.Tags) }) {
			made.Tags = common.Tags
		}
		if first.Type == want.Type && hasSettings(first.Settings) && agree(held, func(r record) string { return string(r.Settings) }) {
			made.Settings = first.Settings
		}
	}
	// false is the default, and most types take no other word for it.
	if made.Proxied != nil && !*made.Proxied {
		made.Proxied = nil
	}
	ttl := ttlOf(want, made.Proxied != nil)
	made.TTL = &ttl
	return made
}

// hasSettings tells settings that say something: absent, {} and what every CNAME shows, {"flatten_cname": false}, mean
// that all are off (design/facts/cloudflare-api.md section 3.1).
func hasSettings(raw json.RawMessage) bool {
	var members map[string]any
	if json.Unmarshal(raw, &members) != nil {
		return false
	}
	for _, value := range members {
		if value != nil && value != false {
			return true
		}
	}
	return false
}

// isProxiable is by type (design/facts/cloudflare-api.md section 3.2).
func isProxiable(typ string) bool { return typ == "A" || typ == "AAAA" || typ == "CNAME" }
