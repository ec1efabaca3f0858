package provider

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
)

type dependenciesModel struct {
	ByJurisdiction map[string]countModel         `tfsdk:"by_jurisdiction"`
	ByOperator     map[string]countModel         `tfsdk:"by_operator"`
	Declared       []declaredModel               `tfsdk:"declared"`
	Dot            types.String                  `tfsdk:"dot"`
	Edges          []edgeModel                   `tfsdk:"edges"`
	Mermaid        types.String                  `tfsdk:"mermaid"`
	Names          []string                      `tfsdk:"names"`
	Nodes          []nodeModel                   `tfsdk:"nodes"`
	Operators      map[string]knownOperatorModel `tfsdk:"operators"`
	Port           types.Int64                   `tfsdk:"port"`
	Problems       types.List                    `tfsdk:"problems"`
	RootServers    []string                      `tfsdk:"root_servers"`
	Routers        map[string]routerPlaceModel   `tfsdk:"routers"`
	Points         []pointModel                  `tfsdk:"single_points_of_failure"`
	Timeout        types.String                  `tfsdk:"timeout"`
	WhatIf         types.Map                     `tfsdk:"what_if"`
}

type countModel struct {
	Down   int64 `tfsdk:"down"`
	Partly int64 `tfsdk:"partly"`
}

type declaredModel struct {
	Name      string   `tfsdk:"name"`
	NeededFor []string `tfsdk:"needed_for"`
	Operator  string   `tfsdk:"operator"`
}

var declaredType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"name": types.StringType, "needed_for": types.SetType{ElemType: types.StringType}, "operator": types.StringType,
}}

type edgeModel struct {
	From  string       `tfsdk:"from"`
	Kind  string       `tfsdk:"kind"`
	OneOf types.String `tfsdk:"one_of"`
	To    string       `tfsdk:"to"`
}

type nodeModel struct {
	ID           string       `tfsdk:"id"`
	Jurisdiction types.String `tfsdk:"jurisdiction"`
	Kind         string       `tfsdk:"kind"`
	Name         string       `tfsdk:"name"`
	Operator     types.String `tfsdk:"operator"`
}

type knownOperatorModel struct {
	Jurisdiction types.String `tfsdk:"jurisdiction"`
	Networks     []string     `tfsdk:"networks"`
	Suffixes     []string     `tfsdk:"suffixes"`
}

type routerPlaceModel struct {
	ChangedAt []string `tfsdk:"changed_at"`
	Targets   []string `tfsdk:"targets"`
}

var routerPlaceType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"changed_at": types.SetType{ElemType: types.StringType}, "targets": types.ListType{ElemType: types.StringType},
}}

type pointModel struct {
	Facet    string     `tfsdk:"facet"`
	Names    types.List `tfsdk:"names"`
	Operator string     `tfsdk:"operator"`
	Remedy   string     `tfsdk:"remedy"`
	Why      string     `tfsdk:"why"`
}

// The type of what_if: operator, facet, name.
func whatIfType() attr.Type {
	return types.MapType{ElemType: types.MapType{ElemType: outcomeType()}}
}

func outcomeType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{"after_switch": types.StringType, "now": types.StringType, "why": types.StringType}}
}

func builtInOperators() string {
	var names []string
	for name := range dependency.Table(nil) {
		names = append(names, "`"+name+"`")
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// set takes over the report. spelled are the names as they are written in the configuration, by the name that they
// mean.
func (m *dependenciesModel) set(r dependency.Report, spelled map[string][]string) {
	m.ByJurisdiction, m.ByOperator = countModels(r.ByJurisdiction), countModels(r.ByOperator)
	m.Dot, m.Mermaid = types.StringValue(r.Dot()), types.StringValue(r.Mermaid())
	m.Edges = []edgeModel{}
	for _, e := range r.Edges {
		m.Edges = append(m.Edges, edgeModel{e.From, e.Kind, stringOrNull(e.OneOf), e.To})
	}
	m.Nodes = []nodeModel{}
	for _, n := range r.Nodes {
		m.Nodes = append(m.Nodes, nodeModel{n.ID, stringOrNull(n.Jurisdiction), n.Kind, n.Name, stringOrNull(n.Operator)})
	}
	m.Points = []pointModel{}
	for _, p := range r.Points {
		var names []string
		for _, name := range p.Names {
			names = append(names, spelled[name]...)
		}
		m.Points = append(m.Points, pointModel{string(p.Facet), stringList(names), p.Operator, p.Remedy, p.Why})
	}
	m.Problems = stringList(r.Problems)
	m.WhatIf = whatIfValue(r.WhatIf, spelled)
}

func countModels(counts map[string]dependency.Count) map[string]countModel {
	models := map[string]countModel{}
	for name, c := range counts {
		models[name] = countModel{int64(c.Down), int64(c.Partly)}
	}
	return models
}

func whatIfValue(all dependency.WhatIf, spelled map[string][]string) types.Map {
	operators := map[string]attr.Value{}
	for operator, facets := range all {
		byFacet := map[string]attr.Value{}
		for facet, outcomes := range facets {
			byName := map[string]attr.Value{}
			for name, o := range outcomes {
				for _, spelling := range spelled[name] {
					byName[spelling] = types.ObjectValueMust(outcomeType().AttrTypes, map[string]attr.Value{
						"after_switch": types.StringValue(string(o.AfterSwitch)),
						"now":          types.StringValue(string(o.Now)),
						"why":          types.StringValue(o.Why),
					})
				}
			}
			byFacet[string(facet)] = types.MapValueMust(outcomeType(), byName)
		}
		operators[operator] = types.MapValueMust(types.MapType{ElemType: outcomeType()}, byFacet)
	}
	return types.MapValueMust(types.MapType{ElemType: types.MapType{ElemType: outcomeType()}}, operators)
}

// table is the built-in one with what the configuration says; a fault names the attribute.
func (m *dependenciesModel) table() (dependency.Operators, *attributeFault) {
	extra := dependency.Operators{}
	for _, name := range slices.Sorted(maps.Keys(m.Operators)) {
		given := m.Operators[name]
		o := dependency.Operator{Suffixes: slices.Clone(given.Suffixes), Jurisdiction: given.Jurisdiction.ValueString()}
		for i, suffix := range given.Suffixes {
			domain, err := dependency.ParseName(suffix)
			if err != nil {
				return nil, &attributeFault{"operators", "suffixes: " + err.Error() + "."}
			}
			o.Suffixes[i] = strings.TrimSuffix(domain, ".")
		}
		if given.Networks != nil {
			var fault *attributeFault
			if o.Networks, fault = networks(given.Networks); fault != nil {
				return nil, fault
			}
		}
		extra[name] = o
	}
	return dependency.Table(extra), nil
}
