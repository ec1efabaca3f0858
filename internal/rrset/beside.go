package rrset

// Excludes reports whether RRsets of the two keys cannot both stand at one name.
func (k Key) Excludes(other Key) bool { return k.WhyNotBeside(other) != "" }

// WhyNotBeside is why RRsets of the two keys cannot both stand at one name; empty if they can. What stands at a
// delegation is answered by nobody: the name belongs to the servers it names (RFC 2181 section 6.1), and Cloudflare
// takes none of it (design/facts/cloudflare-api.md section 4.6, error 81055). A DS is of a delegation, and Cloudflare
// takes it nowhere else (design/facts/cloudflare-api.md section 9).
func (k Key) WhyNotBeside(other Key) string {
	switch {
	case k.Zone != other.Zone, k.Name != other.Name, k.Type == other.Type:
		return ""
	case k.Type == "CNAME", other.Type == "CNAME":
		return "a CNAME cannot stand beside other types (RFC 1034 section 3.6.2)"
	case k.vouches() && other.Type != "NS", other.vouches() && k.Type != "NS":
		return "a DS below the apex tells of a delegation, so that nothing but its NS can stand beside it (RFC 4034 section 5)"
	case k.delegates() && other.Type != "DS", other.delegates() && k.Type != "DS":
		return "NS below the apex hands the name over to other name servers, so that nothing but a DS can stand beside it (RFC 2181 section 6.1)"
	}
	return ""
}

// delegates reports whether the RRset hands its name over to other name servers.
func (k Key) delegates() bool { return k.Type == "NS" && !k.IsApex() }

// vouches reports whether the RRset tells of the keys of a delegation.
func (k Key) vouches() bool { return k.Type == "DS" && !k.IsApex() }
