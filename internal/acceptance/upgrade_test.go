package acceptance

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// writeState has TestAccUpgrade write testdata/upgrade/VERSION.json from VERSION.tf where it is missing: once for each
// release, by the release's own code. What is there is never written again.
var writeState = flag.Bool("write-state", false, "write the states of testdata/upgrade that are missing")

// TestAccUpgrade starts from the state that each release wrote: this provider reads it, has nothing to do, and goes on
// from there.
func TestAccUpgrade(t *testing.T) {
	t.Parallel()
	configurations, err := filepath.Glob(filepath.Join("testdata", "upgrade", "*.tf"))
	if err != nil || len(configurations) == 0 {
		t.Fatalf("there is no release to come from: %v", err)
	}
	for _, path := range configurations {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		statePath := strings.TrimSuffix(path, ".tf") + ".json"
		t.Run(strings.TrimSuffix(filepath.Base(path), ".tf"), func(t *testing.T) {
			t.Parallel()
			onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				s.configure(string(text))
				s.apply(0) // the operators hold what the release had written
				if s.keepState(statePath) {
					return
				}
				s.restoreState(statePath)
				s.forget()
				s.plan(0)
				s.apply(0)
				for _, site := range s.box.Sites() {
					if writes := site.Log.Writes(); len(writes) > 0 {
						t.Errorf("%s was written for an upgrade: %v", site.Name, paths(writes))
					}
				}
				s.configure(strings.ReplaceAll(string(text), `"192.0.2.2"`, `"192.0.2.3"`))
				s.apply(0)
				s.plan(0)
				s.holdsValue("cloudflare", "192.0.2.3")
				s.holdsValue("desec", "192.0.2.3")
				if err := s.work.Destroy(t.Context()).Must(); err != nil {
					t.Fatal(err)
				}
				for _, site := range s.box.Sites() {
					if left := s.held(site.Name); len(left) > 0 {
						t.Errorf("%s still holds %v", site.Name, left)
					}
				}
			})
		})
	}
}

// keepState writes the state to path where that is asked for and nothing is there yet.
func (s *stage) keepState(path string) bool {
	s.t.Helper()
	if _, err := os.Stat(path); err == nil || !*writeState || s.work.CLI.Name != clitest.Terraform {
		return false
	}
	text, err := os.ReadFile(filepath.Join(s.work.Dir, "terraform.tfstate"))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return true
}

// restoreState puts a state in place of the folder's own. It was written by Terraform.
func (s *stage) restoreState(path string) {
	s.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("terraform.tfstate", strings.ReplaceAll(string(text), "registry.terraform.io", s.registry()))
}

// holdsValue expects a value anywhere in what an operator holds.
func (s *stage) holdsValue(operator, value string) {
	s.t.Helper()
	if !strings.Contains(strings.Join(s.held(operator), "\n"), value) {
		s.t.Fatalf("%s does not hold %s: %v", operator, value, s.held(operator))
	}
}
