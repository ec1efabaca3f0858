package httpapi_test

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, says string }{
		{"https://desec.io/api/v1", ""},
		{"https://desec.io/api/v1/", ""},
		{"http://127.0.0.1:8080/api/v1", ""},
		{"http://127.8.9.1", ""},
		{"http://[::1]:8080", ""},
		{"http://localhost:8080/client/v4", ""},
		{" https://desec.io/api/v1\n", ""},
		{"http://desec.io/api/v1", "unencrypted"},
		{"http://127.0.0.1.example.com/", "unencrypted"},
		{"http://localhost.example.com/", "unencrypted"},
		{"http://192.168.0.1/", "unencrypted"},
		{"http://0.0.0.0:80/", "unencrypted"},
		{"ftp://desec.io/", "must begin with https://"},
		{"desec.io/api/v1", "names no host"},
		{"https:///api", "names no host"},
		{"https://user:geheim@desec.io/", "user name or password"},
		{"https://desec.io/?cursor=", "no query"},
		{"https://desec.io/%zz", "not a URL"},
		{"https://user:geheim@[::1/", "not a URL"},
	} {
		got, err := httpapi.ParseBaseURL(c.raw)
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%q: unexpected error: %v", c.raw, err)
		case c.says == "" && got.String() != strings.TrimSpace(c.raw):
			t.Errorf("%q became %q", c.raw, got)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%q: error is %v, want one that says %q", c.raw, err, c.says)
		case err != nil && strings.Contains(err.Error(), "geheim"):
			t.Errorf("%q: the error repeats the password: %v", c.raw, err)
		}
	}
}
