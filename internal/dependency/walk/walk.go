package walk

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"time"

	"codeberg.org/miekg/dns"

	"github.com/multidns/terraform-provider-multidns/internal/dependency"
	"github.com/multidns/terraform-provider-multidns/internal/exchange"
)

const (
	// atOnce bounds the questions that are under way.
	atOnce = 64
	// manyAddresses is how many addresses of a cut are all asked at least once. Of larger ones every name server is.
	manyAddresses = 8
	// manyHosts is how many name servers of one operator are asked; registries have a dozen that all answer alike.
	manyHosts = 4
)

// Walker asks the servers. The zero value asks none: Roots are needed.
type Walker struct {
	// Roots are where the walk begins.
	Roots []netip.AddrPort
	// Port is that of all other servers; 0: 53.
	Port uint16
	// Operators and Names say which servers belong together.
	Operators dependency.Operators
	Names     []string
	// Patience is the time for an answer; 0: exchange.Patience.
	Patience time.Duration
	// Ask asks one server; nil: exchange.Ask.
	Ask func(context.Context, netip.AddrPort, exchange.Question) (*dns.Msg, error)
}

// walk is what one walk knows. Only its loop touches it.
type walk struct {
	Walker
	ctx       context.Context
	own       map[string]bool
	world     dependency.World
	questions map[question]*pending
	visits    map[visitKey]*visit
	addresses map[string][]netip.Addr // of host names that were resolved
	waiting   map[string][]*visit     // for the address of a host name
	aliases   map[string][]string     // by target
	resolving map[string]bool
	swept     map[place]bool // a server of a cut that was asked anything
	results   chan result
	slots     chan struct{}
	underWay  int
}

// question is asked once.
type question struct {
	server netip.AddrPort
	name   string
	typ    dependency.Type
}

type pending struct {
	done  bool
	reply reply
	then  []func(reply)
}

type result struct {
	question
	reply
}

// place is a server as one of a cut.
type place struct {
	cut  string
	addr netip.Addr
}

// Walk learns all that names and the name servers on their ways lead to. It ends with ctx at the latest; what is not
// known then is not in the world, which says that it is late.
func (w Walker) Walk(ctx context.Context, names []string) dependency.World {
	glue := map[string][]netip.Addr{"": nil}
	for _, root := range w.Roots {
		glue[""] = append(glue[""], root.Addr())
	}
	root := dependency.NewCut(".", glue)
	k := &walk{
		Walker: w, ctx: ctx, own: dependency.OwnDomains(w.Names),
		world:     dependency.World{Cuts: map[string]dependency.Cut{root.Key(): root}, Root: root.Key(), Answers: map[dependency.Question]map[netip.Addr]dependency.Answer{}},
		questions: map[question]*pending{}, visits: map[visitKey]*visit{}, addresses: map[string][]netip.Addr{}, waiting: map[string][]*visit{},
		aliases: map[string][]string{}, resolving: map[string]bool{}, swept: map[place]bool{}, results: make(chan result), slots: make(chan struct{}, atOnce),
	}
	for _, name := range names {
		k.resolve(name)
	}
	for k.underWay > 0 {
		r := <-k.results
		k.underWay--
		p := k.questions[r.question]
		p.done, p.reply = true, r.reply
		for _, then := range p.then {
			then(r.reply)
		}
		p.then = nil
	}
	return k.world
}

// resolve begins to look for a name, once.
func (k *walk) resolve(name string) {
	if k.resolving[name] {
		return
	}
	k.resolving[name] = true
	k.enter(k.world.Root, name)
}

// reply is what came of a question.
type reply struct {
	message *dns.Msg
	failure dependency.Answer // when there is no message
	late    bool
}

// ask asks a question unless it was asked, and calls then with what comes.
func (k *walk) ask(q question, then func(reply)) {
	p, ok := k.questions[q]
	switch {
	case ok && p.done:
		then(p.reply)
		return
	case ok:
		p.then = append(p.then, then)
		return
	}
	k.questions[q] = &pending{then: []func(reply){then}}
	k.underWay++
	go func() {
		k.slots <- struct{}{}
		r := k.exchange(q)
		<-k.slots
		k.results <- result{q, r}
	}()
}

func (k *walk) port() uint16 { return cmp.Or(k.Port, 53) }

// socket is where a server of a cut listens: those of the root may have a port of their own.
func (k *walk) socket(cut string, addr netip.Addr) netip.AddrPort {
	if cut == k.world.Root {
		if i := slices.IndexFunc(k.Roots, func(root netip.AddrPort) bool { return root.Addr() == addr }); i >= 0 {
			return k.Roots[i]
		}
	}
	return netip.AddrPortFrom(addr, k.port())
}
