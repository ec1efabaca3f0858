package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// onEveryCLIWithQuery skips the CLIs that cannot run the play.
func onEveryCLIWithQuery(t *testing.T, play func(*testing.T, *stage)) {
	t.Helper()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		if !s.work.CLI.HasQuery() {
			t.Skipf("%s has no query", s.work.CLI)
		}
		root := clitest.RequireRoot(t)
		text, err := os.ReadFile(filepath.Join(root, "examples", "list-resources", "multidns_record", "list-resource.tfquery.hcl"))
		if err != nil {
			t.Fatal(err)
		}
		s.write("zone.tfquery.hcl", string(text))
		s.configure(provider)
		play(t, s)
	})
}

// query runs it and gives what a person reads, without line breaks.
func (s *stage) query(exit int, args ...string) string {
	s.t.Helper()
	r := s.work.Run(s.t.Context(), append([]string{"query"}, args...)...)
	if err := r.Must(exit); err != nil {
		s.t.Fatal(err)
	}
	return flat(r.Stdout + r.Stderr)
}

// says expects words in what a person reads.
func (s *stage) says(said string, words ...string) {
	s.t.Helper()
	for _, word := range words {
		if !strings.Contains(said, flat(word)) {
			s.t.Errorf("it does not say %q:\n%s", word, said)
		}
	}
}

// A zone is taken over as it is: the generated configuration is valid, and importing it writes only what an operator
// lacks.
func TestAccQuery_ImportsWhatIsHeld(t *testing.T) {
	t.Parallel()
	onEveryCLIWithQuery(t, func(t *testing.T, s *stage) {
		for _, operator := range []string{"cloudflare", "desec"} { // deSEC begins with an NS RRset that Cloudflare does not show
			s.edit(operator, "@", "NS", 3600, "ns.cloudflare.example.", "ns.desec.example.")
		}
		s.both("www", "A", 3600, "192.0.2.1", "192.0.2.2")
		s.both("@", "TXT", 3600, `"v=spf1 -all"`, `"${not} a %{template}"`)
		s.edit("cloudflare", "api", "CNAME", 60, "www.example.com.")
		s.edit("desec", "api", "CNAME", 3600, "www.example.com.")
		s.says(s.query(0, "-generate-config-out=same.tf"), "www.example.com. A", "api.example.com. CNAME")
		s.forget()
		if r := s.apply(0); !strings.Contains(r.Stdout, "4 imported, 0 added, 0 changed, 0 destroyed") {
			t.Errorf("the import changed something:\n%s", r)
		}
		s.nothingWritten()
		s.plan(0)
	})
}

// Most zones come from one operator, with TTLs that the other one does not know.
func TestAccQuery_OneOperatorIsEmpty(t *testing.T) {
	t.Parallel()
	onEveryCLIWithQuery(t, func(t *testing.T, s *stage) {
		s.edit("desec", "@", "NS", 3600) // deSEC begins with one
		s.edit("cloudflare", "automatic", "A", 1, "192.0.2.1")
		s.edit("cloudflare", "low", "A", 300, "192.0.2.2")
		s.query(0, "-generate-config-out=cloudflare.tf")
		s.apply(0)
		s.holds("cloudflare", "automatic.example.com. 3600 A 192.0.2.1", "low.example.com. 300 A 192.0.2.2")
		s.holds("desec", "automatic.example.com. 3600 A 192.0.2.1", "low.example.com. 3600 A 192.0.2.2")
		s.plan(0)
	})
}

func TestAccQuery_Outage(t *testing.T) {
	t.Parallel()
	onEveryCLIWithQuery(t, func(t *testing.T, s *stage) {
		s.edit("cloudflare", "there", "A", 3600, "192.0.2.1")
		s.edit("desec", "here", "A", 3600, "192.0.2.2")
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		said := s.query(0)
		s.says(said, "here.example.com. A", "Cloudflare did not answer", "What only it holds is not listed")
		if strings.Contains(said, flat("there.example.com.")) {
			t.Errorf("it lists what nobody told:\n%s", said)
		}
		s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.HTML502})
		s.says(s.query(1), "Unable to list RRsets", "nothing is known of the zone example.com. Ask")
	})
}
