package thirdoperator

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/provider"
)

// TestSchema: its descriptor makes the attributes, at every place where an operator has one.
func TestSchema(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test", provider.Process())())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	attribute := func(of []*tfprotov6.SchemaAttribute, path ...string) *tfprotov6.SchemaAttribute {
		var found *tfprotov6.SchemaAttribute
		for _, name := range path {
			found = nil
			for _, a := range of {
				if a.Name == name {
					found = a
				}
			}
			if found == nil {
				t.Fatalf("no attribute %v", path)
			}
			of = nil
			if found.NestedType != nil {
				of = found.NestedType.Attributes
			}
		}
		return found
	}
	if a := attribute(schemas.Provider.Block.Attributes, "memory", "place"); a.Sensitive || !a.Optional {
		t.Errorf("%+v", a)
	}
	for typ, path := range map[string][]string{
		"multidns_record": {"memory", "note"}, "multidns_router": {"memory", "note"}, "multidns_zone_records": {"records", "memory", "note"},
	} {
		if a := attribute(schemas.ResourceSchemas[typ].Block.Attributes, path...); !a.Optional || a.Description == "" {
			t.Errorf("%s: %+v", typ, a)
		}
	}
	for _, path := range [][]string{{"memory", "values"}, {"memory", "ttl"}, {"cloudflare", "proxied"}, {"desec", "ttl"}} {
		attribute(schemas.ResourceSchemas["multidns_record"].Block.Attributes, path...)
	}
}

// TestMoved: a moved block may come from the resources that its descriptor names.
func TestMoved(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test", provider.Process())())()
	move := func(from string) *tfprotov6.MoveResourceStateResponse {
		response, err := server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
			SourceTypeName: from, TargetTypeName: "multidns_record",
			SourceState: &tfprotov6.RawState{JSON: []byte(`{"place": "example.com", "owner": "www", "type": "A"}`)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	moved := move("memory_entry")
	if len(moved.Diagnostics) > 0 {
		t.Fatal(moved.Diagnostics[0].Detail)
	}
	if !bytes.Contains(moved.TargetState.MsgPack, []byte("example.com/www/A")) { // its id
		t.Errorf("moved as %q", moved.TargetState.MsgPack)
	}
	const all = "multidns_record, multidns_router, cloudflare_dns_record, cloudflare_record, desec_rrset and memory_entry, and no memory_row"
	if refused := move("memory_row").Diagnostics; len(refused) != 1 || !strings.Contains(refused[0].Detail, all) {
		t.Errorf("another resource: %v", refused)
	}
}

func TestProvider_WithoutAnAccount(t *testing.T) {
	s := newStage(t)
	delete(s.project.Provider, "memory")
	s.plan(record(nil), 1, "Missing place", "Cloudflare, deSEC and Memory", "memory.place", "MEMORY_PLACE")
	s.project.Provider["memory"] = map[string]any{"place": "nowhere"}
	s.plan(record(nil), 1, "Invalid Memory settings", `no place "nowhere"`)
}

func TestRouter_SwitchesAtAllThree(t *testing.T) {
	s := newStage(t)
	points := func(firstIsHealthy bool) protocol.Config {
		return protocol.Config{Resources: map[string]protocol.Resource{"multidns_router.r": {Type: "multidns_router", Args: map[string]any{
			"zone": s.box.Zone, "name": "www", "ttl": 3600, "memory": map[string]any{"ttl": 9000, "note": "front"},
			"targets": []any{
				map[string]any{"name": "first", "values": []string{"one.example.net."}, "healthy": firstIsHealthy},
				map[string]any{"name": "second", "values": []string{"two.example.net."}, "healthy": true},
			},
		}}}}
	}
	s.apply(points(true), 0, "9000 seconds, its TTL at Memory")
	s.holdsAt("desec", "www.example.com. 3600 CNAME one.example.net.")
	s.holdsAt("memory", "www.example.com. 9000 CNAME one.example.net.")
	// Its name servers answer with 7200 at most.
	if got := s.attr("multidns_router.r", "max_ttl"); got != 7200.0 && got != int64(7200) {
		t.Errorf("max_ttl is %v (%T)", got, got)
	}
	s.apply(points(false), 0)
	s.holdsAt("cloudflare", "www.example.com. 3600 CNAME two.example.net.")
	s.holdsAt("memory", "www.example.com. 9000 CNAME two.example.net.")
	s.plan(points(false), 0)
}

func TestZoneRecords_OneWriteEach(t *testing.T) {
	s := newStage(t)
	zone := func(values string) protocol.Config {
		return protocol.Config{Resources: map[string]protocol.Resource{"multidns_zone_records.z": {Type: "multidns_zone_records", Args: map[string]any{
			"zone": s.box.Zone, "records": map[string]any{
				"www/A":  map[string]any{"ttl": 3600, "values": []string{values}, "memory": map[string]any{"note": "web"}},
				"mail/A": map[string]any{"ttl": 3600, "values": []string{"192.0.2.9"}, "memory": map[string]any{"ttl": 7200}},
			},
		}}}}
	}
	s.apply(zone("192.0.2.1"), 0)
	if diff := cmp.Diff(map[string]int{"cloudflare": 1, "desec": 1, "memory": 1}, s.writes()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	s.holdsAt("desec", one, "mail.example.com. 3600 A 192.0.2.9")
	s.holdsAt("memory", one, "mail.example.com. 7200 A 192.0.2.9")
	s.plan(zone("192.0.2.1"), 0)
	s.memory.Down("no answer")
	s.apply(zone("192.0.2.2"), 0, "Memory did not answer")
	s.holdsAt("memory", one, "mail.example.com. 7200 A 192.0.2.9")
	s.memory.Down("")
	s.apply(zone("192.0.2.2"), 0)
	s.holdsAt("memory", two, "mail.example.com. 7200 A 192.0.2.9")
	s.apply(protocol.Config{}, 0)
	s.holds()
}

func TestDataSources_ShowIt(t *testing.T) {
	s := newStage(t)
	s.apply(record(map[string]any{"memory": map[string]any{"ttl": 7200}}), 0)
	sources := protocol.Config{Data: map[string]protocol.Resource{
		"data.multidns_records.z": {Type: "multidns_records", Args: map[string]any{"zone": s.box.Zone}},
		"data.multidns_zone.z":    {Type: "multidns_zone", Args: map[string]any{"zone": s.box.Zone}},
	}}
	sources.Resources = record(map[string]any{"memory": map[string]any{"ttl": 7200}}).Resources
	s.plan(sources, 0)
	records := s.project.Data["data.multidns_records.z"].(map[string]any)
	if list := records["operators"].(map[string]any)["memory"].([]any); len(list) != 1 {
		t.Errorf("memory lists %v", list)
	}
	found := false
	for _, d := range records["differences"].([]any) {
		difference := d.(map[string]any)
		if difference["name"] == "www" {
			found = difference["summary"] == "Memory differs from Cloudflare: ttl is 7200 instead of 3600" && difference["memory"] != nil
		}
	}
	if !found {
		t.Errorf("differences: %v", records["differences"])
	}
	zone := s.project.Data["data.multidns_zone.z"].(map[string]any)["operators"].(map[string]any)["memory"].(map[string]any)
	if zone["status"] != "loaded" || zone["zone_id"] != s.box.Zone+"." {
		t.Errorf("memory's zone is %v", zone)
	}
	s.memory.Down("no answer")
	s.plan(sources, 0, "Memory did not answer")
}
