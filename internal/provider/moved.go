package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// MoveState takes over what a `moved` block hands over from a resource of another type. It asks nobody: Terraform calls
// it before it configures the provider. What the operators hold is read right afterwards, by the refresh of the same
// plan, and nothing is written.
func (r *rrsetResource[M, P]) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: r.move}}
}

func (r *rrsetResource[M, P]) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	state := P(new(M))
	diags := &resp.Diagnostics
	other, naming, isOther := movedFrom(req.SourceTypeName)
	switch own := ownResources[req.SourceTypeName]; {
	case own != nil:
		from := own(ctx, req, diags)
		if diags.HasError() {
			return
		}
		r.resume(ctx, state, from, diags)
		moveOwnership(ctx, req, resp)
	case isOther:
		from := readOther(other, naming, req.SourceRawState, diags)
		if diags.HasError() {
			return
		}
		r.takeOver(ctx, state, from, resp)
	default:
		diags.AddError("Unable to move the resource", fmt.Sprintf(
			"multidns takes over %s, and no %s. "+
				"Take the moved block away, and declare the RRset with an import block: its id is zone/name/type. "+
				"A removed block with destroy = false lets the other resource go without a deletion.", operator.And(movable()), req.SourceTypeName))
	}
	if diags.HasError() {
		return
	}
	setIdentity(ctx, resp.TargetIdentity, state.replica(), diags)
	diags.Append(setModel(ctx, &resp.TargetState, state)...)
}

// movedRRset is what one resource of this provider hands over to another type.
type movedRRset struct {
	replica replicaModel
	// values are what the operators shall hold; unknown when only the RRset's key is known.
	values values
}

// ownResources read the state of a resource of this provider.
var ownResources = map[string]func(context.Context, resource.MoveStateRequest, *diag.Diagnostics) movedRRset{
	"multidns_record": func(ctx context.Context, req resource.MoveStateRequest, diags *diag.Diagnostics) movedRRset {
		var m recordModel
		readMoved(ctx, req, newRecordResource(), &m, diags)
		return movedRRset{m.replicaModel, m.declared(ctx, diags)}
	},
	"multidns_router": func(ctx context.Context, req resource.MoveStateRequest, diags *diag.Diagnostics) movedRRset {
		var m routerModel
		readMoved(ctx, req, newRouterResource(), &m, diags)
		return movedRRset{m.replicaModel, m.declared(ctx, diags)}
	},
}

// readMoved reads a state by the schema of the resource that wrote it.
func readMoved(ctx context.Context, req resource.MoveStateRequest, from resource.Resource, into perOperator, diags *diag.Diagnostics) {
	var answer resource.SchemaResponse
	from.Schema(ctx, resource.SchemaRequest{}, &answer)
	raw, err := req.SourceRawState.UnmarshalWithOpts(answer.Schema.Type().TerraformType(ctx), tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
	if err != nil {
		diags.AddError("Unable to move the resource", fmt.Sprintf("The state of the %s cannot be read: %s.", req.SourceTypeName, err))
		return
	}
	diags.Append(getModel(ctx, tfsdk.State{Raw: raw, Schema: answer.Schema}, into)...)
}

// moveOwnership hands over what private state knows of the operators.
func moveOwnership(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	raw, diags := req.SourcePrivate.GetKey(ctx, ownershipKey)
	resp.Diagnostics.Append(diags...)
	if len(raw) > 0 {
		resp.Diagnostics.Append(resp.TargetPrivate.SetKey(ctx, ownershipKey, raw)...)
	}
}

// resume makes the state that of an RRset which another resource of this provider held so far, with its values. Which
// of a router's targets has them only the configuration knows.
func (r *rrsetResource[M, P]) resume(ctx context.Context, state P, from movedRRset, diags *diag.Diagnostics) {
	key, ok := from.replica.key(diags)
	if !ok {
		return
	}
	state.setKey(key)
	*state.replica() = from.replica.withOverrides(ctx, state.replica().overrides)
	if from.values.known && len(from.values.items) > 0 {
		state.adopt(from.values.items)
	}
}

// withOverrides is the model with its overrides as those of another resource: what that one does not have is left out.
func (m replicaModel) withOverrides(ctx context.Context, none operatorObjects) replicaModel {
	next := none
	for name, null := range none {
		was := m.overrides[name]
		if was.IsNull() {
			continue
		}
		own := map[string]attr.Value{}
		for attribute := range null.AttributeTypes(ctx) {
			if v, ok := was.Attributes()[attribute]; ok {
				own[attribute] = v
			}
		}
		next = next.with(name, override(null, own))
	}
	m.overrides = next
	return m
}
