package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// baseResource is embedded by every resource that holds RRsets.
type baseResource struct{ shared *shared }

func (r *baseResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.shared, _ = req.ProviderData.(*shared)
}

// configured guards what cannot be done without operators.
func (d *shared) configured(diags *diag.Diagnostics) bool {
	if d == nil {
		diags.AddError("Provider is not configured",
			"The configuration of the provider multidns depends on a value that is not known yet. Apply what it depends on first (-target), or take it from a variable.")
	}
	return d != nil
}

// validate judges what can be judged without asking anybody, and counts the declaration.
func (r *baseResource) validate(ctx context.Context, m *replicaModel, declared values, diags *diag.Diagnostics) {
	config := *m
	if config.TTL.IsNull() {
		config.TTL = types.Int64Value(maxTTL) // the default is not known here, and any TTL serves
	}
	config.judge(ctx, declared, diags)
	key, known := config.key(&diag.Diagnostics{})
	if r.shared == nil || !known {
		return
	}
	r.shared.declare(key) // wrong or not: nobody may wait for it
	if diags.HasError() {
		return
	}
	for _, o := range Operators {
		if _, on := o.Answering(m.declaredSettings(o, diags)); on {
			r.shared.declared.addAnswering(key.Name, o.Name)
		}
	}
}

func (m *replicaModel) declaredSettings(o operator.Descriptor, diags *diag.Diagnostics) operator.Settings {
	declared, _ := readDeclared(context.Background(), o.Keeps, m.overrides[o.Name], diags)
	return declared
}

// warnAnswers says that the operators will answer differently.
func (d *shared) warnAnswers(m *replicaModel, diags *diag.Diagnostics) {
	if key, known := m.key(diags); known && d != nil {
		d.warnHidden(key, diags)
	}
	for _, o := range Operators {
		flag, on := o.Answering(m.declaredSettings(o, diags))
		if !on {
			continue
		}
		var others, attributes []string
		for _, other := range Operators {
			own, has := m.overrides[other.Name].Attributes()["values"]
			if other.Name != o.Name && (!has || own.IsNull()) {
				others, attributes = append(others, other.Title), append(attributes, other.Name+".values")
			}
		}
		if len(others) > 0 {
			diags.AddAttributeWarning(path.Root(o.Name).AtName(flag.Name), "Operators will answer differently", fmt.Sprintf(
				"With %s = true %s answers with %s and %s with the declared values. Say in %s what %s shall answer, or leave %[1]s out.",
				flag.Name, o.Title, flag.Answers, operator.And(others), operator.And(attributes), operator.And(others)))
		}
	}
}

// warnHidden says that an operator does not serve an RRset, because of what is declared beside it at the name. Either
// may be planned first.
func (d *shared) warnHidden(key rrset.Key, diags *diag.Diagnostics) {
	for _, o := range Operators {
		for _, flag := range o.Keeps {
			for _, typ := range flag.Hides {
				if d.declared.isAnswering(key.Name, o.Name) && d.declared.of(key.WithType(typ)) > 0 {
					diags.AddWarning(o.Title+" will not serve an RRset", fmt.Sprintf(
						"%s %s is declared, and another RRset of that name with %s = true. Then %s answers %s with records of its own, and the operators will answer differently. Leave out one of the two.",
						key.Name, typ, flag.Name, o.Title, typ))
				}
			}
		}
	}
}

func attributeTypes(a schema.SingleNestedAttribute) map[string]attr.Type {
	object, _ := a.GetType().(types.ObjectType)
	return object.AttrTypes
}
