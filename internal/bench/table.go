package main

import (
	"fmt"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

const row = "%-22s %5s  %-6s  %-29s  %9s %9s  %9s %9s  %5s  %8s\n"

func printHead() {
	fmt.Printf(row, "", "", "", "", "cloudflare", "", "desec", "", "", "")
	fmt.Printf(row, "resource", "N", "limits", "operation", "reads", "writes", "reads", "writes", "429", "seconds")
}

// print prints one row; a budget stands behind the figure it bounds.
func (s *series) print(operation string, changed, reads int, took time.Duration) {
	limits := "off"
	if s.limits {
		limits = "on"
	}
	cells := []any{s.kind.name, fmt.Sprint(s.n), limits, operation}
	limited := 0
	for _, site := range s.box.Sites() {
		writes := len(site.Log.Writes())
		got := site.Log.Count(nil) - writes
		limited += site.Log.Count(func(e sandbox.Entry) bool { return e.Status == 429 })
		cells = append(cells, budgeted(got, readBudget(site.Name, reads)), budgeted(writes, s.kind.writes(site.Name, changed)))
	}
	cells = append(cells, fmt.Sprint(limited), fmt.Sprintf("%.2f", took.Seconds()))
	fmt.Printf(row, cells...)
}

// readBudget is what a plan may read;
// 0: no budget.
func readBudget(operator string, desecPages int) int {
	if operator == "cloudflare" && desecPages > 0 {
		return 2 // the zone look-up and the list
	}
	return desecPages
}

func budgeted(got, budget int) string {
	if budget == 0 {
		return fmt.Sprint(got)
	}
	return fmt.Sprintf("%d/%d", got, budget)
}
