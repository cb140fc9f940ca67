package control_test

import (
	"slices"
	"strings"
	"testing"

	"rayos/shell/control"
)

func TestVolumeCommands(t *testing.T) {
	for _, c := range []struct{ line, log, out string }{
		{"volume index /home/me/my notes", `volume index "/home/me/my notes"`, "2 files taken in (3 pieces, 2.0 KiB), 1 as before"},
		{"volume index", `volume index ""`, "permission denied"},
		{"vol index /x", `volume index "/x"`, ""},
		{"volume search --n 5 --files how do guests get memory", `volume search "how do guests get memory" "" 5 true`, "/home/me/virtqueues.md:12  (0.0328, words+meaning)\n"},
		{"volume search --folder /home/me rings", `volume search "rings" "/home/me" 10 false`, "/home/me/paper.pdf, page 3"},
		{"volume search nothing", `volume search "nothing" "" 10 false`, "nothing was found: there are no documents\n"},
		{"volume similar /home/me/a.md", `volume similar "/home/me/a.md" 10`, "rings\n"},
		{"volume stats", "volume stats", "folder /home/me/notes\nunder way: 1 of 3 files\n"},
		{"vol probe", "volume stats", "3 vectors of lsa-128, 128 dimensions, ef 200\n"},
		{"vol tail 5", "volume tail 5", "indexed   /home/me/a�b, 2 pieces\n"},
		{"volume verify", "volume verify", "ok: 2 documents, 3 pieces\n"},
		{"volume rebuild", "volume rebuild", "2 files"},
		{"volume forget /home/me", `volume forget "/home/me"`, "2 documents are forgotten"},
		{"rag how do guests get memory", `volume search "how do guests get memory" "" 3 false`, "RAG: top=2 index=bm25+lsa-128\nRAG[0] score=0.0328 text=a descriptor"},
		{"rag nothing", `volume search "nothing" "" 3 false`, "RAG: no embeddings\n"},
	} {
		log, out, err := runLine(t, c.line)
		if err != nil || !slices.Contains(log, c.log) || !strings.Contains(out, c.out) || strings.Contains(out, "\x1b") {
			t.Errorf("%s: %v, log %q, prints %q", c.line, err, log, out)
		}
	}
	for _, c := range control.Commands() { // agents that may only read don't get what files say
		name := strings.Replace(c.Name, "vol ", "volume ", 1)
		if c.Reads && (c.Name == "rag" || strings.HasPrefix(name, "volume ") && name != "volume stats" && name != "volume probe") {
			t.Errorf("%s is for agents that may only read", c.Name)
		}
	}
	for _, line := range []string{"volume search", "volume similar", "volume forget", "rag", "volume search --n 5000 x", "volume tail x"} {
		if _, _, err := runLine(t, line); err == nil {
			t.Errorf("%s was carried out", line)
		}
	}
}
