package dnssec

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever happens in whatever order, no mixture of answers and caches is bogus.
func TestStep_NothingIsEverBogus(t *testing.T) {
	reached := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		for _, action := range rapid.SliceOfN(rapid.SampledFrom(actions), 100, 100).Draw(t, "actions") {
			w.act(action)
			reached[string(w.memory.Phase)]++
		}
		if w.destroyed {
			reached["destroyed"]++
		}
		if w.leaveStep > 1 && w.destroyed {
			reached["left in order"]++
		}
		for _, o := range w.operators {
			if o.made > 1 && o.next == nil && o.old == nil {
				reached["rolled"]++
			}
		}
	})
	t.Log(reached)
}
