package sandbox

import (
	"bytes"
	"net/http"
	"strconv"
)

// capture is an answer that has not been sent.
type capture struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (c *capture) Header() http.Header { return c.header }

func (c *capture) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

func (c *capture) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}

func plain(a answer) *capture {
	c := &capture{status: a.status, header: http.Header{"Content-Type": {a.kind}}}
	for key, value := range a.header {
		c.header.Set(key, value)
	}
	c.body.WriteString(a.body)
	return c
}

func (c *capture) writeTo(w http.ResponseWriter) {
	for key, values := range c.header {
		w.Header()[key] = values
	}
	if c.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(c.body.Len()))
	}
	w.WriteHeader(c.status)
	_, _ = w.Write(c.body.Bytes()) // the client may have left
}
