// Package protocol drives the provider inside the test's own process, by the messages of the plugin protocol that a CLI
// sends: the same calls in the same walks, as many side by side, with the CLI's own checks of what comes back
// (design/facts/terraform-behaviour.md sections 2 to 9).
//
// A run of a real CLI costs about a second, most of it to start processes. Here one costs milliseconds, so that every
// cell of a matrix and thousands of random steps can be tried. What only a real CLI shows (Ctrl-C, killed processes,
// what is printed, files that hold state and plan) is tested with real ones, and a diagonal of the same cells runs
// through both.
package protocol
