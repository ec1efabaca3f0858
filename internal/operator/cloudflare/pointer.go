package cloudflare

import (
	"errors"
	"regexp"
	"strconv"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// pointedError is a refusal whose errors say where in the request the fault lies. The field is in the API's schema and
// was never seen (design/facts/cloudflare-api.md section 4.3), so it only ever helps.
type pointedError struct {
	*httpapi.StatusError
	pointers []string
	messages []string // of the same errors
}

func (e *pointedError) Unwrap() error { return e.StatusError }

// withPointers is answer, with the pointers of the errors if they have any.
func withPointers(answer *httpapi.StatusError, all []apiError) error {
	pointed := &pointedError{StatusError: answer}
	for _, e := range all {
		if e.Pointer != "" {
			pointed.pointers = append(pointed.pointers, e.Pointer)
			pointed.messages = append(pointed.messages, httpapi.Excerpt([]byte(e.Message)))
		}
	}
	if len(pointed.pointers) == 0 {
		return answer
	}
	return pointed
}

// inBatch is a JSON pointer (RFC 6901) into a batch: a part, and a position.
var inBatch = regexp.MustCompile(`^#?/?(deletes|patches|posts)/(\d{1,6})(?:/|$)`)

// pointedTo are the changes that the refusal points to, with what it says of each. A pointer that leads nowhere makes
// all of them worth nothing.
func (b batch) pointedTo(refused *operator.RefusalError) map[int]string {
	pointed, ok := errors.AsType[*pointedError](refused)
	if !ok {
		return nil
	}
	culprits := make(map[int]string)
	for i, pointer := range pointed.pointers {
		match := inBatch.FindStringSubmatch(pointer)
		if match == nil {
			return nil
		}
		at, _ := strconv.Atoi(match[2]) // at most six digits
		change, ok := b.changeAt(match[1], at)
		if !ok {
			return nil
		}
		culprits[change] = pointed.messages[i]
	}
	return culprits
}

func (b batch) changeAt(part string, at int) (change int, ok bool) {
	switch {
	case part == "deletes" && at < len(b.Deletes):
		return b.Deletes[at].change, true
	case part == "patches" && at < len(b.Patches):
		return b.Patches[at].change, true
	case part == "posts" && at < len(b.Posts):
		return b.Posts[at].change, true
	}
	return 0, false
}
