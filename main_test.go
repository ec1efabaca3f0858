package main

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The framework keeps the contexts of all calls; what hangs on them must be free for collection all the same.
func TestServer_ReleasesItsCalls(t *testing.T) {
	server := newServer()
	type key struct{}
	kept := func() weak.Pointer[[64]byte] {
		value := new([64]byte)
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, value))
		defer cancel() // as the transport does
		// An unknown type is enough: the context is kept before anything else.
		if _, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: "multidns_unknown"}); err != nil {
			t.Fatal(err)
		}
		return weak.Make(value)
	}()
	runtime.GC()
	if kept.Value() != nil {
		t.Error("the context of a call that has ended is still held")
	}
	runtime.KeepAlive(server)
}

// During the call the context is the caller's: its values, and its end.
func TestForget_EndsWithTheCall(t *testing.T) {
	type key struct{}
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "value"))
	var during, derived context.Context
	_, err := release(ctx, "request", func(ctx context.Context, _ string) (string, error) {
		var stop context.CancelFunc
		during = ctx
		derived, stop = context.WithCancel(ctx)
		defer stop()
		if ctx.Value(key{}) != "value" || ctx.Err() != nil {
			t.Errorf("value %v, error %v, want those of the caller's context", ctx.Value(key{}), ctx.Err())
		}
		cancel(cause)
		<-derived.Done()
		if got := context.Cause(derived); !errors.Is(got, cause) {
			t.Errorf("a derived context ends for %v, want the caller's %v", got, cause)
		}
		return "", ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the call's own", err)
	}
	if during.Value(key{}) != nil || !errors.Is(during.Err(), context.Canceled) {
		t.Errorf("after the call: value %v, error %v, want neither a value nor life", during.Value(key{}), during.Err())
	}
}
