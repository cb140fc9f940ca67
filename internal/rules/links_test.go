package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// link is a Markdown link or picture; the group is where it leads.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestDocumentsLinkToWhatIsThere follows the links of README.md and docs that
// stay in the tree.
func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, doc := range append(docs, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			to, _, _ := strings.Cut(m[1], "#")
			if to == "" || strings.Contains(to, "://") {
				continue
			}
			found++
			if _, err := os.Stat(filepath.Join(filepath.Dir(doc), to)); err != nil {
				t.Errorf("%s links to %s: %v", doc, m[1], err)
			}
		}
	}
	if found == 0 {
		t.Error("no link was found: is the pattern right?")
	}
}
