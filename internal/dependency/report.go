package dependency

import (
	"fmt"
	"slices"
	"strings"
)

// Report is all that a Map says.
type Report struct {
	WhatIf WhatIf
	Points []Point
	// ByOperator and ByJurisdiction are what happens to the names when all of it is lost.
	ByOperator, ByJurisdiction map[string]Count
	Nodes                      []Node
	Edges                      []GraphEdge
	Problems                   []string
}

// Point is a single point of failure: names that are down without that operator, wherever the routers are moved.
type Point struct {
	Operator string
	Facet    Facet
	Names    []string
	Why      string
	Remedy   string
}

// Count is how many names are not up.
type Count struct {
	Down, Partly int
}

// Report works it out.
func (m Map) Report() Report {
	v := newView(m)
	whole := v.settle(loss{}, nil)
	r := Report{WhatIf: v.whatIf(), ByOperator: map[string]Count{}, ByJurisdiction: map[string]Count{}}
	r.Points = v.points(r.WhatIf, whole)
	for operator, facets := range r.WhatIf {
		r.ByOperator[operator] = counted(facets[All])
	}
	for jurisdiction, operators := range v.jurisdictions(v.found()) {
		r.ByJurisdiction[jurisdiction] = counted(v.without(All.loss(operators...)))
	}
	r.Nodes, r.Edges = v.graph()
	r.Problems = v.problems(whole)
	return r
}

func counted(outcomes map[string]Outcome) Count {
	var c Count
	for _, o := range outcomes {
		switch o.AfterSwitch {
		case Down:
			c.Down++
		case Partly:
			c.Partly++
		case Up, Unknown:
		}
	}
	return c
}

// jurisdictions are the operators under each of them.
func (m Map) jurisdictions(operators []string) map[string][]string {
	by := map[string][]string{}
	for _, o := range operators {
		if j := m.Operators[o].Jurisdiction; j != "" {
			by[j] = append(by[j], o)
		}
	}
	return by
}

// points has an entry for each operator and facet without which names are down that are not down anyway.
func (v *view) points(all WhatIf, whole *settled) []Point {
	var points []Point
	for _, operator := range v.found() {
		for _, facet := range Facets() {
			p := Point{Operator: operator, Facet: facet}
			for _, name := range v.Names {
				if all[operator][facet][name].AfterSwitch == Down && whole.verdict(name) != Down {
					p.Names = append(p.Names, name)
				}
			}
			if len(p.Names) == 0 {
				continue
			}
			slices.Sort(p.Names)
			p.Why, p.Remedy = v.sentences(p, all[operator][facet])
			points = append(points, p)
		}
	}
	return points
}

// sentences of a point: those of its names, each once.
func (v *view) sentences(p Point, outcomes map[string]Outcome) (why, remedy string) {
	now := v.settle(p.Facet.loss(p.Operator), nil)
	var whys, remedies []string
	for _, name := range p.Names {
		if w := outcomes[name].Why; !slices.Contains(whys, w) {
			whys = append(whys, w)
		}
		if r := v.remedy(p, now, name); !slices.Contains(remedies, r) {
			remedies = append(remedies, r)
		}
	}
	const most = 3
	return strings.Join(whys[:min(most, len(whys))], " "), strings.Join(remedies[:min(most, len(remedies))], " ")
}

func (v *view) remedy(p Point, now *settled, name string) string {
	if piece := v.declaredGone(now.loss, name); piece != "" {
		return fmt.Sprintf("Keep a second %s at another operator than %s, or let %s do without it.", piece, p.Operator, bare(name))
	}
	c := now.cause(name)
	routers := now.bareList(v.routers(name))
	switch {
	case c.edge && routers == "":
		return fmt.Sprintf("Put a router (multidns_router) before %s, with a target at another operator than %s and an API beside that of %s to move it.", bare(name), p.Operator, p.Operator)
	case c.edge && v.unchangeable(now.loss) != "":
		return fmt.Sprintf("Keep %s where it does not hang on %s, so that %s can be moved.", v.unchangeable(now.loss), p.Operator, routers)
	case c.edge:
		return fmt.Sprintf("Give %s a target that does not hang on %s, and change it at another operator as well.", routers, p.Operator)
	case c.zone != "" && IsSuffix(c.zone):
		return fmt.Sprintf("%s is a registry: only names under another top-level domain do without it.", p.Operator)
	case c.zone != "":
		return fmt.Sprintf("Delegate %s to name servers of a second operator as well, whose names do not hang on %s either.", bare(c.zone), p.Operator)
	default:
		return fmt.Sprintf("Let %s lead where %s is not needed.", bare(name), p.Operator)
	}
}
