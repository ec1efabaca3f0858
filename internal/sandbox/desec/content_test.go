package desec_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

const token = "secret"

// lines reads a recording, one JSON value a line.
func lines[T any](t *testing.T, path string) []T {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	scanner := bufio.NewScanner(bytes.NewReader(text))
	scanner.Buffer(nil, len(text))
	for scanner.Scan() {
		var one T
		if err := json.Unmarshal(scanner.Bytes(), &one); err != nil {
			t.Fatalf("%s: %v in %.80s", path, err, scanner.Text())
		}
		all = append(all, one)
	}
	return all
}

// ask sends a request with the token and gives status and body, decoded if it is JSON.
func ask(t *testing.T, handler http.Handler, method, path string, body any) (*http.Response, any) {
	t.Helper()
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, path, bytes.NewReader(sent))
	r.Header.Set("Authorization", "Token "+token)
	r.Header.Set("Content-Type", "application/json")
	return result(t, handler, r)
}

func result(t *testing.T, handler http.Handler, r *http.Request) (*http.Response, any) {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	response := w.Result()
	text := w.Body.String()
	if response.Header.Get("Content-Type") != "application/json" {
		if text == "" {
			return response, nil
		}
		return response, text
	}
	if text == "" {
		return response, nil
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s %s: %v in %q", r.Method, r.URL, err, text)
	}
	return response, value
}

// recordedContent is a line of design/facts/desec-content.jsonl: one RRset, and what the real server made of it.
type recordedContent struct {
	ID, Type, Subname string
	TTL               int
	Records, Stored   []string
	Status            int
	Error             any
}

// keptAsTheyCame are the types that the fake does not read: no client of ours can write them.
var keptAsTheyCame = []string{"APL", "CSYNC", "EUI48", "EUI64", "L64", "NID"}

func TestContent_AgreesWithRecording(t *testing.T) {
	recorded := lines[recordedContent](t, "../../../design/facts/desec-content.jsonl")
	if len(recorded) != 372 {
		t.Fatalf("%d lines in the recording, want 372", len(recorded))
	}
	const zone = "content.test"
	server := desec.New(desec.Options{Token: token, Domains: []desec.Domain{{Name: zone}}})
	agree, all, opaque := map[string]int{}, map[string]int{}, 0
	for _, want := range recorded {
		if slices.Contains(keptAsTheyCame, want.Type) {
			opaque++
			continue
		}
		all[want.Type]++
		response, got := ask(t, server, "POST", "/api/v1/domains/"+zone+"/rrsets/", map[string]any{
			"subname": want.Subname, "type": want.Type, "ttl": want.TTL, "records": want.Records,
		})
		wantBody, gotBody := want.Error, got
		if want.Status == http.StatusCreated {
			wantBody, gotBody = want.Stored, stored(server, zone, want.Subname, want.Type)
		}
		if response.StatusCode == want.Status && cmp.Equal(wantBody, gotBody) {
			agree[want.Type]++
			continue
		}
		t.Errorf("%s %s %q: status %d, want %d; %s", want.ID, want.Type, want.Records, response.StatusCode, want.Status,
			cmp.Diff(wantBody, gotBody))
	}
	sum := 0
	for _, typ := range slices.Sorted(maps.Keys(all)) {
		sum += agree[typ]
		t.Logf("%-10s %3d of %3d", typ, agree[typ], all[typ])
	}
	t.Logf("%-10s %3d of %3d", "all", sum, len(recorded)-opaque)
	if opaque != 19 {
		t.Errorf("%d lines are of types that are kept as they came, want 19", opaque)
	}
}

// stored gives the values that the API holds for an RRset, sorted.
func stored(server *desec.Server, zone, subname, typ string) []string {
	for _, set := range server.Stored(zone) {
		if set.Name == strings.TrimPrefix(subname+"."+zone+".", ".") && set.Type == typ {
			return set.Values
		}
	}
	return nil
}
