// Package nameserver answers DNS questions over UDP and TCP from what a fake operator has published: authoritative (RFC
// 1034 section 4.3.2) with referrals, wildcards (RFC 4592), empty non-terminals and negative answers (RFC 2308). It
// signs each answer when it is asked for signatures (sign.go), does not transfer zones and does not flatten a CNAME at
// the apex.
package nameserver
