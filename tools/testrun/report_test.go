package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReport_Counts(t *testing.T) {
	tests := []struct {
		name   string
		events string
		line   string
		out    string
	}{
		{
			name: "passes are one line",
			events: `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"noise\n"}
{"Action":"pass","Package":"p","Test":"TestA/sub"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.5s\n"}
{"Action":"pass","Package":"p","Elapsed":0.5}
`,
			line: "2 passed, 0 failed, 0 skipped",
			out:  "ok    p  500ms  (2 tests)\n",
		},
		{
			name: "cached package",
			events: `{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"ok  \tp\t(cached)\n"}
{"Action":"pass","Package":"p","Elapsed":0}
`,
			line: "1 passed, 0 failed, 0 skipped",
			out:  "ok    p  cached  (1 tests)\n",
		},
		{
			name: "a failure shows its output and not its neighbour's",
			events: `{"Action":"output","Package":"p","Test":"TestB","Output":"=== RUN   TestB\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}
{"Action":"output","Package":"p","Test":"TestB","Output":"want 1, got 2\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p","Elapsed":1}
`,
			line: "1 passed, 1 failed, 0 skipped",
			out:  "want 1, got 2\nFAIL  p  1s\n",
		},
		{
			name: "a skip shows its reason",
			events: `{"Action":"output","Package":"p","Test":"TestA","Output":"no IPv6 here\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":1}
`,
			line: "0 passed, 0 failed, 1 skipped",
			out:  "no IPv6 here\nok    p  1s  (1 tests)\n",
		},
		{
			name: "a package that does not compile is one failure",
			events: `{"ImportPath":"p [p.test]","Action":"build-output","Output":"x.go:1: undefined: y\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}
{"Action":"fail","Package":"p","Elapsed":0,"FailedBuild":"p [p.test]"}
`,
			line: "0 passed, 1 failed, 0 skipped",
			out:  "x.go:1: undefined: y\nFAIL\tp [build failed]\nFAIL  p  0s\n",
		},
		{
			name: "a panic outside of a finished test is one failure and shown",
			events: `{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}
{"Action":"output","Package":"p","Output":"exit status 2\n"}
{"Action":"fail","Package":"p","Elapsed":0}
`,
			line: "0 passed, 1 failed, 0 skipped",
			out:  "panic: oh\nexit status 2\nFAIL  p  0s\n",
		},
		{
			name:   "no tests at all",
			events: `{"Action":"skip","Package":"p","Elapsed":0}` + "\n" + "no event, no newline",
			line:   "0 passed, 0 failed, 0 skipped",
			out:    "no event, no newline",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			r := newReport(&out)
			if err := r.read(strings.NewReader(test.events)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.line, r.line()); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.out, out.String()); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}
