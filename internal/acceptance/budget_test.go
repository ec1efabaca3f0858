package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// patient is a provider that gives up neither on limits nor on large answers of a busy machine early.
const patient = required + "provider \"multidns\" {\n}\n"

// counted declares so many records of one value.
func counted(n int, value string) string {
	return fmt.Sprintf(`
resource "multidns_record" "r" {
  count  = %d
  zone   = "example.com"
  name   = "r${count.index}"
  type   = "A"
  values = [%q]
}`, n, value)
}

// atMost expects no more requests at an operator since forget.
func (s *stage) atMost(operator string, reads, writes int) {
	s.t.Helper()
	log := s.box.Site(operator).Log
	gotReads, gotWrites := s.reads(operator), len(log.Writes())
	s.t.Logf("%s: %d reads (at most %d), %d writes (at most %d)", operator, gotReads, reads, gotWrites, writes)
	if gotReads > reads || gotWrites > writes {
		s.t.Errorf("%s was asked too often: %v", operator, paths(log.Entries()))
	}
}

// light expects that no provider took more memory than 1000 RRsets may cost.
func (s *stage) light(results ...clitest.Result) {
	s.t.Helper()
	const most = 150e6
	for _, r := range results {
		s.t.Logf("%v: a provider took %.0f MB (at most %.0f)", r.Args[1:], float64(r.ProviderPeak)/1e6, most/1e6)
		if r.ProviderPeak > most {
			s.t.Errorf("%v: a provider took %d bytes, want at most %.0f", r.Args[1:], r.ProviderPeak, most)
		}
	}
}

func TestAccBudget_QuietPlan(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		withID := strings.Replace(provider, "{\n  request", "{\n  cloudflare = { zone_ids = { \"example.com\" = \""+s.box.Cloudflare.ZoneID+"\" } }\n  request", 1)
		s.configure(withID + sixTypes + router("10:00:00", "", fronts("true", "true")))
		s.apply(0)
		s.forget()
		s.plan(0)
		s.atMost("cloudflare", 1, 0) // no zone look-up: the id is configured
		s.atMost("desec", 1, 0)      // no domain look-up: the TTLs were accepted before
		s.forget()
		s.apply(0)
		s.atMost("cloudflare", 1, 0)
		s.atMost("desec", 1, 0)
	})
}

// Two pages at deSEC are two lists, however many resources read them. Of 600 RRsets 120 are declared: what more of them
// cost is the CLI's own time, which grows with their square.
func TestAccBudget_SixHundredRecords(t *testing.T) {
	t.Parallel()
	const n, others = 120, 480
	s := newStage(t, clitest.RequireCLIs(t)[0], sandbox.Options{CloudflareQuota: 2 * (n + others)})
	for i := range n {
		s.both(fmt.Sprintf("r%d", i), "A", 3600, "192.0.2.1")
	}
	for i := range others {
		s.both(fmt.Sprintf("other%d", i), "A", 3600, "192.0.2.2")
	}
	s.work.Weigh = true
	s.configure(patient + counted(n, "192.0.2.1"))
	s.forget()
	a := s.apply(0)
	s.nothingWritten() // all were there
	s.forget()
	r := s.plan(0)
	s.atMost("cloudflare", 2, 0)
	s.atMost("desec", 2, 0)
	s.light(a, r)
	t.Logf("a plan of %d records without change, of %d, took %s", n, n+others, r.Duration)
}

// A small configuration in a huge zone does not pay for the huge zone.
func TestAccBudget_FewRecordsInAHugeZone(t *testing.T) {
	t.Parallel()
	const foreign = 3000
	onOneCLI(t, sandbox.Options{CloudflareQuota: 2 * foreign}, func(t *testing.T, s *stage) {
		for i := range foreign {
			s.both(fmt.Sprintf("foreign%d", i), "TXT", 3600, `"not declared"`)
		}
		before := s.held("desec")
		s.configure(counted(3, "192.0.2.1"))
		s.apply(0)
		s.forget()
		s.plan(0)
		s.atMost("cloudflare", 2, 0)
		s.atMost("desec", 4, 0) // the first page, and each of three names; six pages would be all
		if got := len(s.held("desec")); got != len(before)+3 {
			t.Errorf("deSEC holds %d RRsets, want %d", got, len(before)+3)
		}
	})
}

// Ten at a time leave in one request to each operator. How they fall together is a matter of scheduling, so two more
// are allowed.
func TestAccBudget_HundredRecords(t *testing.T) {
	onOneCLI(t, sandbox.Options{Limits: false}, func(t *testing.T, s *stage) {
		s.configure(patient + counted(100, "192.0.2.1"))
		s.forget()
		s.apply(0, "-parallelism=10")
		s.atMost("cloudflare", 5, 12) // plan and apply are two walks, and that the zone is empty is asked once more
		s.atMost("desec", 4, 12)
		s.identical()
		s.configure(patient + counted(100, "192.0.2.2"))
		s.plan(2, "-out=change.tfplan")
		s.forget()
		s.apply(0, "-parallelism=10", "change.tfplan")
		s.atMost("cloudflare", 2, 12)
		s.atMost("desec", 1, 12)
		s.settled()
	})
}

// A limit that lasts for 50 minutes is not waited for, and is told.
func TestAccBudget_LongLimitIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	eachOperatorOut(t, func(t *testing.T, s *stage, out string) {
		const maxWait = 5 * time.Second // of the provider block
		name := map[string]string{"cloudflare": "Cloudflare", "desec": "deSEC"}[out]
		s.configure(record("r", "www", "A", first))
		s.apply(0)
		s.box.Site(out).Faults.Set(sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 3000, Methods: sandbox.Writes})
		for _, mode := range []string{"degrade", "fail"} {
			exit := map[string]int{"degrade": 0, "fail": 1}[mode]
			s.configure(record("r", "www", "A", fmt.Sprintf("values = [\"192.0.2.%d\"]\non_outage = %q", 10+exit, mode)))
			s.forget()
			r := s.apply(exit)
			said := flat(r.Stdout + r.Stderr)
			for _, word := range []string{name, "50m0s", "max_wait"} {
				if !strings.Contains(said, flat(word)) {
					t.Errorf("nobody says %q:\n%s", word, r)
				}
			}
			if got := len(s.box.Site(out).Log.Writes()); got != 1 {
				t.Errorf("%s was written %d times, want once", out, got)
			}
			t.Logf("%s: %s, max_wait is %s", mode, r.Duration, maxWait)
		}
		s.box.Site(out).Faults.Clear()
		s.apply(0)
		s.settled()
	})
}
