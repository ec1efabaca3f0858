package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

// ownershipKey is where private state keeps what it knows of an RRset beyond the state: see replica.Ownership.
const ownershipKey = "ownership"

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func readOwnership(ctx context.Context, private privateReader, diags *diag.Diagnostics) (o replica.Ownership) {
	readPrivate(ctx, private, ownershipKey, &o, diags)
	return o
}

// writeOwnership writes only what changed: private data alone makes a new state serial
// (design/facts/terraform-behaviour.md section 5).
func writeOwnership(ctx context.Context, private privateWriter, before, after replica.Ownership, diags *diag.Diagnostics) {
	if !before.Equal(after) {
		writePrivate(ctx, private, ownershipKey, after, diags)
	}
}

// readEntryOwnership does so for many RRsets, by their id.
func readEntryOwnership(ctx context.Context, private privateReader, list []*entry, diags *diag.Diagnostics) map[string]replica.Ownership {
	all := map[string]replica.Ownership{}
	readPrivate(ctx, private, ownershipKey, &all, diags)
	for _, e := range list {
		e.ownership = all[e.key.ID()]
	}
	return all
}

func writeEntryOwnership(ctx context.Context, private privateWriter, before map[string]replica.Ownership, list []*entry, diags *diag.Diagnostics) {
	after := map[string]replica.Ownership{}
	for _, e := range list {
		if !e.ownership.None() {
			after[e.key.ID()] = e.ownership
		}
	}
	if !maps.EqualFunc(before, after, replica.Ownership.Equal) {
		writePrivate(ctx, private, ownershipKey, after, diags)
	}
}

func readPrivate(ctx context.Context, private privateReader, key string, into any, diags *diag.Diagnostics) {
	raw, d := private.GetKey(ctx, key)
	diags.Append(d...)
	if len(raw) == 0 {
		return
	}
	if err := json.Unmarshal(raw, into); err != nil {
		diags.AddError("Unable to read private state", fmt.Sprintf("What it holds as %q cannot be read: %s.", key, err))
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
