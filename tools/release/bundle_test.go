package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// aloneVariable tells this test binary that it was started again, in a network of its own. It holds the bundle's path.
const aloneVariable = "MULTIDNS_TEST_BUNDLE"

func TestMain(m *testing.M) {
	if archive := os.Getenv(aloneVariable); archive != "" {
		if err := installAlone(context.Background(), archive); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if releaseDir != "" {
		_ = os.RemoveAll(releaseDir)
	}
	os.Exit(code)
}

// TestAccBundle_WithoutNetwork does what the bundle's README says, with every CLI, where there is no network but
// loopback: the sandbox stands in for both operators.
func TestAccBundle_WithoutNetwork(t *testing.T) {
	archive := bundled(t, t.TempDir())
	// They are found, or compiled, out here.
	path := []string{}
	for _, cli := range clitest.RequireCLIs(t) {
		path = append(path, cli.Path)
	}
	myself, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), myself)
	command.Env = append(os.Environ(), aloneVariable+"="+archive, clisVariable+"="+strings.Join(path, string(filepath.ListSeparator)))
	if err := isolate(command); err != nil {
		t.Skip(err)
	}
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err = command.Run()
	if _, ran := errors.AsType[*exec.ExitError](err); err != nil && !ran {
		t.Skipf("no network namespace can be had here: %v", err)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, output.Bytes())
	}
	t.Log(output.String())
}

func TestBundle_Reproducible(t *testing.T) {
	first, second := read(t, bundled(t, t.TempDir())), read(t, bundled(t, t.TempDir()))
	if !bytes.Equal(first, second) {
		t.Errorf("two bundles of one release differ: %s and %s", sumOf(first), sumOf(second))
	}
}

func TestBundle_WantsARelease(t *testing.T) {
	if _, err := bundle(root(t), t.TempDir(), t.TempDir(), testVersion); err == nil || !strings.Contains(err.Error(), "make release-snapshot") {
		t.Errorf("error %v, want one that says what to run first", err)
	}
}

func TestStandalone(t *testing.T) {
	got := standalone("---\npage_title: \"x\"\n---\n\n# X\n\nSee [outages](outages.md#the-alarm) and [router](../resources/router.md).\n")
	want := "# X\n\nSee [outages](https://github.com/multidns/terraform-provider-multidns/blob/main/docs/guides/outages.md#the-alarm) and " +
		"[router](https://github.com/multidns/terraform-provider-multidns/blob/main/docs/resources/router.md).\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func bundled(t *testing.T, into string) string {
	t.Helper()
	archive, err := bundle(root(t), madeHere(t), into, testVersion)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// clisVariable holds the executables of the CLIs.
const clisVariable = "MULTIDNS_TEST_CLIS"

// installAlone runs in the network namespace.
func installAlone(ctx context.Context, archive string) error {
	if err := raiseLoopback(); err != nil {
		return err
	}
	if err := provenAlone(ctx); err != nil {
		return err
	}
	for _, cli := range filepath.SplitList(os.Getenv(clisVariable)) {
		if err := installWith(ctx, cli, archive); err != nil {
			return fmt.Errorf("%s: %w", cli, err)
		}
	}
	return nil
}

// installWith unpacks the bundle and follows its README with one CLI.
func installWith(ctx context.Context, cli, archive string) error {
	dir, err := os.MkdirTemp("", "multidns-bundle-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	top, err := unpack(ctx, archive, dir)
	if err != nil {
		return err
	}
	box, err := sandbox.Start(ctx, sandbox.Options{})
	if err != nil {
		return err
	}
	defer box.Close()
	work := filepath.Join(top, "failover")
	variables := "health_url = \"http://www.example.com/health\"\n"
	for variable, name := range map[string]string{"cf_front": "cf-front", "bunny_front": "bunny-front"} {
		variables += fmt.Sprintf("%s = { host = %q, connect_to = %q }\n", variable, name+".example.net", box.Front(name).Addr())
	}
	if err := os.WriteFile(filepath.Join(work, "terraform.tfvars"), []byte(variables), 0o600); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"init", "-input=false"}, {"plan", "-input=false"}, {"apply", "-input=false", "-auto-approve"},
		{"plan", "-input=false", "-detailed-exitcode"}, // 2, and so an error, if anything is left to do
	} {
		command := exec.CommandContext(ctx, cli, args...)
		command.Dir = work
		command.Env = []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TF_CLI_CONFIG_FILE=" + filepath.Join(top, "cli.tfrc"), "CHECKPOINT_DISABLE=1",
		}
		for name, value := range box.Environment() {
			command.Env = append(command.Env, name+"="+value)
		}
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, output)
		}
	}
	for _, site := range box.Sites() {
		found := false
		for _, r := range site.Stored(box.Zone) {
			found = found || r.Name == "web-router.example.com." && r.Type == "CNAME"
		}
		if !found {
			return fmt.Errorf("%s holds no router", site.Name)
		}
	}
	fmt.Println(filepath.Base(cli), "installed from the bundle, planned and applied")
	return nil
}

// unpack unpacks the archive and gives its one folder.
func unpack(ctx context.Context, archive, into string) (string, error) {
	if output, err := exec.CommandContext(ctx, "tar", "-xzf", archive, "-C", into).CombinedOutput(); err != nil {
		return "", fmt.Errorf("tar: %w\n%s", err, output)
	}
	return filepath.Join(into, strings.TrimSuffix(filepath.Base(archive), ".tar.gz")), nil
}
