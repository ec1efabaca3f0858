package provider

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

var _ list.ListResourceWithConfigure = (*recordList)(nil)

// recordList lists what could be imported as multidns_record. CLIs that have no `query` never ask for it.
type recordList struct{ recordResource }

func newRecordList() list.ListResource { return &recordList{} }

func (l *recordList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the RRsets of a zone that could be a `multidns_record`: what any operator holds of the types that every operator can hold, apart from what an operator manages itself. It costs one list at each operator.\n\n" +
			"Terraform lists 100 unless `limit` says otherwise. Configuration that is generated holds what the operators agree on; where they do not, the plan shows what would be " +
			"written to which. Look at the `NS` RRset of the apex before you apply: it must name the name servers of every operator.",
		Attributes: map[string]schema.Attribute{
			"zone": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the zone."},
		},
	}
}

func (l *recordList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var spelled types.String
	diags := req.Config.GetAttribute(ctx, path.Root("zone"), &spelled)
	// A list keeps and writes nothing.
	source := operatorDataSource{shared: l.shared, consequence: "What only it holds is not listed, and configuration that is generated " +
		"has the values and the TTL of the others alone. Ask again when it answers."}
	zone, ok := source.zone(spelled, &diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	held, failed := map[string][]operator.RRset{}, map[string]error{}
	for name, contents := range l.shared.walk.Contents(ctx, zone) {
		held[name] = contents.Held
		if contents.Err != nil {
			failed[name] = contents.Err
		}
	}
	source.report(failed, &diags)
	if len(failed) == len(Operators) && !diags.HasError() {
		diags.AddError("Unable to list RRsets", "No operator answered, so that nothing is known of the zone "+strings.TrimSuffix(zone, ".")+". Ask again when one does.")
	}
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = l.results(ctx, req, importable(held), diags)
}

// results begins with the warnings, if there are any.
func (l *recordList) results(ctx context.Context, req list.ListRequest, keys []rrset.Key, warnings diag.Diagnostics) iter.Seq[list.ListResult] {
	if all := len(keys); req.Limit > 0 && int64(all) > req.Limit {
		keys = keys[:req.Limit]
		// Without a limit of its own a list block has one of 100, and Terraform does not say that it was reached.
		warnings.AddWarning("List is not complete", fmt.Sprintf(
			"%d RRsets could be listed, and limit ends the list after %d. Set limit = %d in the list block for all of them.", all, req.Limit, all))
	}
	return func(push func(list.ListResult) bool) {
		if len(warnings) > 0 && !push(list.ListResult{Diagnostics: warnings}) {
			return
		}
		for _, key := range keys {
			if !push(l.result(ctx, req, key)) {
				return
			}
		}
	}
}

func (l *recordList) result(ctx context.Context, req list.ListRequest, key rrset.Key) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = key.String()
	var state recordModel
	state.setKey(key)
	setIdentity(ctx, result.Identity, &state.replicaModel, &result.Diagnostics)
	if !req.IncludeResource {
		return result
	}
	if _, ok := l.observe(ctx, &state, replica.Ownership{}, &result.Diagnostics); !ok {
		return result
	}
	result.Diagnostics.Append(setModel(ctx, result.Resource, &state)...)
	return result
}

// importable are the keys of what any operator holds and everybody could, sorted.
func importable(held map[string][]operator.RRset) []rrset.Key {
	seen := map[rrset.Key]bool{}
	var keys []rrset.Key
	for _, name := range operatorNames() {
		for _, r := range held[name] {
			// What an operator shows can have a name that nobody may declare.
			key, err := rrset.NewKey(r.Zone, r.Name, r.Type)
			if err != nil || r.ReadOnly || seen[key] {
				continue
			}
			seen[key] = true
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, rrset.Key.Compare)
	return keys
}
