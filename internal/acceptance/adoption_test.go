package acceptance

import (
	"fmt"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// TestAdoption_OfManyIsOneWarning adopts a map of which each RRset is there.
func TestAdoption_OfManyIsOneWarning(t *testing.T) {
	t.Parallel()
	s := newBareStage(t, sandbox.Options{})
	records := map[string]any{}
	for i := range 7 {
		name := fmt.Sprintf("w%d", i)
		records[name+"/A"] = map[string]any{"values": []string{"192.0.2.1"}}
		for _, operator := range bothOperators {
			s.edit(operator, name, "A", 3600, "192.0.2.1")
		}
	}
	config := declared("multidns_zone_records.z", map[string]any{"records": records})
	run := newDriven(t, s.box, patientTimeout)
	r := run.project.Plan(t.Context(), config)
	if warnings := r.Warnings(); len(warnings) != 1 {
		t.Errorf("%d warnings, want one: %s", len(warnings), r)
	}
	saysAll(t, r.String(), "Cloudflare and deSEC hold 7 RRsets", "(w0.example.com. A, w1.example.com. A, w2.example.com. A, 4 more)", "moved block")
	s.forget()
	if r := run.project.Apply(t.Context(), config); r.ExitCode != 0 {
		t.Fatal(r)
	}
	for _, operator := range bothOperators {
		if n := len(s.box.Site(operator).Log.Writes()); n > 0 {
			t.Errorf("%s was written %d times", operator, n)
		}
	}
}
