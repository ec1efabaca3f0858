package desec

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

// direct carries exchanges to the fake without a network, so that a bubble's clock is the only one, and counts what was
// too many.
type direct struct {
	http.Handler
	latency time.Duration
	refused atomic.Int64
}

func (d *direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody // a server never sees nil
	}
	time.Sleep(d.latency)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	if w.Code == http.StatusTooManyRequests {
		d.refused.Add(1)
	}
	time.Sleep(d.latency)
	return w.Result(), nil
}

// TestClient_StaysWithinTheLimits lets the fake count requests as deSEC does while a client is in a hurry for several
// minutes.
func TestClient_StaysWithinTheLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		times   int
		within  time.Duration // as fast as the limits allow, with some reserve
		hurried func(t *testing.T, c *Client, i int) error
	}{
		{"writes to one zone", 40, 4 * time.Minute, func(t *testing.T, c *Client, i int) error {
			_, err := c.Write(t.Context(), zone, []operator.Change{create(fmt.Sprintf("n%d", i), "A", 3600, "192.0.2.1")})
			return err
		}},
		{"writes to two zones in turn", 50, 3 * time.Minute, func(t *testing.T, c *Client, i int) error {
			in := []string{"example.com.", "example.org."}[i%2]
			r := at(in, fmt.Sprintf("n%d", i), "A", 3600, "192.0.2.1")
			_, err := c.Write(t.Context(), in, []operator.Change{{After: &r}})
			return err
		}},
		{"reads", 150, 6 * time.Minute, func(t *testing.T, c *Client, i int) error {
			if i%3 == 0 {
				_, err := c.Zone(t.Context(), zone)
				return err
			}
			_, err := c.ListName(t.Context(), zone, zone)
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := &direct{Handler: fake.New(fake.Options{
					Token: "t0ken", Limits: true, Domains: []fake.Domain{{Name: "example.com"}, {Name: "example.org"}},
				})}
				client, err := newClient(Config{Token: "t0ken"}, service)
				if err != nil {
					t.Fatal(err)
				}
				started := time.Now()
				for i := range c.times {
					if err := c.hurried(t, client, i); err != nil {
						t.Fatalf("request %d: %v", i, err)
					}
				}
				if n := service.refused.Load(); n != 0 {
					t.Errorf("%d requests were too many", n)
				}
				if took := time.Since(started); took > c.within {
					t.Errorf("%d requests took %s, want at most %s", c.times, took, c.within)
				}
			})
		})
	}
}

// TestClient_LearnsFromA429: another process of the same account used up what there is. One request finds out, and the
// others of its scope wait for the same slot instead of a 429 each, which would count against the day.
func TestClient_LearnsFromA429(t *testing.T) {
	t.Parallel()
	read := func(zone string) func(*testing.T, *Client, int) error {
		return func(t *testing.T, c *Client, _ int) error {
			_, err := c.ListName(t.Context(), zone, zone)
			return err
		}
	}
	write := func(zone string) func(*testing.T, *Client, int) error {
		return func(t *testing.T, c *Client, i int) error {
			r := at(zone, fmt.Sprintf("n%d", i), "A", 3600, "192.0.2.1")
			_, err := c.Write(t.Context(), zone, []operator.Change{{After: &r}})
			return err
		}
	}
	for _, c := range []struct {
		name        string
		others      int
		used, mine  func(t *testing.T, c *Client, i int) error
		free        func(t *testing.T, c *Client, i int) error // has room all the time
		first, then int                                        // requests of the first moment, and those that follow
		refused     int64
	}{
		{"reads", 50, read("example.com."), read("example.org."), write("example.com."), 1, 20, 1},
		{"reads, some of them sent already", 50, read("example.com."), read("example.org."), write("example.com."), 4, 20, 4},
		{"writes to one zone", 15, write("example.com."), write("example.com."), write("example.org."), 1, 10, 1},
		{"writes to one zone, and reads", 15, write("example.com."), write("example.com."), read("example.com."), 1, 10, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := fake.New(fake.Options{
					Token: "t0ken", Limits: true, Domains: []fake.Domain{{Name: "example.com"}, {Name: "example.org"}},
				})
				other, err := newClient(Config{Token: "t0ken"}, &direct{Handler: server})
				if err != nil {
					t.Fatal(err)
				}
				for i := range c.others {
					if err := c.used(t, other, i); err != nil {
						t.Fatalf("request %d of the others: %v", i, err)
					}
				}
				service := &direct{Handler: server, latency: 10 * time.Millisecond}
				client, err := newClient(Config{Token: "t0ken", MaxWait: 10 * time.Minute}, service)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Second) // the limits of a second are free again
				var all sync.WaitGroup
				mine := func(i int) {
					all.Go(func() {
						if err := c.mine(t, client, 100+i); err != nil {
							t.Errorf("request %d: %v", i, err)
						}
					})
				}
				for i := range c.first {
					mine(i)
				}
				time.Sleep(time.Second)
				for i := range c.then {
					mine(c.first + i)
				}
				began := time.Now()
				if err := c.free(t, client, 200); err != nil || time.Since(began) > time.Second {
					t.Errorf("a request that has room took %s: %v", time.Since(began), err)
				}
				all.Wait()
				if n := service.refused.Load(); n != c.refused {
					t.Errorf("%d times 429, want %d", n, c.refused)
				}
			})
		})
	}
}
