// Package sandboxtest opens what the tests of many packages need of the sandbox.
package sandboxtest

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/nameserver"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// Start opens a sandbox of the test's own.
func Start(t testing.TB, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Start(context.WithoutCancel(t.Context()), o) // to be asked in the cleanup, too
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Serve opens a name server of the test's own.
func Serve(t testing.TB, addr string, source nameserver.Source) *nameserver.Server {
	t.Helper()
	s, err := nameserver.Start(addr, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Zones are a source that does not change, by zone.
type Zones map[string][]zonedata.RRset

// Zones lists their names.
func (z Zones) Zones() []string { return slices.Collect(maps.Keys(z)) }

// Published is one of them.
func (z Zones) Published(zone string) []zonedata.RRset { return z[zone] }
