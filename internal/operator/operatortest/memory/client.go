package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	name        = "memory"
	noteSetting = "note"
	mostValues  = 3
	minimumTTL  = 120
	maximumTTL  = 86400
	largestTTL  = 7200 // of an answer, whatever is held
	pageSize    = 20
	batchSize   = 1000
)

// Descriptor describes the operator.
var Descriptor = operator.Descriptor{
	Name: name, Title: "Memory",
	Account: []operator.Setting{
		{Name: "place", Title: "place", Required: true, Variables: []string{"MEMORY_PLACE"}, Doc: "Which of the services in memory."},
	},
	Keeps:     []operator.Setting{{Name: noteSetting, Kind: operator.Text, Doc: "A note on the RRset. Not declared: left as it is."}},
	ServedTTL: func(ttl uint32) uint32 { return min(ttl, largestTTL) },
	Rules:     rules,
	MovedFrom: map[string]operator.Naming{"memory_entry": {Zone: "place", Names: []string{"owner"}}},
	Open: func(a operator.Account) (operator.Operator, error) {
		place, _ := a.Settings.Text("place")
		service, ok := find(place)
		if !ok {
			return nil, fmt.Errorf("memory: there is no place %q", place)
		}
		return &client{service: service, maxWait: a.MaxWait}, nil
	},
}

// client is the service as an [operator.Operator].
type client struct {
	service *Service
	maxWait time.Duration
}

var _ operator.Operator = (*client)(nil)

// errRefused is how this protocol says no.
var errRefused = errors.New("REFUSED")

func (*client) Name() string { return name }

// ask begins one exchange; the caller unlocks the service when it is done. A wait that the service asks for is spent
// and takes no time.
func (c *client) ask(ctx context.Context, action, zone string) error {
	c.service.mu.Lock()
	switch {
	case ctx.Err() != nil:
		return &operator.OutageError{Operator: name, Action: action, Reason: "interrupted", Err: context.Cause(ctx)}
	case !operator.AllowanceOf(ctx, c.maxWait).Take(c.service.busy):
		return &operator.OutageError{Operator: name, Action: action, Reason: "busy", RetryAfter: c.service.busy}
	case c.service.down != "":
		return &operator.OutageError{Operator: name, Action: action, Reason: c.service.down}
	case zone != c.service.zone:
		return &operator.RefusalError{Operator: name, Action: action, Kind: operator.ZoneNotFound, Answer: errRefused, Message: "no zone " + zone}
	}
	return nil
}

func (c *client) Zone(ctx context.Context, zone string) (operator.Zone, error) {
	err := c.ask(ctx, "read the zone "+zone, zone)
	defer c.service.mu.Unlock()
	if err != nil {
		return operator.Zone{}, err
	}
	c.service.reads++
	return operator.Zone{Name: zone, ID: zone, Status: "loaded", MinimumTTL: minimumTTL, MaximumTTL: maximumTTL, NameServers: []string{"ns.memory.example."}}, nil
}

func (c *client) List(ctx context.Context, zone string, proceed func(pagesRead int) bool) (held []operator.RRset, complete bool, err error) {
	err = c.ask(ctx, "list the RRsets of "+zone, zone)
	defer c.service.mu.Unlock()
	if err != nil {
		return nil, false, err
	}
	for page := range slices.Chunk(c.service.sorted(), pageSize) {
		if len(held) > 0 && proceed != nil && !proceed(len(held)/pageSize) {
			return held, false, nil
		}
		held = append(held, page...)
	}
	c.service.reads++
	return held, true, nil
}

func (c *client) ListName(ctx context.Context, zone, owner string) ([]operator.RRset, error) {
	err := c.ask(ctx, "read the RRsets of "+owner, zone)
	defer c.service.mu.Unlock()
	if err != nil {
		return nil, err
	}
	c.service.reads++
	var held []operator.RRset
	for key, r := range c.service.held {
		if key.Name == owner {
			held = append(held, r)
		}
	}
	return held, nil
}

func (c *client) Write(ctx context.Context, zone string, changes []operator.Change) ([]*operator.RRset, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	action := fmt.Sprintf("write %d RRsets of %s", len(changes), zone)
	err := c.ask(ctx, action, zone)
	defer c.service.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if message := c.service.objection(changes); message != "" {
		return nil, &operator.RefusalError{Operator: name, Action: action, Kind: operator.Invalid, Answer: errRefused, Message: message}
	}
	c.service.writes++
	before := c.service.take(changes)
	held := make([]*operator.RRset, len(changes))
	for i, change := range changes {
		if change.After == nil {
			continue
		}
		after := *change.After
		after.Settings = before[i].Settings // what is not declared stays
		if note, declared := change.After.Settings.Text(noteSetting); declared {
			after.Settings = after.Settings.With(noteSetting, note)
		}
		c.service.held[after.Key] = after
		held[i] = &after
	}
	return held, nil
}

func (*client) Split(changes []operator.Change) [][]operator.Change {
	return slices.Collect(slices.Chunk(changes, batchSize))
}

func (*client) Check(want operator.RRset, zone *operator.Zone) []operator.Violation {
	return operator.Check(rules, want, zone)
}

func (*client) ZoneMatters(want operator.RRset, _ uint32) bool { return want.TTL < minimumTTL }

func (*client) Effective(want operator.RRset) operator.RRset { return want }
