package probe

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// control is one URL that shows whether the runner sees the Internet at all.
type control struct {
	name string // the host alone: a URL may hold a secret
	Prober
}

// ValidateControls returns a *ConfigError for the first URL that cannot be asked.
func ValidateControls(urls []string) error {
	for i, u := range urls {
		_, err := newControl(u)
		if e, ok := errors.AsType[*ConfigError](err); ok {
			return &ConfigError{fmt.Sprintf("controls[%d]", i), e.Message}
		}
	}
	return nil
}

// newControl accepts any answer below 500: a redirect or a "not found" was seen by a runner with eyes. A 5xx is what a
// broken proxy or gateway in the runner's own network says.
func newControl(u string) (control, error) {
	p, err := NewHTTP(HTTP{URL: u, ExpectedStatus: []string{"200-499"}})
	if err != nil {
		return control{}, err
	}
	return control{HTTP{URL: u}.Host(), p}, nil
}

// controlProbers leaves out what ValidateControls refuses.
func controlProbers(urls []string) []control {
	var list []control
	for _, u := range urls {
		if c, err := newControl(u); err == nil {
			list = append(list, c)
		}
	}
	return list
}

// witness asks the controls once, side by side, when somebody first wants to know.
type witness struct {
	ctx      context.Context
	controls []control
	timeout  time.Duration

	once    sync.Once
	group   sync.WaitGroup
	results chan controlResult
}

type controlResult struct {
	position int
	Result
}

func newWitness(ctx context.Context, controls []control, timeout time.Duration) *witness {
	return &witness{ctx: ctx, controls: controls, timeout: timeout, results: make(chan controlResult, len(controls))}
}

func (w *witness) ask() {
	w.once.Do(func() {
		for i, c := range w.controls {
			w.group.Go(func() { w.results <- controlResult{i, try(w.ctx, c, w.timeout)} })
		}
	})
}

// blind reports whether every control failed, and how the first in the list did: which one fails first is chance, and
// the reason must be the same as long as its cause is. Without controls nobody is blind.
func (w *witness) blind() (bool, string) {
	w.ask()
	failures := make([]string, len(w.controls))
	for range w.controls {
		r := <-w.results
		if r.Success {
			return false, ""
		}
		failures[r.position] = w.controls[r.position].name + ": " + r.Reason
	}
	if len(failures) == 0 {
		return false, ""
	}
	return true, failures[0]
}

// wait ends with the last control; the end of ctx ends them all.
func (w *witness) wait() {
	w.once.Do(func() {}) // nobody may begin now
	w.group.Wait()
}
