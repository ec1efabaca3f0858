package provider

import (
	"cmp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestParseFunctions_Run(t *testing.T) {
	www := map[string]attr.Value{
		"name": types.StringValue("www"), "type": types.StringValue("A"), "ttl": types.Int64Value(300), "zone": types.StringValue("example.com"),
		"values": stringSet([]string{"192.0.2.1", "192.0.2.2"}),
	}
	zone := types.MapValueMust(parsedType, map[string]attr.Value{"www/A": types.ObjectValueMust(parsedType.AttrTypes, www)})
	file := func(cloudflare, problem attr.Value) attr.Value {
		all := with(www, map[string]attr.Value{"cloudflare": cloudflare, "problem": problem})
		return types.MapValueMust(fileType, map[string]attr.Value{"www/A": types.ObjectValueMust(fileType.AttrTypes, all)})
	}
	dns, noProblem := types.ObjectNull(proxiedType.AttrTypes), types.StringNull()
	proxied := types.ObjectValueMust(proxiedType.AttrTypes, map[string]attr.Value{"proxied": types.BoolValue(true)})
	for _, test := range []struct {
		name      string
		function  function.Function
		arguments []string
		want      attr.Value
		says      string
		position  int64
	}{
		{
			"YAML", newParseZoneYAMLFunction(),
			[]string{"domain: example.com\nrecords:\n- {name: www, type: a, values: [192.0.2.2, 192.0.2.1, 192.0.2.2]}\n"}, zone, "", 0,
		},
		{"YAML without records", newParseZoneYAMLFunction(), []string{"domain: example.com"}, types.MapValueMust(parsedType, nil), "", 0},
		{"no YAML", newParseZoneYAMLFunction(), []string{"domain: ["}, nil, "read YAML", 0},
		{"zone file", newParseZoneFileFunction(), []string{"www 300 A 192.0.2.2\nwww 300 A 192.0.2.1", "example.com"}, file(dns, noProblem), "", 0},
		{
			"Cloudflare's export", newParseZoneFileFunction(),
			[]string{"www.example.com.\t300\tIN\tA\t192.0.2.1 ; cf_tags=cf-proxied:true\nwww.example.com.\t300\tIN\tA\t192.0.2.2 ; cf_tags=cf-proxied:true", "example.com"},
			file(proxied, noProblem), "", 0,
		},
		{"no zone file", newParseZoneFileFunction(), []string{"www A 192.0.2.256", "example.com"}, nil, "line 1:", 0},
		{"no origin", newParseZoneFileFunction(), []string{"www A 192.0.2.1", "a..b"}, nil, "empty label", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			var arguments []attr.Value
			for _, text := range test.arguments {
				arguments = append(arguments, types.StringValue(text))
			}
			var definition function.DefinitionResponse
			test.function.Definition(t.Context(), function.DefinitionRequest{}, &definition)
			result, wrong := definition.Definition.Return.NewResultData(t.Context())
			if wrong != nil {
				t.Fatal(wrong)
			}
			resp := function.RunResponse{Result: result}
			test.function.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(arguments)}, &resp)
			if test.want == nil {
				if resp.Error == nil || resp.Error.FunctionArgument == nil || *resp.Error.FunctionArgument != test.position || !strings.Contains(resp.Error.Text, test.says) {
					t.Fatalf("error %v, want one on argument %d with %q", resp.Error, test.position, test.says)
				}
				return
			}
			if resp.Error != nil {
				t.Fatal(resp.Error)
			}
			if got := resp.Result.Value(); !got.Equal(test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestParseFunctions_NullAndUnknown: the CLI itself refuses null and answers unknown with unknown as long as no
// parameter says otherwise.
func TestParseFunctions_NullAndUnknown(t *testing.T) {
	for _, f := range []function.Function{newParseZoneYAMLFunction(), newParseZoneFileFunction()} {
		var metadata function.MetadataResponse
		f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
		var resp function.DefinitionResponse
		f.Definition(t.Context(), function.DefinitionRequest{}, &resp)
		var judged function.DefinitionValidateResponse
		resp.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: metadata.Name}, &judged)
		if judged.Diagnostics.HasError() {
			t.Errorf("%s: %v", metadata.Name, judged.Diagnostics)
		}
		var null, unknown []bool
		for _, p := range resp.Definition.Parameters {
			null, unknown = append(null, p.GetAllowNullValue()), append(unknown, p.GetAllowUnknownValues())
		}
		want := make([]bool, len(resp.Definition.Parameters))
		if diff := gocmp.Diff([][]bool{want, want}, [][]bool{null, unknown}); diff != "" {
			t.Errorf("%s takes null or unknown (-want +got):\n%s", metadata.Name, diff)
		}
	}
}

// TestTTLProblem_SaysWhatToWrite: the line that the message holds is itself a TTL that passes.
func TestTTLProblem_SaysWhatToWrite(t *testing.T) {
	for ttl, line := range map[int64]string{-1: "ttl = 60\n", 0: "ttl = 60\n", 1: "ttl = 300\n", 59: "ttl = 60\n", 86401: "ttl = 86400\n", 1 << 40: "ttl = 86400\n", minTTL: "", maxTTL: ""} {
		var said string
		for _, o := range Operators {
			said = cmp.Or(said, ttlProblem(path.Root("ttl"), o, ttl, nil))
		}
		if (line == "") != (said == "") || !strings.Contains(said, line) {
			t.Errorf("%d: %q", ttl, said)
		}
	}
}
