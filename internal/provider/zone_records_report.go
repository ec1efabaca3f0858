package provider

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// saying is what was said of an RRset, with a gap where its name stood.
type saying struct {
	severity             diag.Severity
	summary, begin, rest string
}

// reportAll reports what was said of each entry. What was said of several alike, such as that the zone is full, is said
// once, with their number: a map may have a thousand.
func reportAll(list []*entry, diags *diag.Diagnostics) {
	about := map[saying][]rrset.Key{}
	for _, e := range list {
		for _, d := range e.diags {
			if said, general := e.saying(d); general {
				about[said] = append(about[said], e.key)
			}
		}
	}
	for _, e := range list {
		for _, d := range e.diags {
			said, general := e.saying(d)
			keys := about[said]
			if !general || len(keys) < 2 {
				e.reportOne(d, diags)
				continue
			}
			detail := said.begin + fmt.Sprintf("%d RRsets (%s)", len(keys), examples(keys)) + said.rest
			if said.severity == diag.SeverityError { // an equal one is added only once
				diags.AddError(said.summary, detail)
			} else {
				diags.AddWarning(said.summary, detail)
			}
		}
	}
}

// saying is what a diagnostic says of an entry. general is false where it says it of this one alone: where it was
// written, without a name, or of what is left of it, which somebody may have to look for by its name.
func (e *entry) saying(d diag.Diagnostic) (said saying, general bool) {
	if _, located := d.(diag.DiagnosticWithPath); located || e.left {
		return said, false
	}
	name := regexp.MustCompile(`(^|[\s"(])` + regexp.QuoteMeta(e.key.String()) + `($|[\s:;,.)])`)
	at := name.FindAllStringSubmatchIndex(d.Detail(), -1)
	if len(at) != 1 {
		return said, false
	}
	return saying{severity: d.Severity(), summary: d.Summary(), begin: d.Detail()[:at[0][3]], rest: d.Detail()[at[0][4]:]}, true
}
