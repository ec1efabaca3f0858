package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

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

func (m *replicaModel) declaredSettings(o operator.Descriptor, diags *diag.Diagnostics) operator.Settings {
	declared, _ := readDeclared(context.Background(), o.Keeps, m.overrides[o.Name], diags)
	return declared
}

// addAnswering notes the operators that answer at the key's name with something else than what is declared.
func (d *declarations) addAnswering(name, operator string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.answering == nil {
		d.answering = map[string]map[string]bool{}
	}
	if d.answering[operator] == nil {
		d.answering[operator] = map[string]bool{}
	}
	d.answering[operator][name] = true
}

func (d *declarations) isAnswering(name, operator string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.answering[operator][name]
}
