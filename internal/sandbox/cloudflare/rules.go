package cloudflare

import (
	"net/http"
	"slices"
	"strings"
)

const sameNameURL = "<https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>"

// maxNSPerName is the limit of a delegation (section 4.6).
const maxNSPerName = 10

// admit checks r against all other records of the zone (section 4.6).
func (t *transaction) admit(r *Record) *apiError {
	beside := map[string]int{}
	sum := r.contentLength()
	for _, o := range t.records {
		if o.ID == r.ID || o.Name != r.Name {
			continue
		}
		if o.sameAs(r) {
			return refuse(81058, "An identical record already exists.")
		}
		beside[o.Type]++
		if o.Type == r.Type {
			sum += o.contentLength()
		}
	}
	if sum > maxContentSum {
		return refuse(83011, "Combined content length of records with this name and type exceeds the limit.")
	}
	switch r.Type {
	case "MX":
		if t.zone.emailRouting && r.Name == t.zone.Name {
			return &apiError{
				status: http.StatusForbidden, code: 890190,
				message: "This zone is managed by Email Routing. Disable Email Routing to add/modify MX records.",
			}
		}
	case "A", "AAAA", "CNAME":
		return t.admitAddress(r, beside)
	case "NS":
		return t.admitNS(r, beside)
	case "DS":
		if beside["NS"] == 0 {
			return refuse(placeholder, "A DS record needs NS records with the same name.")
		}
	case "DNSKEY":
		if !t.zone.dnssec.MultiSigner {
			return refuse(placeholder, "DNSKEY records need multi-signer DNSSEC.")
		}
		if r.Name != t.zone.Name {
			return refuse(placeholder, "DNSKEY records belong at the apex of the zone.")
		}
	}
	return nil
}

// closed refuses every write in zones of the free top-level domains, status 403 (section 1).
func (z *zone) closed(method, part string) *apiError {
	_, tld, _ := strings.Cut(z.Name, ".")
	if method == http.MethodGet || part != "dns_records" || !slices.Contains([]string{"cf", "ga", "gq", "ml", "tk"}, tld) {
		return nil
	}
	return &apiError{
		status: http.StatusForbidden, code: 1038,
		message: "You cannot use this API for domains with a .cf, .ga, .gq, .ml, or .tk TLD (top-level domain).",
	}
}

// SetEmailRouting turns Email Routing of a zone on or off: it owns the MX of the apex.
func (s *Server) SetEmailRouting(name string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if z := s.zoneByName(name); z != nil {
		z.emailRouting = on
	}
}

// admitAddress holds the exclusivity of CNAME, which is weaker here than in DNS: TXT, MX and others may stand beside
// one.
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
	if r.Name != t.zone.Name && len(beside) > min(1, beside["NS"])+min(1, beside["DS"]) {
		return refuse(81055, "Non-NS records with that host already exist.")
	}
	if beside["NS"] >= maxNSPerName {
		return refuse(placeholder, "A name can have at most %d NS records.", maxNSPerName)
	}
	return nil
}

// checkDelegation refuses to take the last NS record away from under a DS record: the DS goes first.
func (t *transaction) checkDelegation(old *Record) *apiError {
	holds := func(typ string) bool {
		return slices.ContainsFunc(t.records, func(r *Record) bool { return r.Name == old.Name && r.Type == typ })
	}
	if old.Type == "NS" && holds("DS") && !holds("NS") {
		return refuse(placeholder, "NS records cannot be deleted while DS records with the same name exist.")
	}
	return nil
}

// contentLength is what counts in the sum of a name and type: the text of a TXT, and of other types the content.
func (r *Record) contentLength() int {
	if r.Type != "TXT" {
		return len(r.Content)
	}
	parts, _ := decodeTXT(r.Content)
	return len(strings.Join(parts, ""))
}
