package provider

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// departure is what a plan tells the deletion that may come of it: private data is the only thing that reaches it, also
// through a saved plan (design/facts/terraform-behaviour.md section 16). design/hand-over.md says what follows from it.
type departure struct {
	// Declares is what this address declares now, the id of an RRset, or a zone; empty when the address is destroyed.
	// Another one than that which is deleted: the creation of a replacement follows.
	Declares string `json:"declares,omitempty"`
	// HandedOver: another address declares the RRset; Taken: and has it in the state.
	HandedOver bool `json:"handed_over,omitempty"`
	Taken      bool `json:"taken,omitempty"`
	// Open: it is not known yet what this address declares. It may be what would be deleted.
	Open bool `json:"open,omitempty"`
	// Room is where the plan saw room for what this address declares, if that is created.
	Room replica.Room `json:"room,omitempty"`
	// Plan names the walk that planned it: its notes may know more.
	Plan string `json:"plan,omitempty"`
	// inPlace: what this address declares now was created before, by the same update.
	inPlace bool
	// follows are the places of the creation of a replacement, which comes after this deletion and those beside it.
	follows []replica.Place
}

// again is what the plan of a creation tells that may be half of a replacement: the CLI plans that again, as a
// creation, and the private data of that plan is what the deletion sees (design/facts/terraform-behaviour.md section
// 16). What the plan before told stands.
func (dep departure) again(key rrset.Key) departure {
	if dep.Declares == key.ID() {
		return dep
	}
	return departure{Declares: key.ID()}
}

// orOpen is again for a creation whose key is not known yet.
func (dep departure) orOpen() departure {
	if dep.Declares == "" && dep.Plan == "" {
		dep.Open = true
	}
	return dep
}

// replacedBy is for a replacement of which no more is known than its zone.
func (dep departure) replacedBy(zone string) departure {
	if dep.Declares == "" {
		dep.Declares = zone
	}
	return dep
}

// refuseOpen reports a deletion of what may have to stay. Only a replacement that somebody asks for (-replace, a taint,
// replace_triggered_by) comes to that: the CLI deletes what is there before it knows what it creates.
func (dep departure) refuseOpen(what string, diags *diag.Diagnostics) (ok bool) {
	if dep.Open {
		diags.AddError("What takes its place is not known yet", fmt.Sprintf(
			"%s is to be replaced, and what its replacement depends on was not known when that was planned: it may turn out to be the same, which would then be gone for a while, or for good. Nothing was deleted. "+
				"Apply what its name, type or zone depends on first (-target), or set create_before_destroy = true in lifecycle.", what))
	}
	return !dep.Open
}

// departureKey is where private data keeps it.
const departureKey = "departure"

// depart is what is known of an RRset whose address is about to be destroyed.
func (d *shared) depart(key rrset.Key, owned replica.Ownership) departure {
	if d == nil { // of others nothing is known
		return departure{}
	}
	d.leaveOthers(key, owned)
	dep := departure{HandedOver: d.walk.Declares(key), Taken: d.walk.Keeps(key), Plan: d.walk.Plan()}
	d.walk.Leave(key, owned)
	return dep
}

// mayDepart is depart for an address of which it is not known yet what it declares.
func (d *shared) mayDepart(key rrset.Key, owned replica.Ownership) departure {
	if d != nil {
		d.leaveOthers(key, owned)
		d.walk.MayLeave(key, owned)
	}
	return departure{Open: true}
}

// destroy is depart for an address that is destroyed.
func (d *shared) destroy(key rrset.Key, owned replica.Ownership) departure {
	dep := d.depart(key, owned)
	if !owned.HandedOver(key) {
		d.walk.Destroy(key)
	}
	return dep
}

// stay tells the walk what an address that is planned had and declares.
func (d *shared) stay(prior, key rrset.Key, owned replica.Ownership) departure {
	if d == nil {
		return departure{Declares: key.ID()}
	}
	d.leaveOthers(prior, owned)
	if prior == key {
		d.walk.Have(key, owned)
		d.walk.Keep(key)
		return departure{Declares: key.ID()}
	}
	dep := d.depart(prior, owned)
	dep.Declares = key.ID()
	return dep
}

// leaveOthers tells that what operators still hold under a former type is to go, and that what was left to another
// address is ours until that has it.
func (d *shared) leaveOthers(key rrset.Key, owned replica.Ownership) {
	d.walk.Cede(key, owned)
	d.walk.LeaveFormer(key, owned)
}

// deletion is what the plan said of a deletion.
func (dep departure) deletion(key rrset.Key, owned replica.Ownership) replica.Deletion {
	return replica.Deletion{
		Key: key, Ownership: owned, HandedOver: dep.HandedOver, Taken: dep.Taken, Itself: dep.Declares == key.ID(),
		Replacing: dep.Declares != "", For: dep.follows, Plan: dep.Plan,
	}
}

// announce tells the walk what deletions make room for: another deletion must leave that alone, and the creation that
// follows is neither validated nor planned before these have ended.
func (d *shared) announce(deps iter.Seq[departure]) (follows []replica.Place) {
	for dep := range deps {
		if key, err := rrset.ParseID(dep.Declares); err == nil { // it may be a zone
			d.walk.Declare(key)
			follows = append(follows, replica.NewPlace(key, dep.Room))
		}
	}
	return follows
}

// departures are those of many RRsets, by their id. What is declared as before, nearly all of them, is one entry.
type departures map[string]departure

const asBefore = "*"

// open is the one entry while it is not known what is declared.
const open = "?"

// added marks what was not there before.
const added = "+"

func (ds departures) add(key rrset.Key, dep departure) {
	switch dep.Declares {
	case key.ID():
		ds[asBefore] = departure{Declares: asBefore}
	default:
		ds[key.ID()] = dep
	}
}

// takes tells what a replacement adds, for the deletion that comes before it. What is no replacement told nothing so
// far.
func (ds departures) takes(key rrset.Key, room replica.Room) {
	if len(ds) > 0 {
		ds[added+key.ID()] = departure{Declares: key.ID(), Room: room}
	}
}

// replacedBy tells that the creation of a replacement follows, in another zone.
func (ds departures) replacedBy(zone string) {
	for id, dep := range ds {
		ds[id] = dep.replacedBy(zone)
	}
}

func (ds departures) of(key rrset.Key) departure {
	dep, ok := ds[key.ID()]
	if !ok && ds[asBefore].Declares != "" {
		return departure{Declares: key.ID()}
	}
	return dep
}

func readDeparture(ctx context.Context, private privateReader, diags *diag.Diagnostics) (dep departure) {
	readPrivate(ctx, private, departureKey, &dep, diags)
	return dep
}

func writeDeparture(ctx context.Context, private privateWriter, dep departure, diags *diag.Diagnostics) {
	writePrivate(ctx, private, departureKey, dep, diags)
}
