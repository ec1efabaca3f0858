package main

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// providers by namespace. Their schemas follow internal/services/dns_record in cloudflare/terraform-provider-cloudflare
// (version 5; its migration/v500 holds that of version 4), internal/provider/rrset_resource.go in
// timofurrer/terraform-provider-desec and desec/resource_rrset.go in Valodim/terraform-provider-desec, as of 2026. Of
// the many fields of data only those that a test needs are here.
var providers = map[string]foreignProvider{
	"cloudflare": {"cloudflare", map[string]schema.Schema{
		"cloudflare_dns_record": {
			Version: 500,
			Attributes: attributes(map[string]schema.Attribute{
				"ttl": schema.Float64Attribute{Optional: true, Computed: true}, "priority": schema.Float64Attribute{Optional: true},
				"proxied": flag(), "proxiable": flag(), "tags": schema.SetAttribute{Optional: true, Computed: true, ElementType: types.StringType},
				"data": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
					"priority": schema.Float64Attribute{Optional: true}, "weight": schema.Float64Attribute{Optional: true},
					"port": schema.Float64Attribute{Optional: true}, "target": text(),
				}},
				"settings": schema.SingleNestedAttribute{Optional: true, Computed: true, Attributes: map[string]schema.Attribute{
					"ipv4_only": flag(), "ipv6_only": flag(), "flatten_cname": flag(),
				}},
			}, "id", "zone_id", "name", "type", "content", "comment", "created_on", "modified_on", "comment_modified_on", "tags_modified_on", "meta"),
		},
		"cloudflare_record": {
			Version: 3,
			Attributes: attributes(map[string]schema.Attribute{
				"ttl": schema.Int64Attribute{Optional: true, Computed: true}, "priority": schema.Int64Attribute{Optional: true},
				"proxied": flag(), "proxiable": flag(), "allow_overwrite": flag(),
				"tags":     schema.SetAttribute{Optional: true, ElementType: types.StringType},
				"metadata": schema.MapAttribute{Computed: true, ElementType: types.StringType},
			}, "id", "zone_id", "name", "type", "value", "content", "comment", "hostname", "created_on", "modified_on"),
			Blocks: map[string]schema.Block{"data": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{
				Attributes: map[string]schema.Attribute{"flags": text(), "tag": text(), "content": text()},
			}}},
		},
	}},
	"timofurrer": {"desec", map[string]schema.Schema{"desec_rrset": {
		Attributes: attributes(map[string]schema.Attribute{
			"ttl": schema.Int64Attribute{Required: true}, "rdata": schema.SetAttribute{Required: true, ElementType: types.StringType},
		}, "id", "domain", "subname", "type", "created", "touched"),
	}}},
	"valodim": {"desec", map[string]schema.Schema{"desec_rrset": {
		Attributes: attributes(map[string]schema.Attribute{
			"ttl": schema.Int64Attribute{Required: true}, "records": schema.SetAttribute{Required: true, ElementType: types.StringType},
		}, "id", "domain", "subname", "type", "name", "created"),
	}}},
}

func text() schema.StringAttribute { return schema.StringAttribute{Optional: true, Computed: true} }

func flag() schema.BoolAttribute { return schema.BoolAttribute{Optional: true, Computed: true} }

// attributes adds attributes that are texts.
func attributes(all map[string]schema.Attribute, texts ...string) map[string]schema.Attribute {
	for _, name := range texts {
		all[name] = text()
	}
	return all
}
