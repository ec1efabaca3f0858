package clitest

import tfjson "github.com/hashicorp/terraform-json"

// State is the resources of what `show -json` tells of the state, flattened over modules.
type State struct {
	Resources map[string]Resource // by address; a deposed object's is "address (deposed KEY)"
}

// Resource is one resource instance or data source in state.
type Resource struct{ tfjson.StateResource }

// Attr follows path through the values; what is not there is nil.
func (r Resource) Attr(path ...any) any {
	var value any = r.AttributeValues
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

func newState(from tfjson.State) State {
	state := State{Resources: map[string]Resource{}}
	if from.Values != nil {
		state.collect(from.Values.RootModule)
	}
	return state
}

func (s State) collect(m *tfjson.StateModule) {
	if m == nil {
		return
	}
	for _, resource := range m.Resources {
		key := resource.Address
		if resource.DeposedKey != "" {
			key += " (deposed " + resource.DeposedKey + ")"
		}
		s.Resources[key] = Resource{*resource}
	}
	for _, child := range m.ChildModules {
		s.collect(child)
	}
}
