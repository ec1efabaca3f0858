package desec

// describe is the answer to OPTIONS: the fields that a verb takes (design/facts/desec-exchanges.jsonl
// b-0189, i-0036, i-0037).
func describe(name string, verbs ...string) object {
	o := object{
		{"name", name}, {"description", ""},
		{"renders", []string{"application/json"}}, {"parses", []string{"application/json"}},
	}
	if len(verbs) == 0 {
		return o
	}
	var actions object
	for _, verb := range verbs {
		actions = append(actions, member{verb, object{
			describeField("datetime", false, true, "Created").named("created"),
			describeField("field", false, true, "Domain").named("domain"),
			describeField("string", false, false, "Subname", member{"max_length", 178}).named("subname"),
			describeField("field", false, true, "Name").named("name"),
			describeField("field", true, false, "Records", member{"child", object{
				{"type", "nested object"}, {"required", true}, {"read_only", false},
				{"children", object{describeField("string", true, false, "Content").named("content")}},
			}}).named("records"),
			describeField("integer", true, false, "Ttl", member{"max_value", maximumTTL}).named("ttl"),
			describeField("string", true, false, "Type", member{"max_length", 10}).named("type"),
			describeField("datetime", false, true, "Touched").named("touched"),
		}})
	}
	return append(o, member{"actions", actions})
}

func describeField(kind string, isRequired, readOnly bool, label string, more ...member) object {
	return append(object{{"type", kind}, {"required", isRequired}, {"read_only", readOnly}, {"label", label}}, more...)
}

func (o object) named(name string) member { return member{name, o} }
