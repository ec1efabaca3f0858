package probe

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTCP(t *testing.T) {
	open := accept(t, func(net.Conn) {})
	_, port, _ := net.SplitHostPort(open)
	for _, tt := range []struct {
		address string
		want    Result
	}{
		{open, Result{Success: true, Reason: "connected", RemoteAddress: open}},
		{"localhost:" + port, Result{Success: true, Reason: "connected", RemoteAddress: open}},
		{nobody, Result{Reason: "connect " + nobody + ": refused", RemoteAddress: nobody}},
	} {
		p, err := NewTCP(TCP{Address: tt.address})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, try(t.Context(), p, 30*time.Second), ignoreLatency); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.address, diff)
		}
	}
}

func TestNewTCP_WrongQuestions(t *testing.T) {
	for _, address := range []string{"", "www.example.com", "192.0.2.1", "www.example.com:0", "tcp://www.example.com:80"} {
		_, err := NewTCP(TCP{Address: address})
		e, ok := errors.AsType[*ConfigError](err)
		if !ok || e.Attribute != "address" || !strings.Contains(e.Message, `"host:port"`) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if got := (TCP{Address: "DB.example.com:5432"}).Host(); got != "db.example.com" {
		t.Errorf("Host() = %q", got)
	}
}
