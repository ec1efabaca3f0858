package cloudflare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
	fake "github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
)

// creations are n changes of so many operations each.
func creations(t *testing.T, n, values int) []operator.Change {
	t.Helper()
	var changes []operator.Change
	for i := range n {
		var all []string
		for v := range values {
			all = append(all, fmt.Sprintf("192.0.2.%d", v))
		}
		changes = append(changes, operator.Change{After: wantSet(t, fmt.Sprintf("h%d", i), "A", 300, all...)})
	}
	return changes
}

func lengths(runs [][]operator.Change) []int {
	var all []int
	for _, run := range runs {
		all = append(all, len(run))
	}
	return all
}

func TestSplit(t *testing.T) {
	cases := []struct {
		name      string
		n, values int
		want      []int
	}{
		{"nothing", 0, 1, nil},
		{"one", 1, 1, []int{1}},
		{"just fits", 200, 1, []int{200}},
		{"one too many", 201, 1, []int{200, 1}},
		{"operations count, not changes", 100, 3, []int{66, 34}},
		{"a change is not cut", 3, 150, []int{1, 1, 1}},
		{"larger than a batch", 2, 201, []int{1, 1}},
	}
	c := newSite(t).client(t)
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, lengths(c.Split(creations(t, test.n, test.values)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSplit_ChangedValueIsOneOperation keeps the budget of ceil(C/200) batches for C changed RRsets.
func TestSplit_ChangedValueIsOneOperation(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	changes := creations(t, 200, 1)
	created := write(t, c, changes...)
	for i := range changes {
		changes[i] = operator.Change{Before: created[i], After: wantSet(t, fmt.Sprintf("h%d", i), "A", 600, "198.51.100.1")}
	}
	if got := lengths(c.Split(changes)); len(got) != 1 {
		t.Errorf("%v", got)
	}
	write(t, c, changes...)
	for _, r := range s.stored() {
		if r.Content != "198.51.100.1" || r.TTL != 600 {
			t.Fatalf("%+v", r)
		}
	}
}

func TestSplit_LearnsThePlan(t *testing.T) {
	s := newSite(t, fake.Zone{ID: testZoneID, Name: "example.com", Plan: "pro"})
	c := s.client(t)
	changes := creations(t, 300, 1)
	if got := len(c.Split(changes)); got != 2 {
		t.Errorf("%d runs before the look-up", got)
	}
	if _, err := c.Zone(t.Context(), testZone); err != nil {
		t.Fatal(err)
	}
	runs := c.Split(changes)
	if len(runs) != 1 {
		t.Fatalf("%d runs on the Pro plan", len(runs))
	}
	write(t, c, runs[0]...)
	if got := len(s.Records("example.com")); got != 300 {
		t.Errorf("%d records", got)
	}
}

// TestWrite_TooManyOperationsHalves: the service takes fewer than its plan promised.
func TestWrite_TooManyOperationsHalves(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	changes := creations(t, 150, 2)
	_, err := c.Write(t.Context(), testZone, changes)
	refused := operator.AsRefusal(err)
	if refused == nil || refused.Kind != operator.TooMany || refused.Culprits != nil {
		t.Fatalf("%+v", err)
	}
	if diff := cmp.Diff([]int{50, 50, 50}, lengths(c.Split(changes))); diff != "" {
		t.Error(diff)
	}
	if got := len(s.Records("example.com")); got != 0 {
		t.Errorf("%d records", got)
	}
}

func TestWrite_BodyTooLargeHalves(t *testing.T) {
	s := newSite(t)
	s.answer("/batch", 413, "application/json", `{"success":false,"errors":[{"code":1009,"message":"too large"}],"messages":[],"result":null}`)
	c := s.client(t)
	_, err := c.Write(t.Context(), testZone, creations(t, 10, 1))
	if refused := operator.AsRefusal(err); refused == nil || refused.Kind != operator.TooMany || c.batches.of(testZone) != 5 {
		t.Errorf("%+v", err)
	}
}

func TestIsTooMany(t *testing.T) {
	cases := []struct {
		status, code, operations int
		message                  string
		want                     bool
	}{
		{400, 9999, 201, "anything", true},
		{400, 9999, 200, "anything", false},
		{400, 9999, 100, "Too many operations in one batch.", true},
		{400, 9999, 1, "Too many operations in one batch.", false},
		{400, 81058, 300, "An identical record already exists.", false},
		{400, 9021, 300, "TTL", false},
		{400, 81045, 300, "Record quota exceeded.", false},
		{404, 81044, 300, "gone", false},
		{403, 10000, 300, "Authentication error", false},
		{413, 0, 2, "", true},
	}
	for _, c := range cases {
		refused := &operator.RefusalError{Answer: &httpapi.StatusError{Status: c.status, Code: c.code}, Message: c.message}
		if got := isTooMany(refused, c.operations); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
	limits := newBatchLimits()
	for range 20 {
		limits.halve(testZone, 3500)
	}
	if got := limits.of(testZone); got != 1 {
		t.Errorf("limit %d", got)
	}
}

func TestOperations_OfBadChange(t *testing.T) {
	if got := operations(operator.Change{Before: &operator.RRset{}}); got != 1 {
		t.Error(got)
	}
	if got := newSite(t).client(t).Split([]operator.Change{{Before: wantSet(t, strings.Repeat("a", 3), "A", 60, "192.0.2.1")}}); len(got) != 1 {
		t.Error(got)
	}
}
