package desec_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

// exchange is a line of design/facts/desec-exchanges.jsonl. State carries over from line to line.
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

// notReplayed are the topics about things that this fake does not have: other accounts, the management of tokens (but
// see the next test), zone files, the search for the owner of a name, broken parts of the service, races. Throttling
// has tests of its own with a clock, since the recording has no times.
var notReplayed = regexp.MustCompile(`^(token/.*|other-endpoints|auth/inactive|outage/.*|throttle/.*|root|domain/create-zonefile|domain/owns_qname)$`)

// isBeyond tells of a request that no client of ours makes and the fake does not know.
func (x exchange) isBeyond() bool {
	path := x.Request.Path
	return x.Request.Method == http.MethodOptions || strings.HasSuffix(path, "/zonefile/") || strings.Contains(path, "?owns_qname=")
}

// left are exchanges of replayed topics that cannot be replayed.
var left = map[string]string{
	"a-0059": "bytes that are no UTF-8, which no JSON of ours holds",
	"a-0067": "a body in UTF-16, which no client of ours sends",
	"a-0101": "a name that the code of the list of public suffixes takes for one",
	"a-0112": "needs another account with the domain",
	"a-0113": "needs another account with the domain above",
	"a-0115": "needs another account with a domain below",
	"a-0127": "lists a domain that was filled from a zone file",
	"a-0131": "needs another account with the domain",
	"i-0047": "an integer with an exponent, which no encoder of JSON writes",
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
	}), who: "<TOKEN_ALICE>", cursors: map[string]string{}}
	played, all, others := map[string]int{}, map[string]int{}, 0
	var topics []string
	for _, x := range lines[exchange](t, "../../../design/facts/desec-exchanges.jsonl") {
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
		if left[x.ID] != "" || x.isBeyond() {
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
	if sum != 671 {
		t.Errorf("%d exchanges were replayed, want 671", sum)
	}
}

// TestExchanges_TokenWithLessRights replays what a token with policies may write, and what a token without rights to
// domains may do to them.
func TestExchanges_TokenWithLessRights(t *testing.T) {
	domain, www, acme, txt := "perm.test", "www", "_acme-challenge", "TXT"
	scoped := []desec.Policy{{}, {&domain, &www, nil, true}, {&domain, &acme, &txt, true}}
	tests := []struct {
		who, topic string
		policies   []desec.Policy
		plain      bool // there is an RRset plain A from the start
		want       int
	}{
		{"<TOKEN_PLAIN>", "token/domain-permissions", []desec.Policy{{Write: true}}, false, 7},
		{"<TOKEN_SCOPED>", "token/scoped-write", scoped, true, 22},
	}
	for _, tt := range tests {
		t.Run(tt.topic, func(t *testing.T) {
			p := &player{server: desec.New(desec.Options{
				Token:       token,
				NameServers: []string{"ns1.desec.test.", "ns2.desec.test."},
				Domains:     []desec.Domain{{Name: "example-one.test"}, {Name: "perm.test"}, {Name: "perm-other.test"}},
				Policies:    tt.policies,
			}), who: tt.who, cursors: map[string]string{}}
			if tt.plain {
				if err := p.server.Edit("perm.test", "plain", "A", 3600, []string{"192.0.2.1"}); err != nil {
					t.Fatal(err)
				}
			}
			played := 0
			for _, x := range lines[exchange](t, "../../../design/facts/desec-exchanges.jsonl") {
				if x.Topic == tt.topic && !p.isOther(x) {
					played++
					p.play(t, x)
				}
			}
			if played != tt.want {
				t.Errorf("%d exchanges were replayed, want %d", played, tt.want)
			}
		})
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
