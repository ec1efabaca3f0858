package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// pinnedAction names an action by the hash of its commit, which nobody can move, with its version for people.
var pinnedAction = regexp.MustCompile(`^\s*- uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

func TestWorkflows_PinnedAndWithoutRights(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(root(t), ".github", "workflows", "*.yml"))
	if err != nil || len(paths) < 3 {
		t.Fatalf("workflows %v, %v: want those for test, docs and release", paths, err)
	}
	for _, path := range paths {
		text := string(read(t, path))
		for line := range strings.Lines(text) {
			if strings.Contains(line, "uses:") && !pinnedAction.MatchString(strings.TrimRight(line, "\n")) {
				t.Errorf("%s: %q does not pin the action by its commit, with its version behind it", filepath.Base(path), strings.TrimSpace(line))
			}
		}
		var workflow struct {
			Permissions map[string]string `yaml:"permissions"`
			Jobs        map[string]struct {
				Permissions map[string]string `yaml:"permissions"`
			} `yaml:"jobs"`
		}
		if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
			t.Fatal(err)
		}
		if len(workflow.Permissions) != 1 || workflow.Permissions["contents"] != "read" {
			t.Errorf("%s: a workflow may read the repository and no more, this one may %v", filepath.Base(path), workflow.Permissions)
		}
		for name, job := range workflow.Jobs {
			if len(job.Permissions) > 0 && filepath.Base(path) != "release.yml" {
				t.Errorf("%s: job %s may %v", filepath.Base(path), name, job.Permissions)
			}
		}
	}
}

// TestEditorConfig_Kept: what .editorconfig asks of every editor holds for what is committed.
func TestEditorConfig_Kept(t *testing.T) {
	for _, name := range []string{"README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "GNUmakefile", ".goreleaser.yml"} {
		text, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if strings.TrimRight(line, " \t\r") != line {
				t.Errorf("%s:%d ends in white space", name, i+1)
			}
		}
		if !strings.HasSuffix(string(text), "\n") {
			t.Errorf("%s does not end in a line break", name)
		}
	}
}
