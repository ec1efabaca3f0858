// Package walk asks the name servers on the way to some names what package dependency needs to know.
//
// One loop owns all that is known and decides what to ask next; questions are asked beside it, many at once. What a
// server says is not validated with DNSSEC, like in package delegation: the map is for people to read.
package walk
