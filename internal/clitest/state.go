package clitest

// State is what `show -json` tells of the state, flattened over modules
// (https://developer.hashicorp.com/terraform/internals/json-format#state-representation).
type State struct {
	Resources map[string]Resource // by address; a deposed object's is "address (deposed KEY)"
	Outputs   map[string]any
}

// Resource is one resource instance or data source in state.
type Resource struct {
	Address string         `json:"address"`
	Mode    string         `json:"mode"` // "managed" or "data"
	Type    string         `json:"type"`
	Name    string         `json:"name"`
	Index   any            `json:"index"`
	Tainted bool           `json:"tainted"`
	Deposed string         `json:"deposed_key"`
	Values  map[string]any `json:"values"`
}

// Attr follows path through the values; what is not there is nil.
func (r Resource) Attr(path ...any) any { return follow(r.Values, path) }

// Plan is what `show -json FILE` tells of a saved plan.
type Plan struct {
	Changes map[string]Change // by address, changes of "no-op" included
	Drift   map[string]Change // "Objects have changed outside"
	Outputs map[string]Change
}

// Change is one planned change. Values are as encoding/json decodes them; in AfterUnknown true stands for unknown.
type Change struct {
	Actions      []string `json:"actions"` // such as ["update"] or ["delete", "create"]
	Before       any      `json:"before"`
	After        any      `json:"after"`
	AfterUnknown any      `json:"after_unknown"`
	Importing    any      `json:"importing"`
	ReplacePaths any      `json:"replace_paths"`
}

func follow(value any, path []any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[step]
		case int:
			list, _ := value.([]any)
			if step < 0 || step >= len(list) {
				return nil
			}
			value = list[step]
		default:
			return nil
		}
	}
	return value
}

type shownState struct {
	Values struct {
		Outputs map[string]struct {
			Value any `json:"value"`
		} `json:"outputs"`
		RootModule shownModule `json:"root_module"`
	} `json:"values"`
}

type shownModule struct {
	Resources    []Resource    `json:"resources"`
	ChildModules []shownModule `json:"child_modules"`
}

func (s shownState) state() State {
	state := State{Resources: map[string]Resource{}, Outputs: map[string]any{}}
	for name, output := range s.Values.Outputs {
		state.Outputs[name] = output.Value
	}
	s.Values.RootModule.collect(state.Resources)
	return state
}

func (m shownModule) collect(into map[string]Resource) {
	for _, resource := range m.Resources {
		key := resource.Address
		if resource.Deposed != "" {
			key += " (deposed " + resource.Deposed + ")"
		}
		into[key] = resource
	}
	for _, child := range m.ChildModules {
		child.collect(into)
	}
}

type shownPlan struct {
	ResourceChanges []shownChange     `json:"resource_changes"`
	ResourceDrift   []shownChange     `json:"resource_drift"`
	OutputChanges   map[string]Change `json:"output_changes"`
}

type shownChange struct {
	Address string `json:"address"`
	Deposed string `json:"deposed"`
	Change  Change `json:"change"`
}

func (s shownPlan) plan() Plan {
	return Plan{Changes: byAddress(s.ResourceChanges), Drift: byAddress(s.ResourceDrift), Outputs: s.OutputChanges}
}

func byAddress(changes []shownChange) map[string]Change {
	result := map[string]Change{}
	for _, change := range changes {
		key := change.Address
		if change.Deposed != "" {
			key += " (deposed " + change.Deposed + ")"
		}
		result[key] = change.Change
	}
	return result
}
