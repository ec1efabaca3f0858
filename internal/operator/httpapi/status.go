package httpapi

import "fmt"

// StatusError is the HTTP status of a refusal.
type StatusError struct {
	Status int
	// Code is the service's own error code, 0 if it gave none.
	Code int
}

func (e *StatusError) Error() string {
	if e.Code != 0 {
		return fmt.Sprintf("HTTP %d (code %d)", e.Status, e.Code)
	}
	return fmt.Sprintf("HTTP %d", e.Status)
}
