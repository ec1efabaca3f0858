package thirdoperator

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/operator/operatortest/memory"
	"github.com/multidns/terraform-provider-multidns/internal/provider"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// The one line.
func init() { provider.Operators = append(provider.Operators, memory.Descriptor) }

// TestMain keeps what is asked at the parent zone on this machine, where nobody answers.
func TestMain(m *testing.M) {
	if err := os.Setenv("MULTIDNS_ROOT_SERVERS", "127.0.0.1:9"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// stage is a zone at three operators.
type stage struct {
	*testing.T
	box     *sandbox.Sandbox
	memory  *memory.Service
	project *protocol.Project
}

func newStage(t *testing.T) *stage {
	t.Helper()
	t.Parallel()
	box := sandboxtest.Start(t, sandbox.Options{})
	return &stage{
		T: t, box: box, memory: memory.At(t.Name(), box.Zone+"."),
		project: &protocol.Project{
			Cache: t.TempDir(),
			State: map[string]*protocol.Instance{},
			Provider: map[string]any{
				"cloudflare":      map[string]any{"api_token": box.Cloudflare.Token, "base_url": box.Cloudflare.BaseURL},
				"desec":           map[string]any{"api_token": box.Desec.Token, "base_url": box.Desec.BaseURL},
				"memory":          map[string]any{"place": t.Name()},
				"request_timeout": "30s", "max_wait": "10s",
			},
		},
	}
}

func record(arguments map[string]any) protocol.Config {
	all := map[string]any{"zone": sandbox.Zone, "name": "www", "type": "A", "ttl": 3600, "values": []string{"192.0.2.1"}}
	maps.Copy(all, arguments)
	return protocol.Config{Resources: map[string]protocol.Resource{"multidns_record.r": {Type: "multidns_record", Args: all}}}
}

// exits checks what a command came to.
func (s *stage) exits(r protocol.Result, code int, words ...string) protocol.Result {
	s.Helper()
	if r.ExitCode != code {
		s.Fatalf("exit code %d, want %d: %s", r.ExitCode, code, r)
	}
	for _, word := range words {
		if !strings.Contains(r.String(), word) {
			s.Errorf("nobody says %q: %s", word, r)
		}
	}
	return r
}

func (s *stage) apply(c protocol.Config, code int, words ...string) protocol.Result {
	s.Helper()
	return s.exits(s.project.Apply(s.Context(), c), code, words...)
}

func (s *stage) plan(c protocol.Config, code int, words ...string) protocol.Result {
	s.Helper()
	return s.exits(s.project.Plan(s.Context(), c), code, words...)
}

// holds compares what all three hold, the apex NS aside, with lines such as "www.example.com. 3600 A 192.0.2.1".
func (s *stage) holds(lines ...string) {
	s.Helper()
	for _, name := range []string{"cloudflare", "desec", "memory"} {
		s.holdsAt(name, lines...)
	}
}

func (s *stage) holdsAt(name string, lines ...string) {
	s.Helper()
	slices.Sort(lines)
	if diff := cmp.Diff(lines, s.heldAt(name)); diff != "" {
		s.Errorf("held at %s (-want +got):\n%s", name, diff)
	}
}

func (s *stage) heldAt(name string) []string {
	var held []string
	line := func(owner, typ string, ttl uint32, values []string) {
		if typ != "NS" {
			held = append(held, fmt.Sprintf("%s %d %s %s", owner, ttl, typ, strings.Join(slices.Sorted(slices.Values(values)), " ")))
		}
	}
	if name == "memory" {
		for _, r := range s.memory.Held() {
			line(r.Name, r.Type, r.TTL, r.Values)
		}
	} else {
		for _, r := range s.box.Site(name).Stored(s.box.Zone) {
			line(r.Name, r.Type, r.TTL, r.Values)
		}
	}
	slices.Sort(held)
	return held
}

// writes are the writes that each operator got so far.
func (s *stage) writes() map[string]int {
	writes := map[string]int{}
	for _, name := range []string{"cloudflare", "desec"} {
		for _, e := range s.box.Site(name).Log.Entries() {
			if e.Method != "GET" {
				writes[name]++
			}
		}
	}
	if _, n := s.memory.Asked(); n > 0 {
		writes["memory"] = n
	}
	return writes
}

func (s *stage) attr(address string, path ...string) any {
	s.Helper()
	i := s.project.State[address]
	if i == nil {
		s.Fatalf("%s is not in state", address)
	}
	return i.Attr(path...)
}
