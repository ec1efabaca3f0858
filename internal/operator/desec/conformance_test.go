package desec_test

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/desec"
	"github.com/multidns/terraform-provider-multidns/internal/operator/operatortest"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	sandboxdesec "github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

const pageSize = 20

// site shows a sandbox's deSEC to the conformance suite. Records come in another order each time, because deSEC
// promises none.
func site(t *testing.T) operatortest.Site {
	t.Helper()
	s := sandboxtest.Start(t, sandbox.Options{DesecPageSize: pageSize, DesecShuffle: true})
	d := s.Desec
	return operatortest.Site{
		BaseURL: d.BaseURL, Token: d.Token,
		Held: func() (held []operatortest.Held) {
			for _, r := range d.API.Stored(s.Zone) {
				held = append(held, operatortest.Held{Name: r.Name, Type: r.Type, TTL: r.TTL, Values: r.Values})
			}
			return held
		},
		Put: func(h operatortest.Held) error {
			subname := strings.TrimSuffix(strings.TrimSuffix(h.Name, s.Zone+"."), ".")
			return d.API.Edit(s.Zone, subname, h.Type, int(h.TTL), h.Values)
		},
		Fault: func(f operatortest.Fault) {
			d.Faults.Set(sandbox.Fault{Kind: sandbox.Kind(f.Kind), Count: f.Count, RetryAfter: f.RetryAfter, Delay: f.Delay, Body: f.Body})
		},
		Clear: d.Faults.Clear,
		Forbid: func() operatortest.Held {
			good, typ := "good", "A"
			d.API.SetPolicies(sandboxdesec.Policy{}, sandboxdesec.Policy{Domain: &s.Zone, Subname: &good, Type: &typ, Write: true})
			return operatortest.Held{Name: "other." + s.Zone + ".", Type: "A", TTL: 3600, Values: []string{"192.0.2.1"}}
		},
		Requests: func() (all []operatortest.Request) {
			for _, e := range d.Log.Entries() {
				all = append(all, operatortest.Request{Writes: e.Method != "GET", What: e.Method + " " + e.Path})
			}
			return all
		},
	}
}

func newOperator(t *testing.T, a operatortest.Access) operator.Operator {
	t.Helper()
	c, err := desec.New(desec.Config{Token: a.Token, BaseURL: a.BaseURL, Timeout: a.Timeout, MaxWait: a.MaxWait, UserAgent: "multidns-test"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConformance(t *testing.T) {
	t.Parallel()
	operatortest.Run(t, operatortest.Suite{
		Zone:         sandbox.Zone + ".",
		Start:        site,
		New:          newOperator,
		Crowd:        2*pageSize + 1,
		NamesCulprit: true,
		Hostile: []string{
			`[{"subname":"www","type":"A","ttl":3600,"records":["192.0.2.1",null]}]`,
			`[{"subname":"www","type":"A","ttl":-1,"records":["192.0.2.1"]}]`,
			`[{"subname":"www","type":"A","ttl":3600.5,"records":["192.0.2.1"]}]`,
			`[{"subname":null,"type":"A","ttl":3600,"records":["192.0.2.1"]}]`,
			`[{"domain":"example.org","subname":"","type":"A","ttl":3600,"records":["192.0.2.1"]}]`,
			`{"name":"example.org","minimum_ttl":3600,"keys":[]}`,
			`{"name":"example.com","minimum_ttl":"3600"}`,
			`{"name":"example.com","minimum_ttl":3600,"keys":{}}`,
		},
	})
}

// TestClient_StoredIsNotPublished is deSEC's JSON 500: the error says that the change is stored, and it is.
func TestClient_StoredIsNotPublished(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Options{})
	c := newOperator(t, operatortest.Access{BaseURL: s.Desec.BaseURL, Token: s.Desec.Token})
	key, err := rrset.NewKey(s.Zone, "www", "A")
	if err != nil {
		t.Fatal(err)
	}
	s.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.JSON500AfterCommit, Methods: sandbox.Writes})
	want := operator.RRset{RRset: rrset.RRset{Key: key, TTL: 3600, Values: []string{"192.0.2.1"}}}
	_, err = c.Write(t.Context(), key.Zone, []operator.Change{{After: &want}})
	if e := operator.AsOutage(err); e == nil || !e.InDoubt || !e.Stored {
		t.Errorf("error is %#v, want an outage that says the change is stored", err)
	}
	held, err := c.ListName(t.Context(), key.Zone, key.Name)
	if err != nil || len(held) != 1 || !held[0].Equal(want.RRset) {
		t.Errorf("held is %v, error %v; want %v", held, err, want.RRset)
	}
	for _, r := range s.Desec.API.Published(s.Zone) {
		if r.Name == key.Name {
			t.Errorf("%v is published: the fault proves nothing", r)
		}
	}
	unpublished := func(want bool) {
		t.Helper()
		z, err := c.Zone(t.Context(), key.Zone)
		if err != nil || z.Unpublished != want {
			t.Errorf("zone %+v, error %v; want unpublished to be %t", z, err, want)
		}
		if got, err := c.(operator.Publisher).Unpublished(t.Context(), key.Zone); err != nil || got != want {
			t.Errorf("unpublished %t, error %v; want %t", got, err, want)
		}
	}
	unpublished(true)
	s.Desec.Faults.Clear()
	again := want
	if _, err := c.Write(t.Context(), key.Zone, []operator.Change{{Before: &held[0], After: &again}}); err != nil {
		t.Fatal(err)
	}
	unpublished(true) // the same once more hands nothing over
	again.TTL = 7200
	if _, err := c.Write(t.Context(), key.Zone, []operator.Change{{Before: &held[0], After: &again}}); err != nil {
		t.Fatal(err)
	}
	unpublished(false)
}
