package protocol

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// planWalk reads data sources and resources and plans, without an order between the resources.
func (p *Project) planWalk(ctx context.Context, c Config) *walk {
	p.carryOutMoves(ctx, c)
	w := p.newWalk(ctx, c, false)
	if p.InterruptAfter > 0 {
		w.left = p.InterruptAfter
	}
	if w.failed() {
		return w
	}
	// A CLI reads a data source side by side with resources that do not refer to it; what refers to one waits.
	done := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		defer close(done)
		w.readAll(c.Data)
	})
	all.Go(func() {
		w.each(func(n *node) {
			if !p.NoRefresh && !w.read(n) {
				return
			}
			if len(c.Data) > 0 {
				<-done
			}
			if n.args == nil {
				w.planDeletion(n)
				return
			}
			w.plan(n)
		})
	})
	all.Wait()
	p.Data = map[string]any{}
	for address, v := range w.data {
		p.Data[address] = decode(v)
	}
	return w
}

func (w *walk) readAll(sources map[string]Resource) {
	var all sync.WaitGroup
	for address, source := range sources {
		all.Go(func() { w.call(address, func() error { return w.readData(address, source) }) })
	}
	all.Wait()
}

func (w *walk) readData(address string, source Resource) error {
	typ := schemas().DataSourceSchemas[source.Type].ValueType()
	config, err := w.encode(typ, source.Args)
	if err != nil {
		return err
	}
	checked, err := w.server.ValidateDataResourceConfig(w.ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: source.Type, Config: pack(typ, config)})
	// What is not known as a whole a CLI reads in the apply.
	if err != nil || !w.tell(address, checked.Diagnostics) || !config.IsFullyKnown() {
		return err
	}
	response, err := w.server.ReadDataSource(w.ctx, &tfprotov6.ReadDataSourceRequest{TypeName: source.Type, Config: pack(typ, config)})
	if err != nil || !w.tell(address, response.Diagnostics) {
		return err
	}
	v, err := response.State.Unmarshal(typ)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.data[address] = v
	return nil
}

// read refreshes what is in state, and reports whether planning may go on.
func (w *walk) read(n *node) (ok bool) {
	if n.state == nil {
		return true
	}
	typ := schemaOf(n.typ).ValueType()
	called := w.call(n.address, func() error {
		response, err := w.server.ReadResource(w.ctx, &tfprotov6.ReadResourceRequest{
			TypeName: n.typ, CurrentState: pack(typ, n.state.value), Private: n.state.private,
		})
		if err != nil {
			return err
		}
		if ok = w.tell(n.address, response.Diagnostics); !ok {
			return nil
		}
		v, err := response.NewState.Unmarshal(typ)
		if err != nil {
			return err
		}
		n.state = &Instance{Type: n.typ, Tainted: n.state.Tainted, value: v, private: response.Private}
		if v.IsNull() {
			n.state = nil
		}
		return nil
	})
	return called && ok
}

// plan validates and plans a declared resource.
func (w *walk) plan(n *node) {
	if w.call(n.address, func() error { return w.planOnce(n, false) }) && n.action == actionReplace && !n.state.Tainted {
		// A replacement is planned again as a creation, and so is what is tainted at once.
		w.call(n.address, func() error { return w.planOnce(n, true) })
	}
}

func (w *walk) planOnce(n *node, afresh bool) error {
	schema := schemaOf(n.typ)
	typ := schema.ValueType()
	if !afresh {
		var err error
		if n.config, err = w.encode(typ, n.args); err != nil {
			return err
		}
		checked, err := w.server.ValidateResourceConfig(w.ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: n.typ, Config: pack(typ, n.config)})
		if err != nil || !w.tell(n.address, checked.Diagnostics) {
			return err
		}
	}
	prior := n.prior()
	var private []byte
	if n.state != nil && !n.state.Tainted {
		private = n.state.private
	}
	if afresh {
		prior, private = null(typ), n.private
	}
	response, err := w.server.PlanResourceChange(w.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: n.typ, PriorState: pack(typ, prior), Config: pack(typ, n.config), PriorPrivate: private,
		ProposedNewState: pack(typ, propose(schema, n.config, prior)),
	})
	if err != nil || !w.tell(n.address, response.Diagnostics) {
		return err
	}
	planned, err := response.PlannedState.Unmarshal(typ)
	if err != nil {
		return err
	}
	if err := refused(schema, n.config, prior, planned); err != nil {
		return fmt.Errorf("provider produced an invalid plan: %w", err)
	}
	n.planned, n.private = planned, response.PlannedPrivate
	if (n.action == "" || afresh) && n.state != nil { // if it becomes a replacement
		n.departing = response.PlannedPrivate
	}
	switch {
	case afresh:
	case n.state != nil && (n.state.Tainted || slices.Contains(w.replace, n.address)):
		n.action = actionReplace
	case n.state == nil:
		n.action = actionCreate
	case planned.Equal(prior):
	case len(response.RequiresReplace) > 0:
		n.action = actionReplace
	default:
		n.action = actionUpdate
	}
	return nil
}

// planDeletion plans that a resource goes away.
func (w *walk) planDeletion(n *node) {
	if n.state == nil {
		return
	}
	n.action = actionDelete
	typ := schemaOf(n.typ).ValueType()
	w.call(n.address, func() error {
		response, err := w.server.PlanResourceChange(w.ctx, &tfprotov6.PlanResourceChangeRequest{
			TypeName: n.typ, PriorState: pack(typ, n.state.value), ProposedNewState: pack(typ, null(typ)),
			Config: pack(typ, null(typ)), PriorPrivate: n.state.private,
		})
		if err != nil {
			return err
		}
		w.tell(n.address, response.Diagnostics)
		n.planned, n.departing = null(typ), response.PlannedPrivate
		return nil
	})
}
