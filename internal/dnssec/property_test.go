package dnssec

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever happens in whatever order, no mixture of answers and caches is bogus.
func TestStep_NothingIsEverBogus(t *testing.T) {
	for theme, actions := range themes {
		t.Run(theme, func(t *testing.T) {
			reached := map[string]int{}
			rapid.Check(t, func(t *rapid.T) {
				w := newWorld(t)
				for _, action := range rapid.SliceOfN(rapid.SampledFrom(strings.Fields(actions)), 100, 100).Draw(t, "actions") {
					w.act(action)
					reached[string(w.memory.Phase)]++
				}
				w.count(reached)
			})
			t.Log(reached)
		})
	}
}

// count notes how a world ended.
func (w *world) count(reached map[string]int) {
	if w.destroyed {
		reached["destroyed"]++
	}
	if w.unsigned && w.destroyed {
		reached["unsigned, then destroyed"]++
	}
	if w.leaveStep > 1 && w.destroyed {
		reached["left in order"]++
	}
	for _, o := range w.operators {
		if o.made > 1 && o.next == nil && o.old == nil {
			reached["rolled"]++
		}
	}
}
