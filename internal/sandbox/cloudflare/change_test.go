package cloudflare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Row 36.
func TestPatch_TouchesOnlyWhatIsSent(t *testing.T) {
	f := newFake(t)
	old := f.post(`{"type":"A","name":"a","content":"192.0.2.1","ttl":600,"comment":"why"}`).record(t)
	got := f.call("PATCH", records+"/"+old.ID, `{"content":"192.0.2.2"}`).record(t)
	want := old
	want.Content, want.ModifiedOn = "192.0.2.2", got.ModifiedOn
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.ModifiedOn <= old.ModifiedOn {
		t.Errorf("modified_on went from %s to %s", old.ModifiedOn, got.ModifiedOn)
	}
	for _, c := range []struct {
		body       string
		hasComment bool
	}{{`{"ttl":60}`, true}, {`{"comment":null}`, false}, {`{"comment":"other"}`, true}, {`{"comment":""}`, false}} {
		if got := f.call("PATCH", records+"/"+old.ID, c.body).record(t); (got.Comment != nil) != c.hasComment || got.Content != "192.0.2.2" {
			t.Errorf("%s: %+v", c.body, got)
		}
	}
}

func TestPatch_ProxiedDecidesTheTTL(t *testing.T) {
	f := newFake(t)
	id := f.add(`{"type":"A","name":"a","content":"192.0.2.1","ttl":600}`)
	var got []string
	for _, body := range []string{`{"proxied":true}`, `{"ttl":600}`, `{"proxied":false}`, `{"ttl":600}`} {
		r := f.call("PATCH", records+"/"+id, body).record(t)
		got = append(got, fmt.Sprint(r.Proxied, r.TTL))
	}
	if diff := cmp.Diff([]string{"true 1", "true 1", "false 1", "false 600"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPatch_DataTypes(t *testing.T) {
	f := newFake(t)
	id := f.add(`{"type":"SRV","name":"_s._tcp","data":{"priority":1,"weight":2,"port":3,"target":"x.example.net"},"comment":"c"}`)
	r := f.call("PATCH", records+"/"+id, `{"ttl":60}`).record(t)
	if r.Content != "2 3 x.example.net" || r.TTL != 60 {
		t.Errorf("got %+v", r)
	}
	r = f.call("PATCH", records+"/"+id, `{"data":{"priority":9,"weight":2,"port":4,"target":"y.example.net"}}`).record(t)
	if r.Content != "2 4 y.example.net" || *r.Priority != 9 || r.Comment == nil {
		t.Errorf("got %+v", r)
	}
	f.refused(400, 9101, func() answer { return f.call("PATCH", records+"/"+id, `{"content":"1 1 z.example.net"}`) })
	f.refused(400, 9101, func() answer { return f.call("PATCH", records+"/"+id, `{"data":{"port":5}}`) })
}

// Row 38, and the rules of section 4.6 for a change.
func TestChange_Refused(t *testing.T) {
	f := newFake(t)
	a := f.add(`{"type":"A","name":"a","content":"192.0.2.1"}`)
	f.add(`{"type":"A","name":"a","content":"192.0.2.2"}`)
	f.add(`{"type":"CNAME","name":"www","content":"target.example.net"}`)
	for body, code := range map[string]int{
		`{"type":"AAAA","name":"a","content":"2001:db8::1"}`:  placeholder,
		`{"type":"A","name":"a","content":"192.0.2.2"}`:       81058,
		`{"type":"A","name":"www","content":"192.0.2.1"}`:     81054,
		`{"type":"A","name":"a","content":"x"}`:               9005,
		`{"type":"A","name":"a","content":"::1"}`:             9005,
		`{"type":"A","name":"a","content":"1.1.1.1","ttl":2}`: 9021,
	} {
		f.refused(400, code, func() answer { return f.call("PATCH", records+"/"+a, body) })
	}
	// A change that changes nothing is no duplicate of itself.
	if got := f.call("PATCH", records+"/"+a, `{"type":"A","name":"a","content":"192.0.2.1"}`); got.status != 200 {
		t.Errorf("%d %s", got.status, got.text)
	}
}

// Rows 39 and 40.
func TestRecord_UnknownIDAndDelete(t *testing.T) {
	f := newFake(t)
	id := f.add(`{"type":"A","name":"a","content":"192.0.2.1"}`)
	const body = `{"type":"A","name":"b","content":"192.0.2.1"}`
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		f.refused(404, 81044, func() answer { return f.call(method, records+"/"+unknownID, body) })
		f.refused(404, 81044, func() answer { return f.call(method, "/zones/"+proZoneID+"/dns_records/"+id, body) })
	}
	compareJSON(t, `{"result":{"id":"`+id+`"},"success":true,"errors":[],"messages":[]}`, f.call("DELETE", records+"/"+id, "").text)
	if n := len(f.Records("example.com")); n != 0 {
		t.Errorf("%d records are left", n)
	}
	f.refused(404, 81044, func() answer { return f.call("DELETE", records+"/"+id, "") })
}

func TestDelegation_OrderOfNSAndDS(t *testing.T) {
	f := newFake(t)
	const ds = `{"type":"DS","name":"sub","data":{"key_tag":1,"algorithm":13,"digest_type":2,"digest":"B5BB"}}`
	ns1 := f.add(`{"type":"NS","name":"sub","content":"ns1.example.net"}`)
	ns2 := f.add(`{"type":"NS","name":"sub","content":"ns2.example.net"}`)
	dsID := f.add(ds)
	if a := f.call("DELETE", records+"/"+ns1, ""); a.status != 200 {
		t.Errorf("%d %s", a.status, a.text)
	}
	f.refused(400, placeholder, func() answer { return f.call("DELETE", records+"/"+ns2, "") })
	f.refused(400, placeholder, func() answer { return f.call("PATCH", records+"/"+ns2, `{"name":"elsewhere"}`) })
	f.refused(400, placeholder, func() answer { return f.batch(`{"deletes":[{"id":"` + ns2 + `"},{"id":"` + dsID + `"}]}`) })
	if a := f.batch(`{"deletes":[{"id":"` + dsID + `"},{"id":"` + ns2 + `"}]}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.text)
	}
	f.refused(400, placeholder, func() answer {
		return f.batch(`{"posts":[` + ds + `,{"type":"NS","name":"sub","content":"ns1.example.net"}]}`)
	})
	if a := f.batch(`{"posts":[{"type":"NS","name":"sub","content":"ns1.example.net"},` + ds + `]}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.text)
	}
	for i := range 9 {
		f.add(fmt.Sprintf(`{"type":"NS","name":"sub","content":"ns%d.example.org"}`, i))
	}
	f.refused(400, placeholder, func() answer { return f.post(`{"type":"NS","name":"sub","content":"ns9.example.org"}`) })
}

func TestReadOnlyRecord_CannotBeChanged(t *testing.T) {
	f := newFake(t)
	id, err := f.Add("example.com", Record{Name: "Example.com", Type: "MX", Content: "route1.mx.cloudflare.net", Priority: number16(5), Meta: map[string]any{"read_only": true, "email_routing": true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"PATCH", "DELETE"} {
		f.refused(400, placeholder, func() answer {
			return f.call(method, records+"/"+id, `{"type":"MX","name":"@","content":"x.example.net","priority":1}`)
		})
	}
	if !strings.Contains(f.call("GET", records, "").text, `"read_only":true`) {
		t.Error("the list does not say read_only")
	}
	if _, err := f.Add("example.org", Record{}); err == nil {
		t.Error("a record was added to a zone that is not there")
	}
}

func TestWrite_NeedsJSONContentType(t *testing.T) {
	f := newFake(t)
	f.refused(400, placeholder, func() answer {
		return f.callType("text/plain", "POST", records, `{"type":"A","name":"a","content":"192.0.2.1"}`)
	})
	if a := f.callType("application/json; charset=utf-8", "POST", records, `{"type":"A","name":"a","content":"192.0.2.1"}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.text)
	}
}

func TestSecondaryZone_TakesNoWrites(t *testing.T) {
	s := New(Options{Token: token, Zones: []Zone{{ID: zoneID, Name: "example.com", Type: "secondary"}}})
	f := &fake{Server: s, t: t}
	id, err := f.Add("example.com", Record{Name: "a.example.com", Type: "A", Content: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"type":"A","name":"b","content":"192.0.2.1"}`
	f.refused(400, placeholder, func() answer { return f.post(body) })
	f.refused(400, placeholder, func() answer { return f.batch(`{"posts":[` + body + `]}`) })
	for _, method := range []string{"PATCH", "DELETE"} {
		f.refused(400, placeholder, func() answer { return f.call(method, records+"/"+id, body) })
	}
	if got := f.contents(""); len(got) != 1 {
		t.Errorf("list: %v", got)
	}
}
