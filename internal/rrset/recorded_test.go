package rrset

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorded is one line of design/facts/desec-content.jsonl: what was sent to deSEC's server, and what it stored or
// answered.
type recorded struct {
	ID      string   `json:"id"`
	Type    string   `json:"type"`
	Subname string   `json:"subname"`
	TTL     uint32   `json:"ttl"`
	Records []string `json:"records"`
	Status  int      `json:"status"`
	Stored  []string `json:"stored"`
}

// deliberate lists the recorded lines on which this package differs from deSEC on purpose, by reason.
var deliberate = map[string][]string{
	"Unicode names are refused with the A-label to write: deSEC converts by IDNA 2003, which changes some names": {
		"d-0058", "d-0095", "d-0130",
	},
	"targets are absolute with or without their final dot": {"d-0113"},
	"TXT may be written without quotes":                    {"d-0138", "d-0148", "d-0179"},
	"deSEC's own rules refuse it": {
		"d-0062", "d-0063", "d-0064", "d-0077", "d-0078", "d-0079", "d-0314", "d-0322", "d-0390", "d-0391", "d-0401", "d-0402",
	},
	"CAA beyond ASCII changes at deSEC with every write": {"d-0230"},
	"what deSEC drops silently is refused: a semicolon glued to text, more fields than the type has, a second line": {
		"d-0233", "d-0255", "k-0010", "k-0011", "k-0022", "k-0023", "k-0024",
	},
	"characters outside base64 are refused, deSEC skips them": {"d-0282"},
	"values that mean the same are merged, deSEC refuses the set": {
		"d-0517", "d-0518", "d-0519", "d-0520", "d-0521", "d-0524", "d-0526", "d-0532", "d-0533", "d-0534", "d-0537",
	},
}

func readRecorded(t testing.TB) []recorded {
	t.Helper()
	file, err := os.Open("../../design/facts/desec-content.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []recorded
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line recorded
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// predict returns what deSEC will store of the line, or nil if it will refuse it.
func predict(line recorded) ([]string, error) {
	name := line.Subname
	if name == "" {
		name = "@"
	}
	key, err := NewKey("content.test", name, line.Type)
	if err != nil {
		return nil, err
	}
	r, err := New(key, line.TTL, line.Records)
	return r.Values, err
}

func TestCanonical_AgreesWithRecordedAnswers(t *testing.T) {
	why := map[string]string{}
	for reason, ids := range deliberate {
		for _, id := range ids {
			why[id] = reason
		}
	}
	tried, bytewise, meaning, differ := 0, 0, 0, map[string]int{}
	for _, line := range readRecorded(t) {
		if CheckType(line.Type) != nil {
			continue
		}
		tried++
		got, err := predict(line)
		stored := slices.Sorted(slices.Values(line.Stored))
		agrees := slices.Equal(got, stored) || sameMeaning(line, got)
		switch reason, listed := why[line.ID]; {
		case agrees && listed:
			t.Errorf("%s agrees, but is listed as different: %s", line.ID, reason)
		case slices.Equal(got, stored):
			bytewise++
		case agrees:
			meaning++
		case listed:
			differ[reason]++
		default:
			t.Errorf("%s %s %q: status %d, ours: %v (-deSEC +ours):\n%s", line.ID, line.Type, line.Records, line.Status, err, cmp.Diff(stored, got))
		}
		delete(why, line.ID)
	}
	for id := range why {
		t.Errorf("%s is listed as different, but is no recorded line of our types", id)
	}
	t.Logf("of %d recorded lines %d agree to the byte, %d but for the case of names", tried, bytewise, meaning)
	for _, reason := range slices.Sorted(maps.Keys(differ)) {
		t.Logf("%d differ on purpose: %s", differ[reason], reason)
	}
}

// sameMeaning reports whether what deSEC stored is one value for one with ours, and reads as ours does.
func sameMeaning(line recorded, got []string) bool {
	stored, err := CanonicalValues(line.Type, line.Stored)
	return err == nil && len(line.Stored) == len(got) && len(got) > 0 && slices.Equal(stored, got)
}

// What we send is stored as it is: that is what makes an answer comparable with what was sent.
func TestCanonical_StoredFormIsKept(t *testing.T) {
	folded := []string{"CNAME", "MX", "NAPTR", "NS", "PTR", "SRV"}
	tried := 0
	for _, line := range readRecorded(t) {
		for _, stored := range line.Stored {
			got, err := Canonical(line.Type, stored)
			switch {
			case err != nil: // told by TestCanonical_AgreesWithRecordedAnswers
				continue
			case slices.Contains(folded, line.Type) && strings.EqualFold(stored, got):
				got = stored
			}
			tried++
			if diff := cmp.Diff(stored, got); diff != "" {
				t.Errorf("%s: stored form changed (-stored +ours):\n%s", line.ID, diff)
			}
		}
	}
	if tried < 150 {
		t.Errorf("only %d stored forms were tried", tried)
	}
}

func TestCheckType_RecordedTypesOfOneOperatorRejected(t *testing.T) {
	tried := 0
	for _, line := range readRecorded(t) {
		if slices.Contains(Types(), line.Type) {
			continue
		}
		tried++
		if got, err := predict(line); err == nil {
			t.Errorf("%s %s is accepted: %q", line.ID, line.Type, got)
		}
	}
	t.Logf("%d recorded lines of other types are refused", tried)
}
