// Package delegation finds out to which name servers a zone is delegated. It asks the servers of the parent zone
// themselves, from the root down, because a resolver's cache shows yesterday's delegation.
//
// Answers are not validated with DNSSEC: whoever sits between this machine and the name servers can forge them. What is
// found here is for people to read; nothing may be written because of it.
package delegation
