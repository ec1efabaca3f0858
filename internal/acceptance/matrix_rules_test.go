package acceptance

import (
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// operation is a column of the matrix: what is configured before and while operators are out, and what they hold when
// it is done.
type operation struct {
	name          string
	before, after protocol.Config
	// address of the resource in question; held is the line that an operator holds for it.
	address             string
	heldFrom, heldAfter string
	// front that breaks together with the operators, "" for none.
	front string
	// within are the paths, first that exists, under which the state keeps what it knows of the RRset.
	within [][]string
}

func declared(address string, args map[string]any) protocol.Config {
	typ, _, _ := strings.Cut(address, ".")
	args["zone"] = sandbox.Zone
	return protocol.Config{Resources: map[string]protocol.Resource{address: {Type: typ, Args: args}}}
}

func recordConfig(typ string, values ...string) protocol.Config {
	return declared("multidns_record.r", map[string]any{"name": "www", "type": typ, "values": values})
}

// routerConfig points to the first healthy one of two targets.
func routerConfig(firstIsHealthy any) protocol.Config {
	return declared("multidns_router.r", map[string]any{"name": "www", "ttl": 3600, "targets": []any{
		map[string]any{"name": "cloudflare", "values": []string{"cf.example.net."}, "healthy": firstIsHealthy},
		map[string]any{"name": "bunny", "values": []string{"bunny.example.net."}, "healthy": true},
	}})
}

// bulkConfig is a zone with one RRset in one resource.
func bulkConfig(key string, values ...string) protocol.Config {
	return declared("multidns_zone_records.z", map[string]any{"records": map[string]any{key: map[string]any{"ttl": 3600, "values": values}}})
}

// healthConfig lets a probe of the first front decide.
func healthConfig(box *sandbox.Sandbox) protocol.Config {
	c := routerConfig(protocol.Ref{Data: "data.multidns_health.first", Attribute: "healthy"})
	c.Data = map[string]protocol.Resource{"data.multidns_health.first": {Type: "multidns_health", Args: map[string]any{
		"http": map[string]any{"url": box.Fronts[0].URL}, "attempts": 1, "required_successes": 1,
	}}}
	return c
}

const (
	heldOne    = "www.example.com. 3600 A 192.0.2.1"
	heldTwo    = "www.example.com. 3600 A 192.0.2.2"
	heldCNAME  = "www.example.com. 3600 CNAME target.example.net."
	heldFront  = "www.example.com. 3600 CNAME cf.example.net."
	heldSecond = "www.example.com. 3600 CNAME bunny.example.net."
)

var operationNames = []string{
	"refresh", "create", "update", "type", "delete", "router", "health", "bulk-refresh", "bulk-create", "bulk-update", "bulk-type", "bulk-delete",
}

// kind is what the rules call the operation, whatever the resource.
func (op operation) kind() string { return strings.TrimPrefix(op.name, "bulk-") }

func operations(box *sandbox.Sandbox) []operation {
	one, bulk := recordConfig("A", "192.0.2.1"), bulkConfig("www/A", "192.0.2.1")
	list := []operation{
		{name: "refresh", address: "multidns_record.r", before: one, after: one, heldFrom: heldOne, heldAfter: heldOne},
		{name: "create", address: "multidns_record.r", after: one, heldAfter: heldOne},
		{name: "update", address: "multidns_record.r", before: one, after: recordConfig("A", "192.0.2.2"), heldFrom: heldOne, heldAfter: heldTwo},
		{name: "type", address: "multidns_record.r", before: one, after: recordConfig("CNAME", "target.example.net"), heldFrom: heldOne, heldAfter: heldCNAME},
		{name: "delete", address: "multidns_record.r", before: one, heldFrom: heldOne},
		{
			name: "router", address: "multidns_router.r", before: routerConfig(true), after: routerConfig(false),
			heldFrom: heldFront, heldAfter: heldSecond,
		},
		{
			name: "health", address: "multidns_router.r", before: healthConfig(box), after: healthConfig(box),
			heldFrom: heldFront, heldAfter: heldSecond, front: "cf-front",
		},
		{name: "bulk-refresh", before: bulk, after: bulk, heldFrom: heldOne, heldAfter: heldOne},
		{name: "bulk-create", after: bulk, heldAfter: heldOne},
		{name: "bulk-update", before: bulk, after: bulkConfig("www/A", "192.0.2.2"), heldFrom: heldOne, heldAfter: heldTwo},
		{name: "bulk-type", before: bulk, after: bulkConfig("www/CNAME", "target.example.net."), heldFrom: heldOne, heldAfter: heldCNAME},
		{name: "bulk-delete", before: bulk, heldFrom: heldOne},
	}
	for i := range list {
		list[i].within = [][]string{{}}
		if list[i].address == "" {
			list[i].address, list[i].within = "multidns_zone_records.z", [][]string{{"differences", "www/CNAME"}, {"differences", "www/A"}}
		}
	}
	return list
}

// answer is what a client can make of an exchange under a fault.
type answer int

const (
	plainAnswer answer = iota // as if nothing were wrong
	noAnswer                  // an outage, and nothing was carried out
	lostAnswer                // an outage, but the request was carried out
	unpublished               // stored, and the name servers do not have it (deSEC)
	noRight                   // the token is not accepted
)

// fault is a row of the matrix.
type fault struct {
	name        string
	fault       sandbox.Fault
	read, write answer
	// lie is a list that is empty. The plan of a creation believes it where a list may be empty, which at deSEC none
	// is; the creation does not.
	lie bool
	// eachWalk sets the fault anew before each command.
	eachWalk bool
}

// faults are those of the whole API, and those of its writing half.
func faults() []fault {
	kinds := []struct {
		name  string
		fault sandbox.Fault
		write answer
	}{
		{"refused", sandbox.Fault{Kind: sandbox.Refused}, noAnswer},
		{"blackhole", sandbox.Fault{Kind: sandbox.Blackhole}, noAnswer},
		{"blackhole-carried-out", sandbox.Fault{Kind: sandbox.Blackhole, Commit: true}, lostAnswer},
		{"503", sandbox.Fault{Kind: sandbox.Unavailable}, noAnswer},
		{"html500", sandbox.Fault{Kind: sandbox.HTML500}, noAnswer},
		{"html502", sandbox.Fault{Kind: sandbox.HTML502}, noAnswer},
		{"problem502", sandbox.Fault{Kind: sandbox.ProblemJSON}, noAnswer},
		{"429-for-3000s", sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 3000}, noAnswer},
		{"429", sandbox.Fault{Kind: sandbox.TooMany}, noAnswer},
		{"lost-before-commit", sandbox.Fault{Kind: sandbox.LostBeforeCommit}, noAnswer},
		{"lost-after-commit", sandbox.Fault{Kind: sandbox.LostAfterCommit}, lostAnswer},
		{"json500", sandbox.Fault{Kind: sandbox.JSON500}, noAnswer},
		{"json500-after-commit", sandbox.Fault{Kind: sandbox.JSON500AfterCommit}, lostAnswer},
		{"success-false", sandbox.Fault{Kind: sandbox.SuccessFalse}, noAnswer},
		{"truncated", sandbox.Fault{Kind: sandbox.Truncated}, lostAnswer},
		{"html200", sandbox.Fault{Kind: sandbox.HTML200}, noAnswer},
		{"empty-body", sandbox.Fault{Kind: sandbox.EmptyBody}, noAnswer},
		{"unauthorized", sandbox.Fault{Kind: sandbox.Unauthorized}, noRight},
		{"forbidden", sandbox.Fault{Kind: sandbox.Forbidden}, noRight},
	}
	var rows []fault
	for _, k := range kinds {
		read := noAnswer
		if k.write == noRight {
			read = noRight
		}
		rows = append(rows, fault{name: k.name, fault: k.fault, read: read, write: k.write})
		if k.fault.Kind == sandbox.Refused {
			continue // a closed port knows no methods
		}
		k.fault.Methods = sandbox.Writes
		rows = append(rows, fault{name: k.name + "-to-writes", fault: k.fault, write: k.write})
	}
	rows = append(rows, fault{name: "empty-list", fault: sandbox.Fault{Kind: sandbox.EmptyList}, read: noAnswer, write: noAnswer, lie: true})
	for _, k := range []sandbox.Kind{sandbox.HTML502, sandbox.LostBeforeCommit, sandbox.TooMany} {
		rows = append(rows,
			fault{name: "flapping-" + string(k), fault: sandbox.Fault{Kind: k, Count: 1}, eachWalk: true},
			fault{name: "flapping-" + string(k) + "-to-writes", fault: sandbox.Fault{Kind: k, Count: 1, Methods: sandbox.Writes}, eachWalk: true})
	}
	return rows
}

// expectation is what a cell must come to while the fault lasts.
type expectation struct {
	planExit, exit int
	inState        bool
	held           map[string]string // by operator
	status         map[string]string // by operator; nil when not in state
}

// expect derives a cell's outcome from the outage rules: the contract's table, not what the code does.
func expect(op operation, f fault, out []string) expectation {
	e := expectation{inState: op.kind() != "delete", held: map[string]string{}, status: map[string]string{}}
	hit, down, refused := map[string]answer{}, 0, false
	for _, name := range bothOperators {
		hit[name] = plainAnswer
		if slices.Contains(out, name) {
			// What cannot be read is not written either.
			hit[name] = f.read
			if f.read == plainAnswer && op.kind() != "refresh" {
				hit[name] = f.write
			}
			if f.fault.Kind == sandbox.JSON500AfterCommit && name == "desec" && hit[name] == lostAnswer {
				hit[name] = unpublished
			}
		}
		if hit[name] == lostAnswer {
			hit[name] = plainAnswer // it can be read back, so it is settled
		}
		if hit[name] != plainAnswer {
			down++
		}
		refused = refused || hit[name] == noRight
		e.held[name], e.status[name] = op.heldAfter, "in_sync"
		if hit[name] == unpublished {
			hit[name], e.status[name] = plainAnswer, "out_of_sync"
			down--
		}
	}
	all := down == len(bothOperators)
	switch {
	case op.kind() == "refresh":
		for name, a := range hit {
			if a != plainAnswer {
				e.status[name] = "unreachable"
			}
		}
		return e
	case op.kind() == "create" && (refused || all):
		// No state, and what the other operator accepted is taken back. Where the operator cannot even be read, the
		// refusal comes with the plan.
		e.exit, e.inState, e.planExit = 1, false, 2
		if refused && f.read == noRight {
			e.planExit = 1
		}
		e.held = map[string]string{}
	case op.kind() == "delete" && down > 0:
		e.exit, e.inState = 1, true
		for name, a := range hit {
			e.status[name] = "out_of_sync"
			if a != plainAnswer {
				e.held[name] = op.heldFrom
			}
		}
	case all:
		e.exit, e.held = 1, map[string]string{}
		for name := range hit {
			// The prior state stays, as the refresh left it.
			e.held[name] = op.heldFrom
			if f.read != plainAnswer {
				e.status[name] = "unreachable"
			}
		}
	default:
		for name, a := range hit {
			if a != plainAnswer {
				e.held[name], e.status[name] = op.heldFrom, "out_of_sync"
			}
		}
	}
	if e.planExit == 0 {
		e.planExit = 2
	}
	return e
}

var bothOperators = []string{"cloudflare", "desec"}
