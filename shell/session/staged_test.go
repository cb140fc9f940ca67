package session

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/shell/control"
)

// oldVolume writes a volume.bin with a key, an embeddings.bin with texts, and
// their manifest.
func oldVolume(t *testing.T, dir string, texts ...string) {
	t.Helper()
	le := binary.LittleEndian
	key, value := "greeting", "hello-from-volume"
	table := le.AppendUint32(le.AppendUint32([]byte("RAYOSVOL"), 1), 1)
	table = le.AppendUint32(le.AppendUint16(le.AppendUint16(table, uint16(len(key))), uint16(len(value))), 0)
	table = append(table, key+value...)
	table = append(table, make([]byte, -len(table)&3)...)
	docs := le.AppendUint32(le.AppendUint32(le.AppendUint32([]byte("EMB0"), 1), 8), uint32(len(texts)))
	for _, text := range texts {
		docs = append(le.AppendUint32(docs, uint32(len(text))), text...)
		docs = append(docs, make([]byte, 32)...)
	}
	sums := map[string]string{}
	for name, b := range map[string][]byte{"volume.bin": table, "embeddings.bin": docs} {
		sum := sha256.Sum256(b)
		sums[name] = hex.EncodeToString(sum[:])
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	manifest, err := json.Marshal(sums)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "manifest.json"), manifest, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) staged() control.StagedVolume {
	d.t.Helper()
	v, err := answered(d, func(v control.Volume, done func(control.StagedVolume, error)) { v.Staged(done) })
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

func TestAnOlderVolumeLiesReady(t *testing.T) {
	dir := t.TempDir()
	oldVolume(t, dir, "doc: unrelated kernel note", "doc: greeting from volume", "doc: how to use rag command")
	d := newDeskWith(t, Options{Staged: dir})
	v := d.staged()
	if len(v.Keys) != 1 || v.Values["greeting"] != "hello-from-volume" || v.Sum == 0 || v.Texts != 3 || v.Why != "" {
		t.Errorf("%+v", v)
	}
	r, err := answered(d, func(v control.Volume, done func(control.VolumeReport, error)) {
		v.Import(filepath.Join(dir, "embeddings.bin"), done)
	})
	if err != nil || r.Files != 3 {
		t.Fatalf("taken in: %+v, %v", r, err)
	}
	if found := d.recalled("greeting volume"); len(found.Hits) == 0 || found.Hits[0].Snippet != "doc: greeting from volume" || !strings.HasPrefix(found.Hits[0].Path, "import:embeddings.bin/") {
		t.Errorf("found %+v", found)
	}
	forget := func() (int, error) {
		return answered(d, func(v control.Volume, done func(int, error)) { v.Forget(control.VolumeImported+"embeddings.bin", done) })
	}
	if n, err := forget(); n != 3 || err != nil || len(d.recalled("greeting volume").Hits) > 0 {
		t.Errorf("%d forgotten, %v; want 3", n, err)
	}
	if _, err := forget(); err == nil {
		t.Error("what isn't there is forgotten")
	}
	if _, err := answered(d, func(v control.Volume, done func(control.VolumeReport, error)) {
		v.Import(filepath.Join(dir, "manifest.json"), done)
	}); err == nil || !strings.Contains(err.Error(), "manifest.json") {
		t.Errorf("another file: %v", err)
	}
}

func TestADamagedOlderVolumeIsRefused(t *testing.T) {
	dir := t.TempDir()
	oldVolume(t, dir, "doc")
	path := filepath.Join(dir, "volume.bin")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDeskWith(t, Options{Staged: dir})
	if v := d.staged(); !strings.Contains(v.Why, "SHA-256") || len(v.Keys) > 0 || v.Texts > 0 {
		t.Errorf("%+v", v)
	}
	if v := newDeskWith(t, Options{Staged: filepath.Join(dir, "none")}).staged(); v.Why != "" || len(v.Keys) > 0 {
		t.Errorf("nothing: %+v", v)
	}
}
