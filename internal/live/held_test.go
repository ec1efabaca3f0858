package live

import (
	"context"
	"fmt"
	"regexp"
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

// mine are the RRsets under the names that only these checks use.
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
		if isOurs(r.Name, zone) {
			mine = append(mine, r)
		}
	}
	return mine, nil
}

// asked are the names of design/facts/cloudflare-open-questions.sh, which takes them away itself unless it is
// interrupted.
var asked = regexp.MustCompile(`(^|\.)f-|^_f[0-9]*\.`)

// isOurs reports whether only these checks use the name.
func isOurs(name, zone string) bool {
	relative, isBelow := strings.CutSuffix(strings.ToLower(name), "."+zone)
	return isBelow && (relative == under || strings.HasSuffix(relative, "."+under) || asked.MatchString(relative+"."))
}

func TestIsOurs(t *testing.T) {
	for name, want := range map[string]bool{
		"multidns-live.example.com.": true, "a.multidns-live.example.com.": true, "f-a.example.com.": true, "f-w.f-ns.example.com.": true, "_f._tcp.example.com.": true,
		"_f2._tcp.example.com.": true, "example.com.": false, "www.example.com.": false, "not-multidns-live.example.com.": false, "f.example.com.": false,
		"off-a.example.com.": false, "_ftp._tcp.example.com.": false, "f-a.example.net.": false,
	} {
		if got := isOurs(name, "example.com."); got != want {
			t.Errorf("%s: %t, want %t", name, got, want)
		}
	}
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
