package dnssec

import (
	"slices"
	"time"
)

// Memory is what is kept from run to run. It changes only when something happened, so that a world that stands still
// leaves no trace.
type Memory struct {
	// Signers are what the APIs were last seen to say.
	Signers map[string]Held `json:"signers,omitempty"`
	// Listed are all keys that an operator ever listed: a stored one among them was copied, any other is a stranger's.
	Listed []string `json:"listed,omitempty"`

	// Counted are the keys that the clock runs for.
	Counted []string `json:"counted,omitempty"`
	// Since is when every server was first seen to serve them all; zero: not so far.
	Since time.Time `json:"since,omitzero"`
	// KeyTTL is the largest TTL that a server answered for DNSKEY; DataTTL that of other data where Fresh names an
	// operator.
	KeyTTL  uint32 `json:"key_ttl,omitempty"`
	DataTTL uint32 `json:"data_ttl,omitempty"`
	// Fresh are operators that have begun to sign: caches hold data without signatures.
	Fresh []string `json:"fresh,omitempty"`
	// Reached says that all caches know the counted keys.
	Reached bool `json:"reached,omitempty"`

	// Phase is the last one.
	Phase Phase `json:"phase,omitempty"`
	// Traces are what the parent was seen to hold, by operator.
	Traces map[string]Trace `json:"traces,omitempty"`
}

// Trace is what the parent was seen to hold of one operator's keys.
type Trace struct {
	// Seen says that a DS was there; Gone is when it was first seen to be gone, zero while it is there.
	Seen bool      `json:"seen"`
	Gone time.Time `json:"gone,omitzero"`
	// TTL is that of the DS, in seconds.
	TTL uint32 `json:"ttl"`
}

// margin is added to what must run out: clocks and transfers are not exact to the second.
const margin = 2 * time.Second

// wait is what must run out from Since on.
func (m Memory) wait() time.Duration {
	return time.Duration(max(m.KeyTTL, m.DataTTL))*time.Second + margin
}

// ReadyAt is when the wait is over; zero while it has not begun or when it is over.
func (m Memory) ReadyAt() time.Time {
	if m.Since.IsZero() || m.Reached {
		return time.Time{}
	}
	return m.Since.Add(m.wait())
}

// Moved reports whether something happened that must be kept: without it a later run would decide otherwise.
func (m Memory) Moved(before Memory) bool {
	same := m.Since.Equal(before.Since) && m.Reached == before.Reached && slices.Equal(m.Counted, before.Counted) &&
		slices.Equal(m.Fresh, before.Fresh) && len(m.Traces) == len(before.Traces)
	if !m.Reached {
		same = same && m.KeyTTL == before.KeyTTL && m.DataTTL == before.DataTTL
	}
	for name, trace := range m.Traces {
		was := before.Traces[name]
		same = same && trace.Seen == was.Seen && trace.Gone.Equal(was.Gone)
	}
	return !same
}

var noTime time.Time
