package classify

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode"
	"unicode/utf8"
)

// A model file, little endian:
//
//	0   magic "RAYINTNT"
//	8   u16 major, u16 minor   major changes with the features, so that no model meets lines taken apart in another way
//	12  u32 intents, u32 rows, u32 bytes of names
//	24  f32 novel, temperature, threshold, scope×4
//	52  12 bytes, zero
//	64  names, each followed by a line feed
//	    u32 key and f32 weight of each row, keys ascending
//	    f32 scale and f32 bias of each intent
//	    i8 weights, row by row
//	    SHA-256 of all before
const (
	magic      = "RAYINTNT"
	major      = 1
	minor      = 0
	headerSize = 64
)

// MaxFile is how large a model file may be, in bytes.
const MaxFile = 1 << 29

// Errors of Decode.
var (
	ErrNoModel = errors.New("not a model of intents")
	ErrVersion = errors.New("a model of another version of RayOS; train it again")
	ErrDamaged = errors.New("the model is damaged")
)

// Encode returns the model as a file.
func (m *Model) Encode() []byte {
	var names bytes.Buffer
	for _, l := range m.labels {
		names.WriteString(l)
		names.WriteByte('\n')
	}
	le := binary.LittleEndian
	b := append(make([]byte, 0, headerSize+names.Len()+8*len(m.space.keys)+8*len(m.labels)+len(m.weight)+sha256.Size), magic...)
	b = le.AppendUint16(b, major)
	b = le.AppendUint16(b, minor)
	for _, n := range []int{len(m.labels), len(m.space.keys), names.Len()} {
		b = le.AppendUint32(b, uint32(n))
	}
	f32 := func(v float32) { b = le.AppendUint32(b, math.Float32bits(v)) }
	f32(m.space.novel)
	f32(m.temperature)
	f32(m.threshold)
	for _, v := range m.scope {
		f32(v)
	}
	b = append(b, make([]byte, headerSize-len(b))...)
	b = append(b, names.Bytes()...)
	for row, k := range m.space.keys {
		b = le.AppendUint32(b, k)
		f32(m.space.weight[row])
	}
	for c := range m.labels {
		f32(m.scale[c])
		f32(m.bias[c])
	}
	b = append(b, m.weight...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// Decode reads a model. It keeps b, which must not change afterwards. All
// counts are held against the size of b before anything is made of them.
func Decode(b []byte) (*Model, error) {
	if len(b) < headerSize+sha256.Size || len(b) > MaxFile || string(b[:len(magic)]) != magic {
		return nil, ErrNoModel
	}
	le := binary.LittleEndian
	if v := le.Uint16(b[8:]); v != major {
		return nil, fmt.Errorf("%w (it is %d, this reads %d)", ErrVersion, v, major)
	}
	intents, rows, names := uint64(le.Uint32(b[12:])), uint64(le.Uint32(b[16:])), uint64(le.Uint32(b[20:]))
	if want := headerSize + names + 8*rows + 8*intents + rows*intents + sha256.Size; intents > MaxIntents || want != uint64(len(b)) {
		return nil, fmt.Errorf("%w: it has %d bytes, its counts say %d", ErrDamaged, len(b), want)
	}
	body := b[:len(b)-sha256.Size]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], b[len(body):]) {
		return nil, fmt.Errorf("%w: its hash differs", ErrDamaged)
	}
	rest := body[headerSize:]
	take := func(n uint64) []byte {
		part := rest[:n:n]
		rest = rest[n:]
		return part
	}
	labels, err := decodeNames(take(names), int(intents))
	if err != nil {
		return nil, err
	}
	d := decoder{b: b[24:52]}
	sp := &space{novel: d.float(0)}
	m := &Model{labels: labels, space: sp, temperature: d.float(1e-6), threshold: d.float(0)}
	for i := range m.scope {
		m.scope[i] = d.float(-math.MaxFloat32)
	}
	d.b = take(8 * rows)
	last := uint32(0)
	for range rows {
		k := d.uint()
		d.bad = d.bad || k <= last
		last = k
		sp.keys = append(sp.keys, k)
		sp.weight = append(sp.weight, d.float(0))
	}
	d.b = take(8 * intents)
	for range intents {
		m.scale = append(m.scale, d.float(0))
		m.bias = append(m.bias, d.float(-math.MaxFloat32))
	}
	if d.bad {
		return nil, fmt.Errorf("%w: it holds numbers that no model has", ErrDamaged)
	}
	m.weight = rest
	sp.index()
	return m, nil
}

// Hash returns the SHA-256 of a model file as it names itself, in hexadecimal.
func Hash(file []byte) string {
	return hex.EncodeToString(file[max(len(file)-sha256.Size, 0):])
}

// Read reads a model to the end of r.
func Read(r io.Reader) (*Model, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	return Decode(b)
}

func decodeNames(b []byte, n int) ([]string, error) {
	labels := make([]string, 0, n)
	for line := range bytes.Lines(b) {
		name, ended := bytes.CutSuffix(line, []byte("\n"))
		l := string(name)
		if !ended || !nameOK(l) || len(labels) > 0 && l <= labels[len(labels)-1] {
			return nil, fmt.Errorf("%w: its intents have no proper names", ErrDamaged)
		}
		labels = append(labels, l)
	}
	if len(labels) != n {
		return nil, fmt.Errorf("%w: it names %d of %d intents", ErrDamaged, len(labels), n)
	}
	return labels, nil
}

// nameOK says whether an intent may be called so.
func nameOK(l string) bool {
	if l == "" || len(l) > maxLabel || !utf8.ValidString(l) {
		return false
	}
	for _, r := range l {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// decoder reads numbers; bad says that one of them can't be.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) uint() uint32 {
	v := binary.LittleEndian.Uint32(d.b)
	d.b = d.b[4:]
	return v
}

// float reads a number of least and below 1e6.
func (d *decoder) float(least float64) float32 {
	v := math.Float32frombits(d.uint())
	if !(float64(v) >= least && v < 1e6 && v > -1e6) {
		d.bad = true
	}
	return v
}
