package desec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// answer is what the API says to a request.
type answer struct {
	status int
	kind   string // content type; empty: no body
	body   any    // bytes as they are, anything else as JSON
	header map[string]string
}

// member is one entry of an object.
type member struct {
	key   string
	value any
}

// object is a JSON object whose keys keep their order, as they do at the service.
type object []member

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	if o == nil {
		return []byte("null"), nil
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		value, err := encode(m.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "%q:%s", m.key, value) // a key is a name of the API, in ASCII
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

func ok(status int, body any) answer {
	return answer{status: status, kind: "application/json", body: body}
}

// empty is the answer to a deletion.
func empty() answer { return answer{status: http.StatusNoContent} }

// detail is a refusal of the request as a whole.
func detail(status int, format string, args ...any) answer {
	return ok(status, object{{"detail", fmt.Sprintf(format, args...)}})
}

// invalid is a refusal of what was sent.
func invalid(body any) answer { return ok(http.StatusBadRequest, body) }

func page(status int, html string) answer {
	return answer{status: status, kind: "text/html", body: []byte(html)}
}

// failed is the answer when the service's code fails: nothing was stored.
func failed() answer { return frameworkPage(500, "Server Error (500)", "") }

func notFoundPage() answer {
	return frameworkPage(404, "Not Found", "The requested resource was not found on this server.")
}

func frameworkPage(status int, title, text string) answer {
	a := page(status, fmt.Sprintf("\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>%[1]s</title>\n</head>\n<body>\n"+
		"  <h1>%[1]s</h1><p>%[2]s</p>\n</body>\n</html>\n", title, text))
	a.kind = "text/html; charset=utf-8"
	return a
}

func webServerPage(status int, title string) string {
	return fmt.Sprintf("<html>\r\n<head><title>%[1]d %[2]s</title></head>\r\n<body>\r\n<center><h1>%[1]d %[2]s</h1></center>\r\n"+
		"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", status, title)
}

func (a answer) with(key, value string) answer {
	header := map[string]string{key: value}
	for k, v := range a.header {
		header[k] = v
	}
	a.header = header
	return a
}

// text is the body as it is sent.
func (a answer) text() []byte {
	if raw, ok := a.body.([]byte); ok {
		return raw
	}
	if a.kind == "" {
		return nil
	}
	text, err := encode(a.body)
	if err != nil {
		// Bodies are made of strings, numbers and lists of this package.
		panic(fmt.Sprintf("encode answer: %v", err))
	}
	return text
}

func send(w http.ResponseWriter, r *http.Request, a answer) {
	header := w.Header()
	for key, value := range a.header {
		header.Set(key, value)
	}
	text := a.text()
	if a.kind != "" {
		header.Set("Content-Type", a.kind)
	}
	if a.status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(text)))
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(text) // the client is gone: nobody is left to tell
	}
}

// stamp prints a time as the service does: without the fraction when it is 0.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000000Z")
}
