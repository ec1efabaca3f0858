package memory

import (
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/operatortest"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const zone = "example.com."

func TestConformance(t *testing.T) {
	operatortest.Run(t, operatortest.Suite{
		Zone: zone, Start: start, Crowd: 2*pageSize + 1, WithoutHTTP: true,
		New: func(t *testing.T, a operatortest.Access) operator.Operator {
			o, err := Descriptor.Open(operator.Account{Settings: operator.Settings{"place": a.Token}, MaxWait: a.MaxWait})
			if err != nil {
				t.Fatal(err)
			}
			return o
		},
	})
}

// start opens the place that has the test's name; it stands for the token.
func start(t *testing.T) operatortest.Site {
	s := At(t.Name(), zone)
	return operatortest.Site{
		Token: t.Name(),
		Held: func() (held []operatortest.Held) {
			for _, r := range s.Held() {
				held = append(held, operatortest.Held{Name: r.Name, Type: r.Type, TTL: r.TTL, Values: r.Values})
			}
			return held
		},
		Put: func(h operatortest.Held) error {
			key := rrset.Key{Zone: zone, Name: h.Name, Type: h.Type}
			if len(h.Values) == 0 {
				s.Delete(key)
				return nil
			}
			s.Put(operator.RRset{RRset: rrset.Observed(key, h.TTL, h.Values)})
			return nil
		},
		Requests: func() []operatortest.Request {
			reads, writes := s.Asked()
			all := make([]operatortest.Request, reads+writes)
			for i := range writes {
				all[i].Writes = true
			}
			return all
		},
	}
}

func TestAllowance(t *testing.T) {
	s := At(t.Name(), zone)
	o, err := Descriptor.Open(operator.Account{Settings: operator.Settings{"place": t.Name()}})
	if err != nil {
		t.Fatal(err)
	}
	s.Busy(time.Second)
	ctx := operator.WithMaxWait(t.Context(), 2*time.Second)
	for i := range 3 {
		_, err := o.Zone(ctx, zone)
		if outage := operator.AsOutage(err); (i < 2) != (err == nil) || i == 2 && (outage == nil || outage.RetryAfter != time.Second) {
			t.Errorf("call %d: %v", i, err)
		}
	}
}
