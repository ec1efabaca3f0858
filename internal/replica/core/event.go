package core

import (
	"errors"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// ID names a call, a request or a wait within one Machine.
type ID int

// Event is something that happened.
type Event interface{ event() }

// What the CLI tells of the configuration and the state.
type (
	// Declared says that the configuration declares the key.
	Declared struct{ Key rrset.Key }
	// Validated says so of an address that is validated in this walk: its plan comes next, unless something in it is
	// wrong.
	Validated struct{ Key rrset.Key }
	// Owned says that the state knows the key, under whatever address.
	Owned struct{ Key rrset.Key }
	// Leaving says that the state knows the key and is about to forget it. At Foreign operators it is not ours, at
	// Unpublished ones it is stored and not served. Where At names operators, it is ours at those alone: what is left
	// there of a type that could not be replaced.
	Leaving struct {
		Key                      rrset.Key
		Foreign, Unpublished, At map[string]bool
		// Doubted is what operators may still carry out of writes to it, by what was declared.
		Doubted map[string]Doubt
		// Open: the state may keep it, for what its address declares is not known.
		Open bool
	}
	// Ceded says that an address of the state had the key and left it to another one, which declares it and may not
	// have taken it so far. Doubted is as that of Leaving.
	Ceded struct {
		Key rrset.Key
		// At are the operators where it is ours.
		At      map[string]bool
		Doubted map[string]Doubt
	}
	// Destroyed says that the plan destroys an address of the state that has the key. Only a plan says so: an apply
	// does not plan a destruction once more.
	Destroyed struct{ Key rrset.Key }
	// Kept says that an address of the state has the key and declares it.
	Kept struct{ Key rrset.Key }
	// Planning says that the plan of the address that declares the key is being made. If that comes to nothing,
	// Validated says so once more.
	Planning struct{ Key rrset.Key }
	// Expected says that a change of the key was planned, so its call is likely to come.
	Expected struct{ Key rrset.Key }
)

// Look asks what operators hold under a key.
type Look struct {
	ID  ID
	Key rrset.Key
	// At are the operators to ask.
	At map[string]bool
	// Also are keys of other types at the name under which an operator may hold ours.
	Also []rrset.Key
	// Sure: an empty answer is not believed by itself, as it never is of what the state knows.
	Sure bool
	// Patient waits for all operators; otherwise one that answers long after another is left behind.
	Patient bool
}

// LookAll asks what operators hold in a zone.
type LookAll struct {
	ID   ID
	Zone string
}

// Await asks whether what an operator holds under the key is ours: the state knows it, or the run deletes it. The
// answer is no only when nothing more can come.
type Await struct {
	ID       ID
	Operator string
	Key      rrset.Key
}

// Desired is what each operator shall hold, by operator name. All RRsets have one key.
type Desired map[string]operator.RRset

// Key is the key that all of them have.
func (d Desired) Key() rrset.Key {
	for _, want := range d {
		return want.Key
	}
	return rrset.Key{}
}

// Create makes all operators hold what is wanted.
type Create struct {
	ID   ID
	Want Desired
	// Overwrite takes over an RRset that holds something else.
	Overwrite bool
	// FailOnOutage makes an outage undo the creation like a refusal does.
	FailOnOutage bool
	// Alone shares no request with other changes: a bad neighbour must not delay a switch.
	Alone bool
}

// Update makes operators hold what is wanted in place of what the state knows.
type Update struct {
	ID ID
	// From is the key in state; its type may differ from what is wanted.
	From rrset.Key
	// Was is what was declared, nil while that is not known. What an operator holds of it is ours, read before or not.
	Was  Desired
	Want Desired
	// At are the operators to write to.
	At map[string]bool
	Ownership
	Overwrite bool
	Alone     bool
}

// Delete deletes an RRset at all operators.
type Delete struct {
	ID  ID
	Key rrset.Key
	// Was is what is declared, nil if that is not known. It is what is written, and deleted then, where only a write
	// that is answered tells that an earlier one is not carried out any more.
	Was Desired
	// What operators hold under former types goes as well; foreign ones keep what they hold: it was never ours.
	Ownership
	// HandedOver: the plan has seen that another address declares the key, and, if Taken, that the state has it there.
	HandedOver, Taken bool
	// Replacing: a creation under another name follows, which must not be lost because an operator is out. Nothing is
	// deleted unless all answer.
	Replacing bool
	// For are the places of the RRsets of that creation. It comes when this deletion is over, and not at all if that
	// fails.
	For []Place
}

// Place is where an RRset is to be created.
type Place struct {
	Key rrset.Key
	// Clear are the operators where the plan saw nothing in the way of it.
	Clear map[string]bool
	// Takes reports whether the creation takes over what stands there: what is as it is declared, or was so when it was
	// planned.
	Takes func(name string, held operator.RRset) bool
}

// Undo takes back what a creation wrote.
type Undo struct {
	ID     ID
	Want   Desired
	Result Result
}

// Cancel says that the caller of a call was interrupted.
type Cancel struct{ ID ID }

// What operators answer.
type (
	// ListAnswer is what a zone holds; Complete is false when the reading failed or was ended early.
	ListAnswer struct {
		ID       ID
		Held     []operator.RRset
		Complete bool
		Err      error
	}
	// NameAnswer is what an owner name holds.
	NameAnswer struct {
		ID   ID
		Held []operator.RRset
		Err  error
	}
	// WriteAnswer has one element for each change.
	WriteAnswer struct {
		ID      ID
		Answers []*operator.RRset
		Err     error
	}
	// HeldAnswer says whether an RRset is held that was not shown.
	HeldAnswer struct {
		ID    ID
		Holds bool
		Err   error
	}
	// PublishedAnswer says whether an operator has not handed to its name servers what it stores.
	PublishedAnswer struct {
		ID          ID
		Unpublished bool
		Err         error
	}
	// EmptyAnswer says whether a zone whose list is empty holds anything.
	EmptyAnswer struct {
		ID       ID
		HoldsAny bool
		Err      error
	}
)

// Elapsed says that a wait is over.
type Elapsed struct{ ID ID }

func (Declared) event()        {}
func (Validated) event()       {}
func (Owned) event()           {}
func (Leaving) event()         {}
func (Ceded) event()           {}
func (Destroyed) event()       {}
func (Kept) event()            {}
func (Planning) event()        {}
func (Expected) event()        {}
func (Look) event()            {}
func (LookAll) event()         {}
func (Await) event()           {}
func (Create) event()          {}
func (Update) event()          {}
func (Delete) event()          {}
func (Undo) event()            {}
func (Cancel) event()          {}
func (ListAnswer) event()      {}
func (NameAnswer) event()      {}
func (WriteAnswer) event()     {}
func (EmptyAnswer) event()     {}
func (HeldAnswer) event()      {}
func (PublishedAnswer) event() {}
func (Elapsed) event()         {}

// Effect is something to carry out.
type Effect interface{ effect() }

// Requests to operators; each is answered by the event of its kind.
type (
	// List reads a zone. Whole reads it to its end; otherwise Machine.Enough is asked after each page.
	List struct {
		ID             ID
		Operator, Zone string
		Whole          bool
		// Settle bounds the reading back of a write, which goes on after Ctrl-C.
		Settle bool
	}
	// ListName reads one owner name.
	ListName struct {
		ID                   ID
		Operator, Zone, Name string
		Settle               bool
	}
	// Write carries out changes in one atomic request.
	Write struct {
		ID             ID
		Operator, Zone string
		Changes        []operator.Change
	}
	// AskEmpty asks in another way than by a list whether a zone holds anything.
	AskEmpty struct {
		ID             ID
		Operator, Zone string
		Settle         bool
	}
	// AskHeld asks so for one RRset, where the zone is not read as a whole.
	AskHeld struct {
		ID             ID
		Operator, Zone string
		Key            rrset.Key
		Settle         bool
	}
	// AskPublished asks whether the name servers were given what a zone holds, after a write that was not answered.
	AskPublished struct {
		ID             ID
		Operator, Zone string
	}
)

// Abort ends a request that nobody waits for any longer. It is answered all the same.
type Abort struct{ ID ID }

// Wait is answered by Elapsed after that time.
type Wait struct {
	ID  ID
	For time.Duration
}

// Done is the end of a call.
type Done struct {
	ID     ID
	Result Result
}

func (List) effect()         {}
func (ListName) effect()     {}
func (Write) effect()        {}
func (AskEmpty) effect()     {}
func (AskHeld) effect()      {}
func (AskPublished) effect() {}
func (Abort) effect()        {}
func (Wait) effect()         {}
func (Done) effect()         {}

// Observation is what one operator was seen to hold under a key.
type Observation struct {
	// Held is nil when the operator holds no such RRset.
	Held *operator.RRset
	// Others are the RRsets of other types at the same owner name.
	Others []operator.RRset
	// Late: the operator has not answered so far, and was not waited for.
	Late bool
	// Err is an outage or a refusal; the other fields say nothing then.
	Err error
}

// Outcome is what became of a change at one operator.
type Outcome struct {
	// Held is what the operator holds now; meaningful only when Known.
	Held  *operator.RRset
	Known bool
	// Wrote says that the operator was changed.
	Wrote bool
	// Unpublished says that the operator stored the change and has not handed it to its name servers.
	Unpublished bool
	// Former are the types of what an update was to replace and the operator may still hold, because the update failed
	// there.
	Former map[string]bool
	// Ceded are the types of what an update was to replace and left to another resource, which declares it and has not
	// taken it so far. Until it has, the state must not forget that it is ours; nobody deletes it any more.
	Ceded map[string]bool
	// Foreign says that what the operator may hold under the key is not ours: it could not be read before, or was seen
	// to hold something else. A change that succeeded makes it ours.
	Foreign bool
	// NoZone says that the operator has no such zone, or none that the token can see: a deletion ends there.
	NoZone bool
	// Kept says that a deletion left the RRset alone on purpose. With an error, that is about former types.
	Kept bool
	// Succeeded are the types of what a deletion left to whoever declares what cannot stand beside it, and has not come
	// so far: that one deletes it with its own write.
	Succeeded map[string]bool
	// Doubt is what the operator may still carry out, by what the address declares: what an update wanted, or what a
	// deletion could not delete.
	Doubt Doubt
	// Err is an outage, a refusal or a conflict; nil when all is as wanted.
	Err error
}

// InDoubt reports whether the change may still be carried out.
func (o Outcome) InDoubt() bool {
	outage := operator.AsOutage(o.Err)
	return outage != nil && outage.InDoubt
}

// MayStand reports whether the change was made, in part at least, or may have been.
func (o Outcome) MayStand() bool { return o.Err == nil || o.Wrote || o.InDoubt() && !o.Known }

// LeftThere reports whether a deletion was not made, or was taken back, on purpose.
func (o Outcome) LeftThere() bool {
	_, occupied := errors.AsType[*OccupiedError](o.Err)
	return occupied || errors.Is(o.Err, ErrNotTaken) || errors.Is(o.Err, ErrNotSucceeded) || errors.Is(o.Err, ErrTakenBack)
}

// MayBeGone reports whether a deletion was made, or may have been.
func (o Outcome) MayBeGone() bool {
	if o.Kept || o.NoZone || o.Known && o.Held != nil || o.LeftThere() {
		return false
	}
	return o.Err == nil || o.Known || o.Wrote || o.InDoubt()
}

// Result is what became of a call.
type Result struct {
	// Seen are the answers to Look.
	Seen map[string]Observation
	// All are the answers to LookAll.
	All map[string]Contents
	// Yes is the answer to Await.
	Yes bool
	// Outcomes are those of Create, Update and Delete.
	Outcomes map[string]Outcome
	// Before is what operators held before a creation wrote there, of all that it replaced.
	Before map[string][]operator.RRset
	// Left says, for each operator that could not be rolled back, why.
	Left map[string]error
}

// Contents are all RRsets that one operator holds in a zone, sorted by owner name and type.
type Contents struct {
	Held []operator.RRset
	// Err is an outage or a refusal; Held says nothing then.
	Err error
}
