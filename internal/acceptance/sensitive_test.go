package acceptance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// markedValue is what is declared of a type: two values that hold a mark, and one that holds it and is refused.
type markedValue struct {
	name            string
	mark            string
	good, next, bad string
}

const (
	markedHex = "5e1771e15e1771e15e1771e15e1771e15e1771e15e1771e15e1771e15e1771e1"
	markedKey = "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
)

var marked = map[string]markedValue{
	"A":          {"www", "203.0.113", "203.0.113.77", "203.0.113.78", "203.0.113.777"},
	"AAAA":       {"www", "5e17:71e1", "2001:db8:5e17:71e1::1", "2001:db8:5e17:71e1::2", "2001:db8:5e17:71e1::x"},
	"CAA":        {"www", "sentinel", `0 issue "sentinel.example.net"`, `0 issue "sentinel2.example.net"`, `0 issue sentinel; x`},
	"CERT":       {"www", "U0VOVElORUw", "1 0 8 U0VOVElORUw=", "1 0 8 U0VOVElORUwx", "1 0 8 U0VOVElORUw"},
	"CNAME":      {"www", "sentinel", "sentinel.example.net", "sentinel2.example.net", "sentinel"},
	"DNSKEY":     {"@", "mdsswUyr3DPW132mOi8V9", "256 3 13 " + markedKey, "257 3 13 " + markedKey, "256 3 13 !" + markedKey},
	"DS":         {"child", "5e1771e1", "12345 13 2 " + markedHex, "12346 13 2 " + markedHex, "12345 13 2 5e1771e1"},
	"HTTPS":      {"www", "sentinel", "1 sentinel.example.net. alpn=h2", "1 sentinel2.example.net. alpn=h2", "1 . sentinel=1"},
	"LOC":        {"www", "33 44.555", "12 33 44.555 N 4 53 32.000 E -2.00m 2m 10000m 10m", "12 33 44.555 S 4 53 32.000 E -2.00m 2m 10000m 10m", "12 33 44.5555 N 4 E 0m 2m"},
	"MX":         {"www", "sentinel", "10 sentinel.example.net", "20 sentinel.example.net", "10 sentinel_.example.net"},
	"NAPTR":      {"www", "sentinel", `100 10 "S" "SIP+D2U" "" sentinel.example.net`, `101 10 "S" "SIP+D2U" "" sentinel.example.net`, `sentinel 10 "S" "SIP+D2U" "" a.example`},
	"NS":         {"child", "sentinel", "sentinel.example.net", "sentinel2.example.net", "sentinel..example"},
	"OPENPGPKEY": {"www", "U0VOVElORUw", "U0VOVElORUwx", "U0VOVElORUwy", "U0VOVElORUw!"},
	"PTR":        {"www", "sentinel", "sentinel.example.net", "sentinel2.example.net", "sentinel"},
	"SMIMEA":     {"www", "5e1771e1", "3 1 1 " + markedHex, "2 1 1 " + markedHex, "3 1 1 x" + markedHex},
	"SRV":        {"_sip._tcp", "sentinel", "0 5 443 sentinel.example.net", "0 6 443 sentinel.example.net", "0 5 sentinel 443"},
	"SSHFP":      {"www", "5e1771e1", "4 2 " + markedHex, "4 1 " + markedHex, "4 2 x" + markedHex},
	"SVCB":       {"_dns", "sentinel", "1 sentinel.example.net alpn=dot", "2 sentinel.example.net alpn=dot", "1 sentinel.example.net port=sentinel"},
	"TLSA":       {"_443._tcp", "5e1771e1", "3 1 1 " + markedHex, "2 1 1 " + markedHex, "3 1 1 x" + markedHex},
	"TXT":        {"www", "sentinel", "p=sentinel/Xy+z==", "p=sentinel/Zy+x==", `p=sentinel" "more`},
	"URI":        {"_http", "sentinel", `10 1 "https://sentinel.example.net/?key=sentinel"`, `11 1 "https://sentinel.example.net/"`, `10 1 "sentinel\"b"`},
}

// TestSensitive_NoTextHoldsAValue goes through everything that the provider may say of an RRset, for every type: no
// message holds what was declared (design/sensitive-values.md).
func TestSensitive_NoTextHoldsAValue(t *testing.T) {
	t.Parallel()
	for _, typ := range rrset.Types() {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			if marked[typ].mark == "" {
				t.Fatal("has no case")
			}
			for name, shape := range map[string]func(typ, name string, values ...string) protocol.Config{"record": oneRecord, "map": oneOfMap} {
				t.Run(name, func(t *testing.T) { sensitivePlay(t, typ, marked[typ], shape) })
			}
		})
	}
}

func oneRecord(typ, name string, values ...string) protocol.Config {
	return declared("multidns_record.r", map[string]any{"name": name, "type": typ, "values": values})
}

func oneOfMap(typ, name string, values ...string) protocol.Config {
	return declared("multidns_zone_records.r", map[string]any{"records": map[string]any{name + "/" + typ: map[string]any{"values": values}}})
}

func sensitivePlay(t *testing.T, typ string, v markedValue, shape func(typ, name string, values ...string) protocol.Config) {
	stage := newBareStage(t, sandbox.Options{CloudflarePlan: "pro"})
	stage.allowForeignKeys()
	box := stage.box
	run := newDriven(t, box, patientTimeout)
	run.project.Provider["max_wait"] = "1ms"
	var refusing atomic.Pointer[string]
	for _, operator := range bothOperators {
		run.via(operator, between(t, box.Site(operator), func(w http.ResponseWriter, r *http.Request) bool {
			on := refusing.Load()
			return on != nil && *on == operator && quoteBack(w, r)
		}, nil))
	}
	said := func(what string, r protocol.Result, exit int) {
		t.Helper()
		if exit >= 0 && r.ExitCode != exit {
			t.Errorf("%s: exit code %d, want %d: %s", what, r.ExitCode, exit, r)
		}
		if strings.Contains(strings.ToLower(r.String()), strings.ToLower(v.mark)) {
			t.Errorf("%s: %s", what, r)
		}
		for _, instance := range run.project.State {
			if message := messagesIn(instance); strings.Contains(strings.ToLower(message), strings.ToLower(v.mark)) {
				t.Errorf("%s: the state says %s", what, message)
			}
		}
	}
	both := func(typ string, ttl int, values ...string) {
		t.Helper()
		for _, operator := range bothOperators {
			stage.edit(operator, v.name, typ, ttl, values...)
		}
	}
	if typ == "DS" { // only where a delegation is
		both("NS", 3600, "ns1.example.net.")
	}
	said("a bad value", run.project.Plan(t.Context(), shape(typ, v.name, v.bad)), 1)
	said("a bad value among others", run.project.Plan(t.Context(), shape(typ, v.name, v.good, v.bad, v.next)), 1)
	for _, operator := range bothOperators {
		refusing.Store(&operator)
		said("a refused creation", run.project.Apply(t.Context(), shape(typ, v.name, v.good)), 1)
	}
	refusing.Store(nil)
	held := canonical(t, typ, v.good)
	both(typ, 7200, held)
	said("a conflict", run.project.Plan(t.Context(), shape(typ, v.name, v.good)), 1)
	both(typ, 0)
	said("a creation", run.project.Apply(t.Context(), shape(typ, v.name, v.good)), 0)
	stage.edit("desec", v.name, typ, 7200, canonical(t, typ, v.next))
	said("a drift", run.project.Plan(t.Context(), shape(typ, v.name, v.good)), 2)
	for _, operator := range bothOperators {
		refusing.Store(&operator)
		said("a refused update", run.project.Apply(t.Context(), shape(typ, v.name, v.next)), 1)
		said("a refused deletion", run.project.Apply(t.Context(), protocol.Config{}), -1) // what one operator holds no more it cannot refuse
	}
	for _, kind := range []sandbox.Kind{sandbox.Unavailable, sandbox.JSON500AfterCommit} {
		refusing.Store(nil)
		box.Desec.Faults.Set(sandbox.Fault{Kind: kind})
		run.project.Apply(t.Context(), shape(typ, v.name, v.good))
		box.Desec.Faults.Clear()
		said("after an outage", run.project.Plan(t.Context(), shape(typ, v.name, v.next)), 2)
	}
}

func canonical(t *testing.T, typ, value string) string {
	t.Helper()
	text, err := rrset.Canonical(typ, value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// quoteBack refuses a write with all that it said.
func quoteBack(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet {
		return false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	var request any
	_ = json.Unmarshal(body, &request)
	texts := strings.Join(textsIn(request), " and ")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	var answer any = map[string]any{"success": false, "result": nil, "errors": []any{map[string]any{"code": 9999, "message": "cannot take " + texts + " of " + string(body)}}}
	if list, ok := request.([]any); ok {
		answer = slices.Repeat([]any{map[string]any{"records": []string{"Cannot parse: " + texts}, "non_field_errors": []string{string(body)}}}, len(list))
	}
	_ = json.NewEncoder(w).Encode(answer)
	return true
}

func textsIn(v any) []string {
	var all []string
	switch v := v.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, item := range v {
			all = append(all, textsIn(item)...)
		}
	case map[string]any:
		for _, item := range v {
			all = append(all, textsIn(item)...)
		}
	}
	return all
}

// messagesIn are the sentences about the operators in the state.
func messagesIn(i *protocol.Instance) string {
	texts := fmt.Sprint(i.Attr("operators", "cloudflare", "message"), i.Attr("operators", "desec", "message"))
	differences, _ := i.Attr("differences").(map[string]any)
	for key := range differences {
		for _, operator := range bothOperators {
			texts += fmt.Sprint(i.Attr("differences", key, "operators", operator, "message"))
		}
	}
	return texts
}
