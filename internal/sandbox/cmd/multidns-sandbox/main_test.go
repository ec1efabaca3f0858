package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun_SummaryEnvironmentAndEnd starts the program's main part, reads what it says, uses it, and ends it.
func TestRun_SummaryEnvironmentAndEnd(t *testing.T) {
	env := filepath.Join(t.TempDir(), "it's env")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"-env", env, "-zone", "example.net", "-desec-minimum-ttl", "60", "-more-zones", "example.org, "}, write, io.Discard)
		_ = write.Close()
		ended <- err
	}()
	var text strings.Builder
	scanner := bufio.NewScanner(read)
	for scanner.Scan() && !strings.HasPrefix(scanner.Text(), "In another shell") {
		text.WriteString(scanner.Text() + "\n")
	}
	for _, part := range []string{"holds example.net", "minimum TTL 60 s", "cf-front", "bunny-front", "lost_after_commit"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("the summary lacks %q:\n%s", part, text.String())
		}
	}
	script := `. "$1" && printf '%s\n' "$SANDBOX_CONTROL_URL" "$CLOUDFLARE_BASE_URL" "$CLOUDFLARE_API_TOKEN" "$DESEC_BASE_URL" "$DESEC_API_TOKEN" "$SANDBOX_CF_FRONT_URL"`
	out, err := exec.CommandContext(t.Context(), "sh", "-c", script, "sh", env).Output()
	if err != nil {
		t.Fatal(err)
	}
	vars := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(vars) != 6 {
		t.Fatalf("environment: %q", vars)
	}
	get := func(url, authorization string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", authorization)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(body)
	}
	for _, c := range []struct{ url, authorization, part string }{
		{vars[0] + "/state", "", `"example.org"`},
		{vars[1] + "/zones?name=example.net", "Bearer " + vars[2], `"name":"example.net"`},
		{vars[3] + "/domains/example.net/", "Token " + vars[4], `"minimum_ttl":60`},
		{vars[5], "", "cf-front: ok"},
	} {
		if status, body := get(c.url, c.authorization); status != 200 || !strings.Contains(body, c.part) {
			t.Errorf("GET %s: %d %s, want %s", c.url, status, body, c.part)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(env); !os.IsNotExist(err) {
		t.Errorf("the environment file is still there: %v", err)
	}
}

func TestParse_WrongFlagsAreRefused(t *testing.T) {
	for _, args := range [][]string{
		{"-cloudflare-port", "70000"}, {"-control-port", "http"}, {"-latency", "5"}, {"-latency", "-5s"}, {"-desec-minimum-ttl", "0"}, {"example.com"}, {"-nosuch"},
		{"-cloudflare-plan", "gold"},
	} {
		if o, _, err := parse(args, io.Discard); err == nil {
			t.Errorf("%q was accepted: %+v", args, o)
		}
	}
	o, _, err := parse([]string{"-cloudflare-port", "8080", "-cloudflare-plan", "pro", "-limits"}, io.Discard)
	if err != nil || o.CloudflareAddr != "127.0.0.1:8080" || o.CloudflarePlan != "pro" || !o.Limits {
		t.Errorf("got %+v, %v", o, err)
	}
}
