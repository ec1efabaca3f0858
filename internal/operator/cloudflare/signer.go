package cloudflare

import (
	"context"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/option"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

var _ operator.Signer = (*Client)(nil)

// signingState is GET dnssec. All but the status is empty while the zone is not signed.
type signingState struct {
	Status      string      `json:"status"`
	MultiSigner bool        `json:"dnssec_multi_signer"`
	Flags       looseString `json:"flags"`
	Algorithm   looseString `json:"algorithm"`
	DigestType  looseString `json:"digest_type"`
	Digest      looseString `json:"digest"`
	KeyTag      looseString `json:"key_tag"`
	PublicKey   looseString `json:"public_key"`
}

// signs reports whether the zone is signed. It is "pending" until Cloudflare has seen the DS at the parent
// (design/facts/cloudflare-api.md section 5).
func (s signingState) signs() bool { return s.Status == "active" || s.Status == "pending" }

// key is the key signing key, or none. The protocol field is always 3 (RFC 4034 section 2.1.2).
func (s signingState) key() []string {
	if s.PublicKey == "" {
		return nil
	}
	return canonicalOrAsIs("DNSKEY", s.Flags, "3", s.Algorithm, s.PublicKey)
}

func (c *Client) signingState(ctx context.Context, zone string) (state signingState, id string, err error) {
	read := &call{action: "read the DNSSEC state of " + zone}
	if id, err = c.zoneCache.id(ctx, zone, read.action); err != nil {
		return state, "", err
	}
	env, err := read.run(ctx, func(options ...option.RequestOption) error {
		params := dns.DNSSECGetParams{}
		params.ZoneID.Value, params.ZoneID.Present = id, true
		_, err := c.dnssec.Get(ctx, params, options...)
		return err
	})
	if err != nil {
		return state, "", c.zoneCache.explain(err, zone)
	}
	return state, id, read.result(env, &state, "a DNSSEC state")
}

// Signing reads the key signing key and, in a request of its own, the zone signing keys, which are shown only after
// multi-signer is on (design/facts/cloudflare-api.md section 5).
func (c *Client) Signing(ctx context.Context, zone string) (operator.Signing, error) {
	state, id, err := c.signingState(ctx, zone)
	if err != nil || !state.signs() {
		return operator.Signing{}, err
	}
	signing := operator.Signing{Ready: state.MultiSigner}
	for _, key := range state.key() {
		signing.Keys = append(signing.Keys, operator.SigningKey{DNSKEY: key})
	}
	zsks, err := c.zoneSigningKeys(ctx, zone, id)
	if err != nil {
		return operator.Signing{}, err
	}
	for _, key := range zsks {
		signing.Keys = append(signing.Keys, operator.SigningKey{DNSKEY: key, SignsZone: true})
	}
	return signing, nil
}

// zoneSigningKeys are all that the service lists, whatever its tag: one that is only published now signs later.
func (c *Client) zoneSigningKeys(ctx context.Context, zone, id string) ([]string, error) {
	read := &call{action: "read the zone signing keys of " + zone}
	env, err := read.run(ctx, func(options ...option.RequestOption) error {
		params := dns.DNSSECZskListParams{}
		params.ZoneID.Value, params.ZoneID.Present = id, true
		_, err := c.dnssec.Zsk.List(ctx, params, options...)
		return err
	})
	if err != nil {
		return nil, c.zoneCache.explain(err, zone)
	}
	var rows []*struct {
		DNSKEY *struct {
			Flags, Protocol, Algorithm, PublicKey looseString
		}
	}
	if err := read.result(env, &rows, "a list of zone signing keys"); err != nil {
		return nil, err
	}
	keys := make([]string, 0, len(rows))
	for _, row := range rows {
		if row == nil || row.DNSKEY == nil || row.DNSKEY.PublicKey == "" {
			return nil, read.unexpected("a list of zone signing keys")
		}
		k := row.DNSKEY
		value := canonicalOrAsIs("DNSKEY", k.Flags, k.Protocol, k.Algorithm, k.PublicKey)[0]
		if _, err := rrset.Canonical("DNSKEY", value); err != nil {
			return nil, read.unexpected("a list of zone signing keys")
		}
		keys = append(keys, value)
	}
	return keys, nil
}

// Sign switches DNSSEC and multi-signer on. Both can be repeated (design/facts/cloudflare-api.md section 4.5).
func (c *Client) Sign(ctx context.Context, zone string) error {
	write := &call{action: "switch DNSSEC with several signers on for " + zone, write: true}
	id, err := c.zoneCache.id(ctx, zone, write.action)
	if err != nil {
		return err
	}
	env, err := write.run(ctx, func(options ...option.RequestOption) error {
		params := dns.DNSSECEditParams{}
		params.ZoneID.Value, params.ZoneID.Present = id, true
		params.Status.Value, params.Status.Present = dns.DNSSECEditParamsStatusActive, true
		params.DNSSECMultiSigner.Value, params.DNSSECMultiSigner.Present = true, true
		_, err := c.dnssec.Edit(ctx, params, options...)
		return err
	})
	if err != nil {
		return c.zoneCache.explain(err, zone)
	}
	var state signingState
	if err := write.result(env, &state, "a DNSSEC state"); err != nil {
		return err
	}
	if !state.signs() || !state.MultiSigner {
		return write.refusal(operator.RefusedOther,
			"the service answered %q with dnssec_multi_signer = %t, so that the zone is not signed in the form that takes keys of others; "+
				"look at DNS > Settings > DNSSEC in Cloudflare's dashboard", state.Status, state.MultiSigner)
	}
	return nil
}

// TakesAtApex is true for DNSKEY alone: CDS and CDNSKEY cannot be written (design/facts/cloudflare-api.md section 5).
func (c *Client) TakesAtApex(typ string) bool { return typ == "DNSKEY" }
