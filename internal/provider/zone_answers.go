package provider

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/answers"
	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// answersQuestion is what the name servers of a zone are asked; nothing without keys.
type answersQuestion struct {
	zone    string
	keys    []rrset.Key
	servers []answers.Server // that are given; none: those of the delegation
}

// answersQuestion reads the attributes answers and servers.
func (m *zoneModel) answersQuestion(zone string, diags *diag.Diagnostics) answersQuestion {
	q := answersQuestion{zone: zone}
	for _, spelled := range m.Answers {
		slash := strings.LastIndex(spelled, "/")
		if slash < 0 {
			diags.AddAttributeError(path.Root("answers"), "Invalid answers", fmt.Sprintf("answers: expected name/type, for example www/A, or @/MX at the apex; received %q.", spelled))
			continue
		}
		key, err := newKey(zone, spelled[:slash], spelled[slash+1:])
		if err != nil {
			diags.AddAttributeError(path.Root("answers"), "Invalid answers", fmt.Sprintf("answers: in %q: %s", spelled, err))
			continue
		}
		q.keys = append(q.keys, key)
	}
	slices.SortFunc(q.keys, rrset.Key.Compare)
	q.keys = slices.Compact(q.keys)
	for _, name := range slices.Sorted(maps.Keys(m.Servers)) {
		for _, text := range m.Servers[name] {
			addr, err := parseServer(text)
			if err != nil {
				diags.AddAttributeError(path.Root("servers"), "Invalid servers", "servers: "+err.Error())
				continue
			}
			q.servers = append(q.servers, answers.Server{Name: name, Addr: addr})
		}
	}
	return q
}

// problems asks, if there is something to ask.
func (q answersQuestion) problems(ctx context.Context, asker delegation.Asker) []string {
	if len(q.keys) == 0 {
		return nil
	}
	servers := q.servers
	var sentences []string
	if len(servers) == 0 {
		servers, sentences = q.delegated(ctx, asker)
	}
	return append(sentences, answers.Problems(ctx, servers, q.keys)...)
}

// delegated finds the name servers to which the parent delegates the zone, with all their addresses.
func (q answersQuestion) delegated(ctx context.Context, asker delegation.Asker) (servers []answers.Server, problems []string) {
	found := lookUp(ctx, asker, []string{q.zone}).NameServers(q.zone)
	for _, host := range slices.Sorted(maps.Keys(found)) {
		if len(found[host]) == 0 {
			problems = append(problems, fmt.Sprintf("The name server %s has no address, so that it could not be asked for what is in answers.", strings.TrimSuffix(host, ".")))
		}
		for _, addr := range found[host] {
			servers = append(servers, answers.Server{Name: host, Addr: netip.AddrPortFrom(addr, cmp.Or(asker.Port, dnsPort))})
		}
	}
	if len(found) == 0 {
		problems = append(problems, fmt.Sprintf("The name servers of %s could not be found through its parent, so that nobody was asked for what is in answers. Name them in servers.", q.zone))
	}
	return servers, problems
}
