// Package signing holds the keys by which the fake operators sign their zones, and how the keys are rolled. Like
// zonedata it knows nothing of the product: what it says of keys is computed here a second time.
package signing
