package cloudflare

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// direct carries exchanges to the fake without a network, so that a bubble's clock is the only one, and counts what was
// too many.
type direct struct {
	http.Handler
	asked, refused atomic.Int64
}

func (d *direct) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(10 * time.Millisecond)
	if r.Body == nil {
		r.Body = http.NoBody // a server never sees nil
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	d.asked.Add(1)
	if w.Code == http.StatusTooManyRequests {
		d.refused.Add(1)
	}
	time.Sleep(10 * time.Millisecond)
	return w.Result(), nil
}

// TestClient_SharesTheLimit: the dashboard and other tools of the same user count in the same 1200 requests, and one
// too many locks all of them out. The headers do not tell how many others have spent (design/facts/cloudflare-api.md
// section 6), so what is under way then is refused; it is sent once more after the lock-out, and nothing else is sent.
func TestClient_SharesTheLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		others         int
		asked, refused int64
		took           time.Duration // at most
	}{
		{"enough is left", 1000, 21, 0, time.Second},
		{"some are left", 1190, 21 + 11, 11, 5*time.Minute + time.Second},
		{"one is left", 1199, 21 + 20, 20, 5*time.Minute + time.Second},
		{"locked out already", 1201, 22, 1, 5*time.Minute + time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := fake.New(fake.Options{Token: testToken, Limits: true, Zones: []fake.Zone{{ID: testZoneID, Name: "example.com"}}})
				for range c.others {
					r := httptest.NewRequest(http.MethodGet, defaultBaseURL+"/zones", nil)
					r.Header.Set("Authorization", "Bearer "+testToken)
					server.ServeHTTP(httptest.NewRecorder(), r)
				}
				service := &direct{Handler: server}
				config := Config{Token: testToken, MaxWait: 10 * time.Minute}
				withZoneID(&config)
				client, err := newClient(config, service)
				if err != nil {
					t.Fatal(err)
				}
				client.identity.firstAsk(testZone) // that costs a request of its own
				began := time.Now()
				var all sync.WaitGroup
				read := func() {
					if _, err := client.ListName(t.Context(), testZone, testZone); err != nil {
						t.Errorf("a read failed: %v", err)
					}
				}
				all.Go(read)
				time.Sleep(100 * time.Millisecond)
				for range 19 {
					all.Go(read)
				}
				change := operator.Change{After: wantSet(t, "www", "A", 3600, "192.0.2.1")}
				all.Go(func() {
					if _, err := client.Write(t.Context(), testZone, []operator.Change{change}); err != nil {
						t.Errorf("the write failed: %v", err)
					}
				})
				all.Wait()
				if asked, refused := service.asked.Load(), service.refused.Load(); asked != c.asked || refused != c.refused {
					t.Errorf("%d requests and %d times 429, want %d and %d", asked, refused, c.asked, c.refused)
				}
				if took := time.Since(began); took > c.took {
					t.Errorf("it took %s, want at most %s", took, c.took)
				}
				if held := server.Records("example.com"); len(held) != 1 {
					t.Errorf("the zone holds %v, want the one record", held)
				}
			})
		})
	}
}
