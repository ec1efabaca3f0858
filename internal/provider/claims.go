package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// claims is what private state knows of an RRset beyond the state: at which
// operators it is not ours, or ours under another type.
type claims struct {
	// Foreign are the operators that could not be read when the RRset was
	// created: what they hold under its key may be somebody else's.
	Foreign map[string]bool `json:"foreign,omitempty"`
	// Former is the type under which an operator still holds the RRset, because
	// a change of type could not be delivered there: to be replaced or deleted.
	// The state knows the new type alone.
	Former map[string]string `json:"former,omitempty"`
	// Ceded are types under which this address held an RRset that another one
	// declares now and may not have taken so far: ours, and not ours to delete.
	Ceded map[string]bool `json:"ceded,omitempty"`
	// Unpublished are the operators that stored the RRset and could not hand it
	// to their name servers.
	Unpublished map[string]bool `json:"unpublished,omitempty"`
}

func (c *claims) addForeign(name string) { mark(&c.Foreign, name) }

func (c *claims) addUnpublished(name string) { mark(&c.Unpublished, name) }

func (c *claims) cede(old rrset.Key) { mark(&c.Ceded, old.Type) }

func mark(set *map[string]bool, name string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)[name] = true
}

func (c *claims) addFormer(name string, old rrset.Key) {
	if c.Former == nil {
		c.Former = map[string]string{}
	}
	c.Former[name] = old.Type
}

// formerKeys are the keys of what operators still hold beside key.
func (c claims) formerKeys(key rrset.Key) map[string]rrset.Key {
	keys := map[string]rrset.Key{}
	for name, typ := range c.Former {
		keys[name] = key.WithType(typ)
	}
	return keys
}

func (c claims) none() bool {
	return len(c.Foreign) == 0 && len(c.Former) == 0 && len(c.Ceded) == 0 && len(c.Unpublished) == 0
}

func (c claims) equal(other claims) bool {
	return maps.Equal(c.Foreign, other.Foreign) && maps.Equal(c.Former, other.Former) &&
		maps.Equal(c.Ceded, other.Ceded) && maps.Equal(c.Unpublished, other.Unpublished)
}

// claimsKey is where private state keeps them.
const claimsKey = "claims"

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func readClaims(ctx context.Context, private privateReader, diags *diag.Diagnostics) (c claims) {
	readPrivate(ctx, private, claimsKey, &c, diags)
	return c
}

// writeClaims writes only what changed: private data alone makes a new state
// serial (design/facts/terraform-behaviour.md section 5).
func writeClaims(ctx context.Context, private privateWriter, before, after claims, diags *diag.Diagnostics) {
	if !before.equal(after) {
		writePrivate(ctx, private, claimsKey, after, diags)
	}
}

// readEntryClaims does so for many RRsets, by their id.
func readEntryClaims(ctx context.Context, private privateReader, list []*entry, diags *diag.Diagnostics) map[string]claims {
	all := map[string]claims{}
	readPrivate(ctx, private, claimsKey, &all, diags)
	for _, e := range list {
		e.claims = all[e.key.ID()]
	}
	return all
}

func writeEntryClaims(ctx context.Context, private privateWriter, before map[string]claims, list []*entry, diags *diag.Diagnostics) {
	after := map[string]claims{}
	for _, e := range list {
		if !e.claims.none() {
			after[e.key.ID()] = e.claims
		}
	}
	if !maps.EqualFunc(before, after, claims.equal) {
		writePrivate(ctx, private, claimsKey, after, diags)
	}
}

func readPrivate(ctx context.Context, private privateReader, key string, into any, diags *diag.Diagnostics) {
	raw, d := private.GetKey(ctx, key)
	diags.Append(d...)
	if len(raw) == 0 {
		return
	}
	if err := json.Unmarshal(raw, into); err != nil {
		diags.AddError("Unable to read private state", fmt.Sprintf("What it says of the operators cannot be read: %s.", err))
	}
}

func writePrivate(ctx context.Context, private privateWriter, key string, value any, diags *diag.Diagnostics) {
	raw, err := json.Marshal(value)
	if err != nil {
		diags.AddError("Unable to write private state", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, key, raw)...)
}
