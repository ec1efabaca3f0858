package protocol

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/multidns/terraform-provider-multidns/internal/provider"
)

const (
	actionCreate  = "create"
	actionUpdate  = "update"
	actionReplace = "replace"
	actionDelete  = "delete"

	defaultParallelism = 10
)

// node is one resource during a walk.
type node struct {
	address string
	typ     string
	args    map[string]any // nil when it is not declared any more
	// createFirst says that a replacement creates before it destroys.
	createFirst bool
	state       *Instance // nil when it is not in state; as refreshed once it was read

	config  tftypes.Value
	planned tftypes.Value
	private []byte
	// departing is the private data that a deletion gets: that of the plan.
	departing []byte
	action    string // "" for no-op
}

func (n *node) prior() tftypes.Value {
	if n.state == nil || n.state.Tainted {
		return null(schemaOf(n.typ).ValueType())
	}
	return n.state.value
}

// walk is one pass over all resources with a server of its own.
type walk struct {
	ctx    context.Context //nolint:containedctx // of one command, as in a CLI
	server tfprotov6.ProviderServer
	slots  chan struct{}
	nodes  map[string]*node
	data   map[string]tftypes.Value
	// replace are addresses to replace whatever changed.
	replace []string
	// applying: everything is known by now.
	applying bool

	// beside are the resources that are not looked at.
	beside map[string]*Instance
	// left is how many calls may begin before the interrupt; negative: all.
	left        int
	interrupted bool
	// deposed are the old objects of replacements.
	deposed []*node

	mu          sync.Mutex
	diagnostics []Diagnostic
}

// errInterrupted is what becomes of a resource that an interrupted CLI does not come to any more.
var errInterrupted = errors.New("interrupted")

func newServer(in provider.Surroundings) tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(provider.New("test", in)())()
}

// surroundings are those of this process, but for what the project has of its own.
func (p *Project) surroundings() provider.Surroundings {
	in := provider.Process()
	if p.Now != nil {
		in.Now = p.Now
	}
	in.CacheDir = func() (string, error) {
		if p.Cache == "" {
			return "", errors.New("the project has no cache folder")
		}
		return p.Cache, nil
	}
	process := in.Getenv
	in.Getenv = func(name string) string {
		if v, own := p.Env[name]; own {
			return v
		}
		return process(name)
	}
	return in
}

// newWalk starts and configures a server. In an apply everything is known.
func (p *Project) newWalk(ctx context.Context, c Config, applying bool) *walk {
	w := &walk{
		ctx: ctx, server: newServer(p.surroundings()), nodes: map[string]*node{}, data: map[string]tftypes.Value{},
		replace: p.Replace, applying: applying, slots: make(chan struct{}, cmp.Or(p.Parallelism, defaultParallelism)), beside: map[string]*Instance{}, left: -1,
	}
	for address, instance := range p.State {
		if !p.targeted(address) {
			w.beside[address] = instance
			continue
		}
		w.nodes[address] = &node{address: address, typ: instance.Type, state: instance}
	}
	for address, r := range c.Resources {
		if !p.targeted(address) {
			continue
		}
		n := w.nodes[address]
		if n == nil {
			n = &node{address: address, typ: r.Type}
			w.nodes[address] = n
		}
		n.args, n.createFirst = r.Args, r.CreateBeforeDestroy
	}
	typ := schemas().Provider.ValueType()
	config, err := w.encode(typ, p.Provider)
	must(err)
	w.call("provider", func() error {
		checked, err := w.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: pack(typ, config)})
		if err != nil || !w.tell("provider", checked.Diagnostics) {
			return err
		}
		response, err := w.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: pack(typ, config)})
		if err == nil {
			w.tell("provider", response.Diagnostics)
		}
		return err
	})
	return w
}

func (p *Project) targeted(address string) bool {
	return len(p.Targets) == 0 || slices.Contains(p.Targets, address)
}

// each runs f for every node side by side.
func (w *walk) each(f func(*node)) {
	var all sync.WaitGroup
	for _, address := range slices.Sorted(maps.Keys(w.nodes)) {
		all.Go(func() { f(w.nodes[address]) })
	}
	all.Wait()
}

// call makes one for an address, in one of the slots that bound the calls at once, and reports whether the CLI has
// nothing to say against what came of it.
func (w *walk) call(address string, f func() error) (ok bool) {
	w.slots <- struct{}{}
	defer func() { <-w.slots }()
	err := errInterrupted
	if w.mayBegin() {
		err = f()
	}
	if err != nil {
		w.report(address, err)
	}
	return err == nil
}

// mayBegin counts a call in. The interrupt tells the provider, which ends the calls that are under way, and no other
// begins.
func (w *walk) mayBegin() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left == 0 && !w.interrupted {
		w.interrupted = true
		if _, err := w.server.StopProvider(context.WithoutCancel(w.ctx), &tfprotov6.StopProviderRequest{}); err != nil {
			panic("protocol: stop: " + err.Error())
		}
	}
	w.left--
	return !w.interrupted
}

// report keeps an error of the CLI's own, such as an inconsistent answer.
func (w *walk) report(address string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.diagnostics = append(w.diagnostics, Diagnostic{IsError: true, Address: address, Summary: "CLI: provider error", Detail: err.Error()})
}

// tell keeps what the provider says, and reports whether it is no error.
func (w *walk) tell(address string, diagnostics []*tfprotov6.Diagnostic) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	ok := true
	for _, d := range diagnostics {
		isError := d.Severity == tfprotov6.DiagnosticSeverityError
		ok = ok && !isError
		w.diagnostics = append(w.diagnostics, Diagnostic{IsError: isError, Address: address, Summary: d.Summary, Detail: d.Detail})
	}
	return ok
}

func (w *walk) failed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.diagnostics, func(d Diagnostic) bool { return d.IsError })
}

func (w *walk) changes() []*node {
	var changed []*node
	for _, address := range slices.Sorted(maps.Keys(w.nodes)) {
		if n := w.nodes[address]; n.action != "" {
			changed = append(changed, n)
		}
	}
	return changed
}

// refreshed is the state with what the reads of this walk brought.
func (w *walk) refreshed() map[string]*Instance {
	state := maps.Clone(w.beside)
	for address, n := range w.nodes {
		if n.state != nil {
			state[address] = n.state
		}
	}
	return state
}
