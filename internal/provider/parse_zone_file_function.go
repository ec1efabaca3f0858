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
		MarkdownDescription: "Reads RRsets from a zone file (RFC 1035 section 5), such as an export from another service. " +
			"Returns a map by `name/type`, such as `www/A` and `@/MX`, of objects `{ name, type, ttl, values, zone, cloudflare, problem }`. " +
			"Use it as `for_each` of `multidns_record`, or as `records` of `multidns_zone_records`. Values are in canonical form, and names in them absolute.\n\n" +
			"* **It is a reader.** What is no DNS record is an error, and all errors are told at once with their lines. " +
			"A record that is one and cannot be declared (a CNAME at the apex, from a service that flattens it, SPF, HINFO, DNAME, a name that an operator does not take) " +
			"is in the result, and its `problem` says why; so is a name without its final dot that was hardly meant (`www CNAME www.example.net`), with what it means. For all others `problem` is null. Leave them out with `if rrset.problem == null`, as in the example, and read what they are.\n" +
			"* **Left out** is what each operator makes itself: SOA, RRSIG, NSEC, NSEC3, NSEC3PARAM, and DNSKEY, CDS and CDNSKEY at the apex. The NS RRset of the apex is in the result.\n" +
			"* **TTL.** A record without one has that of `$TTL`, else the minimum of the SOA if that comes before any other TTL, else the TTL of the record before, as in BIND; 3600 in a text without any. " +
			"What is outside " + ttlRange + " cannot be declared: write `ttl = " + withinTTLs("rrset.ttl") + "`. In an export of Cloudflare 1 is its automatic TTL: write `rrset.ttl == 1 ? 300 : rrset.ttl`.\n" +
			"* **Proxied.** The comment `cf_tags=cf-proxied:true` of Cloudflare's export gives `cloudflare = { proxied = true }`; else `cloudflare` is null.\n" +
			"* `$ORIGIN`, `$TTL` and `$GENERATE` are understood, `$INCLUDE` is refused. Directives, classes, types and mnemonics may be in any case.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "The zone file itself, such as `file(\"example.com.zone\")`."},
			function.StringParameter{Name: "origin", MarkdownDescription: "Name of the zone, and what relative names are relative to until an `$ORIGIN` says otherwise."},
		},
		Return: function.MapReturn{ElementType: fileType},
	}
}

func (parseZoneFileFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text, origin string
	if resp.Error = req.Arguments.Get(ctx, &text, &origin); resp.Error != nil {
		return
	}
	zone, err := zonefile.ParseZoneFile(text, origin)
	if err != nil {
		argument := int64(0)
		if _, ok := errors.AsType[*zonefile.OriginError](err); ok {
			argument = 1
		}
		resp.Error = function.NewArgumentFuncError(argument, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, parsedFile(zone))
}
