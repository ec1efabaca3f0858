package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/multidns/terraform-provider-multidns/internal/zonefile"
)

var _ function.Function = parseZoneYAMLFunction{}

// parseZoneYAMLFunction is parse_zone_yaml. It asks nobody and opens no file.
type parseZoneYAMLFunction struct{}

func newParseZoneYAMLFunction() function.Function { return parseZoneYAMLFunction{} }

func (parseZoneYAMLFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_zone_yaml"
}

func (parseZoneYAMLFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads RRsets from the YAML of the multi-dns-failover toolkit",
		MarkdownDescription: "Reads RRsets from the YAML of the multi-dns-failover toolkit: `domain`, and `records`, a list of `{ name, type, ttl, values }`. " +
			"A record without `ttl` has 300 seconds, as there; other top-level keys are left alone. The text has 512 KiB at most. " +
			"Returns a map by `name/type`, such as `www/A` and `@/MX`, of objects `{ name, type, ttl, values, zone }`. " +
			"Use it as `for_each` of `multidns_record`, or as `records` of `multidns_zone_records`. Values keep their spelling.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "The YAML itself, such as `file(\"zone.yaml\")`."},
		},
		Return: function.MapReturn{ElementType: parsedType},
	}
}

func (parseZoneYAMLFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	zone, err := zonefile.ParseYAML(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	for _, at := range slices.Sorted(maps.Keys(zone)) {
		if err := limitOf(zone[at]); err != nil {
			resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("record %s: %s", at, err))
			return
		}
	}
	resp.Error = resp.Result.Set(ctx, parsedYAML(zone))
}
