package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// addedTTL is stored where no RRset is there yet. deSEC serves another one (design/facts/desec-api.md section 6).
	addedTTL = 3600
	// publicationPatience is how long an apply waits for name servers to serve what was written: two seconds were seen
	// (design/facts/desec-api.md section 10).
	publicationPatience = 20 * time.Second
	publicationPause    = time.Second
)

// carryOut makes the operators sign and hold what they shall hold. What is said afterwards is what was seen afterwards.
// undo takes back what was written; failed are the operators at which something went wrong.
func (s *signers) carryOut(ctx context.Context, memory dnssec.Memory) (after dnssec.Memory, v dnssec.Verdict, failed map[string]error, undo func() (left map[string]error)) {
	memory, v = dnssec.Step(memory, s.observe(ctx, true))
	failed = map[string]error{}
	if s.signEverywhere(ctx, failed) {
		memory, _ = dnssec.Step(memory, s.observe(ctx, false))
		memory, v = dnssec.Step(memory, s.observe(ctx, true))
	}
	previous := s.held
	written := s.writeAll(ctx, v, failed)
	undo = func() map[string]error { return s.restore(context.WithoutCancel(ctx), previous, written) }
	if len(written) == 0 {
		return memory, v, failed, undo
	}
	memory, v = dnssec.Step(memory, s.observe(ctx, true))
	for begun := time.Now(); s.unpublished(v, failed) && time.Since(begun) < publicationPatience; { //nolint:forbidigo // how long this apply has waited, in real time
		select {
		case <-ctx.Done():
			return memory, v, failed, undo
		case <-time.After(publicationPause):
		}
		memory, v = dnssec.Step(memory, s.observe(ctx, true))
	}
	return memory, v, failed, undo
}

// signEverywhere switches signing on where it is off. changed says that keys may have appeared.
func (s *signers) signEverywhere(ctx context.Context, failed map[string]error) (changed bool) {
	for _, signer := range s.observed.Signers {
		if !signer.Known || signer.Ready {
			continue
		}
		if err := s.walk.Sign(ctx, signer.Name, s.zone); err != nil {
			failed[signer.Name] = err
			continue
		}
		changed = true
		if s.dataTTL == nil {
			s.dataTTL = map[string]uint32{}
		}
		s.dataTTL[signer.Name] = largestTTL(signer.Name, s.walk.Contents(ctx, s.zone)[signer.Name].Held)
	}
	return changed
}

// largestTTL is how long a cache can hold what an operator holds.
func largestTTL(name string, held []operator.RRset) uint32 {
	var most uint32
	for _, r := range held {
		most = max(most, operatorType(name).Served(r.TTL))
	}
	return most
}

// writing names one apex RRset at one operator.
type writing struct{ name, typ string }

// writeAll writes what is owed, at all operators; what one refuses does not keep the others waiting.
func (s *signers) writeAll(ctx context.Context, v dnssec.Verdict, failed map[string]error) (written []writing) {
	for _, typ := range dnssec.Types {
		for _, signer := range s.observed.Signers {
			want, owed := owedAt(signer, v, typ)
			if !owed || !signer.Known || !signer.Ready || failed[signer.Name] != nil {
				continue
			}
			if err := s.write(ctx, signer.Name, typ, want); err != nil {
				failed[signer.Name] = err
				continue
			}
			written = append(written, writing{signer.Name, typ})
		}
	}
	return written
}

// write brings one RRset at one operator about; without values it goes.
func (s *signers) write(ctx context.Context, name, typ string, values []string) error {
	key := rrset.Apex(s.zone, typ)
	if len(values) == 0 {
		s.walk = s.walk.Anew()
		return s.drop(ctx, name, typ)
	}
	ttl := uint32(addedTTL)
	if held := s.held[name][typ]; held != nil {
		ttl = held.TTL
	} else if zone, err := s.walk.Zone(ctx, name, s.zone); err == nil {
		ttl = max(ttl, zone.MinimumTTL)
	}
	want := operator.RRset{RRset: rrset.Observed(key, ttl, values)}
	return s.walk.Update(ctx, replica.Update{From: key, Want: replica.Desired{name: want}, At: map[string]bool{name: true}})[name].Err
}

// drop deletes one RRset at one operator.
func (s *signers) drop(ctx context.Context, name, typ string) error {
	others := map[string]bool{}
	for _, other := range operatorNames() {
		others[other] = other != name
	}
	return s.walk.Delete(ctx, replica.Deletion{Key: rrset.Apex(s.zone, typ), Ownership: replica.Ownership{Foreign: others}})[name].Err
}

// restore writes back what stood there before, and says where that failed.
func (s *signers) restore(ctx context.Context, previous map[string]map[string]*operator.RRset, written []writing) (left map[string]error) {
	left = map[string]error{}
	for _, w := range written {
		var values []string
		if held := previous[w.name][w.typ]; held != nil {
			values = held.Values
		}
		if err := s.write(ctx, w.name, w.typ, values); err != nil {
			left[w.name] = err
		}
	}
	return left
}

// reportLeft reports where what had been added could not be taken back.
func (s *signers) reportLeft(left map[string]error, diags *diag.Diagnostics) {
	for _, name := range slices.Sorted(maps.Keys(left)) {
		diags.AddError("Unable to take the added keys away", fmt.Sprintf(
			"%s may still hold at the apex of %s what was added: %s. Nothing of it is in the state; the next apply adopts the keys that the operators sign with, and otherwise says what is left.",
			title(name), s.zone, operator.Reason(left[name])))
	}
}

// unpublished reports whether a name server answers and lacks a key that its API holds. What failed to be written is
// not waited for.
func (s *signers) unpublished(v dnssec.Verdict, failed map[string]error) bool {
	for _, signer := range s.observed.Signers {
		if failed[signer.Name] != nil {
			continue
		}
		for _, server := range signer.Servers {
			if !server.Silent && len(dnssec.Without(v.Want[signer.Name][dnssec.TypeDNSKEY], server.Keys)) > 0 {
				return true
			}
		}
	}
	return false
}

// reportFailed reports what could not be written. A token that is not accepted is an outage for what is in state, and a
// refusal for what is to be created.
func (s *signers) reportFailed(fails, creating bool, failed map[string]error, consequence string, diags *diag.Diagnostics) {
	for _, name := range slices.Sorted(maps.Keys(failed)) {
		err := failed[name]
		if !fails && (operator.AsOutage(err) != nil || !creating && outageLike(err)) {
			s.shared.reportOutage(name, err, owed(name), diags)
			continue
		}
		next := "Apply again when it answers."
		if operator.AsRefusal(err) != nil {
			next = mendAndApply
		}
		diags.AddError("Unable to exchange the keys of the zone", fmt.Sprintf("%s: %s. %s %s", title(name), operator.Reason(err), consequence, next))
	}
}
