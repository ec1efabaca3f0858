package probe

import (
	"context"
	"sync/atomic"
	"time"
)

// Result is the outcome of one attempt.
type Result struct {
	Success bool

	// Reason is one phrase for people, such as "status 502, expected 200-299". It is there on success too. What of it
	// comes from the service is cut and escaped.
	Reason string

	// Latency is the time from the beginning of the attempt, name resolution included, to its verdict.
	Latency time.Duration

	// StatusCode is that of the last HTTP response; 0 when there was none.
	StatusCode int

	// RemoteAddress is the "address:port" of the last connection, also when it failed; empty when the name did not
	// resolve.
	RemoteAddress string
}

// Prober makes one attempt each time. It returns soon after the end of ctx. Whatever is down is told in the Result.
type Prober interface {
	Probe(ctx context.Context) Result
}

// ConfigError says that a question is wrong: no service, however well, could answer it.
type ConfigError struct {
	// Attribute is relative to the block, such as "url" or "expected_status".
	Attribute string

	// Message says what is wrong and what to write.
	Message string
}

func (e *ConfigError) Error() string { return e.Attribute + ": " + e.Message }

// attempt notes what one attempt learns on its way to the verdict.
type attempt struct {
	start  time.Time
	result Result

	// remote is atomic because net/http dials in a goroutine of its own, which may outlive the attempt.
	remote atomic.Value
}

func begin() *attempt { return &attempt{start: time.Now()} }

// dialled is the "address:port" that was dialled last, or empty.
func (a *attempt) dialled() string {
	remote, _ := a.remote.Load().(string)
	return remote
}

func (a *attempt) end(success bool, reason string) Result {
	a.result.Success = success
	a.result.Reason = printable(reason)
	a.result.RemoteAddress = a.dialled()
	a.result.Latency = time.Since(a.start)
	return a.result
}
