package clitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// Init runs `init`.
func (w *Workdir) Init(ctx context.Context, args ...string) Result {
	return w.Run(ctx, slices.Concat([]string{"init"}, args)...)
}

// Plan runs `plan -detailed-exitcode`: exit code 0 is an empty plan, 2 a plan with changes, 1 an error.
func (w *Workdir) Plan(ctx context.Context, args ...string) Result {
	return w.Run(ctx, slices.Concat([]string{"plan", "-detailed-exitcode"}, args)...)
}

// Apply runs `apply -auto-approve`; a saved plan's file may be among args.
func (w *Workdir) Apply(ctx context.Context, args ...string) Result {
	return w.Run(ctx, slices.Concat([]string{"apply", "-auto-approve"}, args)...)
}

// Destroy runs `destroy -auto-approve`.
func (w *Workdir) Destroy(ctx context.Context, args ...string) Result {
	return w.Run(ctx, slices.Concat([]string{"destroy", "-auto-approve"}, args)...)
}

// PlanJSON is Plan with -json, and the diagnostics in it.
func (w *Workdir) PlanJSON(ctx context.Context, args ...string) (Result, []Diagnostic) {
	result := w.Plan(ctx, slices.Concat([]string{"-json"}, args)...)
	return result, result.Diagnostics()
}

// ApplyJSON is Apply with -json, and the diagnostics in it.
func (w *Workdir) ApplyJSON(ctx context.Context, args ...string) (Result, []Diagnostic) {
	result := w.Apply(ctx, slices.Concat([]string{"-json"}, args)...)
	return result, result.Diagnostics()
}

// Validate runs `validate -json`. It never configures the provider (design/facts/terraform-behaviour.md section 9).
func (w *Workdir) Validate(ctx context.Context, args ...string) (Result, []Diagnostic) {
	result := w.Run(ctx, slices.Concat([]string{"validate", "-json"}, args)...)
	var answer struct{ Diagnostics []Diagnostic }
	if err := json.Unmarshal([]byte(result.Stdout), &answer); err != nil && result.Err == nil {
		result.Err = fmt.Errorf("read validate -json: %w", err)
	}
	return result, answer.Diagnostics
}

// Show gives the state. The CLI is asked again only when the state file is another one by now.
func (w *Workdir) Show(ctx context.Context) (State, error) {
	file, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	if err == nil && w.shown.of != nil && bytes.Equal(file, w.shown.of) {
		return w.shown.state, nil
	}
	var answer tfjson.State
	if err := w.runJSON(ctx, &answer, "show", "-json"); err != nil {
		return State{}, err
	}
	w.shown = shown{of: file, state: newState(answer)}
	return w.shown.state, nil
}

// shown is the state that a state file holds.
type shown struct {
	of    []byte
	state State
}

// ShowPlan gives the changes, by address and "no-op" included, of the plan that `plan -out=file` saved.
func (w *Workdir) ShowPlan(ctx context.Context, file string) (map[string]tfjson.Change, error) {
	var answer tfjson.Plan
	if err := w.runJSON(ctx, &answer, "show", "-json", file); err != nil {
		return nil, err
	}
	changes := map[string]tfjson.Change{}
	for _, change := range answer.ResourceChanges {
		changes[change.Address] = *change.Change
	}
	return changes, nil
}

// StateAttr gives one attribute of a resource in state: path holds map keys (string) and list indexes (int). Null and
// absent are both nil.
func (w *Workdir) StateAttr(ctx context.Context, address string, path ...any) (any, error) {
	state, err := w.Show(ctx)
	if err != nil {
		return nil, err
	}
	resource, ok := state.Resources[address]
	if !ok {
		return nil, fmt.Errorf("state attribute: %s is not in state", address)
	}
	return resource.Attr(path...), nil
}

func (w *Workdir) runJSON(ctx context.Context, into any, args ...string) error {
	defer func(echo io.Writer) { w.Echo = echo }(w.Echo)
	w.Echo = nil // what it says is for programs
	result := w.Run(ctx, args...)
	if err := result.Must(); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(result.Stdout), into); err != nil {
		return fmt.Errorf("read %v: %w", args, err)
	}
	return nil
}
