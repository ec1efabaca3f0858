package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// newKey reads a key. Of a type that cannot be declared it says which operator lacks it, and what to write instead.
func newKey(zone, name, typ string) (rrset.Key, error) {
	key, err := rrset.NewKey(zone, name, typ)
	if wrong, ok := errors.AsType[*rrset.FieldError](err); ok && wrong.Field == "type" {
		return key, whyNotType(rrset.Key{}.WithType(typ).Type, err)
	}
	return key, err
}

func whyNotType(typ string, otherwise error) error {
	for _, o := range Operators {
		for _, v := range operator.Check(o.Rules, operator.RRset{RRset: rrset.RRset{Key: rrset.Key{Type: typ}}}, nil) {
			if v.Attribute == "type" {
				return &rrset.FieldError{Field: "type", Message: v.Message}
			}
		}
	}
	return otherwise
}

// judge is holdable for a configuration, of which the values may not be known yet.
func (m *replicaModel) judge(ctx context.Context, declared values, diags *diag.Diagnostics) {
	m.judgeTTL(ctx, diags)
	want, _ := m.desired(ctx, declared, diags)
	for name, own := range want {
		own.TTL = maxTTL // it was judged, and every operator holds this one
		// What is kept beside the data may depend on the zone: the plan judges it.
		own.Settings = nil
		want[name] = own
	}
	m.refuse(want, declared, diags)
}

// refuse asks the rules of every operator of which it is known what it shall hold.
func (m *replicaModel) refuse(want replica.Desired, declared values, diags *diag.Diagnostics) (held bool) {
	held = true
	for _, o := range Operators {
		if own, known := want[o.Name]; known {
			violations := operator.Check(o.Rules, own, nil)
			m.reportViolations(o.Name, declared, violations, diags)
			held = held && len(violations) == 0
		}
	}
	return held
}

func (m *replicaModel) reportViolations(name string, declared values, violations []operator.Violation, diags *diag.Diagnostics) {
	for _, v := range violations {
		diags.AddAttributeError(m.attribute(name, v.Attribute, declared), title(name)+" cannot hold this RRset", v.Message)
	}
}

// attribute is where the user wrote what an operator objects to.
func (m *replicaModel) attribute(name, attribute string, declared values) path.Path {
	if v, ok := m.overrides[name].Attributes()[attribute]; ok && !v.IsNull() {
		return path.Root(name).AtName(attribute)
	}
	if attribute == "values" {
		return declared.path
	}
	return path.Root(attribute)
}

// problemOf is why an RRset cannot be declared as it is. What is usually overridden for one operator, such as a TTL, is
// none.
func problemOf(r rrset.RRset) error {
	for _, o := range Operators {
		for _, v := range operator.Check(o.Rules, operator.RRset{RRset: r}, nil) {
			if !v.Overridable {
				return &rrset.FieldError{Field: v.Attribute, Message: v.Message}
			}
		}
	}
	return nil
}
