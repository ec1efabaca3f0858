// Package rrset knows what an RRset is: its key, its values in one canonical spelling, and when two of them are equal.
// It is pure: no network, no clock, no operator.
//
// # Canonical form
//
// A value is read from the presentation form of RFC 1035 section 5.1, turned into wire form and printed from there, so
// that two spellings are one string exactly when they are one RDATA in the canonical form of RFC 4034 section
// 6.2. The print is the one that deSEC stores (design/facts/desec-api.md section 5):
// what is sent there in canonical form comes back unchanged.
//
// Names inside RDATA are folded to lower case for the types that RFC 4034 section 6.2 lists (here CNAME, MX, NAPTR, NS,
// PTR, SRV). They are not folded for HTTPS and SVCB: RFC 3597 section 7 keeps newer types off that list, whose last
// state is RFC 6840 section 5.1. "1 A.example." and "1 a.example." are two RDATA with two signatures, and deSEC holds
// both side by side.
//
// The strings of a TXT keep their borders, which are data: DNS-SD reads one key from each (RFC 6763 section 6), both
// operators hold them as they were sent, and joining them is a change (design/facts/desec-api.md section 10). A value
// without quotes is raw text: it is cut at 255 bytes, and nothing else is done to it.
//
// # Limits
//
// What is refused here is no proper RRset by an RFC, or has no canonical form, with a message that says which value,
// why, and what to write. What a proper RRset is and one operator does not hold all the same is a rule of that operator
// (operator.Rule), and stands there alone: see design/limits.md.
package rrset
