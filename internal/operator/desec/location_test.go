package desec

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// TestRules_LocationsAgreeWithTheService writes random locations, those of whole minutes above all: what the rules let
// pass is taken, and what they refuse answers HTTP 500. What they advise is taken.
func TestRules_LocationsAgreeWithTheService(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Options{})
	key := rrset.Key{Zone: zone, Name: "loc." + zone, Type: "LOC"}
	take := func(value string) error {
		return s.Desec.Edit(s.Zone, "loc", "LOC", 3600, value)
	}
	random := rand.New(rand.NewPCG(3, 4))
	refused := 0
	for range 2000 {
		seconds := func() string {
			return []string{"0", fmt.Sprint(random.IntN(60)), fmt.Sprintf("%d.%03d", random.IntN(60), random.IntN(1000))}[random.IntN(3)]
		}
		value := fmt.Sprintf("%d %d %s %s %d %d %s %s 10m %s 2m 2m",
			random.IntN(90), random.IntN(60)*random.IntN(2), seconds(), []string{"N", "S"}[random.IntN(2)],
			random.IntN(180), random.IntN(60)*random.IntN(2), seconds(), []string{"E", "W"}[random.IntN(2)],
			[]string{"0m", "2m", "40000000m", "50000000m", "90000000m"}[random.IntN(5)])
		canonical, err := rrset.Canonical("LOC", value)
		if err != nil {
			t.Fatal(value, err)
		}
		want := operator.RRset{RRset: rrset.RRset{Key: key, TTL: 3600, Values: []string{canonical}}}
		violations := new(Client).Check(want, nil)
		if len(violations) > 0 {
			refused++
		}
		if err := take(value); (err == nil) != (len(violations) == 0) {
			t.Errorf("%s: the rules say %v, the service %v", value, violations, err)
		}
	}
	if refused < 200 {
		t.Errorf("only %d of 2000 were refused: they prove little", refused)
	}
	for _, a := range []angle{0, 51*3600000 + 24*60000, -(58*3600000 + 15*60000), 51*3600000 + 25*60000 - 1} {
		near := a.beside()
		if err := take(degrees(near, "N", "S") + " " + degrees(near, "E", "W") + " 0m 2m 2m 2m"); err != nil || near == a {
			t.Errorf("the advice for %d is not taken: %v", a, err)
		}
	}
}

func TestRules_LocationAdvice(t *testing.T) {
	t.Parallel()
	got := locationAngle("51 24 0.000 N 58 20 0.001 E 10.00m 0.00m 100.00m 10.00m")
	if !strings.Contains(got, "angle from the latitude") || !strings.Contains(got, "Add 0.001 to its seconds") {
		t.Errorf("the message is %q", got)
	}
}

func degrees(a angle, positive, negative string) string {
	hemisphere := positive
	if a < 0 {
		a, hemisphere = -a, negative
	}
	return fmt.Sprintf("%d %d %.3f %s", a/3600000, a/60000%60, float64(a%60000)/1000, hemisphere)
}
