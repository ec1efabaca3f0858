package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// frameworkServer is what the framework's server offers and a CLI may ask for.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// forgetful is the framework's server without its memory. The framework keeps
// the context of every call until the provider is stopped
// (terraform-plugin-framework v1.19.0, internal/proto6server/serve.go), and with
// it the loggers of the call, some 20 kB: a plan of 1000 resources is 4000
// calls, and held 110 MB at its end. These are the calls that are made for each
// resource.
type forgetful struct{ frameworkServer }

func (s forgetful) ValidateResourceConfig(ctx context.Context, r *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return forget(ctx, r, s.frameworkServer.ValidateResourceConfig)
}

func (s forgetful) UpgradeResourceState(ctx context.Context, r *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return forget(ctx, r, s.frameworkServer.UpgradeResourceState)
}

func (s forgetful) UpgradeResourceIdentity(ctx context.Context, r *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return forget(ctx, r, s.frameworkServer.UpgradeResourceIdentity)
}

func (s forgetful) ReadResource(ctx context.Context, r *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return forget(ctx, r, s.frameworkServer.ReadResource)
}

func (s forgetful) PlanResourceChange(ctx context.Context, r *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return forget(ctx, r, s.frameworkServer.PlanResourceChange)
}

func (s forgetful) ApplyResourceChange(ctx context.Context, r *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return forget(ctx, r, s.frameworkServer.ApplyResourceChange)
}

func (s forgetful) ImportResourceState(ctx context.Context, r *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return forget(ctx, r, s.frameworkServer.ImportResourceState)
}

// forget makes a call, and lets go of its context at its end.
func forget[Request, Response any](ctx context.Context, r Request, call func(context.Context, Request) (Response, error)) (Response, error) {
	lease := &lease{}
	lease.held.Store(&ctx)
	defer lease.held.Store(&over)
	return call(lease, r)
}

// over is the context of a call that has ended.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// lease is a context while its call lasts, and over afterwards. What was derived
// from it during the call ends with the call's own context, as if it had been
// derived from that.
type lease struct {
	held atomic.Pointer[context.Context]
}

func (l *lease) Deadline() (time.Time, bool) { return (*l.held.Load()).Deadline() }
func (l *lease) Done() <-chan struct{}       { return (*l.held.Load()).Done() }
func (l *lease) Err() error                  { return (*l.held.Load()).Err() }
func (l *lease) Value(key any) any           { return (*l.held.Load()).Value(key) }
