// Package operator says what a DNS operator is to the rest of the provider:
// the interface that every operator implements, and the two ways in which one
// can fail to do what it was asked.
//
// The terms are those of RFC 9499. An operator is a DNS service that answers
// for a zone; it holds RRsets, and it is asked through an HTTP API of its own.
// What all of them have in common is specified here; what one of them has of
// its own is kept in its folder, and nobody above this package names it.
//
// Adding an operator takes a folder that implements [Operator], a line in the
// provider where operators are named, and a test that runs the conformance
// suite of package operatortest.
package operator
