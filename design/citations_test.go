// Package design holds no code: these tests keep its pages and whoever cites them honest.
package design

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// citation is a page or a recording, and the sections after it: "section 4.6", "sections 1, 6, 8 and 9".
	citation = regexp.MustCompile(`design/[\w/-]+\.(?:md|jsonl|sh)(?:,? sections? [0-9.]*[0-9](?:(?:, | and | to )[0-9.]*[0-9])*)?`)
	number   = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)*`)
	heading  = regexp.MustCompile(`(?m)^##+ ([0-9]+(?:\.[0-9]+)*)[. ]`)
	goFile   = regexp.MustCompile(`\b(?:internal|tools|design)/[\w./-]+\.go\b`)
	comment  = regexp.MustCompile(`\n[ \t]*//[ \t]*`) // a citation may run over the end of a line
)

// TestCitations_NameWhatExists reads every source and every page: what they cite is in the repository.
func TestCitations_NameWhatExists(t *testing.T) {
	const root = ".."
	sections := map[string]map[string]bool{}
	found := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); path != root && strings.HasPrefix(name, ".") || name == "dist" || name == "facts" {
				return filepath.SkipDir
			}
			return nil
		}
		if extension := filepath.Ext(path); extension != ".go" && extension != ".md" && extension != ".tmpl" {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := comment.ReplaceAllString(string(content), " ")
		if filepath.Ext(path) != ".go" {
			text = strings.ReplaceAll(text, "\n", " ")
		}
		for _, cited := range citation.FindAllString(text, -1) {
			found++
			file, rest, _ := strings.Cut(cited, " ")
			file = strings.TrimSuffix(file, ",")
			if sections[file] == nil {
				page, err := os.ReadFile(filepath.Join(root, file))
				if err != nil {
					t.Errorf("%s cites %s, which does not exist", path, file)
					continue
				}
				sections[file] = map[string]bool{}
				for _, match := range heading.FindAllSubmatch(page, -1) {
					sections[file][string(match[1])] = true
				}
			}
			for _, section := range number.FindAllString(rest, -1) {
				if !sections[file][section] {
					t.Errorf("%s cites section %s of %s, which does not exist", path, section, file)
				}
			}
		}
		if filepath.Ext(path) == ".md" {
			for _, file := range goFile.FindAllString(text, -1) {
				if _, err := os.Stat(filepath.Join(root, file)); err != nil {
					t.Errorf("%s names %s, which does not exist", path, file)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 150 {
		t.Errorf("found %d citations only: the pattern does not see them any more", found)
	}
}
