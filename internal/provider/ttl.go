package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// A TTL that can be declared: each operator holds it in one zone or another, and which one that does not is said by its
// rules.
const (
	minTTL = 60
	maxTTL = 86400
)

var ttlRange = fmt.Sprintf("%d to %d", minTTL, maxTTL)

// withinTTLs is the expression that brings another one into the range.
func withinTTLs(expression string) string {
	return fmt.Sprintf("max(%d, min(%d, %s))", minTTL, maxTTL, expression)
}

// ttlAt is the TTL that an operator shall have, and where it is written.
func (m *replicaModel) ttlAt(name string) (at path.Path, ttl types.Int64) {
	if own, ok := m.overrides[name].Attributes()["ttl"].(basetypes.Int64Value); ok && !own.IsNull() {
		return path.Root(name).AtName("ttl"), own
	}
	return path.Root("ttl"), m.TTL
}

// judgeTTL asks the rules about what is known already, the values need not be. It judges each TTL once, by the first
// operator that objects.
func (m *replicaModel) judgeTTL(ctx context.Context, diags *diag.Diagnostics) {
	judged := map[string]bool{}
	for _, o := range Operators {
		at, ttl := m.ttlAt(o.Name)
		if ttl.IsUnknown() || ttl.IsNull() || m.overrides[o.Name].IsUnknown() || judged[at.String()] {
			continue
		}
		settings, _ := m.settings(ctx, o, m.Type.ValueString(), &diag.Diagnostics{})
		if problem := ttlProblem(at, o, ttl.ValueInt64(), settings); problem != "" {
			judged[at.String()] = true
			diags.AddAttributeError(at, "Invalid TTL", problem)
		}
	}
}

// ttlProblem is why an operator cannot hold a TTL, or why none can, with what to write for one that came with a zone
// file.
func ttlProblem(at path.Path, o operator.Descriptor, ttl int64, settings operator.Settings) string {
	problem := ""
	if ttl < minTTL || ttl > maxTTL {
		problem = fmt.Sprintf("%s must be between %d and %d, got %d. ", at, minTTL, maxTTL, ttl)
	}
	for _, v := range operator.Check(o.Rules, operator.RRset{RRset: rrset.RRset{TTL: dnsTTL(ttl)}, Settings: settings}, nil) {
		if v.Attribute == "ttl" {
			problem += v.Message + " "
		}
	}
	if problem == "" {
		return ""
	}
	return problem + ttlAdvice(o, ttl)
}

func ttlAdvice(o operator.Descriptor, ttl int64) string {
	if served := o.Served(dnsTTL(ttl)); served != dnsTTL(ttl) && ttl < minTTL {
		return fmt.Sprintf("It is served as %[1]d seconds: write\n\n  ttl = %[1]d\n\nor, for RRsets of a zone file, ttl = each.value.ttl == %[2]d ? %[1]d : each.value.ttl.", served, ttl)
	}
	return fmt.Sprintf("Write\n\n  ttl = %d\n\nor, for RRsets of a zone file, ttl = %s.", max(minTTL, min(maxTTL, ttl)), withinTTLs("each.value.ttl"))
}

// dnsTTL is the TTL within what DNS knows (RFC 2181 section 8). What is beyond it no operator holds.
func dnsTTL(ttl int64) uint32 { return uint32(max(0, min(1<<31-1, ttl))) }
