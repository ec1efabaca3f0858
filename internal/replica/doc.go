// Package replica keeps RRsets identical at all operators.
//
// What is to be done is decided in package core, a state machine without goroutine, clock or I/O; see there for what
// must never be. This package is the shell around it: it carries calls of resources to the machine, requests of the
// machine to the operators, and the answers back (shell.go). What only informs, the zone and its keys, does not go
// through the machine (zone.go).
//
// A [Walk] is what one walk of the CLI knows: one is made each time the provider is configured
// (design/facts/terraform-behaviour.md section 9), and nothing is kept in package variables.
package replica
