package acceptance

import (
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// stage is one sandbox with one working folder of one CLI.
type stage struct {
	t    *testing.T
	box  *sandbox.Sandbox
	work *clitest.Workdir
}

// onEveryCLI runs the play once for each CLI, on a stage of its own: for what may come out differently
// (design/acceptance.md).
func onEveryCLI(t *testing.T, o sandbox.Options, play func(*testing.T, *stage)) {
	t.Helper()
	onCLIs(t, clitest.RequireCLIs(t), o, play)
}

// onOneCLI runs the play with one of the CLIs. Its name says which, so that they share the plays and each run is like
// the one before.
func onOneCLI(t *testing.T, o sandbox.Options, play func(*testing.T, *stage)) {
	t.Helper()
	onCLIs(t, clitest.RequireTurn(t, turnOf(t)), o, play)
}

func turnOf(t *testing.T) uint32 { return crc32.ChecksumIEEE([]byte(t.Name())) }

func onCLIs(t *testing.T, clis []clitest.CLI, o sandbox.Options, play func(*testing.T, *stage)) {
	t.Helper()
	for _, cli := range clis {
		t.Run(cli.Name, func(t *testing.T) {
			t.Parallel()
			play(t, newStage(t, cli, o))
		})
	}
}

// newBareStage has no working folder: the protocol driver does without one.
func newBareStage(t *testing.T, o sandbox.Options) *stage {
	t.Helper()
	box := sandboxtest.Start(t, o)
	return &stage{t: t, box: box}
}

func newStage(t *testing.T, cli clitest.CLI, o sandbox.Options) *stage {
	t.Helper()
	s := newBareStage(t, o)
	environment := s.box.Environment()
	// No test asks the root servers of the Internet; this server knows the zone and nothing above it.
	environment["MULTIDNS_ROOT_SERVERS"] = s.box.Desec.DNSAddr
	s.work = clitest.RequireWorkdir(t, cli, environment)
	s.work.Attach = !slices.ContainsFunc(apart, func(beginning string) bool { return strings.HasPrefix(t.Name(), beginning) })
	return s
}

// apart are the tests, by how their names begin, that are about what one process of the provider hands to another, or
// about its end: there each command has providers of its own, as a user's has. In the others one serves all commands of
// a folder, at half the cost.
var apart = []string{"TestAccHandOver", "TestAccKilled", "TestAccNames", "TestAccUpgrade"}

const required = clitest.Required

// provider is a provider block with a time-out that keeps the tests short.
const provider = required + `
provider "multidns" {
  request_timeout = "2s"
  max_wait        = "5s"
}
`

// configure writes the configuration and makes the folder ready for it.
func (s *stage) configure(hcl string) {
	s.t.Helper()
	if !strings.Contains(hcl, "required_providers") {
		hcl = provider + hcl
	}
	if err := s.work.Write("main.tf", hcl); err != nil {
		s.t.Fatal(err)
	}
	if err := s.work.Ready(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// record is the configuration of one multidns_record named after its owner.
func record(resource, name, typ, rest string) string {
	return fmt.Sprintf("resource \"multidns_record\" %q {\n  zone = \"example.com\"\n  name = %q\n  type = %q\n%s\n}\n", resource, name, typ, rest)
}

// apply applies and expects the exit code.
func (s *stage) apply(exit int, args ...string) clitest.Result {
	s.t.Helper()
	r := s.work.Apply(s.t.Context(), args...)
	if err := r.Must(exit); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// plan plans with -detailed-exitcode and expects the exit code.
func (s *stage) plan(exit int, args ...string) clitest.Result {
	s.t.Helper()
	r := s.work.Plan(s.t.Context(), args...)
	if err := r.Must(exit); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// settled expects that nothing is left to do and that both zones are equal.
func (s *stage) settled() {
	s.t.Helper()
	s.plan(0)
	s.identical()
}

// identical expects both operators to hold the same, apart from the apex NS RRset that each brings along.
func (s *stage) identical() {
	s.t.Helper()
	if diff := cmp.Diff(s.held("cloudflare"), s.held("desec")); diff != "" {
		s.t.Fatalf("the operators differ (-cloudflare +desec):\n%s", diff)
	}
}

// held is what an operator's API holds, one line for each RRset.
func (s *stage) held(operator string) []string {
	var lines []string
	for _, r := range s.box.Site(operator).Stored(s.box.Zone) {
		if r.Type == "NS" && r.Name == s.box.Zone+"." {
			continue
		}
		lines = append(lines, line(r))
	}
	slices.Sort(lines)
	return lines
}

func line(r zonedata.RRset) string {
	values := strings.Join(slices.Sorted(slices.Values(r.Values)), " | ")
	if r.Type == "HTTPS" || r.Type == "SVCB" {
		// Cloudflare shows its parameters with quotes, deSEC without: here they mean nothing (RFC 9460 section 2.1).
		values = strings.ReplaceAll(values, `"`, "")
	}
	return fmt.Sprintf("%s %d %s %s", r.Name, r.TTL, r.Type, strings.ToLower(values))
}

// holds expects an operator to hold exactly these lines.
func (s *stage) holds(operator string, want ...string) {
	s.t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, s.held(operator)); diff != "" {
		s.t.Fatalf("%s holds something else (-want +got):\n%s", operator, diff)
	}
}

// attr is an attribute in state.
func (s *stage) attr(address string, path ...any) any {
	s.t.Helper()
	v, err := s.work.StateAttr(s.t.Context(), address, path...)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// state expects an attribute in state to have a value.
func (s *stage) state(address string, want any, path ...any) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.attr(address, path...)); diff != "" {
		s.t.Fatalf("%s %v (-want +got):\n%s", address, path, diff)
	}
}

// moveOn is as if the next command ran on another machine, which keeps nothing that the provider remembers.
func (s *stage) moveOn() {
	s.t.Helper()
	if err := os.RemoveAll(filepath.Join(s.work.Dir, ".clitest", "cache")); err != nil {
		s.t.Fatal(err)
	}
}

// forget empties the request logs.
func (s *stage) forget() {
	for _, site := range s.box.Sites() {
		site.Log.Reset()
	}
}

// requests expects so many reads and writes at an operator since forget.
func (s *stage) requests(operator string, reads, writes int) {
	s.t.Helper()
	log := s.box.Site(operator).Log
	gotWrites := len(log.Writes())
	gotReads := log.Count(nil) - gotWrites
	if gotReads != reads || gotWrites != writes {
		s.t.Fatalf("%s got %d reads and %d writes, want %d and %d: %v", operator, gotReads, gotWrites, reads, writes, paths(log.Entries()))
	}
}

func paths(entries []sandbox.Entry) []string {
	var lines []string
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%s %s?%s -> %d", e.Method, e.Path, e.Query, e.Status))
	}
	return lines
}

// edit changes an RRset behind the provider's back.
func (s *stage) edit(operator, name, typ string, ttl int, values ...string) {
	s.t.Helper()
	if err := s.box.Site(operator).Edit(s.box.Zone, name, typ, ttl, values...); err != nil {
		s.t.Fatal(err)
	}
}
