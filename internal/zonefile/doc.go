// Package zonefile reads the RRsets of a zone from text: from a zone file
// (RFC 1035 section 5) and from the YAML of the multi-dns-failover toolkit. It
// opens no file and makes no request.
//
// What it gives is what a person may declare: values that an operator would
// refuse are an error that says which and why. Limits that differ from operator
// to operator, such as the smallest TTL, are for whoever writes the RRsets.
package zonefile
