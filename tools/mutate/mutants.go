package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// mutant is one small mistake: other text in place of the bytes from at to end of a function's body.
type mutant struct {
	id      int
	line    int
	what    string
	body    *body
	at, end int
	text    string
}

// body is that of a function.
type body struct {
	path     string
	from, to int // the bytes between its braces
	// after is what a copy of the body ends with, so that the body itself is not run behind it.
	after string
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s", filepath.Base(m.body.path), m.line, m.what)
}

// finder looks for what may be broken in a package.
type finder struct {
	fset    *token.FileSet
	consts  map[string]bool   // numbers that have a name
	sibling map[string]string // fields of a struct that are easily taken for one another
	text    []byte            // of the file that is read
	body    *body
	results []*ast.FieldList // of the functions around a node
	found   []mutant
}

// mutants lists what may be broken in the files of a package. Some of it does not compile.
func mutants(paths []string) ([]mutant, error) {
	f := &finder{fset: token.NewFileSet(), consts: map[string]bool{}, sibling: map[string]string{}}
	var parsed []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(f.fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, file)
		ast.Inspect(file, f.learn)
	}
	for i, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		f.text = text
		for _, decl := range parsed[i].Decls {
			if function, ok := decl.(*ast.FuncDecl); ok && function.Body != nil {
				f.function(path, function)
			}
		}
	}
	return f.found, nil
}

// learn notes names: which are numbers, and which fields of a struct have the same type, so that one may stand for the
// other.
func (f *finder) learn(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				lit, ok := n.Values[i].(*ast.BasicLit)
				f.consts[name.Name] = ok && lit.Kind == token.INT
			}
		}
	case *ast.StructType:
		last := map[string]string{}
		for _, field := range n.Fields.List {
			typ := types.ExprString(field.Type)
			if typ != "bool" && !strings.HasPrefix(typ, "map[") {
				continue
			}
			for _, name := range field.Names {
				f.sibling[name.Name] = last[typ]
				last[typ] = name.Name
			}
		}
	}
	return true
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

// code is the text of a node.
func (f *finder) code(n ast.Node) string { return string(f.text[f.offset(n.Pos()):f.offset(n.End())]) }

// put makes a mutant that has text in the place of a part of a node.
func (f *finder) put(n, part ast.Node, what, text string) {
	f.edit(n, f.offset(part.Pos()), f.offset(part.End()), what, text)
}

// wrap makes a mutant that has text around a node.
func (f *finder) wrap(n ast.Node, what, before, after string) {
	f.put(n, n, what, before+f.code(n)+after)
}

// edit makes a mutant that is told by a node.
func (f *finder) edit(n ast.Node, at, end int, what, text string) {
	code := strings.Join(strings.Fields(f.code(n)), " ")
	if len(code) > 80 {
		code = code[:80] + "..."
	}
	f.found = append(f.found, mutant{len(f.found) + 1, f.fset.Position(n.Pos()).Line, what + ": " + code, f.body, at, end, text})
}

// function breaks one function as a whole, and then all that is in it.
func (f *finder) function(path string, fn *ast.FuncDecl) {
	f.body = &body{path: path, from: f.offset(fn.Body.Lbrace) + 1, to: f.offset(fn.Body.Rbrace), after: "return"}
	if f.zeros(fn.Type.Results) != "" {
		f.body.after = `panic("no return")`
	}
	if len(fn.Body.List) > 0 {
		if r, ok := fn.Body.List[0].(*ast.ReturnStmt); !ok || slices.ContainsFunc(r.Results, isValue) {
			f.edit(fn.Name, f.body.from, f.body.from, "returns at once", " return "+f.zeros(fn.Type.Results)+"; ")
		}
	}
	f.inside(fn.Type, fn.Body)
}

func (f *finder) inside(typ *ast.FuncType, body *ast.BlockStmt) {
	f.results = append(f.results, typ.Results)
	ast.Inspect(body, f.visit)
	f.results = f.results[:len(f.results)-1]
}

// zeros are the zero values of a list of results.
func (f *finder) zeros(results *ast.FieldList) string {
	if results == nil || len(results.List) > 0 && len(results.List[0].Names) > 0 {
		return ""
	}
	var all []string
	for _, r := range results.List {
		all = append(all, "*new("+f.code(r.Type)+")")
	}
	return strings.Join(all, ", ")
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl: // what has a name is broken where it is used
		return false
	case *ast.FuncLit:
		f.inside(n.Type, n.Body)
		return false
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
	case *ast.IfStmt:
		f.condition(n.Cond)
	case *ast.ForStmt:
		f.condition(n.Cond)
	case *ast.SwitchStmt:
		f.cases(n)
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			f.put(n, n, "without the negation", f.code(n.X))
		}
	case *ast.CallExpr:
		if fn, ok := n.Fun.(*ast.Ident); ok && (fn.Name == "min" || fn.Name == "max") {
			f.put(n, fn, "min for max", map[string]string{"min": "max", "max": "min"}[fn.Name])
		}
	case *ast.Ident:
		f.ident(n)
	case *ast.BasicLit:
		if n.Kind == token.INT {
			f.wrap(n, "one more", "(", " + 1)")
		}
	case *ast.SelectorExpr:
		if other := f.sibling[n.Sel.Name]; other != "" {
			f.put(n, n.Sel, other+" for "+n.Sel.Name, other)
		}
		ast.Inspect(n.X, f.visit)
		return false
	case *ast.CompositeLit:
		f.elements(n)
	case *ast.KeyValueExpr:
		ast.Inspect(n.Value, f.visit)
		return false
	case *ast.ReturnStmt:
		f.returns(n)
	}
	return true
}

// statements are left out one by one; what they use counts as used all the same.
func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		switch n := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt:
			f.wrap(s, "left out", "if false { ", " }")
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				f.wrap(s, "left out", "if false { ", " }")
			}
		}
	}
}

// condition is negated, unless what it consists of is negated by itself.
func (f *finder) condition(cond ast.Expr) {
	if n, ok := cond.(*ast.BinaryExpr); ok && (n.Op == token.EQL || n.Op == token.NEQ) {
		return
	}
	if _, ok := cond.(*ast.UnaryExpr); cond != nil && !ok {
		f.wrap(cond, "negated", "!(", ")")
	}
}

// cases that are conditions are never so.
func (f *finder) cases(n *ast.SwitchStmt) {
	for _, s := range n.Body.List {
		if c, ok := s.(*ast.CaseClause); ok && n.Tag == nil {
			for _, cond := range c.List {
				f.wrap(cond, "never", "(false && (", "))")
			}
		}
	}
}

// swapped are operators that are easily taken for one another.
var swapped = map[token.Token]struct{ what, op string }{
	token.EQL: {"the contrary", "!="}, token.NEQ: {"the contrary", "=="},
	token.LSS: {"with the edge on the other side", "<="}, token.LEQ: {"with the edge on the other side", "<"},
	token.GTR: {"with the edge on the other side", ">="}, token.GEQ: {"with the edge on the other side", ">"},
	token.ADD: {"plus for minus", "-"}, token.SUB: {"plus for minus", "+"},
	token.LAND: {"with or", "||"}, token.LOR: {"with and", "&&"},
}

func (f *finder) binary(n *ast.BinaryExpr) {
	other, ok := swapped[n.Op]
	if !ok {
		return
	}
	f.put(n, n, other.what, "(("+f.code(n.X)+") "+other.op+" ("+f.code(n.Y)+"))")
	if neutral := map[token.Token]string{token.LAND: "(true || (", token.LOR: "(false && ("}[n.Op]; neutral != "" {
		f.put(n, n.X, "without the left", neutral+f.code(n.X)+"))")
		f.put(n, n.Y, "without the right", neutral+f.code(n.Y)+"))")
	}
}

func (f *finder) ident(n *ast.Ident) {
	switch on, err := strconv.ParseBool(n.Name); {
	case (n.Name == "true" || n.Name == "false") && err == nil:
		f.put(n, n, "the contrary", strconv.FormatBool(!on))
	case f.consts[n.Name]:
		f.wrap(n, "one more", "(", " + 1)")
	}
}

// elements with a key are left out.
func (f *finder) elements(n *ast.CompositeLit) {
	for i, e := range n.Elts {
		end := n.Rbrace
		if i+1 < len(n.Elts) {
			end = n.Elts[i+1].Pos()
		}
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch pair.Value.(type) {
		case *ast.FuncLit, *ast.CompositeLit, *ast.BasicLit: // broken inside
			continue
		}
		if isValue(pair.Value) {
			f.edit(pair, f.offset(pair.Pos()), f.offset(end), "left empty", "")
		}
	}
}

// returns come back with nothing.
func (f *finder) returns(n *ast.ReturnStmt) {
	results := f.results[len(f.results)-1]
	if !slices.ContainsFunc(n.Results, isValue) || len(results.List[0].Names) > 0 {
		return
	}
	f.wrap(n, "nothing is returned", "if true { return "+f.zeros(results)+" }; ", "")
}

// isValue tells what is computed from a constant that is broken by itself, or is nothing.
func isValue(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name != "true" && e.Name != "false" && e.Name != "nil"
	case *ast.BasicLit:
		return e.Value != "0"
	}
	return true
}
