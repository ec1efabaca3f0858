package desec

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// exchange is one request that is expected, and what it is answered with.
type exchange struct {
	request string // "METHOD path?query body"
	status  int
	link    string
	body    string
}

const notListed = `{"detail":"not in the script"}`

// scripted is a server that expects these requests in this order, and a client that speaks with it.
func scripted(t *testing.T, script ...exchange) *Client {
	t.Helper()
	var mu sync.Mutex
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := r.Method + " " + r.URL.RequestURI()
		if len(body) > 0 {
			got += " " + string(body)
		}
		mu.Lock()
		defer mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if auth := r.Header.Get("Authorization"); auth != "Token t0ken" {
			t.Errorf("Authorization is %q", auth)
		}
		if next >= len(script) || got != script[next].request {
			t.Errorf("request %d is\n%s\nbut the script is %+v", next, got, script)
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, notListed)
			return
		}
		e := script[next]
		next++
		if e.link != "" {
			w.Header().Set("Link", e.link)
		}
		w.WriteHeader(e.status)
		_, _ = io.WriteString(w, e.body)
	}))
	t.Cleanup(func() {
		server.Close()
		if next != len(script) {
			t.Errorf("%d of %d requests were made", next, len(script))
		}
	})
	c, err := New(Config{Token: "t0ken", BaseURL: server.URL + "/api/v1", Timeout: 30 * time.Second, MaxWait: -1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const zone = "example.com."

// held is an RRset as it is written in tests; "" is the apex.
func held(sub, typ string, ttl uint32, values ...string) operator.RRset {
	owner := zone
	if sub != "" {
		owner = sub + "." + zone
	}
	return operator.RRset{RRset: rrset.RRset{Key: rrset.Key{Zone: zone, Name: owner, Type: typ}, TTL: ttl, Values: values}}
}

func create(sub, typ string, ttl uint32, values ...string) operator.Change {
	r := held(sub, typ, ttl, values...)
	return operator.Change{After: &r}
}

func remove(sub, typ string) operator.Change {
	r := held(sub, typ, 3600, "gone")
	return operator.Change{Before: &r}
}

func change(sub, before, after string, ttl uint32, values ...string) operator.Change {
	c := create(sub, after, ttl, values...)
	c.Before = remove(sub, before).Before
	return c
}
