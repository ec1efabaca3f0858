package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// queried is what a CLI would be told of one result.
type queried struct {
	Name, Severity string
	Identity       map[string]string
	Values         []string // of the resource, when it was asked for
}

// query asks the served provider for multidns_record as `terraform query` does.
func query(t *testing.T, box *sandbox.Sandbox, zone string, withResource bool, limit int64) []queried {
	t.Helper()
	for name, value := range box.Environment() {
		t.Setenv(name, value)
	}
	made, err := providerserver.NewProtocol6WithError(New("test", Process())())()
	if err != nil {
		t.Fatal(err)
	}
	lister, ok := made.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatalf("%T lists nothing", made)
	}
	schemas, err := made.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatal(err, schemas.Diagnostics)
	}
	object := schemas.Provider.ValueType().(tftypes.Object)
	nulls := map[string]tftypes.Value{}
	for name, typ := range object.AttributeTypes {
		nulls[name] = tftypes.NewValue(typ, nil)
	}
	configured, err := made.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, tftypes.NewValue(object, nulls))})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured.Diagnostics)
	}
	config := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"zone": tftypes.String}}, map[string]tftypes.Value{
		"zone": tftypes.NewValue(tftypes.String, zone),
	})
	stream, err := lister.ListResource(t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: "multidns_record", Config: dynamic(t, config), IncludeResource: withResource, Limit: limit,
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []queried
	for result := range stream.Results {
		all = append(all, asQueried(t, result, schemas.ResourceSchemas["multidns_record"].ValueType()))
	}
	return all
}

func dynamic(t *testing.T, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	packed, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		t.Fatal(err)
	}
	return &packed
}

func asQueried(t *testing.T, result tfprotov6.ListResourceResult, resource tftypes.Type) queried {
	t.Helper()
	q := queried{Name: result.DisplayName}
	for _, d := range result.Diagnostics {
		q.Severity = strings.TrimSpace(q.Severity + " " + d.Severity.String() + " " + d.Summary)
	}
	if result.Identity != nil {
		identity := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"zone": tftypes.String, "name": tftypes.String, "type": tftypes.String}}
		q.Identity = map[string]string{}
		for name, v := range attributes(t, result.Identity.IdentityData, identity) {
			var text string
			if err := v.As(&text); err != nil {
				t.Fatal(err)
			}
			q.Identity[name] = text
		}
	}
	if result.Resource == nil {
		return q
	}
	var values []tftypes.Value
	if err := attributes(t, result.Resource, resource)["values"].As(&values); err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		var text string
		if err := v.As(&text); err != nil {
			t.Fatal(err)
		}
		q.Values = append(q.Values, text)
	}
	return q
}

func attributes(t *testing.T, packed *tfprotov6.DynamicValue, typ tftypes.Type) map[string]tftypes.Value {
	t.Helper()
	v, err := packed.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]tftypes.Value
	if err := v.As(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func identity(name, typ string) map[string]string {
	return map[string]string{"zone": "example.com", "name": name, "type": typ}
}

// filled starts a sandbox in which the operators hold different RRsets.
func filled(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	box, _ := configured(t, sandbox.Options{}, outageDegrade)
	for _, edit := range []struct {
		site            *sandbox.Site
		name, typ, held string
	}{
		{box.Cloudflare.Site, "www", "A", "192.0.2.1"},
		{box.Desec.Site, "www", "A", "192.0.2.1"},
		{box.Desec.Site, "mail", "A", "192.0.2.2"},
		{box.Desec.Site, "old", "DNAME", "new.example.com."}, // a type that Cloudflare has not
		{box.Cloudflare.Site, "@", "TXT", `"only here"`},
	} {
		if err := edit.site.Edit("example.com", edit.name, edit.typ, 3600, edit.held); err != nil {
			t.Fatal(err)
		}
	}
	return box
}

func TestRecordList_WhatAnybodyHolds(t *testing.T) {
	box := filled(t)
	want := []queried{
		{Name: "example.com. NS", Identity: identity("@", "NS")},
		{Name: "example.com. TXT", Identity: identity("@", "TXT")},
		{Name: "mail.example.com. A", Identity: identity("mail", "A")},
		{Name: "www.example.com. A", Identity: identity("www", "A")},
	}
	if diff := cmp.Diff(want, query(t, box, "Example.com.", false, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Cloudflare: zone and list; deSEC: list.
	if c, d := box.Cloudflare.Log.Count(nil), box.Desec.Log.Count(nil); c != 2 || d != 1 {
		t.Errorf("%d and %d requests, want 2 and 1", c, d)
	}
	cut := []queried{{Severity: "WARNING List is not complete"}, want[0], want[1]}
	if diff := cmp.Diff(cut, query(t, box, "example.com", false, 2)); diff != "" {
		t.Errorf("limited to 2 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, query(t, box, "example.com", false, 4)); diff != "" {
		t.Errorf("limited to what there is (-want +got):\n%s", diff)
	}
	want[0].Values, want[1].Values = []string{"ns1.desec.io.", "ns2.desec.org."}, []string{`"only here"`}
	want[2].Values, want[3].Values = []string{"192.0.2.2"}, []string{"192.0.2.1"}
	if diff := cmp.Diff(want, query(t, box, "example.com", true, 0)); diff != "" {
		t.Errorf("with resources (-want +got):\n%s", diff)
	}
}

func TestRecordList_Outage(t *testing.T) {
	box := filled(t)
	box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
	want := []queried{
		{Severity: "WARNING deSEC did not answer"},
		{Name: "example.com. TXT", Identity: identity("@", "TXT")},
		{Name: "www.example.com. A", Identity: identity("www", "A")},
	}
	if diff := cmp.Diff(want, query(t, box, "example.com", false, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Quoting})
	want[0].Severity = "WARNING deSEC refused"
	if diff := cmp.Diff(want, query(t, box, "example.com", false, 0)); diff != "" {
		t.Errorf("a refusal (-want +got):\n%s", diff)
	}
	box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
	if got := fmt.Sprint(query(t, box, "example.com", false, 0)); !strings.Contains(got, "ERROR Unable to list RRsets") {
		t.Errorf("nobody answers: %s", got)
	}
}

func TestRecordList_BadZone(t *testing.T) {
	box := filled(t)
	for zone, says := range map[string]string{"a b": "ERROR Invalid zone", "example.net": "ERROR Zone not found at Cloudflare ERROR Zone not found at deSEC"} {
		got := query(t, box, zone, false, 0)
		if len(got) != 1 || got[0].Severity != says {
			t.Errorf("%s: %v, want %s", zone, got, says)
		}
	}
}
