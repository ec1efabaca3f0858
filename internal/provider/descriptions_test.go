package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	// unit is what a number counts.
	unit = regexp.MustCompile(`(?i)\b(seconds|milliseconds|days|minutes|TTL|how many|number of|port|HTTP status)\b`)
	// limits are what a number that users write may be.
	limits = regexp.MustCompile(`(?i)\d+ to \d+|at least \d+|at most \d+|\d+ or more|\d+ or \d+`)
	// unset says what holds where users write nothing.
	unset = regexp.MustCompile(`(?i)default|not declared|null for|one of .dns.|overrides`)
	// span is a duration in words or an example of one.
	span = regexp.MustCompile("such as `\\d+[smh]`|`\\d+m?s`|`\\d+[mh]`|RFC 3339")
	// spanLimit is how short a duration may be; a moment has no limit.
	spanLimit = regexp.MustCompile("more than `0s`|`0s` or more|RFC 3339")
)

// TestSchema_DescribesEveryAttribute: whoever reads the page of a resource knows what an attribute does, in which unit,
// what holds without it and what is allowed.
func TestSchema_DescribesEveryAttribute(t *testing.T) {
	server, err := providerserver.NewProtocol6WithError(New("test", Process())())()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	checkBlock(t, "provider", answer.Provider.Block)
	for kind, schemas := range map[string]map[string]*tfprotov6.Schema{
		"resource": answer.ResourceSchemas, "data": answer.DataSourceSchemas, "list": answer.ListResourceSchemas,
	} {
		for name, schema := range schemas {
			if schema.Block.Description == "" {
				t.Errorf("%s %s says nothing about itself", kind, name)
			}
			checkBlock(t, kind+" "+name, schema.Block)
		}
	}
	for name, function := range answer.Functions {
		for _, text := range []string{function.Summary, function.Description} {
			if text == "" {
				t.Errorf("function %s lacks a summary or a description", name)
			}
		}
		for _, p := range function.Parameters {
			if p.Description == "" {
				t.Errorf("function %s: parameter %s is not described", name, p.Name)
			}
		}
	}
}

func checkBlock(t *testing.T, at string, block *tfprotov6.SchemaBlock) {
	t.Helper()
	for _, a := range block.Attributes {
		checkAttribute(t, at+": "+a.Name, a)
	}
	for _, b := range block.BlockTypes {
		checkBlock(t, at+"."+b.TypeName, b.Block)
	}
}

func checkAttribute(t *testing.T, at string, a *tfprotov6.SchemaAttribute) {
	t.Helper()
	if a.NestedType != nil {
		for _, inner := range a.NestedType.Attributes {
			checkAttribute(t, at+"."+inner.Name, inner)
		}
	}
	text := strings.TrimSpace(a.Description)
	if text == "" || !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "`") {
		t.Errorf("%s: %q is no whole sentence", at, text)
	}
	isNumber := a.NestedType == nil && a.Type.Is(tftypes.Number)
	if isNumber && !unit.MatchString(text) {
		t.Errorf("%s: %q names no unit", at, text)
	}
	if isNumber && (a.Optional || a.Required) && !limits.MatchString(text) {
		t.Errorf("%s: %q names no limits", at, text)
	}
	if a.Optional && !unset.MatchString(text) {
		t.Errorf("%s: %q does not say what holds without it", at, text)
	}
	if name := at[strings.LastIndexAny(at, ". ")+1:]; a.Optional && isSpan(name) && !span.MatchString(text) {
		t.Errorf("%s: %q does not show how a time is written", at, text)
	} else if a.Optional && isSpan(name) && !spanLimit.MatchString(text) {
		t.Errorf("%s: %q names no limit", at, text)
	}
}

func isSpan(name string) bool {
	for _, word := range []string{"timeout", "delay", "interval", "wait", "_age", "until"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
