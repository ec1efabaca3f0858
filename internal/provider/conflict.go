package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const conflictSummary = "RRset exists already"

// addConflict reports what stands where an RRset is to be, what became of the run, and the ways out that exist: what is
// in the state cannot be imported any more.
func (d *shared) addConflict(m *replicaModel, conflict error, inState bool, outcome string, diags *diag.Diagnostics) {
	c, ok := errors.AsType[*replica.ConflictError](conflict)
	if !ok {
		diags.AddError("Unable to create RRset", conflict.Error()+". "+outcome)
		return
	}
	diags.AddAttributeError(path.Root("name"), conflictSummary, d.conflictText(m, c, inState, outcome))
}

// warnConflict does so for the plan of an RRset that is in the state: the plan may be that of a destruction, which
// nothing needs to stop, and an update says it again as an error before it replaces anything.
func (d *shared) warnConflict(m *replicaModel, conflict error, diags *diag.Diagnostics) {
	if c, ok := errors.AsType[*replica.ConflictError](conflict); ok {
		diags.AddAttributeWarning(path.Root("name"), conflictSummary, d.conflictText(m, c, true, "An apply stops here, before it replaces that; a destroy leaves it alone."))
	}
}

// standsThere says what stands where an RRset is to be.
func standsThere(name string, err error) string {
	return title(name) + strings.TrimPrefix(err.Error(), name)
}

func (d *shared) conflictText(m *replicaModel, c *replica.ConflictError, inState bool, outcome string) string {
	text := standsThere(c.Operator, c) + ". " + outcome + " "
	either := "Either "
	if !d.refreshes() && d.walk.HasElsewhere(c) { // nobody has said so far that it gives it up
		text += "Another resource has that until now: if it gives it up, apply again, and it is handed over. "
		either = "Otherwise, either "
	}
	if c.Held == nil {
		return text + "Nothing is deleted to make room: remove what is there, or declare another name."
	}
	ways := []string{"declare what it holds, which is then adopted without a write"}
	if id := m.importable(c.Key); !inState && id != "" {
		ways = append(ways, fmt.Sprintf("import it (terraform import ADDRESS '%s') and let the next plan show what would change", id))
	}
	ways = append(ways, "set overwrite = true to take it over")
	last := len(ways) - 1
	text += either + strings.Join(ways[:last], ", or ") + ", or " + ways[last] + "."
	if !inState {
		text += " If another resource had it until now, also one of another provider configuration (alias), a moved block hands it over."
	}
	if exposed := exposes(c.Operator, c.Want, *c.Held); exposed != "" {
		text += " Note that " + exposed
	}
	return text
}

// importable names what to import; empty if nothing can be.
func (m *replicaModel) importable(key rrset.Key) string {
	if m.inMap {
		return m.importID
	}
	return key.ID()
}

// warnTakeover says what an RRset that is taken over loses beside its TTL and values: the plan of a creation shows what
// will be, not what was.
func warnTakeover(name string, want, held operator.RRset, diags *diag.Diagnostics) {
	lost := want.Settings.Drift(held.Settings)
	if len(lost) == 0 {
		return
	}
	text := fmt.Sprintf("%s holds %s: %s. The apply changes that to what is declared here.", title(name), want.Key, strings.Join(lost, "; "))
	if exposed := exposes(name, want, held); exposed != "" {
		text += " Then " + exposed
	}
	diags.AddWarning(fmt.Sprintf("%s %s is taken over", want.Name, want.Type), text)
}

// exposes says what it means that an operator answers with something else than the values now, and would answer with
// them.
func exposes(name string, want, held operator.RRset) string {
	flag, on := operatorType(name).Answering(held.Settings)
	if !on {
		return ""
	}
	if stays, _ := want.Settings.Bool(flag.Name); stays {
		return ""
	}
	return fmt.Sprintf("%s answers with the declared values, which %s hides today: everybody can see them. To keep them hidden, declare %s = { %s = true }.",
		title(name), flag.Name, name, flag.Name)
}
