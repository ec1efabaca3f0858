package cloudflare

import (
	"encoding/json"
	"net/http"
)

// dnsSettings is the object of GET and PATCH dns_settings (section 5).
type dnsSettings struct {
	FlattenAllCNAMEs   bool              `json:"flatten_all_cnames"`
	MultiProvider      bool              `json:"multi_provider"`
	NameServers        map[string]string `json:"nameservers"`
	NSTTL              int               `json:"ns_ttl"`
	SecondaryOverrides bool              `json:"secondary_overrides"`
	SOA                any               `json:"soa"`
	ZoneMode           string            `json:"zone_mode"`
}

func defaultSettings() dnsSettings {
	return dnsSettings{NameServers: map[string]string{"type": "cloudflare.standard"}, NSTTL: apexNSTTL, ZoneMode: "standard"}
}

func (s *Server) dnsSettings(w http.ResponseWriter, r *http.Request, z *zone) *apiError {
	switch r.Method {
	case http.MethodGet:
		writeResult(w, z.settings, nil)
		return nil
	case http.MethodPatch:
	default:
		return wrongMethod()
	}
	body, err := readBody(r)
	if err != nil {
		return err
	}
	var change map[string]json.RawMessage
	if json.Unmarshal(body, &change) != nil {
		return refuse(placeholder, "The request body is not valid.")
	}
	next := z.settings
	for key, raw := range change {
		if err := next.set(z, key, raw); err != nil {
			return err
		}
	}
	z.settings = next
	writeResult(w, z.settings, nil)
	return nil
}

// set changes one key. What needs a larger plan than the fake has is refused, and so is foundation_dns, which ended in November 2026.
func (s *dnsSettings) set(z *zone, key string, raw json.RawMessage) *apiError {
	switch key {
	case "flatten_all_cnames", "multi_provider":
		var on bool
		if json.Unmarshal(raw, &on) != nil {
			return refuse(placeholder, "%s must be a boolean.", key)
		}
		if key == "multi_provider" {
			if on && z.Type != "full" {
				return refuse(placeholder, "multi_provider is for full zones.")
			}
			if on && z.dnssec.enabled && !z.dnssec.multiSigner {
				return refuse(placeholder, "multi_provider on a signed zone needs multi-signer DNSSEC.")
			}
			s.MultiProvider = on
			return nil
		}
		if on && z.Plan == "free" {
			return refuse(placeholder, "flatten_all_cnames is not available on this plan.")
		}
		s.FlattenAllCNAMEs = on
		return nil
	case "zone_mode":
		var mode string
		if json.Unmarshal(raw, &mode) != nil || (mode != "standard" && mode != "cdn_only" && mode != "dns_only") {
			return refuse(placeholder, "zone_mode is invalid.")
		}
		s.ZoneMode = mode
		return nil
	case "ns_ttl", "soa", "nameservers", "secondary_overrides", "internal_dns":
		return refuse(placeholder, "%s cannot be changed on this plan.", key)
	}
	return refuse(placeholder, "%s is not a setting.", key)
}
