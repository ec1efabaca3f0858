package acceptance

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// moment is a point at which an operation is held while somebody kills it.
type moment struct {
	name string
	// fault holds the operation; reached says that it is there, by what the operator's API was asked.
	fault   sandbox.Fault
	reached func(sandbox.Entry) bool
	// then replaces the fault, which lets the operation go on to its next moment, reached when thenReached is.
	then        *sandbox.Fault
	thenReached func(sandbox.Entry) bool
}

func isRead(e sandbox.Entry) bool { return !e.IsWrite() }

var moments = []moment{
	{
		name:    "planning",
		fault:   sandbox.Fault{Kind: sandbox.Blackhole, Methods: []string{http.MethodGet}},
		reached: isRead,
	},
	{
		name:    "write-not-carried-out",
		fault:   sandbox.Fault{Kind: sandbox.Blackhole, Methods: sandbox.Writes},
		reached: sandbox.Entry.IsWrite,
	},
	{
		name:    "write-carried-out",
		fault:   sandbox.Fault{Kind: sandbox.Blackhole, Methods: sandbox.Writes, Commit: true},
		reached: sandbox.Entry.IsWrite,
	},
	{
		name:        "reading-back",
		fault:       sandbox.Fault{Kind: sandbox.Blackhole, Methods: sandbox.Writes, Commit: true},
		reached:     sandbox.Entry.IsWrite,
		then:        &sandbox.Fault{Kind: sandbox.Blackhole, Methods: []string{http.MethodGet}},
		thenReached: func(e sandbox.Entry) bool { return isRead(e) && e.Fault == sandbox.Blackhole },
	},
}

// blows end a command in the middle.
var blows = []struct {
	name   string
	strike func(*testing.T, *clitest.Process) error
}{
	{"kill-provider", func(t *testing.T, p *clitest.Process) error {
		n, err := p.KillProvider(t.Context())
		if err == nil && n == 0 {
			return fmt.Errorf("no provider was running")
		}
		return err
	}},
	{"kill-CLI", func(_ *testing.T, p *clitest.Process) error { return p.KillCLI() }},
	{"kill-both", func(_ *testing.T, p *clitest.Process) error { return p.Kill() }},
	{"ctrl-c", func(_ *testing.T, p *clitest.Process) error { return p.Signal(syscall.SIGINT) }},
}

// killedOperations are what the blow hits: configurations before and after, and what is to be held in the end.
var killedOperations = []struct {
	name, before, after, held string
}{
	{"create", "", record("r", "www", "A", `values = ["192.0.2.1", "192.0.2.2"]`), "www.example.com. 3600 A 192.0.2.1 | 192.0.2.2"},
	{"update", record("r", "www", "A", first), record("r", "www", "A", `values = ["192.0.2.2", "192.0.2.3"]`), "www.example.com. 3600 A 192.0.2.2 | 192.0.2.3"},
	{"type", record("r", "www", "A", first), record("r", "www", "CNAME", `values = ["target.example.net."]`), "www.example.com. 3600 CNAME target.example.net."},
	{"delete", record("r", "www", "A", first), "", ""},
}

// TestAccKilled ends applies at each stage of a write. The next apply heals, without manual work, without an "already
// exists" and without a duplicate. Every combination runs with MULTIDNS_FULL_MATRIX=1, else a selection in which each
// moment meets each blow.
func TestAccKilled(t *testing.T) {
	t.Parallel()
	whole := os.Getenv("MULTIDNS_FULL_MATRIX") != ""
	for m, at := range moments {
		for b, blow := range blows {
			for o, op := range killedOperations {
				for n, name := range bothOperators {
					for c, cli := range clitest.RequireCLIs(t) {
						if !whole && ((m+b+o)%len(killedOperations) != 0 || (m+b+c+n)%2 != 0 || (b+m/2)%2 != c) {
							continue
						}
						t.Run(strings.Join([]string{at.name, blow.name, op.name, name, cli.Name}, "/"), func(t *testing.T) {
							t.Parallel()
							s := newStage(t, cli, sandbox.Options{})
							s.configure(longTimeout + op.before)
							s.apply(0)
							s.configure(longTimeout + op.after)
							command := []string{"apply", "-auto-approve"}
							if at.name == "planning" && blow.name == "ctrl-c" {
								// Neither CLI passes Ctrl-C on to the provider while an apply makes its plan; the plan
								// command does.
								command = []string{"plan"}
							}
							s.interrupt(name, at, blow.strike, command...)
							if blow.name == "ctrl-c" {
								s.truthful()
							}
							s.box.Site(name).Faults.Clear()
							s.heals(op.held)
						})
					}
				}
			}
		}
	}
}

// TestAccKilled_DeclaredNoMore: what a killed run wrote of a creation, and no state has, is taken over where it is
// declared with another value, and told by a destruction; not if its provider lived on and does not know that the state
// is without.
func TestAccKilled_DeclaredNoMore(t *testing.T) {
	t.Parallel()
	for i, blow := range blows[:3] {
		t.Run(blow.name, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				beside := longTimeout + record("beside", "beside", "A", first)
				s.configure(beside)
				s.apply(0)
				name := bothOperators[i%2]
				for _, value := range []string{"192.0.2.7", "192.0.2.8"} {
					s.configure(beside + record("r", "www", "A", `values = ["`+value+`"]`))
					s.interrupt(name, moments[2], blow.strike, "apply", "-auto-approve")
					s.box.Site(name).Faults.Clear()
				}
				if r := s.destroy(0); blow.name != "kill-CLI" {
					saysAll(t, r.String(), inNoState, "www.example.com. A at Cloudflare and deSEC")
				}
				s.holds(name, held(3600, "192.0.2.8"))
				s.configure(beside + record("r", "www", "A", `values = ["192.0.2.9"]`))
				s.apply(0)
				s.settled()
			})
		})
	}
}

// longTimeout keeps an exchange held until somebody strikes.
const longTimeout = required + `
provider "multidns" {
  request_timeout = "60s"
}
`

// interrupt runs a command, waits for the moment and strikes.
func (s *stage) interrupt(operator string, at moment, strike func(*testing.T, *clitest.Process) error, command ...string) {
	s.t.Helper()
	site := s.box.Site(operator)
	s.forget()
	site.Faults.Set(at.fault)
	p := s.work.Start(s.t.Context(), command...)
	s.await(site, p, at.reached)
	if at.then != nil {
		site.Faults.Set(*at.then)
		s.await(site, p, at.thenReached)
	}
	if err := strike(s.t, p); err != nil {
		s.t.Fatal(err)
	}
	r := p.Wait()
	if r.Err != nil {
		s.t.Fatal(r)
	}
	if r.ExitCode == 0 {
		s.t.Errorf("the interrupted command ended with exit code 0:\n%s", r)
	}
	s.untainted()
}

// await waits until the operator was asked something.
func (s *stage) await(site *sandbox.Site, p *clitest.Process, is func(sandbox.Entry) bool) {
	s.t.Helper()
	for !slices.ContainsFunc(site.Log.Entries(), func(e sandbox.Entry) bool { return e.End.IsZero() && is(e) }) {
		select {
		case <-p.Done():
			s.t.Fatalf("the command ended before the moment came:\n%s", p.Wait())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// untainted expects that the blow has cost nobody a replacement.
func (s *stage) untainted() {
	s.t.Helper()
	state, err := s.work.Show(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for address, r := range state.Resources {
		if r.Tainted {
			s.t.Errorf("%s is tainted", address)
		}
	}
}

// truthful expects that nothing is called in sync that is not held. After a kill -9 nobody is left to write down what
// was done; after Ctrl-C somebody is.
func (s *stage) truthful() {
	s.t.Helper()
	state, err := s.work.Show(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for address, r := range state.Resources {
		for _, name := range bothOperators {
			if r.Attr("operators", name, "status") != "in_sync" {
				continue
			}
			var values []string
			list, _ := r.Attr("values").([]any)
			for _, v := range list {
				values = append(values, fmt.Sprint(v))
			}
			slices.Sort(values)
			want := fmt.Sprintf("www.example.com. %v %v %s", r.Attr("ttl"), r.Attr("type"), strings.Join(values, " | "))
			if held := s.held(name); !slices.Contains(held, want) {
				s.t.Errorf("%s is in sync at %s by the state, as %q; it holds %q", address, name, want, held)
			}
		}
	}
}

// heals expects that one apply makes both operators hold the line, or nothing.
func (s *stage) heals(held string) {
	s.t.Helper()
	r := s.apply(0)
	if text := strings.ToLower(r.Stdout + r.Stderr); strings.Contains(text, "exist") {
		s.t.Errorf("the healing apply speaks of something that exists:\n%s", r)
	}
	var want []string
	if held != "" {
		want = []string{held}
	}
	for _, name := range bothOperators {
		if got := s.held(name); !slices.Equal(got, want) {
			s.t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
	wanted := strings.Count(held, "|") + 1
	if held == "" {
		wanted = 0
	}
	if records := s.box.Cloudflare.API.Records(s.box.Zone); len(records) != wanted {
		s.t.Errorf("Cloudflare holds %d records, want %d: %+v", len(records), wanted, records)
	}
	s.settled()
}
