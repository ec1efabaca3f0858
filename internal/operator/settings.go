package operator

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Settings are what an operator can keep with an RRset beyond DNS, by the word that users write: a bool, a string, or a
// []string whose order says nothing. One that is not there is "not declared" in what is wanted, so left as it is, and
// "not kept" in what was observed.
type Settings map[string]any

// Bool is a setting that is on or off.
func (s Settings) Bool(name string) (value, there bool) { return settingAs[bool](s, name) }

// Text is a setting that is a string.
func (s Settings) Text(name string) (value string, there bool) { return settingAs[string](s, name) }

// List is a setting that is a list of strings.
func (s Settings) List(name string) (values []string, there bool) {
	return settingAs[[]string](s, name)
}

func settingAs[T any](s Settings, name string) (value T, there bool) {
	value, there = s[name].(T)
	return value, there
}

// With is a copy of s in which the setting has this value.
func (s Settings) With(name string, value any) Settings {
	next := Settings{}
	maps.Copy(next, s)
	next[name] = value
	return next
}

// Equal reports whether both declare the same.
func (s Settings) Equal(other Settings) bool {
	return maps.EqualFunc(s, other, func(a, b any) bool { return difference(a, b) == "" })
}

// Differences says in what held is not as s declares, one phrase each. What s does not declare is not compared.
func (s Settings) Differences(held Settings) []string {
	var phrases []string
	for _, name := range s.names() {
		if text := difference(s[name], held[name]); text != "" {
			phrases = append(phrases, name+" "+text)
		}
	}
	return phrases
}

// Drift is Differences without texts and lists, which may be sensitive: what is on or off is said, of anything else
// only that it differs.
func (s Settings) Drift(held Settings) []string {
	var phrases []string
	for _, name := range s.names() {
		text := difference(s[name], held[name])
		if text == "" {
			continue
		}
		switch s[name].(type) {
		case string:
			text = "differs"
		case []string:
			text = "differ"
		}
		phrases = append(phrases, name+" "+text)
	}
	return phrases
}

// difference compares one setting; held may be missing, which counts as off or empty.
func difference(want, held any) string {
	switch want := want.(type) {
	case bool:
		if has, _ := held.(bool); has != want {
			return fmt.Sprintf("is %t instead of %t", has, want)
		}
	case string:
		if has, _ := held.(string); has != want {
			return fmt.Sprintf("is %q instead of %q", has, want)
		}
	case []string:
		list, _ := held.([]string)
		has, want := slices.Sorted(slices.Values(list)), slices.Sorted(slices.Values(want))
		if !slices.Equal(has, want) {
			return fmt.Sprintf("are %s instead of %s", Listing(has), Listing(want))
		}
	}
	return ""
}

// names are sorted by kind and then by name: what is on or off comes first.
func (s Settings) names() []string {
	kind := func(name string) int {
		switch s[name].(type) {
		case bool:
			return 0
		case string:
			return 1
		}
		return 2
	}
	return slices.SortedFunc(maps.Keys(s), func(a, b string) int {
		return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(a, b))
	})
}
