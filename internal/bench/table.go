package main

import (
	"fmt"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const legend = `
a/b      a requests, where b are the budget; ! is above it
p        -parallelism: so many resources change at once, and should leave in one write
limits   off: the services take what comes (the provider keeps to the limits that they publish all the same);
         on: they refuse what is too much; each operation begins with a fresh day
429      answers "too many requests"
seconds  of the whole command; a silent operator may cost one request_timeout, 10 s, not one for each resource
MB       the most memory that a provider process held
`

const row = "%-22s %5s %4s  %-6s  %-29s %9s %9s %9s %9s %5s %8s %6s\n"

func printHead() {
	fmt.Printf(row, "", "", "", "", "", "cloudflare", "", "desec", "", "", "", "")
	fmt.Printf(row, "resource", "N", "p", "limits", "operation", "reads", "writes", "reads", "writes", "429", "seconds", "MB")
}

// print prints one row.
func (s *series) print(step step, result clitest.Result) {
	limits := "off"
	if s.limits {
		limits = "on"
	}
	cells := []any{s.kind.name, fmt.Sprint(s.n), fmt.Sprint(s.parallel), limits, step.name}
	limited := 0
	for _, site := range s.box.Sites() {
		writes := len(site.Log.Writes())
		reads := site.Log.Count(nil) - writes
		limited += site.Log.Count(func(e sandbox.Entry) bool { return e.Status == 429 })
		cells = append(cells, budgeted(reads, step.reads[site.Name]), budgeted(writes, s.kind.writes(site.Name, step.changed, s.parallel)))
	}
	cells = append(cells, fmt.Sprint(limited), fmt.Sprintf("%.2f", result.Duration.Seconds()), megabytes(result.ProviderPeak))
	fmt.Printf(row, cells...)
}

func budgeted(got, budget int) string {
	text := fmt.Sprintf("%d/%d", got, budget)
	if got > budget {
		text = "!" + text
	}
	return text
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "-" // not known on this system
	}
	return fmt.Sprintf("%.1f", float64(bytes)/1e6)
}
