package clitest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAccFind_CLIsSayWhatTheyAre(t *testing.T) {
	for _, cli := range RequireCLIs(t) {
		t.Run(cli.Name, func(t *testing.T) {
			w := &Workdir{Dir: t.TempDir(), CLI: cli, config: os.DevNull}
			result := w.Run(t.Context(), "version", "-json")
			var answer struct {
				Version string `json:"terraform_version"`
			}
			if err := json.Unmarshal([]byte(result.Stdout), &answer); err != nil {
				t.Fatalf("%v: %s", err, result)
			}
			if diff := cmp.Diff(answer.Version, cli.Version); diff != "" {
				t.Errorf("version (-its JSON +found):\n%s", diff)
			}
			if !cli.AtLeast(1, 7) {
				t.Errorf("%s is older than this provider's floor", cli)
			}
		})
	}
}

// fakeCLI writes an executable that answers `version` with text.
func fakeCLI(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho '"+text+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFind_FromEnvironment(t *testing.T) {
	dir := t.TempDir()
	terraform := fakeCLI(t, dir, "terraform", "Terraform v1.8.5")
	tofu := fakeCLI(t, dir, "tofu", "OpenTofu v1.7.1")
	odd := fakeCLI(t, t.TempDir(), "odd", "OpenTofu v1.13.0-dev\non linux_amd64")
	tests := []struct {
		name, path, explicit, only string
		want                       []CLI
		wantErr                    string
	}{
		{name: "both on PATH", path: dir, want: []CLI{{Terraform, terraform, "1.8.5"}, {OpenTofu, tofu, "1.7.1"}}},
		{name: "terraform alone", path: dir, only: "terraform", want: []CLI{{Terraform, terraform, "1.8.5"}}},
		{name: "tofu alone", path: dir, only: "tofu", want: []CLI{{OpenTofu, tofu, "1.7.1"}}},
		{name: "explicit wins", path: dir, explicit: odd, want: []CLI{{OpenTofu, odd, "1.13.0-dev"}}},
		{name: "terraform wanted and missing", path: t.TempDir(), only: "terraform", wantErr: "MULTIDNS_CLIS=tofu"},
		{name: "unknown name", path: dir, only: "terraform,pulumi", wantErr: `"pulumi" is neither`},
		{name: "explicit is no CLI", path: dir, explicit: fakeCLI(t, t.TempDir(), "x", "hello"), wantErr: "neither Terraform nor OpenTofu"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("PATH", test.path)
			t.Setenv("TF_ACC_TERRAFORM_PATH", test.explicit)
			t.Setenv("MULTIDNS_CLIS", test.only)
			found, err := Find(t.Context())
			if test.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantErr) {
					t.Fatalf("error %v, want one with %q", err, test.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, found); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			one, err := FindAny(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(test.want, one) {
				t.Errorf("FindAny gave %v, which is none of %v", one, test.want)
			}
		})
	}
}

func TestShare(t *testing.T) {
	both := []CLI{{Name: Terraform}, {Name: OpenTofu}}
	for name, test := range map[string]struct {
		found      []CLI
		everything bool
		want       [4][]CLI // by turn
	}{
		"two take turns":             {found: both, want: [4][]CLI{both[:1], both[1:], both[:1], both[1:]}},
		"one alone plays everything": {found: both[1:], want: [4][]CLI{both[1:], both[1:], both[1:], both[1:]}},
		"both play everything":       {found: both, everything: true, want: [4][]CLI{both, both, both, both}},
	} {
		for turn, want := range test.want {
			if diff := cmp.Diff(want, share(test.found, uint32(turn), test.everything)); diff != "" {
				t.Errorf("%s, turn %d (-want +got):\n%s", name, turn, diff)
			}
		}
	}
}

func TestCLI_AtLeast(t *testing.T) {
	tests := []struct {
		version      string
		major, minor int
		want         bool
	}{
		{"1.12.6", 1, 12, true},
		{"1.9.0", 1, 12, false},
		{"1.17.0-dev", 1, 12, true},
		{"2.0.0", 1, 12, true},
		{"0.15.1", 1, 0, false},
		{"", 0, 0, false},
	}
	for _, test := range tests {
		if got := (CLI{Version: test.version}).AtLeast(test.major, test.minor); got != test.want {
			t.Errorf("%q at least %d.%d: %t, want %t", test.version, test.major, test.minor, got, test.want)
		}
	}
}

func TestCLI_HasQuery(t *testing.T) {
	for cli, want := range map[CLI]bool{
		{Name: Terraform, Version: "1.13.5"}:     false,
		{Name: Terraform, Version: "1.14.0-rc1"}: true,
		{Name: Terraform, Version: "1.17.0-dev"}: true,
		{Name: OpenTofu, Version: "1.14.0"}:      false,
	} {
		if got := cli.HasQuery(); got != want {
			t.Errorf("%s has query: %t, want %t", cli, got, want)
		}
	}
}

func TestEnviron_StripsWhatDisturbs(t *testing.T) {
	for _, name := range []string{"TF_LOG", "TF_VAR_x", "TF_CLI_ARGS", "TF_CLI_CONFIG_FILE", "TF_DATA_DIR", "CLOUDFLARE_API_TOKEN", "CF_API_TOKEN", "DESEC_TOKEN"} {
		t.Setenv(name, "from-the-shell")
	}
	t.Setenv("HOME", "/home/of/user")
	env := environ("/x/cli.tfrc", map[string]string{"DESEC_TOKEN": "from-the-test", "TF_LOG": "TRACE"})
	for _, variable := range env {
		if strings.HasSuffix(variable, "=from-the-shell") {
			t.Errorf("%s reached the CLI", variable)
		}
	}
	for _, want := range []string{"HOME=/home/of/user", "DESEC_TOKEN=from-the-test", "TF_LOG=TRACE", "TF_CLI_CONFIG_FILE=/x/cli.tfrc", "CHECKPOINT_DISABLE=1", "TF_INPUT=0"} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing from the CLI's environment", want)
		}
	}
}
