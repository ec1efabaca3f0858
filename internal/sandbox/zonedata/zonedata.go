// Package zonedata is the one thing the two fake operators have in common: what they serve. It holds no rules, so that
// neither fake can borrow the other's, and it knows nothing of the product, so that a mistake there is not repeated
// here.
package zonedata

// RRset is all records of one owner name and type, as a name server answers with them.
type RRset struct {
	Name   string   `json:"name"`   // absolute, lower case, with the final dot
	Type   string   `json:"type"`   // mnemonic, upper case
	TTL    uint32   `json:"ttl"`    // seconds
	Values []string `json:"values"` // RDATA in presentation form (RFC 1035 section 5.1), host names absolute
}
