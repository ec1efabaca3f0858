// Package dependency says what a host name hangs on, and what is left of it without one operator.
//
// It is given a [World]: what the name servers on the way to the names answered, which package walk finds out.
// Everything here is a pure function of that world, a table of operators and what DNS cannot show
// (design/dependencies.md):
//
//	m := dependency.Map{World: world, Operators: dependency.Table(nil), Names: []string{"www.example.com."}}
//	m.WhatIf()["cloudflare"][dependency.All]["www.example.com."].Now // "down"
//
// The verdict is that of a resolver with an empty cache, both address families and bad luck: "up" only if it gets an
// address that works whatever servers it picks.
//
// Names are absolute and in lower case, with the final dot.
package dependency
