package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// generator finds what may be broken in the files of one package.
type generator struct {
	name    string // of the package
	fset    *token.FileSet
	sources []*source
	mutants []mutant

	consts  map[string]bool   // numbers that have a name
	sibling map[string]string // fields of a struct that are easily taken for one another
	src     *source           // the file that is read
	results []*ast.FieldList  // of the functions around a node
}

// generate reads a package.
func generate(dir string, files []string) (*generator, error) {
	g := &generator{fset: token.NewFileSet(), consts: map[string]bool{}, sibling: map[string]string{}}
	parsed := map[*source]*ast.File{}
	for _, name := range files {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(g.fset, path, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		src := &source{path: path, text: text}
		g.name, g.sources, parsed[src] = file.Name.Name, append(g.sources, src), file
		g.learn(file)
	}
	for _, src := range g.sources {
		g.src = src
		for _, decl := range parsed[src].Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
				g.function(f)
			}
		}
	}
	return g, nil
}

// learn notes names: which are numbers, and which fields of a struct have the same type, so that one may stand for the
// other.
func (g *generator) learn(file *ast.File) {
	ambiguous := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					lit, ok := n.Values[i].(*ast.BasicLit)
					g.consts[name.Name] = ok && lit.Kind == token.INT
				}
			}
		case *ast.StructType:
			last := map[string]string{}
			for _, field := range n.Fields.List {
				typ := g.text(file, field.Type)
				if typ != "bool" && !strings.HasPrefix(typ, "map[") {
					continue
				}
				for _, name := range field.Names {
					if _, twice := g.sibling[name.Name]; twice {
						ambiguous[name.Name] = true
					}
					g.sibling[name.Name] = last[typ]
					last[typ] = name.Name
				}
			}
		}
		return true
	})
	for name := range ambiguous {
		g.sibling[name] = ""
	}
}

func (g *generator) text(file *ast.File, n ast.Node) string {
	start := g.fset.File(file.Pos()).Base()
	for _, src := range g.sources {
		if src.path == g.fset.Position(n.Pos()).Filename {
			return string(src.text[int(n.Pos())-start : int(n.End())-start])
		}
	}
	return ""
}

func (g *generator) offset(p token.Pos) int { return g.fset.Position(p).Offset }

// add names a mutant at a node.
func (g *generator) add(n ast.Node, format string, args ...any) int {
	code := strings.Join(strings.Fields(string(g.src.text[g.offset(n.Pos()):g.offset(n.End())])), " ")
	if len(code) > 80 {
		code = code[:80] + "..."
	}
	m := mutant{
		id: len(g.mutants) + 1, file: filepath.Base(g.src.path), line: g.fset.Position(n.Pos()).Line,
		what: fmt.Sprintf(format, args...) + ": " + code,
	}
	g.mutants = append(g.mutants, m)
	return m.id
}

func (g *generator) wrap(id int, n ast.Node, before, after string) {
	g.src.wrap(id, g.offset(n.Pos()), g.offset(n.End()), before, after)
}

// function breaks one function as a whole, and then all that is in it.
func (g *generator) function(f *ast.FuncDecl) {
	g.results = append(g.results, f.Type.Results)
	if len(f.Body.List) > 0 && !returnsZeros(f.Body.List[0]) {
		id := g.add(f.Name, "returns at once")
		at := g.offset(f.Body.Lbrace) + 1
		g.src.replace(id, at, at, fmt.Sprintf(" if mutantIs(%d) { return %s };", id, zeros(g, f.Type.Results)))
	}
	ast.Inspect(f.Body, g.visit)
	g.results = g.results[:len(g.results)-1]
}

// returnsZeros reports whether a function does nothing else.
func returnsZeros(first ast.Stmt) bool {
	r, ok := first.(*ast.ReturnStmt)
	return ok && !slices.ContainsFunc(r.Results, func(e ast.Expr) bool {
		name, ok := e.(*ast.Ident)
		return !ok || name.Name != "false" && name.Name != "nil"
	})
}

// zeros are the zero values of a list of results.
func zeros(g *generator, results *ast.FieldList) string {
	if results == nil || len(results.List) > 0 && len(results.List[0].Names) > 0 {
		return ""
	}
	var all []string
	for _, r := range results.List {
		all = append(all, fmt.Sprintf("*new(%s)", g.src.text[g.offset(r.Type.Pos()):g.offset(r.Type.End())]))
	}
	return strings.Join(all, ", ")
}

func (g *generator) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl: // what has a name is broken where it is used
		return false
	case *ast.FuncLit:
		g.results = append(g.results, n.Type.Results)
		ast.Inspect(n.Body, g.visit)
		g.results = g.results[:len(g.results)-1]
		return false
	case *ast.BlockStmt:
		g.statements(n.List)
	case *ast.CaseClause:
		g.statements(n.Body)
	case *ast.IfStmt:
		g.condition(n.Cond)
	case *ast.ForStmt:
		g.condition(n.Cond)
	case *ast.SwitchStmt:
		if n.Tag == nil {
			g.cases(n.Body)
		}
	case *ast.BinaryExpr:
		g.binary(n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			g.negate(n, "without the negation")
		}
	case *ast.CallExpr:
		g.call(n)
	case *ast.Ident:
		g.ident(n)
	case *ast.BasicLit:
		if n.Kind == token.INT {
			id := g.add(n, "one more")
			g.wrap(id, n, fmt.Sprintf("mutantOff(%d, ", id), ")")
		}
	case *ast.SelectorExpr:
		g.selector(n)
		ast.Inspect(n.X, g.visit)
		return false
	case *ast.KeyValueExpr:
		g.keyed(n)
		ast.Inspect(n.Value, g.visit)
		return false
	case *ast.ReturnStmt:
		g.returns(n)
	}
	return true
}

// statements are left out one by one.
func (g *generator) statements(list []ast.Stmt) {
	for _, s := range list {
		switch n := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt:
		case *ast.BranchStmt:
			if n.Tok == token.FALLTHROUGH {
				continue
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				continue
			}
		default:
			continue
		}
		id := g.add(s, "left out")
		g.wrap(id, s, fmt.Sprintf("if !mutantIs(%d) { ", id), " }")
	}
}

// condition is negated, unless what it consists of is negated by itself.
func (g *generator) condition(cond ast.Expr) {
	switch n := cond.(type) {
	case nil:
		return
	case *ast.UnaryExpr:
		return
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return
		}
	}
	g.negate(cond, "negated")
}

func (g *generator) negate(n ast.Expr, what string) {
	id := g.add(n, "%s", what)
	g.wrap(id, n, "((", fmt.Sprintf(") != mutantIs(%d))", id))
}

// cases that are conditions are never so.
func (g *generator) cases(body *ast.BlockStmt) {
	for _, s := range body.List {
		if c, ok := s.(*ast.CaseClause); ok {
			for _, cond := range c.List {
				id := g.add(cond, "never")
				g.wrap(id, cond, "((", fmt.Sprintf(") && !mutantIs(%d))", id))
			}
		}
	}
}

func (g *generator) binary(n *ast.BinaryExpr) {
	switch n.Op {
	case token.LAND:
		g.drop(n, n.X, "(mutantIs(%d) || (")
		g.drop(n, n.Y, "(mutantIs(%d) || (")
		g.deMorgan(n, "or")
	case token.LOR:
		g.drop(n, n.X, "(!mutantIs(%d) && (")
		g.drop(n, n.Y, "(!mutantIs(%d) && (")
		g.deMorgan(n, "and")
	case token.EQL, token.NEQ:
		g.negate(n, "the contrary")
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		g.operator(n, "with the edge on the other side", "mutantEdge(%d, %q, ", n.Op.String())
	case token.ADD, token.SUB:
		g.operator(n, "plus for minus", "mutantSum(%d, %t, ", n.Op == token.ADD)
	}
}

// drop leaves out one operand.
func (g *generator) drop(n *ast.BinaryExpr, operand ast.Expr, before string) {
	side := "left"
	if operand == n.Y {
		side = "right"
	}
	id := g.add(n, "without the %s", side)
	g.wrap(id, operand, fmt.Sprintf(before, id), "))")
}

// deMorgan makes an and of an or: both operands and the whole are negated, or none.
func (g *generator) deMorgan(n *ast.BinaryExpr, what string) {
	id := g.add(n, "with %s", what)
	not := fmt.Sprintf(") != mutantIs(%d))", id)
	for _, part := range []ast.Node{n, n.X, n.Y} {
		g.wrap(id, part, "((", not)
	}
}

// operator puts a call in its place.
func (g *generator) operator(n *ast.BinaryExpr, what, call string, arg any) {
	id := g.add(n, "%s", what)
	g.wrap(id, n, fmt.Sprintf(call, id, arg), ")")
	at := g.offset(n.OpPos)
	g.src.replace(id, at, at+len(n.Op.String()), ",")
}

// call takes the least for the most.
func (g *generator) call(n *ast.CallExpr) {
	if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "min" || f.Name == "max") {
		id := g.add(n, "min for max")
		g.src.replace(id, g.offset(f.Pos()), g.offset(n.Lparen)+1, fmt.Sprintf("mutantMost(%d, %t, ", id, f.Name == "max"))
	}
}

func (g *generator) ident(n *ast.Ident) {
	switch {
	case n.Name == "true":
		id := g.add(n, "the contrary")
		g.src.replace(id, g.offset(n.Pos()), g.offset(n.End()), fmt.Sprintf("!mutantIs(%d)", id))
	case n.Name == "false":
		id := g.add(n, "the contrary")
		g.src.replace(id, g.offset(n.Pos()), g.offset(n.End()), fmt.Sprintf("mutantIs(%d)", id))
	case g.consts[n.Name]:
		id := g.add(n, "one more")
		g.wrap(id, n, fmt.Sprintf("mutantOff(%d, ", id), ")")
	}
}

// selector takes another field of the same type.
func (g *generator) selector(n *ast.SelectorExpr) {
	other := g.sibling[n.Sel.Name]
	if other == "" {
		return
	}
	id := g.add(n, "%s for %s", other, n.Sel.Name)
	x := g.src.text[g.offset(n.X.Pos()):g.offset(n.X.End())]
	g.wrap(id, n, fmt.Sprintf("(*mutantField(%d, &", id), fmt.Sprintf(", &%s.%s))", x, other))
}

// keyed leaves out what is said of a field.
func (g *generator) keyed(n *ast.KeyValueExpr) {
	switch v := n.Value.(type) {
	case *ast.FuncLit, *ast.CompositeLit, *ast.BasicLit:
		return
	case *ast.Ident:
		if v.Name == "true" || v.Name == "false" || v.Name == "nil" {
			return
		}
	}
	id := g.add(n, "left empty")
	g.wrap(id, n.Value, fmt.Sprintf("mutantZero(%d, ", id), ")")
}

// returns come back with nothing.
func (g *generator) returns(n *ast.ReturnStmt) {
	results := g.results[len(g.results)-1]
	if len(n.Results) == 0 || results == nil {
		return
	}
	if len(results.List[0].Names) > 0 || isConstant(n.Results) {
		return
	}
	id := g.add(n, "nothing is returned")
	at := g.offset(n.Pos())
	g.src.replace(id, at, at, fmt.Sprintf("if mutantIs(%d) { return %s }; ", id, zeros(g, results)))
}

func isConstant(results []ast.Expr) bool {
	for _, r := range results {
		switch r := r.(type) {
		case *ast.Ident:
			if r.Name != "true" && r.Name != "false" && r.Name != "nil" {
				return false
			}
		case *ast.BasicLit:
			if r.Value != "0" {
				return false
			}
		default:
			return false
		}
	}
	return true
}
