package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/zonedata"
)

// declared are the owner names of examples/failover, relative to the zone.
var declared = []string{"www", "web-router"}

// checkSettled checks what must hold after an apply that reached both operators.
func (s *stage) checkSettled(ctx context.Context, r *row) {
	r.check(s.story, "both zones are identical", identical(s.box))
	r.check(s.story, "a plan right after is empty, exit code 0", s.work.Plan(ctx).Must(0))
}

// checkOwed checks what must hold after an apply that could not reach Cloudflare.
func (s *stage) checkOwed(ctx context.Context, r *row, took time.Duration) {
	claim := fmt.Sprintf("deSEC had it %d ms after the start of its write, while Cloudflare was silent", took.Milliseconds())
	r.check(s.story, claim, within(took))
	owed, err := s.owed(ctx)
	if err == nil {
		s.story.state(owed)
	}
	r.check(s.story, "the state says what Cloudflare is owed", err)
	r.check(s.story, "a plan while Cloudflare is still silent shows that one change, exit code 2", s.planOneChange(ctx))
}

// owed reads from the state what Cloudflare is owed, and what both were last seen to hold. It is an error when the
// state claims anything but the truth.
func (s *stage) owed(ctx context.Context) (shown []held, err error) {
	state, err := s.work.Show(ctx)
	if err != nil {
		return nil, err
	}
	const address = "multidns_router.web"
	router := state.Resources[address]
	if router.Tainted {
		return nil, fmt.Errorf("%s is tainted", address)
	}
	for path, want := range map[string]any{
		"in_sync": false, "operators.cloudflare.status": "out_of_sync", "operators.desec.status": "in_sync", "active_target": secondFront,
	} {
		got := router.Attr(steps(path)...)
		if got != want {
			return nil, fmt.Errorf("%s.%s is %v, want %v", address, path, got, want)
		}
	}
	shown = append(shown, held{"in_sync", "false"})
	for _, operator := range []string{"cloudflare", "desec"} {
		for _, name := range []string{"status", "values", "message"} {
			if value := router.Attr("operators", operator, name); value != nil {
				shown = append(shown, held{"operators." + operator + "." + name, fmt.Sprint(value)})
			}
		}
	}
	return shown, nil
}

func steps(path string) []any {
	var list []any
	for step := range strings.SplitSeq(path, ".") {
		list = append(list, step)
	}
	return list
}

// checkUntouched checks that nobody has touched what was not declared.
func (s *stage) checkUntouched(ctx context.Context, r *row) {
	now, err := s.untouched(ctx)
	if err == nil {
		err = sameRecords(s.before, now)
	}
	r.check(s.story, fmt.Sprintf("the %d other RRsets of the zone are byte for byte what they were", len(undeclared)), err)
}

// sameRecords compares what two looks at the APIs gave.
func sameRecords(before, now map[string]map[string]string) error {
	for operator, records := range before {
		for id, record := range records {
			if now[operator][id] != record {
				return fmt.Errorf("%s: %s was %s and is %s", operator, id, record, now[operator][id])
			}
		}
		if len(now[operator]) != len(records) {
			return fmt.Errorf("%s: there were %d records, and now there are %d: %v", operator, len(records), len(now[operator]),
				slices.Sorted(maps.Keys(now[operator])))
		}
	}
	return nil
}

// identical compares what both operators publish, in canonical form: names and the host names in values in lower case,
// values in order. Left out are the apex NS RRsets, which each operator brings along, and the router's TTL, which the
// example declares to differ.
func identical(box *sandbox.Sandbox) error {
	lines := map[string][]string{}
	for _, site := range box.Sites() {
		lines[site.Name] = canonical(box.Zone, site.Published(box.Zone))
	}
	if !slices.Equal(lines["cloudflare"], lines["desec"]) {
		return fmt.Errorf("Cloudflare holds\n  %s\nand deSEC\n  %s", strings.Join(lines["cloudflare"], "\n  "), strings.Join(lines["desec"], "\n  "))
	}
	return nil
}

func canonical(zone string, rrsets []zonedata.RRset) []string {
	var lines []string
	for _, r := range rrsets {
		ttl := fmt.Sprint(r.TTL)
		switch {
		case r.Type == "SOA", r.Type == "NS" && r.Name == zone+".":
			continue
		case r.Name == "web-router."+zone+".":
			ttl = "(its own)"
		}
		values := slices.Sorted(slices.Values(r.Values))
		if r.Type != "TXT" {
			values = strings.Split(strings.ToLower(strings.Join(values, "\n")), "\n")
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s", strings.ToLower(r.Name), ttl, r.Type, strings.Join(values, ", ")))
	}
	slices.Sort(lines)
	return lines
}

// untouched gives, by operator and identifier, every record that is not declared as its API shows it, ids and dates of
// change included. It asks the API itself, past what is wrong with its network.
func (s *stage) untouched(ctx context.Context) (map[string]map[string]string, error) {
	cloudflare, err := look(ctx, s.box.Cloudflare.API, "/client/v4/zones/"+s.box.Cloudflare.ZoneID+"/dns_records", "Bearer "+s.box.Cloudflare.Token)
	if err != nil {
		return nil, err
	}
	var envelope struct{ Result json.RawMessage }
	if err := json.Unmarshal(cloudflare, &envelope); err != nil {
		return nil, fmt.Errorf("read Cloudflare's list: %w", err)
	}
	desec, err := look(ctx, s.box.Desec.API, "/api/v1/domains/"+s.box.Zone+"/rrsets/", "Token "+s.box.Desec.Token)
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]string{}
	for operator, list := range map[string]json.RawMessage{"cloudflare": envelope.Result, "desec": desec} {
		if all[operator], err = s.byIdentifier(list); err != nil {
			return nil, fmt.Errorf("read %s's list: %w", title(operator), err)
		}
	}
	return all, nil
}

// byIdentifier takes a list of records apart. deSEC has no identifiers; name and type are one.
func (s *stage) byIdentifier(list json.RawMessage) (map[string]string, error) {
	var records []json.RawMessage
	if err := json.Unmarshal(list, &records); err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, record := range records {
		var head struct{ ID, Name, Type string }
		if err := json.Unmarshal(record, &head); err != nil {
			return nil, err
		}
		relative := strings.TrimSuffix(strings.TrimSuffix(head.Name, "."), "."+s.box.Zone)
		if !slices.Contains(declared, relative) {
			found[strings.TrimSpace(head.ID+" "+head.Name+" "+head.Type)] = string(record)
		}
	}
	return found, nil
}

// look reads one page from an API's handler, without its network.
func look(ctx context.Context, api http.Handler, path, authorization string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://sandbox.invalid"+path, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", path, err)
	}
	request.Header.Set("Authorization", authorization)
	answer := httptest.NewRecorder()
	api.ServeHTTP(answer, request)
	if answer.Code != http.StatusOK {
		return nil, fmt.Errorf("look at %s: status %d: %s", path, answer.Code, answer.Body)
	}
	return answer.Body.Bytes(), nil
}
