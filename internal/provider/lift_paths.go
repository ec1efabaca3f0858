package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// liftPaths moves diagnostics about nested attributes to the attribute of the block that holds them. The CLIs do not
// look into an object or a list for the line to show: they take the path's last name at the top of the block, so that
// targets[1].name shows the owner name of the router, and desec.ttl the ttl of the resource or, without one, the head
// of the block. The message says what is meant inside. Not for the provider block: its objects hold tokens, and the
// CLIs would print the lines that they stand on.
func liftPaths(diags *diag.Diagnostics) {
	for i, d := range *diags {
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			(*diags)[i] = diag.WithPath(outermost(at.Path()), d)
		}
	}
}

// outermost is the attribute at the top of the block that a path goes through.
func outermost(at path.Path) path.Path {
	steps := at.Steps()
	if len(steps) == 0 {
		return at
	}
	if name, ok := steps[0].(path.PathStepAttributeName); ok {
		return path.Root(string(name))
	}
	return at
}
