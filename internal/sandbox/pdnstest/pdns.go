// Package pdnstest runs PowerDNS, the server software of deSEC, with a zone and the keys of the fake: what nobody here
// wrote serves and signs what the fake's API holds. Its settings are those of deSEC (design/facts/desec-api.md section
// 6).
package pdnstest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/loopback"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// apiKey opens the API, which listens on loopback.
const apiKey = "pdnstest"

// Server is a running PowerDNS with one zone.
type Server struct {
	// Addr is where it answers DNS.
	Addr string

	zone, api string
	ttl       uint32
	held      map[rrsetKey]zonedata.RRset
	keys      map[string]held
}

type rrsetKey struct{ name, typ string }

// held is a key that the server has, with its number there.
type held struct {
	id     int
	active bool
}

// Start runs PowerDNS with an empty zone, absolute, until the test ends; ttl is that of all that it makes itself.
// Without PowerDNS the test is skipped.
func Start(t testing.TB, zone string, ttl uint32) *Server {
	t.Helper()
	program := loopback.Find("pdns_server")
	backend, _ := filepath.Glob("/usr/lib/*/pdns/liblmdbbackend.so") // the only error is a malformed pattern
	if program == "" || len(backend) == 0 {
		t.Skip("PowerDNS is not installed (apt-get install pdns-server pdns-backend-lmdb)")
	}
	dir := t.TempDir()
	s := &Server{Addr: loopback.FreeAddr(t), zone: zone, ttl: ttl, held: map[rrsetKey]zonedata.RRset{}, keys: map[string]held{}}
	web := loopback.FreeAddr(t)
	s.api = "http://" + web + "/api/v1/servers/localhost/zones"
	if err := os.WriteFile(filepath.Join(dir, "pdns.conf"), []byte(settings(dir, filepath.Dir(backend[0]), s.Addr, web)), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(context.WithoutCancel(t.Context()), program, "--config-dir="+dir)
	output := &bytes.Buffer{}
	command.Stdout, command.Stderr = output, output
	if !loopback.Run(t, command, func() bool { return s.call(t.Context(), http.MethodGet, "", nil, nil) == nil }) {
		t.Fatalf("PowerDNS does not answer: %s", output)
	}
	s.create(t)
	return s
}

func settings(dir, modules, dns, web string) string {
	host, port, _ := net.SplitHostPort(dns)
	webHost, webPort, _ := net.SplitHostPort(web)
	return strings.Join([]string{
		"launch=lmdb", "module-dir=" + modules, "lmdb-filename=" + filepath.Join(dir, "pdns.lmdb"), "socket-dir=" + dir, "guardian=no", "daemon=no",
		"local-address=" + host, "local-port=" + port, "webserver=yes", "webserver-address=" + webHost, "webserver-port=" + webPort, "api=yes", "api-key=" + apiKey,
		"security-poll-suffix=", // it asks nobody outside
		// A change is served at once.
		"cache-ttl=0", "query-cache-ttl=0", "negquery-cache-ttl=0", "zone-cache-refresh-interval=0",
		"direct-dnskey=yes", "default-publish-cds=2,4", "default-publish-cdnskey=1",
	}, "\n") + "\n"
}

func (s *Server) create(t testing.TB) {
	t.Helper()
	soa := fmt.Sprintf("get.desec.io. get.desec.io. 1 86400 3600 2419200 %d", s.ttl)
	if err := s.call(t.Context(), http.MethodPost, "", map[string]any{
		"name": s.zone, "kind": "Master", "nameservers": []string{}, "api_rectify": true,
		"rrsets": []any{map[string]any{"name": s.zone, "type": "SOA", "ttl": s.ttl, "records": records([]string{soa})}},
	}, nil); err != nil {
		t.Fatal(err)
	}
}

func records(values []string) []map[string]any {
	all := []map[string]any{}
	for _, v := range values {
		all = append(all, map[string]any{"content": v, "disabled": false})
	}
	return all
}

// Hold makes the server hold exactly these RRsets and sign with these keys.
func (s *Server) Hold(ctx context.Context, sets []zonedata.RRset, keys []signing.Use) error {
	isUnsigned := len(s.keys) == 0
	if err := s.holdKeys(ctx, keys); err != nil {
		return err
	}
	if isUnsigned && len(s.keys) > 0 { // a parameter of the signing: without a key it is refused
		if err := s.call(ctx, http.MethodPut, "/"+s.zone, map[string]any{"nsec3param": "1 0 0 -"}, nil); err != nil {
			return err
		}
	}
	want := map[rrsetKey]zonedata.RRset{}
	var changes []any
	for _, set := range sets {
		key := rrsetKey{set.Name, set.Type}
		want[key] = set
		if fmt.Sprint(s.held[key]) != fmt.Sprint(set) {
			changes = append(changes, map[string]any{"name": set.Name, "type": set.Type, "ttl": min(set.TTL, s.ttl), "changetype": "REPLACE", "records": records(set.Values)})
		}
	}
	for key := range s.held {
		if _, stays := want[key]; !stays {
			changes = append(changes, map[string]any{"name": key.name, "type": key.typ, "changetype": "DELETE"})
		}
	}
	if len(changes) == 0 {
		return nil
	}
	s.held = want
	return s.call(ctx, http.MethodPatch, "/"+s.zone, map[string]any{"rrsets": changes}, nil)
}

// holdKeys adds keys before it takes others away: a zone without a key would not be signed.
func (s *Server) holdKeys(ctx context.Context, keys []signing.Use) error {
	stays := map[string]bool{}
	for _, use := range keys {
		name := use.DNSKEY()
		stays[name] = true
		has, known := s.keys[name]
		if known && has.active == use.SignsZone {
			continue
		}
		var answer struct {
			ID int `json:"id"`
		}
		method, at, body := http.MethodPost, "", map[string]any{"keytype": "csk", "active": use.SignsZone, "published": true, "content": private(use.Key)}
		if known {
			method, at, body = http.MethodPut, fmt.Sprintf("/%d", has.id), map[string]any{"active": use.SignsZone, "published": true}
		}
		if err := s.call(ctx, method, "/"+s.zone+"/cryptokeys"+at, body, &answer); err != nil {
			return err
		}
		if known {
			answer.ID = has.id
		}
		s.keys[name] = held{answer.ID, use.SignsZone}
	}
	for name, has := range s.keys {
		if stays[name] {
			continue
		}
		if err := s.call(ctx, http.MethodDelete, fmt.Sprintf("/%s/cryptokeys/%d", s.zone, has.id), nil, nil); err != nil {
			return err
		}
		delete(s.keys, name)
	}
	return nil
}

// private is a key in the form of BIND's files.
func private(k signing.Key) string {
	key, ok := k.Signer().(*ecdsa.PrivateKey)
	if !ok {
		return ""
	}
	secret, err := key.Bytes()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: %s\n", base64.StdEncoding.EncodeToString(secret))
}

func (s *Server) call(ctx context.Context, method, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, s.api+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("X-Api-Key", apiKey)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("PowerDNS: %s %s: %s: %s", method, path, response.Status, said)
	}
	if answer == nil || len(said) == 0 {
		return nil
	}
	return json.Unmarshal(said, answer)
}
