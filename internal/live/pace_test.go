package live

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

// pace keeps all that passes a proxy within a service's limits together: the suite's client and each process of the
// provider count for themselves, and do not know of each other. Nor does a second run know of the first, for which
// there is a file: deSEC counts by hour and day.
type pace struct {
	mu     sync.Mutex
	limits []limit
	sent   []sent
	file   string
}

// limit is so many requests in any span of so much time.
type limit struct {
	kind kind
	most int
	span time.Duration
}

type kind string

const (
	reads  kind = "read"
	writes kind = "write"
	all    kind = ""
)

// sent is a request with its end: the service counted it somewhere between its beginning and its end.
type sent struct {
	at   time.Time
	kind kind
}

const day = 24 * time.Hour

// desecPace are the limits of design/facts/desec-api.md section 7.
func desecPace(file string) *pace {
	p := &pace{file: file, limits: []limit{
		{writes, 2, time.Second}, {writes, 15, time.Minute}, {writes, 100, time.Hour}, {writes, 300, day}, {reads, 10, time.Second}, {reads, 50, time.Minute}, {all, 2000, day},
	}}
	p.recall()
	return p
}

// paceFile is where runs against the same zone at the same service remember their requests.
func paceFile(t *testing.T, base, zone string) string {
	t.Helper()
	root := clitest.RequireRoot(t)
	name := fnv.New64a()
	_, _ = name.Write([]byte(base + " " + zone))
	return filepath.Join(root, ".cache", fmt.Sprintf("live-%x.sent", name.Sum64()))
}

// recall reads what was sent before. Without the file nothing was.
func (p *pace) recall() {
	f, err := os.Open(p.file)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		at, what, _ := strings.Cut(lines.Text(), " ")
		if when, err := time.Parse(time.RFC3339Nano, at); err == nil && time.Since(when) < day {
			p.sent = append(p.sent, sent{when, kind(what)})
		}
	}
}

func (p *pace) remember(s sent) {
	p.sent = append(p.sent, s)
	f, err := os.OpenFile(p.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return // the next run may have to hear 429
	}
	_, _ = fmt.Fprintln(f, s.at.Format(time.RFC3339Nano), s.kind)
	_ = f.Close()
}

// next is when the next request of a kind may go.
func (p *pace) next(of kind) time.Time {
	var latest time.Time
	for _, l := range p.limits {
		if l.kind != all && l.kind != of {
			continue
		}
		left := l.most
		for i := len(p.sent) - 1; i >= 0 && left > 0; i-- {
			if l.kind != all && p.sent[i].kind != l.kind {
				continue
			}
			if left--; left == 0 && p.sent[i].at.Add(l.span).After(latest) {
				latest = p.sent[i].at.Add(l.span)
			}
		}
	}
	return latest
}

// do waits for the limits, one request at a time, and carries it out.
func (p *pace) do(r *http.Request, carry func()) {
	if p == nil {
		carry()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	of := writes
	if r.Method == http.MethodGet {
		of = reads
	}
	wait := time.Until(p.next(of))
	if wait > time.Minute {
		fmt.Fprintf(os.Stderr, "waiting %s for the limits of the service\n", wait.Round(time.Second))
	}
	select {
	case <-time.After(wait):
	case <-r.Context().Done():
		return
	}
	carry()
	p.remember(sent{time.Now(), of})
}

// A second run knows what the first one sent, and an hour's writes are an hour's in both together.
func TestPace_RemembersFormerRuns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sent")
	first := desecPace(file)
	begun := time.Now().Add(-50 * time.Minute)
	for i := range 100 {
		first.remember(sent{begun.Add(time.Duration(i) * time.Second), writes})
	}
	first.remember(sent{begun, reads})
	second := desecPace(file)
	if got, want := second.next(writes), begun.Add(time.Hour); !got.Equal(want.Round(0)) {
		t.Errorf("the next write goes at %s, want %s", got, want)
	}
	if got := second.next(reads); got.After(time.Now()) {
		t.Errorf("the next read waits until %s", got)
	}
	for range 1900 {
		second.sent = append(second.sent, sent{begun, reads})
	}
	if got, want := second.next(reads), begun.Add(day); got.Before(want) {
		t.Errorf("the account's day is used up, and the next read goes at %s, want %s", got, want)
	}
}
