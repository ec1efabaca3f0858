package clitest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// builtinConfig needs no provider but the one inside every CLI.
const builtinConfig = `
variable "input" {
  type    = string
  default = "one"
}

resource "terraform_data" "a" {
  input = { name = var.input, list = ["x", "y"] }
}

output "name" { value = terraform_data.a.output.name }
`

// bareWorkdir has a file in place of the provider: for commands that never start it.
func bareWorkdir(t *testing.T, cli CLI) *Workdir {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "provider")
	if err := os.WriteFile(binary, []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	workdir, err := NewWorkdir(t.TempDir(), cli, binary, nil)
	if err != nil {
		t.Fatal(err)
	}
	return workdir
}

func write(t *testing.T, w *Workdir, name, text string) {
	t.Helper()
	if err := w.Write(name, text); err != nil {
		t.Fatal(err)
	}
}

func TestAccWorkdir_Lifecycle(t *testing.T) {
	for _, cli := range RequireCLIs(t) {
		t.Run(cli.Name, func(t *testing.T) {
			ctx := t.Context()
			w := bareWorkdir(t, cli)
			write(t, w, "main.tf", builtinConfig)
			if err := w.Init(ctx).Must(); err != nil {
				t.Fatal(err)
			}
			if err := w.Plan(ctx, "-out=saved").Must(2); err != nil {
				t.Fatal(err)
			}
			plan, err := w.ShowPlan(ctx, "saved")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tfjson.Actions{"create"}, plan["terraform_data.a"].Actions); diff != "" {
				t.Errorf("planned actions (-want +got):\n%s", diff)
			}
			if err := w.Apply(ctx, "saved").Must(); err != nil {
				t.Fatal(err)
			}
			if err := w.Plan(ctx).Must(0); err != nil {
				t.Error(err)
			}
			attribute, err := w.StateAttr(ctx, "terraform_data.a", "output", "list", 1)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(any("y"), attribute); diff != "" {
				t.Errorf("attribute (-want +got):\n%s", diff)
			}
			name, err := w.StateAttr(ctx, "terraform_data.a", "output", "name")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(any("one"), name); diff != "" {
				t.Errorf("attribute (-want +got):\n%s", diff)
			}
			if err := w.Apply(ctx, "-var=input=two").Must(); err != nil {
				t.Fatal(err)
			}
			state, err := w.Show(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(any("two"), state.Resources["terraform_data.a"].Attr("output", "name")); diff != "" {
				t.Errorf("attribute (-want +got):\n%s", diff)
			}
			if err := w.Destroy(ctx).Must(); err != nil {
				t.Fatal(err)
			}
			state, err = w.Show(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if len(state.Resources) != 0 {
				t.Errorf("after destroy the state holds %v", state.Resources)
			}
		})
	}
}

func TestAccWorkdir_InstallsFromMirror(t *testing.T) {
	for _, cli := range RequireCLIs(t) {
		t.Run(cli.Name, func(t *testing.T) {
			w := bareWorkdir(t, cli)
			write(t, w, "main.tf", `terraform {
  required_providers {
    multidns = { source = "multidns/multidns" }
  }
}`)
			if err := w.Init(t.Context()).Must(); err != nil {
				t.Fatal(err)
			}
			lock, err := os.ReadFile(filepath.Join(w.Dir, ".terraform.lock.hcl"))
			if err != nil {
				t.Fatal(err)
			}
			host := map[string]string{Terraform: "registry.terraform.io", OpenTofu: "registry.opentofu.org"}[cli.Name]
			if !strings.Contains(string(lock), `provider "`+host+`/multidns/multidns"`) {
				t.Errorf("the lock file does not name the provider at %s:\n%s", host, lock)
			}
			// Any other provider must not be looked for: a test that reaches a registry depends on the network.
			write(t, w, "main.tf", `terraform {
  required_providers {
    other = { source = "example/other" }
  }
}`)
			if result := w.Init(t.Context()); result.ExitCode == 0 {
				t.Errorf("a provider outside of the mirror was installed: %s", result)
			}
		})
	}
}

func TestAccWorkdir_Diagnostics(t *testing.T) {
	for _, cli := range RequireCLIs(t) {
		t.Run(cli.Name, func(t *testing.T) {
			w := bareWorkdir(t, cli)
			write(t, w, "main.tf", `resource "terraform_data" "b" { input = "known" }

resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition     = terraform_data.b.input == ""
      error_message = "This is the detail."
    }
  }
}`)
			if err := w.Init(t.Context()).Must(); err != nil {
				t.Fatal(err)
			}
			write(t, w, "check.tf", `check "c" {
  assert {
    condition     = terraform_data.b.input == "other"
    error_message = "This is the warning."
  }
}`)
			result, diagnostics := w.PlanJSON(t.Context())
			if result.ExitCode != 1 {
				t.Errorf("exit code %d, want 1: %s", result.ExitCode, result)
			}
			problems := WithSeverity("error", diagnostics)
			if len(problems) != 1 {
				t.Fatalf("%d errors, want one: %s", len(problems), result)
			}
			got := problems[0]
			if got.Detail != "This is the detail." || got.Range == nil || got.Range.Filename != "main.tf" ||
				!strings.Contains(got.Snippet.Code, "terraform_data.b.input") {
				t.Errorf("diagnostic %+v does not point to the precondition", got)
			}
			warnings := WithSeverity("warning", diagnostics)
			if len(warnings) != 1 || !strings.Contains(warnings[0].Text(), "This is the warning.") {
				t.Errorf("warnings %+v, want the check's", warnings)
			}
		})
	}
}

func TestAccWorkdir_ValidateDiagnostics(t *testing.T) {
	for _, cli := range RequireCLIs(t) {
		t.Run(cli.Name, func(t *testing.T) {
			w := bareWorkdir(t, cli)
			write(t, w, "main.tf", `output "o" { value = var.missing }`)
			result, diagnostics := w.Validate(t.Context())
			if result.ExitCode != 1 || result.Err != nil {
				t.Errorf("want exit code 1: %s", result)
			}
			if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Detail, `"missing"`) {
				t.Errorf("diagnostics %+v, want the undeclared variable", diagnostics)
			}
		})
	}
}

func TestWorkdir_MirrorHoldsThisBinary(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "provider")
	if err := os.WriteFile(binary, []byte("first"), 0o700); err != nil {
		t.Fatal(err)
	}
	w, err := NewWorkdir(t.TempDir(), CLI{}, binary, nil)
	if err != nil {
		t.Fatal(err)
	}
	// A build that runs meanwhile replaces the file; what is installed must stay what was tested.
	if err := os.Remove(binary); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(binary, []byte("second"), 0o700); err != nil {
		t.Fatal(err)
	}
	installed, err := filepath.Glob(filepath.Join(w.Dir, ".clitest/mirror/*/multidns/multidns/0.1.0/*/terraform-provider-multidns_v0.1.0"))
	if err != nil {
		t.Fatal(err)
	}
	if len(installed) != 2 {
		t.Fatalf("installed %v, want one for each registry", installed)
	}
	for _, path := range installed {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != "first" || info.Mode().Perm()&0o100 == 0 {
			t.Errorf("%s holds %q with mode %s", path, text, info.Mode())
		}
	}
}

// A provider is weighed as it runs at a user's.
func TestWorkdir_WeighedAsAUserRunsIt(t *testing.T) {
	w := &Workdir{Brisk: true}
	if !slices.Contains(w.environ(), briskly[0]) {
		t.Error("a test's commands are not brisk")
	}
	w.Weigh = true
	for _, variable := range briskly {
		if slices.Contains(w.environ(), variable) {
			t.Errorf("weighed with %s", variable)
		}
	}
}
