// Package cloudflare is Cloudflare's DNS as an [operator.Operator].
//
// Where Cloudflare differs from what an operator is, and how that is bridged (design/facts/cloudflare-api.md):
//
//   - It holds records, each with an id, a TTL, a comment, tags and a proxied
//     flag of its own. The records of one owner name and type make one RRset
//     here; their ids travel in its Handle. Records with different TTLs make
//     it Uneven.
//   - RDATA is spread over "content", "data" and "priority", differently for
//     each type (section 3.3). See rdata.go.
//   - A proxied record always has TTL 1, which means automatic.
//   - All changes go through the batch endpoint, which is one transaction with
//     a fixed order: deletes, patches, posts (section 4.3). It names no
//     culprit when it refuses.
//   - A zone is addressed by an id that a look-up finds; a token that may not
//     see the zone gets an empty list, not an error (section 1).
//   - HTTP 200 can carry success:false, and the edge in front of the API can
//     answer by itself in HTML or RFC 9457 JSON. Both are outages.
//
// The official SDK serves as the authenticated transport only: its typed records decode wrongly, its pager ignores the
// context, it repeats writes, and it takes HTTP 200 with success:false for success (section 7). Its root package must
// not be imported, because that takes minutes to build.
package cloudflare
