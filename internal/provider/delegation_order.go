package provider

import (
	"context"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// A DS needs the NS RRset of its delegation: Cloudflare takes none before it,
// and does not let the NS go while a DS is there (design/facts/cloudflare-api.md
// section 9, row 33). The CLI carries out what does not depend on each other
// in any order, and nobody writes depends_on for what is one delegation.
const (
	// delegationPatience bounds the waiting for the other half, which another
	// resource of the same run may bring. Without one the operator decides.
	delegationPatience = 3 * time.Second
	delegationPoll     = 50 * time.Millisecond
)

// awaitDelegation waits before a DS is created until its NS RRset is there.
func (d *shared) awaitDelegation(ctx context.Context, key rrset.Key) {
	if key.Type == "DS" {
		d.await(ctx, key.WithType("NS"), func(ns *operator.RRset) bool { return ns != nil })
	}
}

// awaitNoDS waits before the NS RRset of a delegation is deleted until its DS
// is gone.
func (d *shared) awaitNoDS(ctx context.Context, key rrset.Key) {
	if key.Type == "NS" {
		d.await(ctx, key.WithType("DS"), func(ds *operator.RRset) bool { return ds == nil })
	}
}

// await looks again until what every operator that answers holds under key is
// as wanted. It looks at what this walk knows and writes, which costs no
// request. An operator that is silent while it is looked at is not waited for
// any longer than that; the look itself is shared with other resources and
// goes on.
func (d *shared) await(ctx context.Context, key rrset.Key, wanted func(*operator.RRset) bool) {
	patience, cancel := context.WithTimeout(ctx, delegationPatience)
	defer cancel()
	settled := make(chan struct{})
	go func() {
		defer close(settled)
		for patience.Err() == nil && !d.everywhere(ctx, key, wanted) {
			select {
			case <-patience.Done():
			case <-time.After(delegationPoll):
			}
		}
	}()
	select {
	case <-settled:
	case <-patience.Done():
	}
}

func (d *shared) everywhere(ctx context.Context, key rrset.Key, wanted func(*operator.RRset) bool) bool {
	for _, o := range d.walk.Observe(ctx, key) {
		if o.Err == nil && !wanted(o.Held) {
			return false
		}
	}
	return true
}
