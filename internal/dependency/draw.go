package dependency

import (
	"fmt"
	"strings"
)

// maxEdges is what GitHub draws of a Mermaid graph (its maxEdges is 500).
const maxEdges = 480

// shapes of the kinds in Mermaid and Graphviz.
var shapes = map[string]struct{ open, close, dot string }{
	NameNode:     {"([", "])", "oval"},
	ZoneNode:     {"[", "]", "box"},
	ServerNode:   {"[/", "/]", "parallelogram"},
	AddressNode:  {"(", ")", "ellipse"},
	DeclaredNode: {"{{", "}}", "hexagon"},
}

// drawn leaves the addresses out of a map that is too large to be drawn with them.
func (r Report) drawn() ([]Node, []GraphEdge) {
	if len(r.Edges) <= maxEdges {
		return r.Nodes, r.Edges
	}
	var nodes []Node
	for _, n := range r.Nodes {
		if n.Kind != AddressNode {
			nodes = append(nodes, n)
		}
	}
	var edges []GraphEdge
	for _, e := range r.Edges {
		if e.Kind != "address" && !strings.HasPrefix(e.To, AddressNode+":") {
			edges = append(edges, e)
		}
	}
	return nodes, edges
}

// Mermaid draws the map for GitHub and others. A dotted arrow is one of several ways, a line is needed.
func (r Report) Mermaid() string {
	nodes, edges := r.drawn()
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	short := map[string]string{}
	for i, n := range nodes {
		short[n.ID] = fmt.Sprintf("n%d", i)
		shape := shapes[n.Kind]
		lines := n.describe()
		for j := range lines {
			lines[j] = mermaidText(lines[j])
		}
		fmt.Fprintf(&b, "  n%d%s\"%s\"%s\n", i, shape.open, strings.Join(lines, "<br/>"), shape.close)
	}
	for _, e := range edges {
		arrow := "-->"
		if e.OneOf != "" {
			arrow = "-.->"
		}
		fmt.Fprintf(&b, "  %s %s|%s| %s\n", short[e.From], arrow, strings.ReplaceAll(e.Kind, "_", " "), short[e.To])
	}
	return b.String()
}

// mermaidText writes what would end a quoted text, or mean something in it, as an entity.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\"#;<>&`\n\r", r) {
			fmt.Fprintf(&b, "#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Dot draws the map for Graphviz.
func (r Report) Dot() string {
	nodes, edges := r.drawn()
	var b strings.Builder
	b.WriteString("digraph dependencies {\n  rankdir=LR;\n")
	for _, n := range nodes {
		fmt.Fprintf(&b, "  %s [label=%s, shape=%s];\n", dotText(n.ID), dotText(n.describe()...), shapes[n.Kind].dot)
	}
	for _, e := range edges {
		style := "solid"
		if e.OneOf != "" {
			style = "dashed"
		}
		fmt.Fprintf(&b, "  %s -> %s [label=%s, style=%s];\n", dotText(e.From), dotText(e.To), dotText(strings.ReplaceAll(e.Kind, "_", " ")), style)
	}
	b.WriteString("}\n")
	return b.String()
}

// dotText is a quoted string of Graphviz.
func dotText(lines ...string) string {
	for i, line := range lines {
		lines[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", "").Replace(line)
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}
