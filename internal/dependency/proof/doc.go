// Package proof holds no code but the test that package dependency predicts what a resolver does.
//
// It builds little internets from the sandbox's name servers, on loopback addresses and port 53 in a network namespace
// of its own, walks them, switches each operator and each pair of them off for real, and asks unbound, each time with
// an empty cache (design/dependencies.md).
package proof
