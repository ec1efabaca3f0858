package core

import (
	"errors"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

func TestConflict_OfOtherTypes(t *testing.T) {
	for _, test := range []struct{ want, held, says string }{
		{"CNAME", "A", "a CNAME cannot stand beside"},
		{"A", "CNAME", "a CNAME cannot stand beside"},
		{"A", "NS", "hands the name over"},
		{"NS", "TXT", "hands the name over"},
		{"DS", "NS", ""},
		{"DS", "A", "nothing but its NS"},
		{"CNAME", "DS", "a CNAME cannot stand beside"},
		{"TXT", "DS", "nothing but its NS"},
		{"A", "AAAA", ""},
	} {
		key := rrset.Key{Zone: "example.com.", Name: "www.example.com.", Type: test.want}
		others := []operator.RRset{{RRset: rrset.RRset{Key: key.WithType(test.held)}}}
		err := Conflict("one", operator.RRset{RRset: rrset.RRset{Key: key}}, nil, others, nil, false)
		conflict, found := errors.AsType[*ConflictError](err)
		switch {
		case found != (test.says != ""):
			t.Errorf("%s beside %s: %v", test.want, test.held, err)
		case found && !strings.Contains(conflict.Error(), test.says):
			t.Errorf("%s beside %s: %q does not say %q", test.want, test.held, conflict, test.says)
		}
	}
}
