package live

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/operatortest"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// held is all that the service holds in the zone.
func (s *service) held(t *testing.T, zone string) []operatortest.Held {
	t.Helper()
	all, _, err := s.op.List(t.Context(), zone, nil)
	if err != nil {
		t.Fatal(err)
	}
	var held []operatortest.Held
	for _, r := range all {
		held = append(held, operatortest.Held{Name: r.Name, Type: r.Type, TTL: r.TTL, Values: r.Values})
	}
	return held
}

// put changes an RRset; without values it deletes it.
func (s *service) put(ctx context.Context, zone string, h operatortest.Held) error {
	there, err := s.op.ListName(ctx, zone, h.Name)
	if err != nil {
		return err
	}
	var change operator.Change
	for _, r := range there {
		if r.Type == h.Type {
			change.Before = &r
		}
	}
	if len(h.Values) > 0 {
		key, err := rrset.NewKey(zone, h.Name, h.Type)
		if err != nil {
			return err
		}
		wanted, err := rrset.New(key, h.TTL, h.Values)
		if err != nil {
			return err
		}
		change.After = &operator.RRset{RRset: wanted}
	}
	_, err = s.op.Write(ctx, zone, []operator.Change{change})
	return err
}

// mine are the RRsets below the name that only these checks use.
func (s *service) mine(ctx context.Context, t *testing.T, zone string) []operator.RRset {
	t.Helper()
	all, err := s.below(ctx, zone)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (s *service) below(ctx context.Context, zone string) ([]operator.RRset, error) {
	all, _, err := s.op.List(ctx, zone, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	var mine []operator.RRset
	for _, r := range all {
		if r.Name == under+"."+zone || strings.HasSuffix(r.Name, "."+under+"."+zone) {
			mine = append(mine, r)
		}
	}
	return mine, nil
}

// remove takes them away, in as few requests as can be. What signs a delegation goes before the delegation.
func (s *service) remove(ctx context.Context, zone string) error {
	mine, err := s.below(ctx, zone)
	if err != nil {
		return err
	}
	var first, last []operator.Change
	for _, r := range mine {
		if r.Type == "NS" {
			last = append(last, operator.Change{Before: &r})
		} else {
			first = append(first, operator.Change{Before: &r})
		}
	}
	for _, run := range s.op.Split(append(first, last...)) {
		if _, err := s.op.Write(ctx, zone, run); err != nil {
			return fmt.Errorf("%s: %w; %d RRsets below %s.%s are left", s.name, err, len(mine), under, zone)
		}
	}
	return nil
}

func (w *world) cleanAt(t *testing.T, s *service) {
	t.Helper()
	if err := s.remove(context.WithoutCancel(t.Context()), w.zone+"."); err != nil {
		t.Error(err)
	}
}

func (w *world) clean(t *testing.T) {
	t.Helper()
	for _, s := range w.services {
		w.cleanAt(t, s)
	}
}
