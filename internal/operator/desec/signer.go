package desec

import (
	"context"
	"slices"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

var _ operator.Signer = (*Client)(nil)

// Signing reads the keys of the domain. deSEC signs every zone, always, with one key for both purposes
// (design/facts/desec-api.md section 6).
func (c *Client) Signing(ctx context.Context, zone string) (operator.Signing, error) {
	z, err := c.Zone(ctx, zone)
	if err != nil {
		return operator.Signing{}, err
	}
	signing := operator.Signing{Ready: len(z.DNSKEYs) > 0}
	for _, value := range z.DNSKEYs {
		if canonical, err := rrset.Canonical("DNSKEY", value); err == nil {
			value = canonical
		}
		signing.Keys = append(signing.Keys, operator.SigningKey{DNSKEY: value, SignsZone: true})
	}
	return signing, nil
}

// Sign has nothing to do: there is no switch.
func (c *Client) Sign(context.Context, string) error { return nil }

// TakesAtApex is true for all three types (design/facts/desec-api.md section 6).
func (c *Client) TakesAtApex(typ string) bool {
	return slices.Contains([]string{"DNSKEY", "CDS", "CDNSKEY"}, typ)
}
