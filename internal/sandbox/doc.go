// Package sandbox is a world to test in: fakes of both operators' APIs that are as strict as the services, a name
// server for each that answers what its API holds and signs it where the zone is signed, the parent zone with the
// delegation, two web fronts that can fall ill, and faults on demand. Everything listens on loopback.
//
// It imports nothing of the product, and the product imports it in tests only. What it does not do: TLS, zone transfers
// and the dynamic-DNS interfaces.
package sandbox
