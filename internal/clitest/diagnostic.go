package clitest

import (
	"encoding/json"
	"slices"
	"strings"
)

// Diagnostic is one error or warning of a command that ran with -json
// (https://developer.hashicorp.com/terraform/internals/machine-readable-ui#diagnostic).
type Diagnostic struct {
	Severity string `json:"severity"` // "error" or "warning"
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Address  string `json:"address"` // of the resource; empty for the provider block
	Range    *struct {
		Filename string `json:"filename"`
	} `json:"range"`
	Snippet struct {
		Context string `json:"context"` // such as `resource "multidns_record" "www"`
		Code    string `json:"code"`    // the line of configuration that is at fault: shows which attribute
	} `json:"snippet"`
}

// Text is summary and detail, for a look at all that a person would read.
func (d Diagnostic) Text() string { return d.Summary + "\n" + d.Detail }

// Diagnostics gives those in the output of `plan -json` or `apply -json`. Lines that are not JSON are skipped: a CLI
// that dies prints some.
func (r Result) Diagnostics() []Diagnostic {
	var diagnostics []Diagnostic
	for line := range strings.Lines(r.Stdout) {
		var message struct {
			Type       string      `json:"type"`
			Diagnostic *Diagnostic `json:"diagnostic"`
		}
		if json.Unmarshal([]byte(line), &message) == nil && message.Diagnostic != nil {
			diagnostics = append(diagnostics, *message.Diagnostic)
		}
	}
	return diagnostics
}

// WithSeverity keeps those of severity "error" or "warning".
func WithSeverity(severity string, diagnostics []Diagnostic) []Diagnostic {
	return slices.DeleteFunc(slices.Clone(diagnostics), func(d Diagnostic) bool { return d.Severity != severity })
}
