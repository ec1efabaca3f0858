package cloudflare

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (f *fake) batch(body string) answer {
	f.t.Helper()
	return f.call("POST", records+"/batch", body)
}

// Row 41: a CNAME takes the place of an A in one batch.
func TestBatch_DeletesGoFirst(t *testing.T) {
	f := newFake(t)
	id := f.add(`{"type":"A","name":"a","content":"192.0.2.1"}`)
	patched := f.add(`{"type":"A","name":"p","content":"192.0.2.1","comment":"c"}`)
	a := f.batch(`{"posts":[{"type":"CNAME","name":"a","content":"x.example.net"}],"deletes":[{"id":"` + id + `"}]}`)
	var result map[string][]Record
	if err := json.Unmarshal(a.Result, &result); err != nil {
		t.Fatalf("%v in %s", err, a.text)
	}
	if len(result["deletes"]) != 1 || result["deletes"][0].ID != id || result["deletes"][0].Content != "192.0.2.1" {
		t.Errorf("deletes: %+v", result["deletes"])
	}
	if len(result["posts"]) != 1 || result["posts"][0].Content != "x.example.net" {
		t.Errorf("posts: %+v", result["posts"])
	}
	for _, part := range []string{"patches", "puts"} {
		if !strings.Contains(a.text, `"`+part+`":null`) {
			t.Errorf("%s is not null in %s", part, a.text)
		}
	}
	a = f.batch(`{"patches":[{"id":"` + patched + `","content":"192.0.2.2"}]}`)
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.text)
	}
	got := map[string]string{}
	for _, r := range f.Records("example.com") {
		got[r.Name] = fmt.Sprint(r.Content, r.Comment != nil)
	}
	if diff := cmp.Diff(map[string]string{"a.example.com": "x.example.netfalse", "p.example.com": "192.0.2.2true"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Rows 42 to 44: all or nothing.
func TestBatch_AnyFailureChangesNothing(t *testing.T) {
	f := newFake(t)
	id := f.add(`{"type":"A","name":"a","content":"192.0.2.1"}`)
	keep := f.add(`{"type":"A","name":"k","content":"192.0.2.1"}`)
	f.refused(400, 81058, func() answer {
		return f.batch(`{"deletes":[{"id":"` + id + `"}],"posts":[{"type":"A","name":"n","content":"192.0.2.1"},{"type":"A","name":"k","content":"192.0.2.1"}]}`)
	})
	f.refused(404, 81044, func() answer {
		return f.batch(`{"deletes":[{"id":"` + id + `"},{"id":"` + unknownID + `"}]}`)
	})
	f.refused(404, 81044, func() answer {
		return f.batch(`{"deletes":[{"id":"` + keep + `"}],"patches":[{"id":"` + keep + `","ttl":60}]}`)
	})
	var posts []string
	for i := range 201 {
		posts = append(posts, fmt.Sprintf(`{"type":"A","name":"b%d","content":"192.0.2.1"}`, i))
	}
	f.refused(400, placeholder, func() answer { return f.batch(`{"posts":[` + strings.Join(posts, ",") + `]}`) })
	if a := f.call("POST", "/zones/"+proZoneID+"/dns_records/batch", `{"posts":[`+strings.Join(posts, ",")+`]}`); a.status != 200 {
		t.Errorf("201 operations on Pro: %d %s", a.status, a.text)
	}
	f.refused(400, 9207, func() answer { return f.batch(`{"posts":{}}`) })
}

func TestBatch_FirstErrorOnly(t *testing.T) {
	f := newFake(t)
	a := f.batch(`{"posts":[{"type":"A","name":"a","content":"x"},{"type":"MX","name":"a","content":"y.example.net"}]}`)
	compareJSON(t, `{"result":null,"success":false,"errors":[{"code":9005,"message":"Content for A record must be a valid IPv4 address."}],"messages":[]}`, a.text)
}
