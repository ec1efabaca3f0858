package operator_test

import (
	"errors"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// TestRefusalError_Said: only what the service said stands in quotes.
func TestRefusalError_Said(t *testing.T) {
	answer := errors.New("HTTP 403")
	for want, refusal := range map[string]operator.RefusalError{
		`HTTP 403: "No."`:            {Answer: answer, Message: "No."},
		`HTTP 403: "No." (ask more)`: {Answer: answer, Message: "No.", Advice: "ask more"},
		"it is too long":             {Message: "it is too long"},
	} {
		if got := refusal.Said(); got != want {
			t.Errorf("said %s, want %s", got, want)
		}
	}
}
