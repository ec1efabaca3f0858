package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCounts_Add(t *testing.T) {
	for name, test := range map[string]struct{ events, want string }{
		"subtests count": {
			`{"Action":"pass","Package":"p","Test":"TestA/sub"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"pass","Package":"p"}`, "2 passed, 0 failed, 1 skipped",
		},
		"a failed test is not counted again with its package": {
			`{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`, "0 passed, 1 failed, 0 skipped",
		},
		"a package that does not compile, or panics, is one failure": {
			`{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}
{"Action":"skip","Package":"q"}`, "1 passed, 1 failed, 0 skipped",
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "events")
			if err := os.WriteFile(path, []byte(test.events), 0o600); err != nil {
				t.Fatal(err)
			}
			var c counts
			if err := c.add(path); err != nil || c.String() != test.want {
				t.Errorf("%s (%v), want %s", c, err, test.want)
			}
		})
	}
}
