package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/multidns/terraform-provider-multidns/internal/zonefile"
)

var _ function.Function = parseZoneFileFunction{}

// parseZoneFileFunction is parse_zone_file. It asks nobody and opens no file.
type parseZoneFileFunction struct{}

func newParseZoneFileFunction() function.Function { return parseZoneFileFunction{} }

func (parseZoneFileFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_zone_file"
}

func (parseZoneFileFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads RRsets from a zone file",
		MarkdownDescription: "Reads RRsets from a zone file (RFC 1035 section 5), such as an export from another service. `$ORIGIN`, `$TTL` and `$GENERATE` are understood, `$INCLUDE` is refused. " +
			"Records that each operator makes itself are left out: SOA and, of a signed zone, RRSIG, NSEC, NSEC3 and NSEC3PARAM. Returns " + parsedShape + " Values are in canonical form.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "The zone file itself, such as `file(\"example.com.zone\")`."},
			function.StringParameter{Name: "origin", MarkdownDescription: "Name of the zone, and what relative names are relative to until an `$ORIGIN` says otherwise."},
		},
		Return: function.MapReturn{ElementType: parsedType},
	}
}

func (parseZoneFileFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text, origin string
	if resp.Error = req.Arguments.Get(ctx, &text, &origin); resp.Error != nil {
		return
	}
	zone, err := zonefile.ParseMaster(text, origin)
	if err != nil {
		argument := int64(0)
		if _, ok := errors.AsType[*zonefile.OriginError](err); ok {
			argument = 1
		}
		resp.Error = function.NewArgumentFuncError(argument, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, parsedZone(zone))
}
