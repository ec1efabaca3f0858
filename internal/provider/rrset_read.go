package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/multidns/terraform-provider-multidns/internal/replica"
)

func (r *rrsetResource[M, P]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := P(new(M))
	diags := &resp.Diagnostics
	diags.Append(getModel(ctx, req.State, state)...)
	if diags.HasError() || !r.finishMove(ctx, req.Private, resp.Private, state, diags) {
		return
	}
	setIdentity(ctx, resp.Identity, state.replica(), diags)
	if r.shared == nil {
		return
	}
	r.shared.refreshing()
	before := readOwnership(ctx, req.Private, diags)
	left, ok := r.observe(ctx, state, before, diags)
	if !ok {
		return
	}
	writeOwnership(ctx, resp.Private, before, left, diags)
	diags.Append(setModel(ctx, &resp.State, state)...)
}

// observe brings the state up to what the operators hold. ok is false when an imported RRset cannot be read or does not
// exist.
func (r *rrsetResource[M, P]) observe(ctx context.Context, state P, before replica.Ownership, diags *diag.Diagnostics) (left replica.Ownership, ok bool) {
	declared := state.declared(ctx, diags)
	if state.imported() {
		held, unread := r.shared.imported(ctx, state.replica(), diags)
		if key, known := state.replica().key(diags); held == nil && known && !diags.HasError() {
			reportAbsent(key, unread, diags)
		}
		if held == nil {
			return before, false
		}
		declared = state.adopt(held.Values)
	}
	left = r.shared.read(ctx, state.replica(), declared, before, diags)
	state.setHeld(ctx, r.shared, diags)
	return left, true
}

// read observes the RRset. What an operator that does not answer was last seen to hold stays.
func (d *shared) read(ctx context.Context, m *replicaModel, declared values, before replica.Ownership, diags *diag.Diagnostics) (left replica.Ownership) {
	// What an older version took, and this one refuses, is no error here: it would stop the very runs that replace or
	// destroy it.
	want, known := m.desired(ctx, declared, &diag.Diagnostics{})
	if !known {
		return before
	}
	key, shown := want.Key(), d.effective(want)
	d.walk.Have(key, before)
	d.walk.Own(key)
	d.walk.Cede(key, before)
	observed := d.walk.Observe(ctx, key, before.Beside(key)...)
	left, standing := before.AfterRead(replica.Reading{
		Want: shown, Seen: observed, Kept: d.walk.Keeps,
		Unpublished: func(name string) bool { return d.walk.Unpublished(ctx, name, key.Zone) },
	})
	hs := readHoldings(m.Operators)
	for _, name := range operatorNames() {
		o := observed[name]
		if o.Err != nil {
			d.reportUnread(d.failsOnOutage(m.OnOutage), name, o.Err, owed(name), diags)
			hs[name] = hs[name].unread(o.Err)
		} else {
			hs[name] = seen(shown[name], o.Held)
			if o.Held == nil {
				hs[name] = hs[name].besides(key, o.Others)
			}
		}
		switch standing[name] {
		case replica.NoSuchZone:
			hs[name] = heldAs(nil).outOfSync(noZone)
		case replica.NotReplaced:
			hs[name] = hs[name].outOfSync(notReplaced(left.Former[name]))
		case replica.HandedOver:
			hs[name] = hs[name].outOfSync(handedOver)
		case replica.NotPublished:
			hs[name] = hs[name].outOfSync(unpublished)
		case replica.InDoubt:
			hs[name] = hs[name].outOfSync(inDoubt)
		case replica.NotOurs:
			hs[name] = hs[name].outOfSync("conflict: the operator held another RRset before this one was created; declare what it holds, or set overwrite = true")
		}
	}
	m.setHoldings(hs)
	return left
}
