package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

func TestHighlights_KeepsTheNews(t *testing.T) {
	output := `
  # multidns_router.web will be updated in-place
  ~ resource "multidns_router" "web" {
      ~ active_target   = "cf-front" -> "bunny-front"
      ~ in_sync         = true -> (known after apply)
    }

Plan: 0 to add, 1 to change, 0 to destroy.

Changes to Outputs:
  ~ active_target = "cf-front" -> "bunny-front"
╷
│ Warning: Cloudflare did not answer
│
│   with multidns_record.www,
╵
╷
│ Warning: Check block assertion known after apply
╵
╷
│ Warning: Cloudflare did not answer
╵

Apply complete! Resources: 0 added, 1 changed, 0 destroyed.
`
	want := []string{
		`~ active_target = "cf-front" -> "bunny-front"`,
		"Plan: 0 to add, 1 to change, 0 to destroy.",
		"Warning: Cloudflare did not answer",
		"Apply complete! Resources: 0 added, 1 changed, 0 destroyed.",
	}
	if diff := cmp.Diff(want, highlights(output)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWriteBegan_AtTheLookBeforeTheWrite(t *testing.T) {
	at := func(second int) time.Time { return time.Unix(int64(second), 0) }
	get := func(second int) sandbox.Entry { return sandbox.Entry{Method: "GET", Start: at(second)} }
	patch := func(second int) sandbox.Entry { return sandbox.Entry{Method: "PATCH", Start: at(second)} }
	tests := []struct {
		name    string
		entries []sandbox.Entry
		want    time.Time
	}{
		{"plan, look, write", []sandbox.Entry{get(1), get(5), patch(6)}, at(5)},
		{"two writes", []sandbox.Entry{get(1), patch(2), get(3), patch(4)}, at(1)},
		{"write alone", []sandbox.Entry{patch(2)}, at(2)},
		{"no write", []sandbox.Entry{get(1)}, time.Time{}},
	}
	for _, test := range tests {
		if got := writeBegan(test.entries); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestWithin_Limits(t *testing.T) {
	for took, ok := range map[time.Duration]bool{0: true, promptly: true, promptly + 1: false, -1: false} {
		if err := within(took); (err == nil) != ok {
			t.Errorf("within(%s): %v, want ok %t", took, err, ok)
		}
	}
}
