package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// operatorObjects are the objects that a schema has under the names of the operators: how to reach each, or what
// differs there. The framework fills structs, which would need a field for each operator; so these objects are taken
// out before it fills the rest of a model, and put back when it is read.
type operatorObjects map[string]types.Object

// with is a copy in which one operator's object is another one.
func (o operatorObjects) with(name string, object types.Object) operatorObjects {
	next := operatorObjects{}
	maps.Copy(next, o)
	next[name] = object
	return next
}

func (o operatorObjects) equal(other operatorObjects) bool {
	return maps.EqualFunc(o, other, func(a, b types.Object) bool { return a.Equal(b) })
}

// perOperator is a model whose schema has an object for each operator.
type perOperator interface{ operatorObjects() *operatorObjects }

// source is a configuration, a plan or a state.
type source interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// getModel reads a model from a configuration, a plan or a state.
func getModel(ctx context.Context, from source, into perOperator) diag.Diagnostics {
	var whole types.Object
	diags := from.Get(ctx, &whole)
	if !diags.HasError() {
		diags.Append(splitObject(ctx, whole, into)...)
	}
	return diags
}

// splitObject fills a model from an object.
func splitObject(ctx context.Context, whole types.Object, into perOperator) diag.Diagnostics {
	values, kinds := whole.Attributes(), whole.AttributeTypes(ctx)
	own := operatorObjects{}
	for _, name := range operatorNames() {
		own[name], _ = values[name].(basetypes.ObjectValue)
		delete(values, name)
		delete(kinds, name)
	}
	rest, diags := types.ObjectValue(kinds, values)
	if !diags.HasError() {
		diags.Append(rest.As(ctx, into, basetypes.ObjectAsOptions{})...)
	}
	*into.operatorObjects() = own
	return diags
}

// target is a plan, a state or a listed resource.
type target interface {
	source
	Set(ctx context.Context, value any) diag.Diagnostics
}

// setModel writes a model into a plan or a state.
func setModel(ctx context.Context, into target, model perOperator) diag.Diagnostics {
	var there types.Object // for its type
	diags := into.Get(ctx, &there)
	if diags.HasError() {
		return diags
	}
	whole, d := joinObject(ctx, there.AttributeTypes(ctx), model)
	if diags.Append(d...); !diags.HasError() {
		diags.Append(into.Set(ctx, whole)...)
	}
	return diags
}

// joinObject makes an object of these types of a model.
func joinObject(ctx context.Context, kinds map[string]attr.Type, model perOperator) (types.Object, diag.Diagnostics) {
	others := maps.Clone(kinds)
	for _, name := range operatorNames() {
		delete(others, name)
	}
	rest, diags := types.ObjectValueFrom(ctx, others, model)
	if diags.HasError() {
		return types.ObjectUnknown(kinds), diags
	}
	values := rest.Attributes()
	for name, object := range *model.operatorObjects() {
		values[name] = object
	}
	whole, d := types.ObjectValue(kinds, values)
	diags.Append(d...)
	return whole, diags
}
