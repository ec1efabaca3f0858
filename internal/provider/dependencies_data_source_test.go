package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

func rrsetOf(name, typ string, values ...string) zonedata.RRset {
	return zonedata.RRset{Name: name, Type: typ, TTL: 3600, Values: values}
}

// smallInternet serves com. and example.com., the latter at two operators, and gives the port of all its name servers.
func smallInternet(t *testing.T) (root, port string) {
	t.Helper()
	site := func(target string) sandboxtest.Zones {
		return sandboxtest.Zones{"example.com.": {
			rrsetOf("example.com.", "NS", "ns.red.com.", "ns.blue.com."),
			rrsetOf("www.example.com.", "CNAME", "web.example.com."),
			rrsetOf("web.example.com.", "CNAME", target),
			rrsetOf("cdn.example.com.", "A", "127.0.9.1"),
			rrsetOf("origin.example.com.", "A", "127.0.8.1"),
		}}
	}
	parents := sandboxtest.Zones{
		".": {rrsetOf(".", "NS", "a.root."), rrsetOf("a.root.", "A", "127.0.0.1"), rrsetOf("com.", "NS", "a.nic.com."), rrsetOf("a.nic.com.", "A", "127.0.0.2")},
	}
	com := sandboxtest.Zones{"com.": {
		rrsetOf("com.", "NS", "a.nic.com."), rrsetOf("a.nic.com.", "A", "127.0.0.2"),
		rrsetOf("example.com.", "NS", "ns.red.com.", "ns.blue.com."),
		rrsetOf("ns.red.com.", "A", "127.0.1.1"), rrsetOf("ns.blue.com.", "A", "127.0.2.1"),
	}}
	first := sandboxtest.Serve(t, "127.0.0.1:0", parents)
	_, port, _ = strings.Cut(first.Addr(), ":")
	for addr, zones := range map[string]sandboxtest.Zones{"127.0.0.2": com, "127.0.1.1": site("cdn.example.com."), "127.0.2.1": site("cdn.example.com.")} {
		sandboxtest.Serve(t, addr+":"+port, zones)
	}
	return "127.0.0.1", port
}

// readDependencies reads the data source with a configuration in terms of Terraform.
func readDependencies(t *testing.T, given map[string]tftypes.Value) (dependenciesModel, diag.Diagnostics) {
	t.Helper()
	d := datasource.DataSource(&dependenciesDataSource{in: Process()})
	var schema datasource.SchemaResponse
	d.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
	if diags := schema.Schema.ValidateImplementation(t.Context()); diags.HasError() {
		t.Fatal(diags)
	}
	object, _ := schema.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, typ := range object.AttributeTypes {
		values[name] = tftypes.NewValue(typ, nil)
		if v, ok := given[name]; ok {
			values[name] = v
		}
	}
	config := tfsdk.Config{Schema: schema.Schema, Raw: tftypes.NewValue(object, values)}
	var validate datasource.ValidateConfigResponse
	d.(*dependenciesDataSource).ValidateConfig(t.Context(), datasource.ValidateConfigRequest{Config: config}, &validate)
	if validate.Diagnostics.HasError() {
		return dependenciesModel{}, validate.Diagnostics
	}
	resp := datasource.ReadResponse{State: tfsdk.State{Schema: schema.Schema, Raw: tftypes.NewValue(object, nil)}}
	d.Read(t.Context(), datasource.ReadRequest{Config: config}, &resp)
	var m dependenciesModel
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Get(t.Context(), &m)...)
	}
	return m, resp.Diagnostics
}

func stringsValue(kind tftypes.Type, texts ...string) tftypes.Value {
	var elements []tftypes.Value
	for _, text := range texts {
		elements = append(elements, tftypes.NewValue(tftypes.String, text))
	}
	return tftypes.NewValue(kind, elements)
}

var (
	setOfStrings  = tftypes.Set{ElementType: tftypes.String}
	listOfStrings = tftypes.List{ElementType: tftypes.String}
)

func operatorsValue(networks map[string]string) tftypes.Value {
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"jurisdiction": tftypes.String, "networks": setOfStrings, "suffixes": setOfStrings}}
	elements := map[string]tftypes.Value{}
	for name, network := range networks {
		elements[name] = tftypes.NewValue(object, map[string]tftypes.Value{
			"jurisdiction": tftypes.NewValue(tftypes.String, "SI"), "networks": stringsValue(setOfStrings, network), "suffixes": stringsValue(setOfStrings, name+".com"),
		})
	}
	return tftypes.NewValue(tftypes.Map{ElementType: object}, elements)
}

func routersValue(host string, targets, changedAt []string) tftypes.Value {
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"targets": listOfStrings, "changed_at": setOfStrings}}
	return tftypes.NewValue(tftypes.Map{ElementType: object}, map[string]tftypes.Value{host: tftypes.NewValue(object, map[string]tftypes.Value{
		"targets": stringsValue(listOfStrings, targets...), "changed_at": stringsValue(setOfStrings, changedAt...),
	})})
}

func declaredValue(neededFor string) tftypes.Value {
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String, "operator": tftypes.String, "needed_for": setOfStrings}}
	return tftypes.NewValue(tftypes.List{ElementType: object}, []tftypes.Value{tftypes.NewValue(object, map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, "state"), "operator": tftypes.NewValue(tftypes.String, "red"), "needed_for": stringsValue(setOfStrings, neededFor),
	})})
}

func outcome(t *testing.T, m dependenciesModel, operator, facet, name string) string {
	t.Helper()
	all := map[string]map[string]map[string]struct {
		AfterSwitch string `tfsdk:"after_switch"`
		Now         string `tfsdk:"now"`
		Why         string `tfsdk:"why"`
	}{}
	if diags := m.WhatIf.ElementsAs(t.Context(), &all, false); diags.HasError() {
		t.Fatal(diags)
	}
	o := all[operator][facet][name]
	return o.Now + ">" + o.AfterSwitch
}

func TestDependenciesDataSource(t *testing.T) {
	root, port := smallInternet(t)
	t.Setenv(rootsVariable, root+":"+port)
	given := map[string]tftypes.Value{
		"names":     stringsValue(setOfStrings, "WWW.example.com", "origin.example.com."),
		"operators": operatorsValue(map[string]string{"red": "127.0.1.0/24", "blue": "127.0.2.0/24", "cdn": "127.0.9.1"}),
		"routers":   routersValue("web.example.com", []string{"cdn.example.com", "origin.example.com"}, []string{"red", "blue"}),
		"declared":  declaredValue("change"),
		"port":      tftypes.NewValue(tftypes.Number, portNumber(t, port)),
	}
	m, diags := readDependencies(t, given)
	if diags.HasError() {
		t.Fatal(diags)
	}
	for _, test := range []struct{ operator, facet, name, want string }{
		{"red", "dns", "WWW.example.com", "up>up"},
		{"blue", "all", "origin.example.com.", "up>up"},
		{"cdn", "edge", "WWW.example.com", "down>up"},
		{"cdn", "edge", "origin.example.com.", "up>up"},
		{"nic.com", "dns", "WWW.example.com", "down>down"},
	} {
		if got := outcome(t, m, test.operator, test.facet, test.name); got != test.want {
			t.Errorf("%s of %s: %s is %s, want %s\n%s", test.facet, test.operator, test.name, got, test.want, m.Problems)
		}
	}
	if len(m.Points) != 2 || m.Points[0].Operator != "nic.com" || !m.Points[0].Names.Equal(stringList([]string{"WWW.example.com", "origin.example.com."})) {
		t.Errorf("%+v", m.Points)
	}
	if diff := cmp.Diff(map[string]countModel{"SI": {Down: 2}}, m.ByJurisdiction); diff != "" {
		t.Error(diff)
	}
	if !m.Problems.Equal(types.ListValueMust(types.StringType, nil)) {
		t.Errorf("%s", m.Problems)
	}
	if len(m.Nodes) == 0 || len(m.Edges) == 0 || !strings.HasPrefix(m.Mermaid.ValueString(), "flowchart LR\n") || !strings.HasPrefix(m.Dot.ValueString(), "digraph ") {
		t.Errorf("%d nodes, %d edges", len(m.Nodes), len(m.Edges))
	}
}

func portNumber(t *testing.T, port string) int64 {
	t.Helper()
	n := int64(0)
	for _, c := range port {
		n = n*10 + int64(c-'0')
	}
	return n
}

// TestDependenciesDataSource_NobodyAnswers: no error, all unknown.
func TestDependenciesDataSource_NobodyAnswers(t *testing.T) {
	m, diags := readDependencies(t, map[string]tftypes.Value{
		"names":        stringsValue(setOfStrings, "www.example.com"),
		"root_servers": stringsValue(listOfStrings, "127.0.0.1:1"),
		"declared":     declaredValue("change"),
	})
	if diags.HasError() {
		t.Fatal(diags)
	}
	if got := outcome(t, m, "red", "all", "www.example.com"); got != "unknown>unknown" {
		t.Error(got)
	}
	if len(m.Points) != 0 || len(m.Problems.Elements()) == 0 {
		t.Errorf("%+v %s", m.Points, m.Problems)
	}
}

func TestDependenciesDataSource_WrongQuestions(t *testing.T) {
	names := stringsValue(setOfStrings, "www.example.com")
	for name, test := range map[string]struct {
		given map[string]tftypes.Value
		says  string
	}{
		"name":     {map[string]tftypes.Value{"names": stringsValue(setOfStrings, "www..example")}, `"www..example" is not a host name`},
		"network":  {map[string]tftypes.Value{"names": names, "operators": operatorsValue(map[string]string{"red": "10.0.0.0/99"})}, `"10.0.0.0/99" is neither a network`},
		"needed":   {map[string]tftypes.Value{"names": names, "declared": declaredValue("api.example.com")}, `"api.example.com" is not one of names`},
		"root":     {map[string]tftypes.Value{"names": names, "root_servers": stringsValue(listOfStrings, "a.root")}, `"a.root" is not an address`},
		"router":   {map[string]tftypes.Value{"names": names, "routers": routersValue("a..b", nil, nil)}, `"a..b" is not a host name`},
		"target":   {map[string]tftypes.Value{"names": names, "routers": routersValue("a.b", []string{"x y"}, nil)}, `"x y" is not a host name`},
		"no known": {map[string]tftypes.Value{"names": stringsValue(setOfStrings, "")}, `"" is not a host name`},
	} {
		_, diags := readDependencies(t, test.given)
		if !diags.HasError() || !strings.Contains(diags[0].Detail(), test.says) {
			t.Errorf("%s: %v", name, diags)
		}
	}
}
