package apptest

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"

	"rayos/rayapps"
	"rayos/rayapps/lang"
)

// arabic are the fonts of pictures in Arabic, of Debian's fonts-dejavu-core 2.37,
// and their SHA-256: those of another version make other pixels.
var arabic = [...]struct{ path, sum string }{
	{"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "abdc775b21b1bc470d50c97e790d276f2054b7504e56e5bd3e64f48d68582322"},
	{"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", "0d977336a6d5fba34eab8e3199eb218327161b5143749f802982c2bc34df0c96"},
}

// In returns a look in a language. What is for Arabic needs fonts that not every
// machine has: without them the test is skipped. When it ends, the process speaks
// English again.
func In(t testing.TB, language string, look rayapps.Look) rayapps.Look {
	t.Helper()
	t.Cleanup(func() {
		if err := lang.Set(lang.Locale{Language: "en"}); err != nil {
			t.Error(err)
		}
	})
	look.Language = language
	if lang.Parse(language).Language != "ar" {
		return look
	}
	for weight, f := range arabic {
		data, err := os.ReadFile(f.path)
		if err != nil {
			t.Skipf("fonts-dejavu-core: %v", err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.sum {
			t.Skipf("%s is of another version", f.path)
		}
		look.FontFiles[weight] = []string{f.path}
	}
	return look
}
