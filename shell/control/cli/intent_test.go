package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestAModelIsTrainedAndJudged needs no session.
func TestAModelIsTrainedAndJudged(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name string, rows ...string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(strings.Join(rows, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var rows []string
	for _, verb := range []string{"open", "close", "move", "find", "lock"} {
		for _, noun := range strings.Fields("files notes mail music maps chess clock sheets talks news") {
			rows = append(rows, verb+"\t"+verb+" my "+noun, verb+"\tplease "+verb+" the "+noun)
		}
	}
	write("train.tsv", rows...)
	write("test.tsv", "open\topen the chess board", "close\tclose my talks", "lock\tfind my news")
	write("oos.tsv", "oos\twhy do zebras graze")
	write("bad.tsv", "no tab here")
	for _, step := range []struct {
		line string
		code int
		want string
	}{
		{"intent train --data train.tsv --out m", ExitOK, `^m: 5 intents, \d+ features, \d+ bytes, SHA-256 [0-9a-f]{64}\ntrained on 100 lines in `},
		{"intent eval --model m --data test.tsv --oos oos.tsv --errors 1", ExitOK, `lines +3 in scope, 1 out of scope\naccuracy +66.67 %(.|\n)*in-scope accuracy +66.67 %(.|\n)*macro-F1 +\d+\.\d\d %(.|\n)*out-of-scope recall +100.00 %(.|\n)*latency +p50 \d+ µs, p99 \d+ µs a line\nfind, not lock \(\d\.\d\d\): find my news\n$`},
		{"intent eval --json --model m --data test.tsv", ExitOK, `^{"lines":3,"out_of_scope":0,"accuracy":0\.6+,`},
		{"intent train --data train.tsv", ExitUsage, `--out is missing\nusage: rayctl intent train --data FILE`},
		{"intent train --data bad.tsv --out x", ExitFailed, `bad.tsv: line 1: want an intent, a tab`},
		{"intent eval --model train.tsv --data test.tsv", ExitFailed, `train.tsv: not a model of intents`},
		{"intent eval --model none --data test.tsv", ExitFailed, `no such file`},
		{"help intent eval", ExitOK, `^rayctl intent eval --model MODEL`},
		{"intent", ExitUsage, `intent what\? There are intent train, intent eval, intent log, intent replay`},
	} {
		code, out, errs := rayctl(t, "", strings.Fields(step.line)...)
		if code != step.code || !regexp.MustCompile(step.want).MatchString(out+errs) {
			t.Errorf("rayctl %s = %d\n%s%s\nwant %d, %s", step.line, code, out, errs, step.code, step.want)
		}
	}
}
