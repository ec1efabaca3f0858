package acceptance

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// TestAccAlias_TwoProcessesShareAnRRset plays what one process cannot know: a second configuration of the provider
// declares what the first one keeps. The plan says so, with the way out, whether the content is equal or not, and
// nothing is lost when the RRset is moved as it says.
func TestAccAlias_TwoProcessesShareAnRRset(t *testing.T) {
	t.Parallel()
	const second = "\nprovider \"multidns\" {\n  alias = \"second\"\n}\n"
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		by := func(rest string) string { return rest + "\nprovider = multidns.second" }
		s.configure(second + record("a", "www", "A", first))
		s.apply(0)
		s.forget()

		s.configure(second + record("a", "www", "A", first) + record("b", "www", "A", by(first)))
		saysAll(t, s.plan(2).Stdout, "RRset is adopted", "(alias)", "moved block")
		s.configure(second + record("a", "www", "A", first) + record("b", "www", "A", by("values = [\"192.0.2.2\"]")))
		saysAll(t, s.plan(1).Stderr, "RRset exists already", "(alias)", "moved block")

		s.configure(second + record("b", "www", "A", by(first)) + "moved {\n  from = multidns_record.a\n  to = multidns_record.b\n}\n")
		if r := s.apply(0); strings.Contains(r.Stdout, "adopted") {
			t.Errorf("what was moved is called adopted:\n%s", r)
		}
		s.writes(0)
		s.settled()
	})
}

// saysAll expects all phrases, wherever the CLI broke its lines.
func saysAll(t *testing.T, output string, phrases ...string) {
	t.Helper()
	text := strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
	for _, phrase := range phrases {
		if !strings.Contains(text, phrase) {
			t.Errorf("it does not say %q:\n%s", phrase, output)
		}
	}
}
