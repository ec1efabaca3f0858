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
	var listeners [2]listener
	for i := range listeners {
		listeners[i].server = httptest.NewServer(&listeners[i])
		defer listeners[i].server.Close()
	}
	work, err := clitest.NewWorkdir(dir, cli, binary, map[string]string{
		"CLOUDFLARE_API_TOKEN": "none", "CLOUDFLARE_BASE_URL": listeners[0].server.URL,
		"DESEC_API_TOKEN": "none", "DESEC_BASE_URL": listeners[1].server.URL,
	})
	if err != nil {
		return nil, err
	}
	if err := work.Write("main.tf", `
terraform {
  required_providers {
    multidns = { source = "multidns/multidns" }
  }
}

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
	return []string{listeners[0].heard(), listeners[1].heard()}, nil
}

// listener remembers who called.
type listener struct {
	server *httptest.Server
	mu     sync.Mutex
	agent  string
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.agent = r.UserAgent()
	w.WriteHeader(http.StatusServiceUnavailable)
}

func (l *listener) heard() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.agent
}
