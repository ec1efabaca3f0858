package desec

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

// direct carries exchanges to the fake without a network, so that a bubble's
// clock is the only one, and counts what was too many.
type direct struct {
	http.Handler
	refused int
}

func (d *direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody // a server never sees nil
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	if w.Code == http.StatusTooManyRequests {
		d.refused++
	}
	return w.Result(), nil
}

// TestClient_StaysWithinTheLimits lets the fake count requests as deSEC does
// while a client is in a hurry for several minutes.
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
				if service.refused != 0 {
					t.Errorf("%d requests were too many", service.refused)
				}
				if took := time.Since(started); took > c.within {
					t.Errorf("%d requests took %s, want at most %s", c.times, took, c.within)
				}
			})
		})
	}
}
