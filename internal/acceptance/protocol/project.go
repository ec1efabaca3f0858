package protocol

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/multidns/terraform-provider-multidns/internal/provider"
)

// Resource is one resource block or data block: its type and its arguments. A nested block is a map[string]any, a list
// or set of strings a []string.
type Resource struct {
	Type string
	Args map[string]any
	// CreateBeforeDestroy is the lifecycle argument of that name.
	CreateBeforeDestroy bool
}

// Config is a root module: resources and data sources by address.
type Config struct {
	Resources map[string]Resource
	Data      map[string]Resource
	// Moved are the moved blocks: from one address to another.
	Moved map[string]string
}

// Clone copies the configuration; arguments are shared.
func (c Config) Clone() Config {
	return Config{Resources: maps.Clone(c.Resources), Data: maps.Clone(c.Data), Moved: maps.Clone(c.Moved)}
}

// Instance is one resource in state.
type Instance struct {
	Type    string
	Tainted bool

	value   tftypes.Value
	private []byte
}

// Attr follows path through the attributes. Null and absent are both nil.
func (i *Instance) Attr(path ...string) any {
	value := decode(i.value)
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

// Stored is all that a state file keeps of the instance: equal texts mean that a run touched neither it nor what only
// the provider reads of it.
func (i *Instance) Stored() string {
	attributes, err := json.Marshal(decode(i.value))
	must(err)
	return fmt.Sprintf("%s tainted=%t %s private=%s", i.Type, i.Tainted, attributes, i.private)
}

// Project is a working folder: a provider's configuration and a state. Its methods may not run at the same time, as a
// CLI locks the state.
type Project struct {
	// Provider are the arguments of the provider block; what is Later in it is known in an apply.
	Provider map[string]any
	// Parallelism is how many calls run at once; 0 means 10, a CLI's default.
	Parallelism int
	// Targets are the addresses that the next commands look at, as -target has them; all when there are none.
	Targets []string
	// Replace are addresses that the next command replaces whatever changed, as -replace has them.
	Replace []string
	// NoRefresh is -refresh=false.
	NoRefresh bool
	// InterruptAfter ends the next command like Ctrl-C once so many calls of its last walk have begun; 0: never.
	InterruptAfter int
	// Now is the provider's clock; nil: the machine's.
	Now func() time.Time
	// Env are environment variables of the provider, beside those of this process.
	Env map[string]string
	// Cache is the provider's cache folder; empty: none.
	Cache string
	// State is by address.
	State map[string]*Instance
	// Data are the data sources that the last plan read, by address.
	Data map[string]any
}

// Diagnostic is what the provider told the user.
type Diagnostic struct {
	IsError         bool
	Address         string
	Summary, Detail string
}

// Result is a finished command.
type Result struct {
	// ExitCode is that of `plan -detailed-exitcode` or `apply`.
	ExitCode    int
	Diagnostics []Diagnostic
	// Actions are what was planned, by address: create, update, replace, delete. Without "no-op".
	Actions map[string]string
	// Planned says that the plan had no error. Where it had one, the state is what it was before: a CLI then stores not
	// even what it read.
	Planned bool
}

// Warnings are the diagnostics that are no errors.
func (r Result) Warnings() []Diagnostic {
	return slices.DeleteFunc(slices.Clone(r.Diagnostics), func(d Diagnostic) bool { return d.IsError })
}

func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "exit code %d, planned %v", r.ExitCode, r.Actions)
	for _, d := range r.Diagnostics {
		word := "warning"
		if d.IsError {
			word = "ERROR"
		}
		fmt.Fprintf(&b, "\n  %s %s: %s: %s", word, d.Address, d.Summary, d.Detail)
	}
	return b.String()
}

// Plan is `plan -detailed-exitcode`: it leaves the state alone.
func (p *Project) Plan(ctx context.Context, c Config) Result {
	r, _ := p.Save(ctx, c)
	return r
}

// Apply is `apply -auto-approve`.
func (p *Project) Apply(ctx context.Context, c Config) Result {
	return p.carryOut(ctx, p.planWalk(ctx, c))
}

// carryOut applies what was planned, if it was.
func (p *Project) carryOut(ctx context.Context, w *walk) Result {
	planned := !w.failed()
	if planned {
		p.State = w.refreshed()
		if len(w.changes()) > 0 {
			p.applyWalk(ctx, w)
		}
	}
	r := w.result(false)
	r.Planned = planned
	return r
}

// SavedPlan is what `plan -out` wrote.
type SavedPlan struct {
	walk  *walk
	state map[string]*Instance // for which it was made
}

// Save is `plan -out`.
func (p *Project) Save(ctx context.Context, c Config) (Result, *SavedPlan) {
	w := p.planWalk(ctx, c)
	r := w.result(true)
	r.Planned = r.ExitCode != 1
	return r, &SavedPlan{walk: w, state: maps.Clone(p.State)}
}

// ApplySaved is `apply FILE`. A CLI refuses a plan whose state is not the one that it was made for.
func (p *Project) ApplySaved(ctx context.Context, saved *SavedPlan) Result {
	if !maps.Equal(saved.state, p.State) || saved.walk.failed() {
		return Result{ExitCode: 1, Diagnostics: []Diagnostic{{IsError: true, Summary: "CLI: saved plan is stale"}}}
	}
	return p.carryOut(ctx, saved.walk)
}

// Destroy is `destroy -auto-approve`: a whole plan of what is configured, then the plan of the deletions, then these,
// each in a walk of its own.
func (p *Project) Destroy(ctx context.Context, c Config) Result {
	w := p.planWalk(ctx, c)
	if w.failed() {
		return w.result(false)
	}
	p.State = w.refreshed()
	planned := p.newWalk(ctx, Config{}, false)
	planned.diagnostics = w.diagnostics
	planned.each(planned.planDeletion)
	return p.carryOut(ctx, planned)
}

func (w *walk) result(isPlan bool) Result {
	r := Result{Diagnostics: w.diagnostics, Actions: map[string]string{}}
	for _, n := range w.changes() {
		r.Actions[n.address] = n.action
	}
	switch {
	case w.failed():
		r.ExitCode = 1
	case isPlan && len(r.Actions) > 0:
		r.ExitCode = 2
	}
	return r
}

// schemas are the same for every server, and costly to make.
var schemas = sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
	response, err := newServer(provider.Process()).GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	must(err)
	return response
})

func schemaOf(typ string) *tfprotov6.Schema {
	schema, ok := schemas().ResourceSchemas[typ]
	if !ok {
		panic("protocol: no resource type " + typ)
	}
	return schema
}

// Arguments are all that the provider block ("provider"), a resource or a data source can declare, such as
// targets.values.
func Arguments(of string) []string {
	s := schemas()
	schema := s.Provider
	if resource, ok := s.ResourceSchemas[of]; ok {
		schema = resource
	} else if data, ok := s.DataSourceSchemas[of]; ok {
		schema = data
	}
	return arguments("", schema.Block.Attributes)
}

func arguments(below string, attributes []*tfprotov6.SchemaAttribute) (all []string) {
	for _, a := range attributes {
		if !a.Required && !a.Optional {
			continue
		}
		all = append(all, below+a.Name)
		if a.NestedType != nil {
			all = append(all, arguments(below+a.Name+".", a.NestedType.Attributes)...)
		}
	}
	return all
}

// Types are the resources and data sources of the provider.
func Types() (resources, data []string) {
	s := schemas()
	return slices.Sorted(maps.Keys(s.ResourceSchemas)), slices.Sorted(maps.Keys(s.DataSourceSchemas))
}
