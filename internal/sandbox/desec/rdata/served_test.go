package rdata_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec/rdata"
)

// TestServed is what the API takes and the signing name server does not, as seen at the real one
// (design/facts/desec-api.md section 10).
func TestServed(t *testing.T) {
	for _, c := range []struct {
		typ, value string
		served     bool
	}{
		{"LOC", "51 24 0 N 58 15 0 E 10m 0m 100m 10m", false},
		{"LOC", "51 24 0.001 N 58 15 0.001 E 10m 0m 100m 10m", true},
		{"LOC", "52 22 23 N 4 53 32 E -2m 0m 10000m 10m", true},
		{"LOC", "0 0 0 N 4 53 32 E 0m 2m 2m 2m", false},
		{"LOC", "0 0 0 S 4 53 32 E 0m 2m 2m 2m", false},
		{"LOC", "52 22 23 N 0 0 0 E 0m 2m 2m 2m", false},
		{"LOC", "0 0 0.001 N 0 0 0.001 W 0m 2m 2m 2m", true},
		{"LOC", "52 22 23 N 4 53 32 E 0m 40000000m 2m 2m", true},
		{"LOC", "52 22 23 N 4 53 32 E 0m 50000000m 2m 2m", false},
		{"LOC", "52 22 23 N 4 53 32 E 0m 2m 2m 90000000m", false},
		{"LOC", "52 22 23 N 4 53 32 E 0m", false},
		{"CERT", "0 0 0 sadfdQ==", false},
		{"CERT", "1 0 0 sadfdQ==", true},
		{"A", "192.0.2.1", true},
		{"SVCB", "1 . key9", false},
		{"SVCB", `1 . key65535=""`, false},
		{"SVCB", "1 . mandatory=key65400 key65400", false},
		{"SVCB", "1 . mandatory=key65400 key65400=a", true},
		{"SVCB", "1 . no-default-alpn alpn=h2", true},
		{"SVCB", `1 . ech=""`, true},
		{"HTTPS", `1 . key65400=";"`, false},
		{"HTTPS", `1 . key65400="a\040b"`, false},
		{"HTTPS", `1 . key65400="a" key65401="b)"`, false},
		{"HTTPS", `1 . key65400="\"\\ ,$@"`, true},
		{"HTTPS", "1 . alpn=" + strings.Repeat("a", '"'), true}, // the length is a quote
		{"HTTPS", `1 . alpn="a\034b"`, false},
		{"HTTPS", `1 . alpn="a\\,b"`, true},
		{"PTR", `a\@b.example.net.`, false},
		{"PTR", `\# 4 02612200`, false},
		{"PTR", `a\.b\\\200\000\032'#%&*/:[|\127.example.net.`, true},
		{"SVCB", `1 \$.example.net.`, false},
		{"NAPTR", `1 1 "\"" ";" "($@)" a\040b.`, false},
		{"NAPTR", `1 1 "\"" ";" "($@)" a\200b.`, true},
		{"URI", `1 1 "a\000"`, false},
		{"URI", `1 1 "a\128"`, false},
		{"URI", `1 1 "a\129\160\255é€"`, true},
		{"URI", `1 1 "Ā"`, false},
		{"URI", `1 1 "a‑b"`, false},
		{"DNAME", `a\;b.example.net.`, false},
		{"RP", `a\)b.example.net. .`, false},
		{"OPENPGPKEY", strings.Repeat("A", 64000), true},
		{"OPENPGPKEY", strings.Repeat("A", 64004), false},
		{"URI", `0 0 "` + strings.Repeat("é", 31998) + `"`, true}, // characters are counted, not bytes
	} {
		stored, err := rdata.Canonical(c.typ, c.value)
		if err != nil {
			t.Errorf("%s %.80s: %v", c.typ, c.value, err)
		} else if got := rdata.Served(c.typ, stored); got != c.served {
			t.Errorf("%s %.80s (%d bytes) is served: %t, want %t", c.typ, stored, len(stored), got, c.served)
		}
	}
}

// TestServed_SharesOfAngles compares with what was counted of 700 random values of each kind: 503 with whole minutes
// were refused, 5 with whole seconds, none with thousandths.
func TestServed_SharesOfAngles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	refused := func(seconds func() string) (share float64) {
		const all = 20000
		for range all {
			value := fmt.Sprintf("%d %d %s N %d %d %s E 10m 2m 2m 2m",
				random.IntN(90), random.IntN(60), seconds(), random.IntN(180), random.IntN(60), seconds())
			stored, err := rdata.Canonical("LOC", value)
			if err != nil {
				t.Fatal(value, err)
			}
			if !rdata.Served("LOC", stored) {
				share += 1.0 / all
			}
		}
		return share
	}
	for _, c := range []struct {
		name        string
		seconds     func() string
		least, most float64
	}{
		{"whole minutes", func() string { return "0" }, 0.68, 0.76},
		{"whole seconds", func() string { return fmt.Sprint(random.IntN(60)) }, 0.001, 0.025},
		{"thousandths", func() string { return fmt.Sprintf("%d.%03d", random.IntN(60), 1+random.IntN(999)) }, 0, 0.002},
	} {
		if share := refused(c.seconds); share < c.least || share > c.most {
			t.Errorf("%s: %.4f are refused, want %.3f to %.3f", c.name, share, c.least, c.most)
		} else {
			t.Logf("%s: %.4f", c.name, share)
		}
	}
}
