// Package zonefile reads the RRsets of a zone from text: from a zone file (RFC 1035 section 5) and from the YAML of the
// multi-dns-failover toolkit. It opens no file and makes no request.
//
// The YAML is a configuration, and what an operator would refuse is an error. A zone file often comes from another
// service, so ParseZoneFile is a reader: what is no DNS record is an error with its line, all of them at once, and what
// is one but cannot be declared is in the result with the reason, for the configuration to leave out. Limits that
// differ from operator to operator, such as the smallest TTL, are for whoever writes the RRsets.
package zonefile
