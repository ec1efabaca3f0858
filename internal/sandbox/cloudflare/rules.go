package cloudflare

import "slices"

const sameNameURL = "<https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>"

// maxNSPerName is the limit of a delegation (section 4.6).
const maxNSPerName = 10

// admit checks r against all other records of the zone (section 4.6).
func (t *transaction) admit(r *Record) *apiError {
	beside := map[string]int{}
	txtSum := 0
	for _, o := range t.records {
		if o.ID == r.ID || o.Name != r.Name {
			continue
		}
		if o.sameAs(r) {
			return refuse(81058, "An identical record already exists.")
		}
		beside[o.Type]++
		if o.Type == "TXT" {
			txtSum += txtLength(o.Content)
		}
	}
	switch r.Type {
	case "A", "AAAA", "CNAME":
		return t.admitAddress(r, beside)
	case "NS":
		return t.admitNS(r, beside)
	case "DS":
		if beside["NS"] == 0 {
			return refuse(placeholder, "A DS record needs NS records with the same name.")
		}
	case "DNSKEY":
		if !t.zone.dnssec.multiSigner {
			return refuse(placeholder, "DNSKEY records need multi-signer DNSSEC.")
		}
		if r.Name != t.zone.Name {
			return refuse(placeholder, "DNSKEY records belong at the apex of the zone.")
		}
	case "TXT":
		if txtSum+txtLength(r.Content) > maxTXTSum {
			return refuse(83011, "Combined content length of records with this name and type exceeds the limit.")
		}
	}
	return nil
}

// admitAddress holds the exclusivity of CNAME, which is weaker here than in DNS: TXT, MX and others may stand beside one.
func (t *transaction) admitAddress(r *Record, beside map[string]int) *apiError {
	if r.Type == "CNAME" && beside["A"]+beside["AAAA"]+beside["CNAME"] > 0 {
		return refuse(81053, "An A, AAAA, or CNAME record with that host already exists. For more details, refer to %s.", sameNameURL)
	}
	if r.Type != "CNAME" && beside["CNAME"] > 0 {
		return refuse(81054, "A CNAME record with that host already exists. For more details, refer to %s.", sameNameURL)
	}
	if beside["NS"] > 0 && r.Name != t.zone.Name {
		return refuse(81056, "NS records with that host already exist.")
	}
	return nil
}

// admitNS refuses the zone's own name servers, at the apex and for a child zone.
func (t *transaction) admitNS(r *Record, beside map[string]int) *apiError {
	if slices.Contains(t.zone.nameServers(), r.Content) {
		return refuse(placeholder, "The name servers that Cloudflare assigned to the zone cannot be NS records.")
	}
	if beside["NS"] >= maxNSPerName {
		return refuse(placeholder, "A name can have at most %d NS records.", maxNSPerName)
	}
	return nil
}

// checkDelegation refuses to take the last NS record away from under a DS record: the DS goes first.
func (t *transaction) checkDelegation(old *Record) *apiError {
	if old.Type != "NS" {
		return nil
	}
	hasDS := false
	for _, r := range t.records {
		if r.Name == old.Name && r.Type == "NS" {
			return nil
		}
		hasDS = hasDS || (r.Name == old.Name && r.Type == "DS")
	}
	if hasDS {
		return refuse(placeholder, "NS records cannot be deleted while DS records with the same name exist.")
	}
	return nil
}

func txtLength(content string) int {
	parts, _ := decodeTXT(content)
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	return n
}
