package operatortest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

var hostiles = map[string]func(*scenario){
	"Hostile_Answers":       func(s *scenario) { s.hostileAnswers() },
	"Hostile_HugeAnswer":    func(s *scenario) { s.hugeAnswer() },
	"Hostile_FailureBodies": func(s *scenario) { s.failureBodies() },
	"Hostile_TokenQuoted":   func(s *scenario) { s.tokenQuoted() },
}

// nonsense are JSON answers that no service gives to anything.
var nonsense = []string{
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

// answering asks every method of a fresh operator whose service answers every request with the same thing.
func (s *scenario) answering(status int, body string, judge func(c call, err error)) {
	s.Helper()
	service := always(status, body, map[string]string{"Content-Type": "application/json"})
	defer service.Close()
	op := s.operator(func(a *Access) { a.BaseURL, a.MaxWait = service.URL, unwaiting })
	for _, c := range s.calls() {
		judge(c, c.ask(s.ctx, op, s.Zone))
	}
}

// always is a service that answers every request with the same thing.
func always(status int, body string, header map[string]string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
}

// hostileAnswers are successes that hold something else. What the service holds is unknown then, never "nothing".
func (s *scenario) hostileAnswers() {
	for _, body := range slices.Concat(nonsense, s.Hostile) {
		s.answering(http.StatusOK, body, func(c call, err error) {
			if operator.AsOutage(err) == nil {
				s.Errorf("%s: HTTP 200 with %.80s gave %v, want an outage", c.name, body, err)
			}
			s.secret(err)
		})
	}
}

func (s *scenario) hugeAnswer() {
	s.answering(http.StatusOK, `[`+strings.Repeat(" ", 33<<20)+`]`, func(c call, err error) {
		if e := s.outage(err); c.write && !e.InDoubt {
			s.Errorf("%s: %#v is not in doubt", c.name, e)
		}
	})
}

// failureBodies are failures of every status with bodies of any shape. They are refusals or outages, in a text of
// readable length.
func (s *scenario) failureBodies() {
	bodies := append([]string{
		`[{"records":{"non_field_errors":[["x"]]}}]`, `["a",{"b":1},null,5]`, `[{},{},{},{},{},{},{"ttl":["x"]}]`,
		`{"errors":[null]}`, `{"errors":[{"code":"x","message":5}]}`, `{"errors":{"a":1},"success":false}`, ``, `<html>`, `{`,
	}, nonsense...)
	for _, status := range []int{400, 401, 403, 404, 405, 409, 413, 418, 500, 503, 599} {
		for _, body := range bodies {
			s.answering(status, body, func(c call, err error) {
				if operator.AsOutage(err) == nil && operator.AsRefusal(err) == nil {
					s.Errorf("%s: HTTP %d with %.80s gave %v, want an outage or a refusal", c.name, status, body, err)
				} else if len(err.Error()) > 2000 {
					s.Errorf("%s: HTTP %d with %.80s gave an error of %d bytes", c.name, status, body, len(err.Error()))
				}
			})
		}
	}
}

// quotes are answers with a place for the token: in what every service could say, and in what the services that exist
// do say.
var quotes = []string{
	`{"detail":"%s"}`, `{"%s":["%s"]}`, `["%s"]`, `[{"%s":"%s"}]`, `"%s"`, `<html>%s`, `%s`, `{"cut":"%s`,
	`[{"subname":"%s","type":"TXT","ttl":3600,"records":["\"%s\""]}]`,
	`{"name":"%s","minimum_ttl":3600,"published":"%s","keys":[{"dnskey":"%s","ds":["%s"],"managed":true}]}`,
	`{"success":false,"errors":[{"code":1000,"message":"%s","error_chain":[{"code":1,"message":"%s"}]}],"result":null}`,
	`{"success":false,"errors":["%s"],"messages":["%s"],"result":"%s"}`,
	`{"success":true,"errors":[],"result":[{"id":"%s","name":"%s","status":"%s","type":"full","name_servers":["%s"]}]}`,
	`{"success":true,"errors":[],"result":[{"id":"1","name":"%s","type":"TXT","ttl":3600,"content":"\"%s\"","comment":"%s","tags":["%s"]}]}`,
}

// tokenQuoted has the service repeat the token wherever it can, also in ways that JSON takes apart. Whatever it
// answers, nothing that a method returns or logs holds it.
func (s *scenario) tokenQuoted() {
	token := s.site.Token
	header := map[string]string{}
	for _, name := range []string{"Content-Type", "Location", "Link", "Cf-Ray", "Retry-After", "Ratelimit", "Www-Authenticate"} {
		header[name] = token
	}
	var escaped strings.Builder
	for _, c := range []byte(token) {
		fmt.Fprintf(&escaped, `\u%04x`, c)
	}
	for _, spelled := range []string{token, escaped.String(), "Bearer " + token, token[:1] + escaped.String()[6:]} {
		for _, quote := range quotes {
			body := strings.ReplaceAll(quote, "%s", spelled)
			for _, status := range []int{200, 400, 403, 404, 500} {
				service := always(status, body, header)
				op := s.operator(func(a *Access) { a.BaseURL, a.MaxWait = service.URL, unwaiting })
				zone, err := op.Zone(s.ctx, s.Zone)
				s.clean(zone, err)
				held, _, err := op.List(s.ctx, s.Zone, nil)
				s.clean(held, err)
				held, err = op.ListName(s.ctx, s.Zone, "www."+s.Zone)
				s.clean(held, err)
				written, err := op.Write(s.ctx, s.Zone, []operator.Change{{After: s.rrset("www", "A", 3600, "192.0.2.1")}})
				s.clean(written, err)
				service.Close()
			}
		}
	}
}

// clean looks for the token in what a method returned.
func (s *scenario) clean(result any, err error) {
	s.Helper()
	s.secret(err)
	if strings.Contains(fmt.Sprintf("%v %+v %#v", result, result, result), s.site.Token) {
		s.Errorf("the result holds the token: %#v", result)
	}
}
