// Package cloudflare is a fake of the DNS part of the Cloudflare API v4, as strict as design/facts/cloudflare-api.md:
// what the service refuses, it refuses, with the same status and, where it is known, the same code. Where the real code
// is unknown it answers with the placeholder 9999, and a test must look at the status only.
//
// It covers zones, DNS records (single, list, batch, export), DNSSEC and the request quota: what our client asks for.
// It leaves out import, scan, shadow metadata and everything that is not DNS.
package cloudflare
