package probe

import (
	"crypto/tls"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/certtest"
)

// noon is the clock of the certificate tests.
var noon = time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// certificateTest is one server certificate and what a probe for www.example.com must say of it at noon.
type certificateTest struct {
	name   string
	server *tls.Config
	roots  string
	want   string // empty: success
}

func certificateTests(t *testing.T) []certificateTest {
	t.Helper()
	a, other := certtest.New(t, noon), certtest.New(t, noon)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	return []certificateTest{
		{"valid", a.Issue(t, day(-1), day(90), "www.example.com"), a.PEM, ""},
		{"wildcard", a.Issue(t, day(-1), day(90), "*.example.com"), a.PEM, ""},
		{"expired", a.Issue(t, day(-90), day(-35), "www.example.com"), a.PEM, "certificate expired on 2026-10-01"},
		{"expired a second ago", a.Issue(t, day(-90), noon.Add(-time.Second), "www.example.com"), a.PEM,
			"certificate expired on 2026-11-05"},
		{"not yet valid", a.Issue(t, day(26), day(90), "www.example.com"), a.PEM, "certificate is not valid before 2026-12-01"},
		{"other name", a.Issue(t, day(-1), day(90), "other.example"), a.PEM,
			"certificate is for other.example, not www.example.com"},
		{"many names", a.Issue(t, day(-1), day(90), "a.example", "b.example", "c.example", "d.example", "e.example"), a.PEM,
			"certificate is for a.example, b.example, c.example and 2 more, not www.example.com"},
		{"no name", a.Issue(t, day(-1), day(90)), a.PEM, "certificate is for no host name, not www.example.com"},
		{"unknown authority", a.Issue(t, day(-1), day(90), "www.example.com"), other.PEM,
			"certificate is not signed by a trusted authority: CN=Test Root"},
	}
}
