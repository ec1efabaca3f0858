package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// foreignRecord says how the resource of another provider names its RRset. One resource may hold but one of several
// values; so no more than the key is taken from it, and the rest from the operators themselves.
type foreignRecord struct {
	operator string
	// zone is the attribute that holds the name of the zone, zoneID the one that holds the operator's identifier of it:
	// one of the two.
	zone, zoneID string
	// names are the attributes that hold the owner name, the best one first.
	names []string
}

// foreignRecords are the resources that a moved block may come from, as their providers' schemas have them:
// cloudflare/cloudflare 4 (cloudflare_record) and 5 (cloudflare_dns_record), timofurrer/desec and Valodim/desec
// (desec_rrset, with different values and the same key).
var foreignRecords = map[string]foreignRecord{
	"cloudflare_record":     {operator: "cloudflare", zoneID: "zone_id", names: []string{"hostname", "name"}},
	"cloudflare_dns_record": {operator: "cloudflare", zoneID: "zone_id", names: []string{"name"}},
	"desec_rrset":           {operator: "desec", zone: "domain", names: []string{"subname"}},
}

// foreignRRset is the key of an RRset that another provider held, in its words. Private state keeps it from the move
// until the refresh.
type foreignRRset struct {
	Operator string `json:"operator"`
	Zone     string `json:"zone,omitempty"`
	ZoneID   string `json:"zone_id,omitempty"`
	Name     string `json:"name"`
	Type     string `json:"type"`
}

// movedKey is where private state keeps it.
const movedKey = "moved"

func (f foreignRecord) read(state *tfprotov6.RawState, diags *diag.Diagnostics) foreignRRset {
	var attributes map[string]any
	if err := json.Unmarshal(state.JSON, &attributes); err != nil {
		diags.AddError("Unable to move the resource", fmt.Sprintf("Its state cannot be read: %s.", err))
		return foreignRRset{}
	}
	text := func(name string) string {
		v, _ := attributes[name].(string)
		return strings.TrimSpace(v)
	}
	r := foreignRRset{
		Operator: f.operator, Zone: text(f.zone), ZoneID: text(f.zoneID), Type: strings.ToUpper(text("type")),
	}
	for _, name := range f.names {
		r.Name = cmp.Or(r.Name, text(name))
	}
	r.Name = cmp.Or(r.Name, "@") // deSEC's apex is the empty name
	return r
}

// takeOver makes the state one of which the key is known, or will be once the operator has told the name of the zone.
func (r *rrsetResource[M, P]) takeOver(ctx context.Context, state P, from foreignRRset, resp *resource.MoveStateResponse) {
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

func (r *rrsetResource[M, P]) takeKey(state P, from foreignRRset, diags *diag.Diagnostics) {
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

// settleMove finishes a move for which the name of the zone was not known. It says whether the state can be read.
func (r *rrsetResource[M, P]) settleMove(ctx context.Context, before privateReader, after privateWriter, state P, diags *diag.Diagnostics) bool {
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

func pendingMove(ctx context.Context, private privateReader, diags *diag.Diagnostics) (from foreignRRset, pending bool) {
	readPrivate(ctx, private, movedKey, &from, diags)
	return from, from != foreignRRset{}
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
func (d *shared) zoneName(ctx context.Context, from foreignRRset, diags *diag.Diagnostics) string {
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
