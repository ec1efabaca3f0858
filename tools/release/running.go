package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

// checkRunning runs the binary for this machine's platform, from its archive, under a real CLI. It must name its
// version to both operators.
func checkRunning(ctx context.Context, dir, version string) error {
	here := target(runtime.GOOS + "_" + runtime.GOARCH)
	files, err := unzip(filepath.Join(dir, archiveName(version, here)))
	if err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "multidns-release-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	binary := filepath.Join(temporary, binaryName(version, here))
	if err := os.WriteFile(binary, files[binaryName(version, here)].content, 0o700); err != nil { //nolint:gosec // an executable
		return err
	}
	agents, err := userAgents(ctx, filepath.Join(temporary, "work"), binary)
	if err != nil {
		return err
	}
	if want := projectName + "/" + version; !slices.Equal(agents, []string{want, want}) {
		return fmt.Errorf("the binary calls itself %q to Cloudflare and deSEC, want %s", agents, want)
	}
	return nil
}

// userAgents tells what the binary calls itself in requests to Cloudflare and to deSEC. Both answer 503: the names are
// all that is wanted.
func userAgents(ctx context.Context, dir, binary string) ([]string, error) {
	cli, err := clitest.FindAny(ctx)
	if err != nil {
		return nil, err
	}
	var agents sync.Map // by operator
	operators := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents.Store(strings.Split(r.URL.Path, "/")[1], r.UserAgent())
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer operators.Close()
	work, err := clitest.NewWorkdir(dir, cli, binary, map[string]string{
		"CLOUDFLARE_API_TOKEN": "none", "CLOUDFLARE_BASE_URL": operators.URL + "/cloudflare",
		"DESEC_API_TOKEN": "none", "DESEC_BASE_URL": operators.URL + "/desec",
	})
	if err != nil {
		return nil, err
	}
	if err := work.Write("main.tf", clitest.Required+`
provider "multidns" {
  max_wait = "1s"
}

resource "multidns_record" "www" {
  zone   = "example.com"
  name   = "www"
  type   = "A"
  values = ["192.0.2.1"]
}
`); err != nil {
		return nil, err
	}
	if err := work.Init(ctx).Must(); err != nil {
		return nil, err
	}
	if err := work.Plan(ctx).Must(0, 2); err != nil {
		return nil, err
	}
	cloudflare, _ := agents.Load("cloudflare")
	desec, _ := agents.Load("desec")
	return []string{fmt.Sprint(cloudflare), fmt.Sprint(desec)}, nil
}
