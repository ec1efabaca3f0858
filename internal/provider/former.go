package provider

import (
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// A change of type that could not be delivered leaves the RRset of the former
// type at that operator, and the state knows the new type alone. The list of
// unclaimed operators in private state therefore also holds claims: an element
// "cloudflare/A" says that Cloudflare still holds our RRset under the type A,
// to be replaced or deleted there.

// formerClaim is the element for what an operator still holds under old.
func formerClaim(name string, old rrset.Key) string { return name + "/" + old.Type }

// formerKeys are the claims, by operator.
func formerKeys(unclaimed []string, key rrset.Key) map[string]rrset.Key {
	former := map[string]rrset.Key{}
	for _, element := range unclaimed {
		if name, typ, ok := strings.Cut(element, "/"); ok {
			former[name] = key.WithType(typ)
		}
	}
	return former
}

// holdsOther says that the operator was seen to hold an RRset of another type
// than the one that was asked for.
func holdsOther(o replica.Observation, key rrset.Key) bool {
	return slices.ContainsFunc(o.Others, func(r operator.RRset) bool { return r.Key == key })
}

// unclaimedSet are the unclaimed operators, without the claims.
func unclaimedSet(list []string) map[string]bool {
	set := map[string]bool{}
	for _, element := range list {
		if !strings.Contains(element, "/") {
			set[element] = true
		}
	}
	return set
}
