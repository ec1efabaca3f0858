package operatortest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

var hostiles = map[string]func(*scenario){
	"Hostile_Answers":       func(s *scenario) { s.hostileAnswers() },
	"Hostile_HugeAnswer":    func(s *scenario) { s.hugeAnswer() },
	"Hostile_FailureBodies": func(s *scenario) { s.failureBodies() },
}

// foreign are JSON answers that no service gives to anything.
var foreign = []string{
	`null`, `true`, `42`, `"text"`, `{}`, `{"detail":"Not today."}`, `{"detail":null}`,
	`[1,2,3]`, `["a"]`, `[[]]`, `[{}]`, `[{"subname":5}]`, `[{"subname":"www","type":"A","ttl":"x","records":7}]`,
	`{"success":true}`, `{"success":true,"result":5}`, `{"success":true,"result":{"id":7}}`, `{"success":"yes","result":"no"}`,
	`{"result":{"result":{"result":[]}}}`, `{"error":{"code":500}}`,
	strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000),
	strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5000),
	`[` + strings.Repeat(`{"a":1},`, 20000) + `{}]`,
	`{"name":"` + strings.Repeat(`\u0000`, 5000) + `"}`,
	"{\"detail\":\"\xff\xfe\"}",
}

// stubborn is a service that answers every request with the same thing.
type stubborn struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	body   string
}

func (s *scenario) stubborn() *stubborn {
	service := &stubborn{}
	service.Server = httptest.NewServer(service)
	s.Cleanup(service.Close)
	return service
}

func (b *stubborn) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(b.status)
	_, _ = io.WriteString(w, b.body)
}

// served asks every method of a fresh operator whose service is stubborn.
func (s *scenario) served(service *stubborn, status int, body string, judge func(c call, err error)) {
	s.Helper()
	service.mu.Lock()
	service.status, service.body = status, body
	service.mu.Unlock()
	op := s.operator(func(a *Access) { a.BaseURL, a.MaxWait = service.URL, unwaiting })
	for _, c := range s.calls() {
		judge(c, c.ask(s.ctx, op, s.Zone))
	}
}

// hostileAnswers are successes that hold something else. What the service
// holds is unknown then, never "nothing".
func (s *scenario) hostileAnswers() {
	service := s.stubborn()
	for _, body := range slices.Concat(foreign, s.Hostile) {
		s.served(service, http.StatusOK, body, func(c call, err error) {
			if operator.AsOutage(err) == nil {
				s.Errorf("%s: HTTP 200 with %.80s gave %v, want an outage", c.name, body, err)
			}
			s.secret(err)
		})
	}
}

func (s *scenario) hugeAnswer() {
	s.served(s.stubborn(), http.StatusOK, `[`+strings.Repeat(" ", 33<<20)+`]`, func(c call, err error) {
		if e := s.outage(err); c.write && !e.InDoubt {
			s.Errorf("%s: %#v is not in doubt", c.name, e)
		}
	})
}

// failureBodies are failures of every status with bodies of any shape. They
// are refusals or outages, in a text of readable length.
func (s *scenario) failureBodies() {
	bodies := append([]string{
		`[{"records":{"non_field_errors":[["x"]]}}]`, `["a",{"b":1},null,5]`, `[{},{},{},{},{},{},{"ttl":["x"]}]`,
		`{"errors":[null]}`, `{"errors":[{"code":"x","message":5}]}`, `{"errors":{"a":1},"success":false}`, ``, `<html>`, `{`,
	}, foreign...)
	service := s.stubborn()
	for _, status := range []int{400, 401, 403, 404, 405, 409, 413, 418, 500, 503, 599} {
		for _, body := range bodies {
			s.served(service, status, body, func(c call, err error) {
				if operator.AsOutage(err) == nil && operator.AsRefusal(err) == nil {
					s.Errorf("%s: HTTP %d with %.80s gave %v, want an outage or a refusal", c.name, status, body, err)
				} else if len(err.Error()) > 2000 {
					s.Errorf("%s: HTTP %d with %.80s gave an error of %d bytes", c.name, status, body, len(err.Error()))
				}
			})
		}
	}
}
