package legacy

import (
	"fmt"
	"path/filepath"
	"unicode/utf8"
)

// MaxLog is the size that a log's disk may have, in bytes.
const MaxLog = 64 << 20

// Text is something that an older file said, with what it was called there.
type Text struct{ Name, Text string }

// ReadTexts gives the texts of one file, of any of the kinds but an index.bin: that
// has none. It must be a plain file. Records of a log that are no text are left out.
func ReadTexts(path string) ([]Text, error) {
	b, err := readPlain(filepath.Dir(path), filepath.Base(path), MaxLog)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	list, err := textsOf(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

func textsOf(b []byte) ([]Text, error) {
	var list []Text
	switch {
	case begins(b, "RAYOSVOL"):
		t, err := ParseTable(b)
		if err != nil {
			return nil, err
		}
		for _, key := range t.Keys() {
			value, _ := t.Get(key)
			list = append(list, Text{key, key + "\n" + value})
		}
	case begins(b, "EMB0"):
		d, err := ParseDocs(b)
		if err != nil {
			return nil, err
		}
		for text := range d.Docs() {
			list = append(list, Text{fmt.Sprint(len(list)), text})
		}
	case begins(b, "HNS0"):
		return nil, wrong("it has links but no texts: take its embeddings.bin")
	default:
		records, err := ParseLog(b)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if len(r.Payload) > 0 && utf8.Valid(r.Payload) {
				list = append(list, Text{fmt.Sprint(r.Index), string(r.Payload)})
			}
		}
	}
	return list, nil
}

func begins(b []byte, magic string) bool {
	return len(b) >= len(magic) && string(b[:len(magic)]) == magic
}
