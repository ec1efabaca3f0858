package protocol

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Ref stands in a configuration for an attribute of a data source.
type Ref struct{ Data, Attribute string }

// Later stands in a configuration for a value that is not known before the apply.
type Later struct{ Value any }

// encode makes a value of type typ: nil is null, and what a map leaves out. What comes later is unknown, but in an
// apply, and a reference is what a data source had.
func (w *walk) encode(typ tftypes.Type, v any) (tftypes.Value, error) {
	switch v := v.(type) {
	case nil:
		return null(typ), nil
	case Later:
		if !w.applying {
			return tftypes.NewValue(typ, tftypes.UnknownValue), nil
		}
		return w.encode(typ, v.Value)
	case Ref:
		source, ok := w.data[v.Data]
		if !ok {
			return tftypes.Value{}, fmt.Errorf("data source %s was not read", v.Data)
		}
		return members(source)[v.Attribute], nil
	}
	switch t := typ.(type) {
	case tftypes.Object:
		attributes, ok := v.(map[string]any)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("encode %T as an object", v)
		}
		for name := range attributes {
			if _, ok := t.AttributeTypes[name]; !ok {
				return tftypes.Value{}, fmt.Errorf("encode: no attribute is named %q", name)
			}
		}
		return w.encodeMembers(t, t.AttributeTypes, attributes)
	case tftypes.Map:
		elements, ok := v.(map[string]any)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("encode %T as a map", v)
		}
		types := map[string]tftypes.Type{}
		for key := range elements {
			types[key] = t.ElementType
		}
		return w.encodeMembers(t, types, elements)
	case tftypes.List:
		values, err := w.encodeAll(t.ElementType, v)
		return tftypes.NewValue(t, values), err
	case tftypes.Set:
		values, err := w.encodeAll(t.ElementType, v)
		return tftypes.NewValue(t, values), err
	}
	if err := tftypes.ValidateValue(typ, v); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(typ, v), nil
}

func (w *walk) encodeMembers(typ tftypes.Type, types map[string]tftypes.Type, members map[string]any) (tftypes.Value, error) {
	values := map[string]tftypes.Value{}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		value, err := w.encode(types[name], members[name])
		if err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
		}
		values[name] = value
	}
	return tftypes.NewValue(typ, values), nil
}

func (w *walk) encodeAll(element tftypes.Type, v any) ([]tftypes.Value, error) {
	var items []any
	switch v := v.(type) {
	case []string:
		for _, s := range v {
			items = append(items, s)
		}
	case []any:
		items = v
	default:
		return nil, fmt.Errorf("encode %T as a list", v)
	}
	values := make([]tftypes.Value, 0, len(items))
	for _, item := range items {
		value, err := w.encode(element, item)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

// decode gives a value as encoding/json would; unknown is "(unknown)". Sets come as lists in the order of their text.
func decode(v tftypes.Value) any {
	if !v.IsKnown() {
		return "(unknown)"
	}
	if v.IsNull() {
		return nil
	}
	switch {
	case v.Type().Is(tftypes.String):
		var s string
		must(v.As(&s))
		return s
	case v.Type().Is(tftypes.Bool):
		var b bool
		must(v.As(&b))
		return b
	case v.Type().Is(tftypes.Number):
		var n big.Float
		must(v.As(&n))
		f, _ := n.Float64()
		return f
	case v.Type().Is(tftypes.Object{}), v.Type().Is(tftypes.Map{}):
		m := map[string]any{}
		for name, element := range members(v) {
			m[name] = decode(element)
		}
		return m
	}
	list := []any{}
	for _, element := range elements(v) {
		list = append(list, decode(element))
	}
	if v.Type().Is(tftypes.Set{}) {
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	return list
}

// members are the parts of an object or a map; none of one that is null.
func members(v tftypes.Value) map[string]tftypes.Value {
	m := map[string]tftypes.Value{}
	must(v.As(&m))
	return m
}

func elements(v tftypes.Value) []tftypes.Value {
	var list []tftypes.Value
	must(v.As(&list))
	return list
}

// must panics on what only a mistake of this package can bring about.
func must(err error) {
	if err != nil {
		panic("protocol: " + err.Error())
	}
}

func pack(typ tftypes.Type, v tftypes.Value) *tfprotov6.DynamicValue {
	d, err := tfprotov6.NewDynamicValue(typ, v)
	must(err)
	return &d
}

func null(typ tftypes.Type) tftypes.Value { return tftypes.NewValue(typ, nil) }

// propose is the proposed new state: what is configured, and what the provider computed before where nothing is.
func propose(schema *tfprotov6.Schema, config, prior tftypes.Value) tftypes.Value {
	configured := members(config)
	before := members(prior)
	proposed := map[string]tftypes.Value{}
	for _, a := range schema.Block.Attributes {
		v := configured[a.Name]
		if was, ok := before[a.Name]; ok && a.Computed && v.IsNull() {
			v = was
		}
		proposed[a.Name] = v
	}
	return tftypes.NewValue(schema.ValueType(), proposed)
}

// refused says why a CLI would not accept a plan: a planned argument must equal the configuration or the prior state.
func refused(schema *tfprotov6.Schema, config, prior, planned tftypes.Value) error {
	if planned.IsNull() {
		return fmt.Errorf("the plan of a declared resource is null")
	}
	return refusedIn("", schema.Block.Attributes, members(config), members(prior), members(planned))
}

func refusedIn(at string, attributes []*tfprotov6.SchemaAttribute, config, prior, planned map[string]tftypes.Value) error {
	for _, a := range attributes {
		if err := refusedAt(at+"."+a.Name, a, config[a.Name], prior[a.Name], planned[a.Name]); err != nil {
			return err
		}
	}
	return nil
}

// refusedAt judges one attribute, and those in it where it has some.
func refusedAt(at string, a *tfprotov6.SchemaAttribute, config, prior, planned tftypes.Value) error {
	switch {
	case planned.Equal(config), a.Computed && config.IsNull(), !config.IsNull() && !prior.IsNull() && planned.Equal(prior):
		return nil
	case a.NestedType == nil, !config.IsKnown(), config.IsNull(), !planned.IsKnown(), planned.IsNull():
		return fmt.Errorf("attribute %s is planned as %v, configured as %v", at, decode(planned), decode(config))
	}
	configs, priors, plans := nested(config), nested(prior), nested(planned)
	if len(configs) != len(plans) {
		return fmt.Errorf("attribute %s is planned with %d elements, configured with %d", at, len(plans), len(configs))
	}
	for name, own := range plans {
		if !own.IsKnown() || own.IsNull() || !configs[name].IsKnown() {
			if !own.Equal(configs[name]) {
				return fmt.Errorf("attribute %s[%s] is planned as %v, configured as %v", at, name, decode(own), decode(configs[name]))
			}
			continue
		}
		if err := refusedIn(at+"["+name+"]", a.NestedType.Attributes, members(configs[name]), members(priors[name]), members(own)); err != nil {
			return err
		}
	}
	return nil
}

// nested are the objects of an attribute that has attributes of its own, by key or position; a single one is by itself.
func nested(v tftypes.Value) map[string]tftypes.Value {
	switch {
	case v.IsNull() || !v.IsKnown():
		return nil
	case v.Type().Is(tftypes.Object{}):
		return map[string]tftypes.Value{"": v}
	}
	return parts(v)
}

// parts are what a value consists of, by name or position.
func parts(v tftypes.Value) map[string]tftypes.Value {
	if v.Type().Is(tftypes.Object{}) || v.Type().Is(tftypes.Map{}) {
		return members(v)
	}
	all := map[string]tftypes.Value{}
	for i, element := range elements(v) {
		all[fmt.Sprint(i)] = element
	}
	return all
}

// contradicts says where actual is not what was planned: what was known must have come true, what was unknown may be
// anything.
func contradicts(at string, planned, actual tftypes.Value) error {
	if !planned.IsKnown() || planned.Equal(actual) {
		return nil
	}
	wrong := fmt.Errorf("%s: planned %v, got %v", at, decode(planned), decode(actual))
	if planned.IsFullyKnown() || !actual.IsKnown() || planned.IsNull() || actual.IsNull() {
		return wrong
	}
	if planned.Type().Is(tftypes.Set{}) { // nobody can tell which element an unknown one has become
		return nil
	}
	before, after := parts(planned), parts(actual)
	if len(before) != len(after) {
		return wrong
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		v, ok := after[name]
		if !ok {
			return wrong
		}
		if err := contradicts(at+"."+name, before[name], v); err != nil {
			return err
		}
	}
	return nil
}
