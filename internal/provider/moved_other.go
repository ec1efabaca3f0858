package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// movedFrom finds the operator whose RRsets a resource of another provider holds, and how that one names them.
func movedFrom(resourceType string) (o operator.Descriptor, n operator.Naming, ok bool) {
	for _, o := range Operators {
		if n, ok := o.MovedFrom[resourceType]; ok {
			return o, n, true
		}
	}
	return o, n, false
}

// movable are the resources of this and other providers that a moved block may come from, for a sentence.
func movable() []string {
	all := slices.Sorted(maps.Keys(ownResources))
	for _, o := range Operators {
		all = append(all, slices.Sorted(maps.Keys(o.MovedFrom))...)
	}
	return all
}

// otherRRset is the key of an RRset that another provider held, in its words. Private state keeps it from the move
// until the refresh.
type otherRRset struct {
	Operator string `json:"operator"`
	Zone     string `json:"zone,omitempty"`
	ZoneID   string `json:"zone_id,omitempty"`
	Name     string `json:"name"`
	Type     string `json:"type"`
}

// movedKey is where private state keeps it.
const movedKey = "moved"

func readOther(o operator.Descriptor, n operator.Naming, state *tfprotov6.RawState, diags *diag.Diagnostics) otherRRset {
	var attributes map[string]any
	if err := json.Unmarshal(state.JSON, &attributes); err != nil {
		diags.AddError("Unable to move the resource", fmt.Sprintf("Its state cannot be read: %s.", err))
		return otherRRset{}
	}
	text := func(name string) string {
		v, _ := attributes[name].(string)
		return strings.TrimSpace(v)
	}
	r := otherRRset{
		Operator: o.Name, Zone: text(n.Zone), ZoneID: text(n.ZoneID), Type: strings.ToUpper(text("type")),
	}
	for _, name := range n.Names {
		r.Name = cmp.Or(r.Name, text(name))
	}
	r.Name = cmp.Or(r.Name, "@")
	return r
}

// takeOver makes the state one of which the key is known, or will be once the operator has told the name of the zone.
func (r *rrsetResource[M, P]) takeOver(ctx context.Context, state P, from otherRRset, resp *resource.MoveStateResponse) {
	if from.ZoneID == "" {
		r.takeKey(state, from, &resp.Diagnostics)
		return
	}
	placeholder, err := rrset.NewKey("invalid", "@", "TXT")
	if err != nil {
		resp.Diagnostics.AddError("Unable to move the resource", err.Error())
		return
	}
	state.setKey(placeholder)
	m := state.replica()
	m.Zone, m.ID, m.FQDN = types.StringNull(), types.StringNull(), types.StringNull()
	m.Name, m.Type = types.StringValue(from.Name), types.StringValue(from.Type)
	writePrivate(ctx, resp.TargetPrivate, movedKey, from, &resp.Diagnostics)
}

func (r *rrsetResource[M, P]) takeKey(state P, from otherRRset, diags *diag.Diagnostics) {
	key, err := rrset.NewKey(from.Zone, from.Name, from.Type)
	if err != nil {
		diags.AddError("Unable to move the resource", fmt.Sprintf(
			"Its state does not name an RRset that multidns can hold: %s. Declare it with an import block instead, whose id is zone/name/type.", err))
		return
	}
	state.setKey(key)
	// Known of this operator alone: what it holds is what is moved.
	state.replica().Operators = holdings{from.Operator: heldAs(nil).inSync()}.value()
}

// finishMove finishes a move for which the name of the zone was not known. It says whether the state can be read.
func (r *rrsetResource[M, P]) finishMove(ctx context.Context, before privateReader, after privateWriter, state P, diags *diag.Diagnostics) bool {
	from, pending := pendingMove(ctx, before, diags)
	if !pending || r.shared == nil {
		return !diags.HasError()
	}
	from.Zone = r.shared.zoneName(ctx, from, diags)
	if diags.HasError() {
		return false
	}
	r.takeKey(state, from, diags)
	writePrivate(ctx, after, movedKey, nil, diags)
	return !diags.HasError()
}

func pendingMove(ctx context.Context, private privateReader, diags *diag.Diagnostics) (from otherRRset, pending bool) {
	readPrivate(ctx, private, movedKey, &from, diags)
	return from, from != otherRRset{}
}

// refuseUnread reports a move that was never refreshed: what the operators hold is not known then, and so not what
// would have to be written.
func refuseUnread(ctx context.Context, private privateReader, diags *diag.Diagnostics) {
	if _, pending := pendingMove(ctx, private, diags); pending {
		diags.AddError("Unable to move the resource without a refresh",
			"The state of the other provider names its zone by an identifier, and what the operators hold is not known yet. Plan once without -refresh=false.")
	}
}

// knownFirst are the names with those in front of which the state knows something: a moved RRset is what the operator
// holds that it was managed at.
func (m *replicaModel) knownFirst(names []string) []string {
	var known, others []string
	for _, name := range names {
		if m.Operators.Elements()[name] != nil {
			known = append(known, name)
		} else {
			others = append(others, name)
		}
	}
	return append(known, others...)
}

// zoneName is the name of the zone that an operator knows by an identifier.
func (d *shared) zoneName(ctx context.Context, from otherRRset, diags *diag.Diagnostics) string {
	namer, ok := d.operators[from.Operator].(operator.ZoneNamer)
	if !ok {
		diags.AddError("Unable to move the resource", fmt.Sprintf("%s has no zones with identifiers.", title(from.Operator)))
		return ""
	}
	zone, err := namer.ZoneName(ctx, from.ZoneID)
	if err != nil {
		diags.AddError("Unable to move the resource", fmt.Sprintf(
			"Its state names the zone by the identifier %q, and its name could not be found: %s. Nothing was moved. Plan again when %s answers, "+
				"or write the name down in the provider block: %s = { zone_ids = { \"<name of the zone>\" = %q } }.",
			from.ZoneID, err, title(from.Operator), from.Operator, from.ZoneID))
	}
	return zone
}
