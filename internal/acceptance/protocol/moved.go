package protocol

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// carryOutMoves does what the moved blocks say: an address of the state gets another name, and where its type changes
// the provider makes the new state.
//
// A CLI keeps the outcome with the plan; here it is in the state at once, which differs only if the plan fails and the
// block then goes.
func (p *Project) carryOutMoves(ctx context.Context, c Config) {
	for _, from := range slices.Sorted(maps.Keys(c.Moved)) {
		to := c.Moved[from]
		instance, there := p.State[from]
		if _, taken := p.State[to]; !there || taken || !p.targeted(to) {
			continue
		}
		if typ := c.Resources[to].Type; typ != instance.Type {
			moved, err := p.newWalk(ctx, Config{}, false).moveState(instance, typ)
			must(err)
			instance = moved
		}
		p.State = maps.Clone(p.State)
		delete(p.State, from)
		p.State[to] = instance
	}
}

func (w *walk) moveState(from *Instance, typ string) (*Instance, error) {
	raw, err := json.Marshal(decode(from.value))
	if err != nil {
		return nil, err
	}
	response, err := w.server.MoveResourceState(w.ctx, &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/multidns/multidns", SourceTypeName: from.Type, SourcePrivate: from.private,
		SourceState: &tfprotov6.RawState{JSON: raw}, TargetTypeName: typ,
	})
	if err != nil {
		return nil, err
	}
	if !w.tell("", response.Diagnostics) {
		return nil, fmt.Errorf("move %s to %s: %v", from.Type, typ, w.diagnostics)
	}
	v, err := response.TargetState.Unmarshal(schemaOf(typ).ValueType())
	return &Instance{Type: typ, value: v, private: response.TargetPrivate}, err
}
