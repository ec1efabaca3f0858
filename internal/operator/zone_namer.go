package operator

import "context"

// ZoneNamer is an [Operator] that knows zones by an identifier of its own, under which other tools refer to them.
type ZoneNamer interface {
	// ZoneName is the canonical name of the zone with this identifier. Errors are as those of [Operator].
	ZoneName(ctx context.Context, id string) (string, error)
}
