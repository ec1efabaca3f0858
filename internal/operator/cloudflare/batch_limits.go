package cloudflare

import (
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// Operations in one batch (design/facts/cloudflare-api.md section 4.3).
const (
	freeBatch = 200
	paidBatch = 3500
)

// batchLimits is what is known of how many operations one batch may hold, by zone.
type batchLimits struct {
	mu   sync.Mutex
	most map[string]int
}

func newBatchLimits() *batchLimits { return &batchLimits{most: make(map[string]int)} }

// of assumes the least plan until more is known.
func (b *batchLimits) of(zone string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if most, ok := b.most[zone]; ok {
		return most
	}
	return freeBatch
}

// learn takes the limit from the zone's plan. The field is deprecated, so an unknown word changes nothing
// (design/facts/cloudflare-api.md section 2).
func (b *batchLimits) learn(zone, plan string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch plan {
	case "pro", "business", "enterprise":
		b.most[zone] = paidBatch
	}
}

// halve follows a refusal of so many operations.
func (b *batchLimits) halve(zone string, operations int) {
	most := min(b.of(zone), operations) / 2
	b.mu.Lock()
	defer b.mu.Unlock()
	b.most[zone] = max(1, most)
}

// isTooMany tells the refusal of a batch for its size. Its code is not known (design/facts/cloudflare-api.md section
// 4.3), so it is told by what else it is not: a code of a single record's error. Below the least limit of all plans the
// message must speak of the number as well.
func isTooMany(refused *operator.RefusalError, operations int) bool {
	answer, ok := errors.AsType[*httpapi.StatusError](refused)
	if !ok {
		return false
	}
	if answer.Status == http.StatusRequestEntityTooLarge {
		return true
	}
	_, known := kinds[answer.Code]
	if answer.Status != http.StatusBadRequest || known || recordErrors[answer.Code] || operations < 2 {
		return false
	}
	if operations > freeBatch {
		return true
	}
	said := strings.ToLower(refused.Message)
	return (strings.Contains(said, "too many") || strings.Contains(said, "exceed") || strings.Contains(said, "maximum")) &&
		(strings.Contains(said, "operations") || strings.Contains(said, "batch"))
}

// recordErrors are the codes, beyond those in kinds, that speak of one record (design/facts/cloudflare-api.md section
// 4.6).
var recordErrors = map[int]bool{
	9000: true, 9003: true, 9004: true, 9005: true, 9006: true, 9007: true,
	9015: true, 9021: true, 9100: true, 9101: true, 9300: true,
}

// Split cuts by operations as they will be sent.
func (c *Client) Split(changes []operator.Change) [][]operator.Change {
	var runs [][]operator.Change
	start, used := 0, 0
	for i, change := range changes {
		most := c.batches.of(change.Key().Zone)
		count := operations(change)
		if i > start && used+count > most {
			runs = append(runs, changes[start:i:i])
			start, used = i, 0
		}
		used += count
	}
	if start < len(changes) {
		runs = append(runs, changes[start:])
	}
	return runs
}

// operations is how many operations of a batch the change takes: one for each record that is deleted, changed or made.
func operations(change operator.Change) int {
	plan, err := planChange(change)
	if err != nil {
		return 1
	}
	return plan.operations()
}
