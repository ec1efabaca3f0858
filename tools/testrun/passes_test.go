package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestPlan_RacesWhatCanRace(t *testing.T) {
	all := []string{"-timeout", "1h", "./..."}
	where := func(t *testing.T) (raced, plain []string) {
		t.Helper()
		t.Chdir("../..")
		passes, err := plan(t.Context(), io.Discard, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, pass := range passes {
			if !slices.Contains(pass, "-timeout") {
				t.Errorf("the caller's flags are missing: %q", pass)
			}
			if slices.Contains(pass, "-race") {
				raced = append(raced, pass...)
			} else {
				plain = append(plain, pass...)
			}
		}
		return raced, plain
	}
	has := func(list []string, end string) bool {
		return slices.ContainsFunc(list, func(pkg string) bool { return strings.HasSuffix(pkg, end) })
	}
	if !hasCompiler(t.Context()) {
		t.Skip("without a C compiler there is no race detector")
	}
	t.Run("usually", func(t *testing.T) {
		raced, plain := where(t)
		for _, end := range withoutRace {
			if !has(plain, end) || has(raced, end) {
				t.Errorf("%s is raced, or not there", end)
			}
		}
		if !has(raced, "/internal/replica") || !has(raced, "/internal/provider") {
			t.Errorf("the shell and the provider are not raced: %q", raced)
		}
	})
	t.Run("all", func(t *testing.T) {
		t.Setenv("MULTIDNS_RACE", "all")
		if raced, plain := where(t); len(plain) > 0 || !has(raced, "/internal/acceptance") {
			t.Errorf("not raced: %q", plain)
		}
	})
}
