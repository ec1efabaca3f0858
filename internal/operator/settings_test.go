package operator_test

import (
	"slices"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

func TestSettings_Differences(t *testing.T) {
	declared := operator.Settings{"proxied": true, "comment": "web", "tags": []string{"b", "a"}}
	for name, test := range map[string]struct {
		want, held operator.Settings
		phrases    []string
	}{
		"the same, in another order":   {declared, declared.With("tags", []string{"a", "b"}), nil},
		"nothing declared":             {nil, declared, nil},
		"nothing kept":                 {declared, nil, []string{"proxied is false instead of true", `comment is "" instead of "web"`, "tags are [] instead of [a, b]"}},
		"off and empty equal not kept": {operator.Settings{"proxied": false, "comment": "", "tags": []string{}}, nil, nil},
		"a long list is cut": {
			operator.Settings{"tags": []string{"1", "2", "3", "4", "5", "6", "7"}}, nil,
			[]string{"tags are [] instead of [1, 2, 3, 4, 5 and 2 more]"},
		},
	} {
		if got := test.want.Differences(test.held); !slices.Equal(got, test.phrases) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What may be sensitive is not repeated.
func TestSettings_Drift(t *testing.T) {
	declared := operator.Settings{"proxied": true, "comment": "secret", "tags": []string{"secret"}}
	want := []string{"proxied is false instead of true", "comment differs", "tags differ"}
	if got := declared.Drift(operator.Settings{"comment": "older secret"}); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := declared.Drift(declared); got != nil {
		t.Errorf("equal settings drift: %q", got)
	}
}

func TestSettings_Equal(t *testing.T) {
	off := operator.Settings{"proxied": false}
	for name, test := range map[string]struct {
		a, b  operator.Settings
		equal bool
	}{
		"none":                        {nil, operator.Settings{}, true},
		"off is not undeclared":       {off, nil, false},
		"empty is not undeclared":     {operator.Settings{"comment": ""}, off, false},
		"the order of a list":         {operator.Settings{"tags": []string{"a", "b"}}, operator.Settings{"tags": []string{"b", "a"}}, true},
		"another value":               {off, off.With("proxied", true), false},
		"With leaves the first be":    {off, operator.Settings{"proxied": false}, true},
		"other words for one and two": {operator.Settings{"a": "x"}, operator.Settings{"b": "x"}, false},
	} {
		if got := test.a.Equal(test.b); got != test.equal {
			t.Errorf("%s: %t", name, got)
		}
		if got := test.b.Equal(test.a); got != test.equal {
			t.Errorf("%s, the other way round: %t", name, got)
		}
	}
}
