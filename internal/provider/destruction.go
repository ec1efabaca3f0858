package provider

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// destruction is what a walk tells a person who destroys: the CLIs plan what is declared before they destroy, in a walk
// that looks like any other, so that an error of that plan stops the destruction too
// (design/facts/terraform-behaviour.md section 9).
type destruction struct{ said sync.Once }

const howToDestroy = " (Such an error stops a destroy as well, because it begins with a plan of what is declared; destroy -refresh=false begins without.)"

// sayHowToDestroy adds that to the first error of a walk, if there is anything to destroy.
func (d *shared) sayHowToDestroy(diags *diag.Diagnostics) {
	if !d.refreshes() {
		return
	}
	for i, one := range *diags {
		if one.Severity() == diag.SeverityError {
			d.destruction.said.Do(func() { (*diags)[i] = withDetail(one, one.Detail()+howToDestroy) })
			return
		}
	}
}

func withDetail(d diag.Diagnostic, detail string) diag.Diagnostic {
	changed := diag.NewErrorDiagnostic(d.Summary(), detail)
	if at, ok := d.(diag.DiagnosticWithPath); ok {
		return diag.WithPath(at.Path(), changed)
	}
	return changed
}
