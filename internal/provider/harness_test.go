package provider_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/provider"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// The tests that begin TestAcc serve the provider in this process to a real CLI, on a sandbox each, by
// terraform-plugin-testing. Without TF_ACC they are skipped; `make test` sets it.

// TestMain names the CLI. The library would download one where it finds none.
func TestMain(m *testing.M) {
	if os.Getenv("TF_ACC") == "" {
		os.Exit(m.Run())
	}
	folder, err := os.MkdirTemp("", "multidns-provider-")
	if err == nil {
		err = useCLI(folder)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// cli is the one that the tests run.
var cli clitest.CLI

// useCLI takes the one that knows most: there is one for all of these tests, and internal/acceptance drives every CLI.
//
// It gets a configuration of its own, in folder: a developer's may send the provider elsewhere.
func useCLI(folder string) error {
	found, err := clitest.Find(context.Background())
	if err != nil {
		return err
	}
	cli = found[len(found)-1]
	if at := slices.IndexFunc(found, clitest.CLI.HasQuery); at >= 0 {
		cli = found[at]
	}
	config := filepath.Join(folder, "cli.tfrc")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		return err
	}
	settings := map[string]string{
		"TF_ACC_TERRAFORM_PATH": cli.Path, "TF_CLI_CONFIG_FILE": config, "CHECKPOINT_DISABLE": "1",
		// Nobody answers there: no test asks the Internet.
		"MULTIDNS_ROOT_SERVERS": "127.0.0.1:9",
	}
	if cli.Name == clitest.OpenTofu {
		settings["TF_ACC_PROVIDER_HOST"] = "registry.opentofu.org"
	}
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// factories serve the provider as a test wants it.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"multidns": providerserver.NewProtocol6WithError(provider.New("test", alone())()),
}

// alone are surroundings without what earlier tests left in the user's cache.
func alone() provider.Surroundings {
	in := provider.Process()
	in.CacheDir = func() (string, error) { return "", errors.New("none for tests") }
	return in
}

// newBox starts a sandbox of the test's own.
func newBox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	return sandboxtest.Start(t, sandbox.Options{})
}

// on is a configuration with a provider block for the sandbox.
func on(box *sandbox.Sandbox, hcl string) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    multidns = { source = "hashicorp/multidns" }
  }
}

provider "multidns" {
  cloudflare      = { api_token = %q, base_url = %q }
  desec           = { api_token = %q, base_url = %q }
  request_timeout = "30s"
}
`, box.Cloudflare.Token, box.Cloudflare.BaseURL, box.Desec.Token, box.Desec.BaseURL) + hcl
}

// holds is a state check of what is not in the state: both operators hold these RRsets and no others, the apex NS
// aside. A line is such as "www.example.com. 3600 A 192.0.2.1".
type holds struct {
	box   *sandbox.Sandbox
	lines []string
}

var _ statecheck.StateCheck = holds{}

func (h holds) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = h.check()
}

func (h holds) check() error {
	want := slices.Sorted(slices.Values(h.lines))
	for _, site := range sites(h.box) {
		var got []string
		for _, r := range site.Stored(h.box.Zone) {
			if r.Type == "NS" && r.Name == h.box.Zone+"." {
				continue
			}
			values := slices.Sorted(slices.Values(r.Values))
			got = append(got, fmt.Sprintf("%s %d %s %s", r.Name, r.TTL, r.Type, strings.Join(values, " ")))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			return fmt.Errorf("held at %s (-want +got):\n%s", site.BaseURL, diff)
		}
	}
	return nil
}

// empty is for CheckDestroy: nothing is left at either operator.
func empty(box *sandbox.Sandbox) func(*terraform.State) error {
	return func(*terraform.State) error { return holds{box: box}.check() }
}

// edit changes an RRset at both operators as somebody else would; no values delete it.
func edit(t *testing.T, box *sandbox.Sandbox, name, typ string, ttl int, values ...string) {
	t.Helper()
	for _, site := range sites(box) {
		if err := site.Edit(box.Zone, name, typ, ttl, values...); err != nil {
			t.Fatal(err)
		}
	}
}

// texts is a set of strings.
func texts(values ...string) knownvalue.Check {
	var all []knownvalue.Check
	for _, v := range values {
		all = append(all, knownvalue.StringExact(v))
	}
	return knownvalue.SetExact(all)
}

func sites(box *sandbox.Sandbox) []*sandbox.Site {
	return []*sandbox.Site{box.Site("cloudflare"), box.Site("desec")}
}
