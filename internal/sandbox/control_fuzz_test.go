package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzControl sends orders of any shape: each is carried out or refused, and none ends the sandbox.
func FuzzControl(f *testing.F) {
	s, err := Start(f.Context(), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(s.Close)
	for _, seed := range [][2]string{
		{"/edit/desec", `{"zone":"example.com","name":"www","type":"A","ttl":3600,"values":["192.0.2.9"]}`},
		{"/edit/cloudflare", `{"zone":"example.com","name":"@","type":"CAA","ttl":60,"values":["0 ( 00"]}`},
		{"/faults/desec", `{"kind":"slow","delay":"1ms","count":1}`}, {"/fronts/cf-front", `{"healthy":false}`}, {"/limits", `{"on":true}`},
		{"/policies/desec", `{"policies":[{"perm_write":false}]}`}, {"/parent", `{}`}, {"/roll/desec", `{"zone":"example.com","step":"x"}`},
		{"/zones/desec", `{"zone":"other.example","present":true}`}, {"/dns/desec", `{"max_ttl":1}`}, {"/email-routing/cloudflare", `{"on":true}`},
	} {
		f.Add(seed[0], seed[1])
	}
	handler := s.controlHandler()
	f.Fuzz(func(t *testing.T, path, body string) {
		if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, " \r\n\t?#%") || strings.ContainsFunc(path, func(r rune) bool { return r < '!' || r > '~' }) {
			return
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body)))
		if w.Code >= 500 {
			t.Errorf("%s %s: %d %s", path, body, w.Code, w.Body)
		}
	})
}
