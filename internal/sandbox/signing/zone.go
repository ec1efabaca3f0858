package signing

import (
	"fmt"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// Zone is how a zone is signed.
type Zone struct {
	Keys []Use
	// TTL is that of the RRsets that the signer adds at the apex; what users add to them takes it over.
	TTL uint32
	// Compact denies with one NSEC for the name asked (RFC 9824), as Cloudflare does; else with NSEC3, as deSEC does.
	Compact bool
	// CDS is set where the signer publishes CDS and CDNSKEY for its own keys.
	CDS bool
}

// Own are the RRsets that the signer adds at the apex. zone is absolute.
func (z Zone) Own(zone string) []zonedata.RRset {
	keys := zonedata.RRset{Name: zone, Type: "DNSKEY", TTL: z.TTL}
	cds := zonedata.RRset{Name: zone, Type: "CDS", TTL: z.TTL}
	cdnskey := zonedata.RRset{Name: zone, Type: "CDNSKEY", TTL: z.TTL}
	for _, k := range z.Keys {
		keys.Values = append(keys.Values, k.DNSKEY())
		if k.Flags == EntryPoint {
			cds.Values = append(cds.Values, k.CDS(zone))
			cdnskey.Values = append(cdnskey.Values, k.DNSKEY())
		}
	}
	if !z.CDS {
		return []zonedata.RRset{keys}
	}
	return []zonedata.RRset{keys, cds, cdnskey}
}

// Habits are what a service that signs does differently from what the other signer needs.
type Habits struct {
	// LeavesOutForeignEntryPoints is what Cloudflare was seen to do in 2022: a foreign key with flags 257 is stored and
	// not served (design/facts/cloudflare-api.md section 5).
	LeavesOutForeignEntryPoints bool
	// NoCDS is set where no CDS and CDNSKEY are published for the service's own keys.
	NoCDS bool
}

// Serves reports whether the name server answers with a record that a user added.
func (h Habits) Serves(typ, value string) bool {
	return !h.LeavesOutForeignEntryPoints || typ != "DNSKEY" || !strings.HasPrefix(value, fmt.Sprint(EntryPoint, " "))
}
