// Package operator says what a DNS operator is to the rest of the provider: the interface that every operator
// implements, and the two ways in which one can fail to do what it was asked.
//
// The terms are those of RFC 9499. An operator is a DNS service that answers for a zone; it holds RRsets, and it is
// asked by a protocol of its own, which need not be HTTP. What all of them have in common is specified here; what one
// of them has of its own is in its folder, and nobody above this package names it.
//
// An operator is a folder that implements [Operator], describes itself in a [Descriptor] and runs the conformance suite
// of package operatortest, and one line in internal/provider/operators.go.
package operator
