package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// TestZoneAnswers asks both operators' name servers of the sandbox, which differ about www, and finds nothing wrong
// with mail.
func TestZoneAnswers(t *testing.T) {
	box := sandboxtest.Start(t, sandbox.Options{})
	for i, site := range box.Sites() {
		for name, value := range map[string]string{"mail": "192.0.2.25", "www": []string{"192.0.2.1", "192.0.2.2"}[i]} {
			if err := site.Edit("example.com", name, "A", 3600, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	m := zoneModel{
		Answers: []string{"mail/A", "WWW.example.com/a"},
		Servers: map[string][]string{"cloudflare": {box.Cloudflare.DNSAddr}, "desec": {box.Desec.DNSAddr}},
	}
	var diags diag.Diagnostics
	got := m.answersQuestion("example.com.", &diags).problems(t.Context(), delegation.Asker{})
	if diags.HasError() || len(got) != 1 || !strings.Contains(got[0], "differ about www/A: 192.0.2.1 from ") {
		t.Errorf("%v %q", diags, got)
	}
}

func TestZoneAnswers_WrongQuestions(t *testing.T) {
	for _, test := range []struct {
		m    zoneModel
		says string
	}{
		{zoneModel{Answers: []string{"www"}}, "expected name/type"},
		{zoneModel{Answers: []string{"www.example.net./A"}}, "example.net"},
		{zoneModel{Servers: map[string][]string{"a": {"ns1.example.com"}}}, `"ns1.example.com" is not the address`},
	} {
		test.m.Zone = types.StringValue("example.com")
		var diags diag.Diagnostics
		test.m.answersQuestion("example.com.", &diags)
		if !diags.HasError() || !slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return strings.Contains(d.Detail(), test.says) }) {
			t.Errorf("%+v: %v, want %q", test.m, diags, test.says)
		}
	}
}

// TestZoneAnswers_Delegated finds the name servers through the parent.
func TestZoneAnswers_Delegated(t *testing.T) {
	root, port := smallInternet(t)
	roots, err := parseRoots([]string{root + ":" + port}, 53)
	if err != nil {
		t.Fatal(err)
	}
	m := zoneModel{Answers: []string{"web/CNAME", "nothing/A"}}
	var diags diag.Diagnostics
	got := m.answersQuestion("example.com.", &diags).problems(t.Context(), delegation.Asker{Roots: roots, Port: uint16(portNumber(t, port))})
	if diags.HasError() || len(got) != 1 || got[0] != "No name server has nothing/A." {
		t.Errorf("%v %q", diags, got)
	}
}
