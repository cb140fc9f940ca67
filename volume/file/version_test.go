package file

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata, of a version that nobody has yet")

// TestVersion20 holds the format still: what this version writes is, byte for
// byte, what the first one wrote, and that can be read.
func TestVersion20(t *testing.T) {
	_, data := base(t, "a")
	head := logHeader{volume: 0x0123456789abcdef, first: 8, salt: 0x1122334455667788}
	log := head.append(nil)
	log = head.appendRecord(log, record{number: 8, synced: 7, op: 1}, []byte("one"))
	log = head.appendRecord(log, record{number: 9, synced: 8, op: 2}, []byte("t"), []byte("wo"))
	for name, b := range map[string][]byte{"v2.0.rayvol.gz": data, "v2.0.log.gz": log} {
		name = filepath.Join("testdata", name)
		if *update {
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			_, err := w.Write(b)
			if err := errors.Join(err, w.Close(), os.MkdirAll("testdata", 0o755), os.WriteFile(name, z.Bytes(), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		z, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r, err := gzip.NewReader(z)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := io.ReadAll(r); err != nil || !bytes.Equal(b, want) {
			t.Errorf("%s: this version writes something else, %v", name, err)
		}
	}
	f, _, sections, verify := read(t, data)
	path := filepath.Join(t.TempDir(), "log")
	if err := errors.Join(sections, verify, os.WriteFile(path, log, 0o600)); err != nil {
		t.Fatal(err)
	}
	if got, _, err := replay(t, path, f.Header().Mark); err != nil || !slices.Equal(got, []string{"1one", "2two"}) {
		t.Errorf("%q, %v", got, err)
	}
}

// mend gives a base whose header and table were changed checksums that fit.
func mend(b []byte) {
	if len(b) < headerSize {
		return
	}
	if n := int(le.Uint16(b[26:])); headerSize+n*entrySize <= len(b) {
		le.PutUint32(b[56:], crc32.Checksum(b[headerSize:][:n*entrySize], castagnoli))
	}
	le.PutUint32(b[60:], crc32.Checksum(b[:60], castagnoli))
}

func TestOtherVersions(t *testing.T) {
	_, data := base(t, "a")
	for _, c := range []struct {
		major, minor uint16
		want         string // of the error
	}{
		{2, 0, ""},
		{2, 1, ""},
		{3, 0, "it is 3.0, this program reads 2; a newer RayOS wrote it"},
		{1, 7, "import it"},
	} {
		b := slices.Clone(data)
		le.PutUint16(b[8:], c.major)
		le.PutUint16(b[10:], c.minor)
		mend(b)
		_, err, _, _ := read(t, b)
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%d.%d: %v", c.major, c.minor, err)
		}
	}
	path, log := log(t, "one")
	for version, want := range map[uint16]error{1: ErrVersion, 2: nil, 3: ErrVersion} {
		le.PutUint16(log[8:], version)
		le.PutUint32(log[44:], crc32.Checksum(log[:44], castagnoli))
		if err := os.WriteFile(path, log, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := replay(t, path, mark); !errors.Is(err, want) {
			t.Errorf("a log of version %d: %v", version, err)
		}
	}
}

// TestSectionsOfLaterVersions: types that this version doesn't know are no
// trouble, and say themselves whether they matter.
func TestSectionsOfLaterVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v")
	err := Write(path, Header{}, []Section{{Type: 900, Data: []byte("new")}, {Type: 901, Data: []byte("new too")}, {Type: Docs, Data: []byte("texts")}})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	le.PutUint32(data[headerSize+2*entrySize+4:], flagDerivable)
	mend(data)
	data[2*page]++
	data[3*page]++
	f, err, _, verify := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Sections(); !slices.Equal(got, []Type{Embedder, 900, 901, Docs}) {
		t.Errorf("%v", got)
	}
	if b, err := f.Section(Docs); err != nil || string(b) != "texts" {
		t.Errorf("%q, %v", b, err)
	}
	var d *Damage
	if _, err := f.Section(900); !errors.As(err, &d) || d.Derivable() || d.Type != 900 {
		t.Errorf("%v", err)
	}
	if _, err := f.Section(901); !errors.As(err, &d) || !d.Derivable() {
		t.Errorf("%v", err)
	}
	if verify == nil || strings.Count(verify.Error(), "is damaged") != 2 {
		t.Errorf("%v", verify)
	}
}

// TestTablesThatLie have checksums that fit, and are refused before anything is
// taken for them.
func TestTablesThatLie(t *testing.T) {
	_, data := base(t, "a")
	row := func(i, at int) int { return headerSize + i*entrySize + at }
	for name, change := range map[string]func(b []byte){
		"a count that doesn't fit":  func(b []byte) { le.PutUint32(b[20:], 4) },
		"the largest count":         func(b []byte) { le.PutUint32(b[20:], 1<<32-1) },
		"a dimension":               func(b []byte) { le.PutUint32(b[16:], 17) },
		"the largest dimension":     func(b []byte) { le.PutUint32(b[16:], 1<<32-1) },
		"another M":                 func(b []byte) { le.PutUint16(b[24:], 3) },
		"no volume":                 func(b []byte) { clear(b[40:48]) },
		"sections without end":      func(b []byte) { le.PutUint16(b[26:], 1<<16-1) },
		"a section less":            func(b []byte) { le.PutUint16(b[26:], 5) },
		"no sections":               func(b []byte) { le.PutUint16(b[26:], 0) },
		"a length near 2⁶⁴":         func(b []byte) { le.PutUint64(b[row(2, 16):], 1<<64-100) },
		"a place near 2⁶⁴":          func(b []byte) { le.PutUint64(b[row(2, 8):], 1<<64-page) },
		"sections over each other":  func(b []byte) { copy(b[row(2, 8):], b[row(1, 8):row(1, 16)]) },
		"a section over the header": func(b []byte) { le.PutUint64(b[row(0, 8):], 0) },
		"the same type twice":       func(b []byte) { copy(b[row(5, 0):], b[row(1, 0):row(1, 4)]) },
		"no embedder":               func(b []byte) { le.PutUint32(b[row(0, 0):], 900) },
		"an embedder of 31 bytes":   func(b []byte) { le.PutUint64(b[row(0, 16):], 31) },
	} {
		b := slices.Clone(data)
		change(b)
		mend(b)
		if _, err, _, _ := read(t, b); !errors.Is(err, ErrDamaged) && !(name == "no embedder" && errors.Is(err, ErrMissing)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
