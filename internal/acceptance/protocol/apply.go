package protocol

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// applyWalk carries out what w planned, with a new server, and stores what comes of it in the state and in w's
// diagnostics.
func (p *Project) applyWalk(ctx context.Context, w *walk) {
	a := p.newWalk(ctx, Config{}, true)
	a.nodes, a.data = map[string]*node{}, w.data
	if p.InterruptAfter > 0 {
		a.left = p.InterruptAfter
	}
	for _, n := range w.changes() {
		a.nodes[n.address] = n
	}
	if !a.failed() {
		a.each(a.apply)
	}
	for address, n := range a.nodes {
		delete(p.State, address)
		if n.state != nil {
			p.State[address] = n.state
		}
	}
	for _, n := range a.deposed {
		if n.state != nil {
			p.State[n.address] = n.state
		}
	}
	w.diagnostics = append(w.diagnostics, a.diagnostics...)
}

func (w *walk) apply(n *node) {
	if n.action == actionReplace && n.createFirst {
		w.replaceCreatingFirst(n)
		return
	}
	if n.action == actionDelete || n.action == actionReplace {
		w.call(n.address, func() error { return w.remove(n) })
		if n.action == actionDelete || n.state != nil {
			return
		}
	}
	w.call(n.address, func() error { return w.change(n) })
}

// replaceCreatingFirst keeps the old object, as deposed, until the new one is there, and for the next run if it cannot
// be deleted.
func (w *walk) replaceCreatingFirst(n *node) {
	old := &node{address: n.address + deposed, typ: n.typ, state: n.state, action: actionDelete}
	w.call(n.address, func() error { return w.change(n) })
	if n.state == nil {
		n.state = old.state
		return
	}
	w.planDeletion(old)
	w.call(n.address, func() error { return w.remove(old) })
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deposed = append(w.deposed, old)
}

// deposed is behind the address of an object that is to be deleted only.
const deposed = " (deposed)"

// remove deletes what is in state.
func (w *walk) remove(n *node) error {
	typ := schemaOf(n.typ).ValueType()
	response, err := w.server.ApplyResourceChange(w.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: n.typ, PriorState: pack(typ, n.state.value), PlannedState: pack(typ, null(typ)),
		// What the plan said to it, as CLIs do: design/facts/terraform-behaviour.md section 16.
		Config: pack(typ, null(typ)), PlannedPrivate: n.departing,
	})
	if err != nil {
		return err
	}
	ok := w.tell(n.address, response.Diagnostics)
	left, err := response.NewState.Unmarshal(typ)
	if err != nil {
		return err
	}
	switch {
	case left.IsNull():
		n.state = nil
	case ok:
		return errors.New("a deletion without an error left something in the state")
	default:
		n.state = &Instance{Type: n.typ, Tainted: n.state.Tainted, value: left, private: response.Private}
	}
	return nil
}

// change plans once more, as every CLI does right before it applies, and applies.
func (w *walk) change(n *node) error {
	before := n.planned
	if err := w.replan(n); err != nil || n.action == "" {
		return err
	}
	if err := contradicts(n.address, before, n.planned); err != nil {
		return fmt.Errorf("provider produced inconsistent final plan: %w", err)
	}
	if w.failedAt(n.address) {
		return nil
	}
	typ := schemaOf(n.typ).ValueType()
	prior := n.prior()
	response, err := w.server.ApplyResourceChange(w.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: n.typ, PriorState: pack(typ, prior), PlannedState: pack(typ, n.planned),
		Config: pack(typ, n.config), PlannedPrivate: n.private,
	})
	if err != nil {
		return err
	}
	ok := w.tell(n.address, response.Diagnostics)
	after, err := response.NewState.Unmarshal(typ)
	if err != nil {
		return err
	}
	return w.store(n, prior, after, response.Private, ok)
}

// store keeps the answer as a CLI does: a creation that comes with an error is tainted, and so is one that is not what
// was planned.
func (w *walk) store(n *node, prior, after tftypes.Value, private []byte, ok bool) error {
	var wrong error
	if ok {
		if err := contradicts(n.address, n.planned, after); err != nil {
			wrong = fmt.Errorf("provider produced inconsistent result after apply: %w", err)
		}
	}
	if after.IsNull() {
		if ok {
			wrong = errors.New("provider produced no state and no error")
		}
		if prior.IsNull() {
			n.state = nil
		}
		return wrong
	}
	if !after.IsFullyKnown() {
		return fmt.Errorf("provider returned unknown values after apply: %v", decode(after))
	}
	n.state = &Instance{Type: n.typ, value: after, private: private, Tainted: prior.IsNull() && (!ok || wrong != nil)}
	return wrong
}

func (w *walk) replan(n *node) error {
	was := n.action
	if was == actionReplace {
		n.state = nil // its deletion is done
	}
	n.action = ""
	if err := w.planOnce(n, false); err != nil {
		return err
	}
	switch now := n.action; {
	case w.failedAt(n.address):
		n.action = was
	case was == actionUpdate && now == actionReplace:
		return errors.New("provider produced inconsistent final plan: an update in place has become a replacement")
	case now != "":
		n.action = was
	}
	return nil
}

func (w *walk) failedAt(address string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.diagnostics, func(d Diagnostic) bool { return d.IsError && d.Address == address })
}
