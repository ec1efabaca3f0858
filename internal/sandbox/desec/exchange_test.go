package desec_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

// exchange is a line of facts/desec-exchanges.jsonl. State carries over from line to line.
type exchange struct {
	ID, Topic string
	Request   struct {
		Method, Path string
		Headers      map[string]string
		Body         any
	}
	Response struct {
		Status  int
		Headers map[string]string
		Body    any
	}
}

// notReplayed are the topics about things that this fake does not have: other accounts, the
// management of tokens, broken parts of the service, races. Throttling has tests of its own with a
// clock, since the recording has no times.
var notReplayed = regexp.MustCompile(`^(token/.*|other-endpoints|auth/inactive|outage/.*|throttle/.*)$`)

// left are exchanges of replayed topics that cannot be replayed.
var left = map[string]string{
	"a-0045": "the Host header that was sent is not in the recording",
	"a-0047": "the Origin header that was sent is not in the recording",
	"h-0007": "needs two writers at once",
	"h-0008": "needs two writers at once",
	"h-0009": "needs two writers at once",
	"h-0010": "shows what two writers at once left behind",
}

func TestExchanges_AgreeWithRecording(t *testing.T) {
	p := &player{server: desec.New(desec.Options{
		Token:          token,
		NameServers:    []string{"ns1.desec.test.", "ns2.desec.test."},
		PublicSuffixes: []string{"dedyn.test"},
		Taken:          []string{"bob-only.test", "deep.parent-of.test"},
	}), who: "<TOKEN_ALICE>", cursors: map[string]string{}}
	played, all, others := map[string]int{}, map[string]int{}, 0
	var topics []string
	for _, x := range lines[exchange](t, "testdata/desec-exchanges.jsonl") {
		if notReplayed.MatchString(x.Topic) {
			continue
		}
		if all[x.Topic]++; all[x.Topic] == 1 {
			topics = append(topics, x.Topic)
		}
		if p.isOther(x) {
			others++
			continue
		}
		if left[x.ID] != "" {
			continue
		}
		played[x.Topic]++
		p.play(t, x)
	}
	sum := 0
	for _, topic := range topics {
		t.Logf("%-28s %3d of %3d", topic, played[topic], all[topic])
		sum += played[topic]
	}
	t.Logf("replayed %d; not replayed: %d of other accounts, %d for reasons of their own", sum, others, len(left))
	// Guards against a filter that swallows the recording.
	if sum != 733 {
		t.Errorf("%d exchanges were replayed, want 733", sum)
	}
}

// TestExchanges_ScopedToken replays what a token with policies may write.
func TestExchanges_ScopedToken(t *testing.T) {
	p := &player{server: desec.New(desec.Options{
		Token:       token,
		NameServers: []string{"ns1.desec.test.", "ns2.desec.test."},
		Domains:     []desec.Domain{{Name: "perm.test"}, {Name: "perm-other.test"}},
		Policy: func(domain, subname, typ string) bool {
			return domain == "perm.test" && (subname == "www" || subname == "_acme-challenge" && typ == "TXT")
		},
	}), who: "<TOKEN_SCOPED>", cursors: map[string]string{}}
	if err := p.server.Edit("perm.test", "plain", "A", 3600, []string{"192.0.2.1"}); err != nil {
		t.Fatal(err)
	}
	played := 0
	for _, x := range lines[exchange](t, "testdata/desec-exchanges.jsonl") {
		if x.Topic != "token/scoped-write" || x.ID == "f-0040" { // lists all domains of the recording
			continue
		}
		played++
		p.play(t, x)
	}
	if played != 21 {
		t.Errorf("%d exchanges were replayed, want 21", played)
	}
}

// player replays exchanges against a fake.
type player struct {
	server *desec.Server
	who    string // the token of the recording that stands for ours
	// cursors are ours for those of the recording.
	cursors map[string]string
}

func (p *player) isOther(x exchange) bool {
	authorization := x.Request.Headers["Authorization"]
	return strings.Contains(authorization, "<TOKEN_") && !strings.Contains(authorization, p.who)
}

func (p *player) play(t *testing.T, x exchange) {
	t.Helper()
	response, body := result(t, p.server, p.request(t, x))
	if response.StatusCode != x.Response.Status {
		t.Errorf("%s %s %s %s: status %d, want %d: %v", x.ID, x.Request.Method, x.Request.Path, short(x.Request.Body),
			response.StatusCode, x.Response.Status, short(body))
		return
	}
	p.learn(x.Response.Headers["Link"], response.Header.Get("Link"))
	headers := map[string]string{}
	for _, name := range []string{"Content-Type", "Allow", "WWW-Authenticate", "Location", "Link", "Retry-After"} {
		if value := response.Header.Get(name); value != "" {
			headers[name] = value
		}
	}
	if diff := cmp.Diff(plainHeaders(x.Response.Headers), plainHeaders(headers)); diff != "" {
		t.Errorf("%s %s %s: headers (-recorded +ours):\n%s", x.ID, x.Request.Method, x.Request.Path, diff)
	}
	want, got := p.align(x, plainBody(x.Response.Body), plainBody(body))
	if diff := cmp.Diff(want, got, cmp.Comparer(sameText)); diff != "" {
		t.Errorf("%s %s %s %s: body (-recorded +ours):\n%s", x.ID, x.Request.Method, x.Request.Path, short(x.Request.Body), diff)
	}
}

func (p *player) request(t *testing.T, x exchange) *http.Request {
	t.Helper()
	path := x.Request.Path
	for recorded, ours := range p.cursors {
		path = strings.ReplaceAll(path, "cursor="+recorded, "cursor="+ours)
	}
	var body string
	switch sent := full(x.ID, x.Request.Body).(type) {
	case nil:
	case string:
		body = latin1(sent)
	default:
		text, err := json.Marshal(sent)
		if err != nil {
			t.Fatal(err)
		}
		body = string(text)
	}
	r := httptest.NewRequest(x.Request.Method, "https://desec.test"+path, strings.NewReader(body))
	for name, value := range x.Request.Headers {
		r.Header.Set(name, latin1(strings.ReplaceAll(value, p.who, token)))
	}
	return r
}

// latin1 gives the bytes that were sent: the recording shows each byte of a raw body as a character.
func latin1(text string) string {
	raw := make([]byte, 0, len(text))
	for _, c := range text {
		if c > 0xff {
			return text
		}
		raw = append(raw, byte(c))
	}
	return string(raw)
}

// full gives bodies that the recording has shortened.
func full(id string, body any) any {
	addresses := func(from, to int, prefix string, ttl, keep bool) (all []any) {
		for i := from; i <= to; i++ {
			item := map[string]any{"subname": fmt.Sprintf("%s%04d", prefix, i), "type": "A", "records": []string{}}
			if ttl {
				item["ttl"] = 3600
			}
			if keep {
				item["records"] = []string{fmt.Sprintf("192.0.2.%d", i%256)}
			}
			all = append(all, item)
		}
		return all
	}
	switch id {
	case "b-0154":
		var records []string
		for i := range 300 {
			records = append(records, fmt.Sprintf("\"%s%04d\"", strings.Repeat("x", 250), i))
		}
		body.(map[string]any)["records"] = records
	case "b-0155":
		body.(map[string]any)["records"] = []string{`"` + strings.Repeat("x", 64500) + `"`}
	case "b-0156":
		body.(map[string]any)["records"] = []string{`"` + strings.Repeat("x", 60000) + `"`}
	case "b-0157":
		return "[" + strings.Repeat(" ", 1100000) + "]"
	case "e-0002":
		return addresses(0, 498, "h", true, true)
	case "e-0012":
		return addresses(500, 1004, "h", true, true)
	case "e-0026":
		return addresses(600, 1004, "h", false, false)
	case "e-0028":
		all := addresses(0, 19, "h", true, true)
		all[7].(map[string]any)["records"] = []string{"bad"}
		all[13].(map[string]any)["ttl"] = 60
		return all
	case "i-0061", "i-0063":
		var all []any
		for i := range 480 {
			var records []string
			for n := range 3 {
				records = append(records, fmt.Sprintf("2001:db8::%x:%d", i, n+1))
			}
			all = append(all, map[string]any{"subname": fmt.Sprintf("k%04d", i), "type": "AAAA", "ttl": 3600, "records": records})
		}
		return all
	}
	return body
}

var (
	linkPart   = regexp.MustCompile(`[?&]cursor=([^&>]*)[^>]*>; rel="(\w+)"`)
	cursorPart = regexp.MustCompile(`cursor=[^&>]+`)
)

// learn pairs the cursors of two answers by what they are for.
func (p *player) learn(recorded, ours string) {
	byRel := map[string]string{}
	for _, part := range linkPart.FindAllStringSubmatch(ours, -1) {
		byRel[part[2]] = part[1]
	}
	for _, part := range linkPart.FindAllStringSubmatch(recorded, -1) {
		if part[1] != "" {
			p.cursors[part[1]] = byRel[part[2]]
		}
	}
}

func plainHeaders(headers map[string]string) map[string]string {
	headers = maps.Clone(headers)
	if link, ok := headers["Link"]; ok {
		headers["Link"] = cursorPart.ReplaceAllString(link, "cursor=X")
	}
	return headers
}

var (
	conflictTypes = regexp.MustCompile(`database \(([A-Z, ]+)\)`)
	zonefileStart = regexp.MustCompile(`^; Zonefile for (\S+) exported from .*\n`)
	soaSerial     = regexp.MustCompile(`(get\.desec\.io\. get\.desec\.io\.) \d{10} `)
)

// plainBody takes out of a body what is arbitrary: times, keys, and the order of records, of RRsets
// and of the types in a complaint.
func plainBody(value any) any {
	switch value := value.(type) {
	case string:
		value = conflictTypes.ReplaceAllStringFunc(value, func(text string) string {
			types := strings.Split(text[len("database ("):len(text)-1], ", ")
			slices.Sort(types)
			return "database (" + strings.Join(types, ", ") + ")"
		})
		value = zonefileStart.ReplaceAllString(value, "; Zonefile for $1\n")
		return soaSerial.ReplaceAllString(value, "$1 SERIAL ")
	case []any:
		all := make([]any, len(value))
		for i, item := range value {
			all[i] = plainBody(item)
		}
		slices.SortStableFunc(all, func(a, b any) int { return strings.Compare(identity(a), identity(b)) })
		return all
	case map[string]any:
		all := map[string]any{}
		for name, item := range value {
			all[name] = plainMember(name, item)
		}
		return all
	default:
		return value
	}
}

func plainMember(name string, value any) any {
	text, isText := value.(string)
	switch {
	case isText && (name == "created" || name == "touched" || name == "published"):
		return "a time"
	case isText && name == "dnskey":
		return strings.Join(strings.Fields(text)[:3], " ")
	case name == "ds":
		var shapes []string
		for _, ds := range value.([]any) {
			parts := strings.Fields(ds.(string))
			shapes = append(shapes, fmt.Sprintf("%s %s with %d digits", parts[1], parts[2], len(parts[3])))
		}
		return shapes
	case name == "records":
		if items, ok := value.([]any); ok && !slices.ContainsFunc(items, func(item any) bool { _, ok := item.(string); return !ok }) {
			slices.SortFunc(items, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
			return items
		}
	}
	return plainBody(value)
}

// identity is by what an item of a list is sorted: RRsets and domains by name and type, anything
// else not at all.
func identity(item any) string {
	o, ok := item.(map[string]any)
	if !ok || o["created"] == nil {
		return ""
	}
	return fmt.Sprint(o["name"], o["type"])
}

// align shortens our list if the recording's is: of long ones it has the first two and the last.
// Which those are is arbitrary, as pages are; so each of them only has to be there.
func (p *player) align(x exchange, want, got any) (any, any) {
	wanted, ok := want.([]any)
	ours, ok2 := got.([]any)
	if !ok || !ok2 || len(wanted) == 0 || identity(wanted[0]) == "" {
		return want, got
	}
	if len(wanted) == len(ours) && x.Topic != "pagination" {
		return want, got
	}
	if x.Topic == "pagination" {
		// Another page may hold it: the order of RRsets that came in one request is arbitrary.
		name := strings.Split(x.Request.Path, "/")[4]
		ours = nil
		for _, set := range p.server.Stored(name) {
			ours = append(ours, map[string]any{
				"created": "a time", "touched": "a time", "domain": name, "name": set.Name, "type": set.Type, "ttl": float64(set.TTL),
				"subname": strings.TrimSuffix(strings.TrimSuffix(set.Name, name+"."), "."), "records": anyList(set.Values),
			})
		}
	}
	names := map[string]bool{}
	for _, item := range wanted {
		names[identity(item)] = true
	}
	ours = slices.DeleteFunc(slices.Clone(ours), func(item any) bool { return !names[identity(item)] })
	slices.SortFunc(ours, func(a, b any) int { return strings.Compare(identity(a), identity(b)) })
	return wanted, ours
}

func anyList(values []string) []any {
	var all []any
	for _, value := range values {
		all = append(all, value)
	}
	return all
}

var shortened = regexp.MustCompile(`^(?s)(.*)\.\.\.<(\d+) characters in all>$`)

// sameText compares texts of which one may be shortened in the recording.
func sameText(a, b string) bool {
	if a == b {
		return true
	}
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		if part := shortened.FindStringSubmatch(pair[0]); part != nil {
			return strings.HasPrefix(pair[1], part[1]) && fmt.Sprint(len(pair[1])) == part[2]
		}
	}
	return false
}

func short(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	if len(text) > 300 {
		return string(text[:300]) + "…"
	}
	return string(text)
}
