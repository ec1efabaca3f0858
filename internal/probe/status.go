package probe

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// statuses is a set of HTTP status codes, written as codes and ranges.
type statuses []statusRange

type statusRange struct{ from, to int }

// parseStatuses reads "304" and "200-299"; nothing means 200-299. The codes are those that HTTP has, 100 to 599.
func parseStatuses(list []string) (statuses, error) {
	if len(list) == 0 {
		return statuses{{200, 299}}, nil
	}
	var set statuses
	for _, s := range list {
		first, last, isRange := strings.Cut(s, "-")
		if !isRange {
			last = first
		}
		from, err1 := parseStatus(first)
		to, err2 := parseStatus(last)
		if err1 != nil || err2 != nil || from > to {
			return nil, fmt.Errorf(`%q is neither a status code nor a range. Write "204" or "200-299"`, s)
		}
		set = append(set, statusRange{from, to})
	}
	return set, nil
}

func parseStatus(s string) (int, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 16)
	if err != nil || n < 100 || n > 599 {
		return 0, fmt.Errorf("%q is not a status code", s)
	}
	return int(n), nil
}

func (s statuses) contains(code int) bool {
	for _, r := range s {
		if r.from <= code && code <= r.to {
			return true
		}
	}
	return false
}

// someWithBody reports whether an answer with one of the codes may have a body (RFC 9110 section 6.4.1).
func (s statuses) someWithBody() bool {
	for code := 200; code <= 599; code++ {
		if code != http.StatusNoContent && code != http.StatusNotModified && s.contains(code) {
			return true
		}
	}
	return false
}

func (s statuses) String() string {
	var words []string
	for _, r := range s {
		if r.from == r.to {
			words = append(words, strconv.Itoa(r.from))
		} else {
			words = append(words, fmt.Sprintf("%d-%d", r.from, r.to))
		}
	}
	return strings.Join(words, ", ")
}
