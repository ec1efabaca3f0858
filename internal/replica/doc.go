// Package replica holds one RRset identical at all operators: it observes,
// compares, writes, and settles what became of a write whose answer was lost.
//
// A [Walk] is what one walk of the CLI knows: one is made each time the
// provider is configured (design/facts/terraform-behaviour.md section 9), and nothing
// is kept in package variables. It shares
//
//   - one list of each zone and operator among all resources, patched by what
//     its own writes brought about (snapshot.go);
//   - one queue of writes for each zone and operator, so that changes which
//     arrive together leave together and never overlap (queue.go, deliver.go);
//   - the proof of an outage, so that a silent operator costs one time-out and
//     not one for each resource (site.go).
//
// Operators never wait for each other, with one exception: before an RRset is
// created the others are given [grace] to tell of a conflict.
package replica
