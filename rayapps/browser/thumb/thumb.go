// Package thumb makes small pictures of large ones, and keeps them where all
// programs look for them (Thumbnail Managing Standard 0.9): as PNG files named
// after the MD5 sum of the picture's address, with its time in them.
//
//	c := thumb.Cache{Dir: filepath.Join(cache, "thumbnails")}
//	img, err := c.Get("/home/ada/a.jpg", mod) // beside the window: it decodes
//
// Pictures come from anybody: their size is looked at before they are decoded,
// and a decoder that fails in whatever way fails alone.
package thumb

import (
	"bytes"
	"crypto/md5" // names of files, as the standard has them
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	"image/png"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/sys/unix"

	"rayos/internal/atomicfile"
)

// Side is the longest side of a small picture, in pixels: the standard's "large".
const Side = 256

// Limits of what is decoded.
const (
	maxFile   = 64 << 20 // bytes of a picture
	maxPixels = 40 << 20
	maxThumb  = 4 << 20 // bytes of a small one
)

// Cache is a folder of small pictures. Its methods may be called from any
// goroutine.
type Cache struct {
	Dir string // "" keeps nothing
}

// Types are the kinds of files that there are small pictures of.
func Types(mime string) bool {
	return mime == "image/png" || mime == "image/jpeg" || mime == "image/gif"
}

// errPicture says that there is no small picture to be had.
var errPicture = errors.New("that is no picture of a sensible size")

// URI is the address of a file, as its small picture has it.
func URI(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }

func (c *Cache) file(uri string) string {
	sum := md5.Sum([]byte(uri))
	return filepath.Join(c.Dir, "large", hex.EncodeToString(sum[:])+".png")
}

// Get returns the small picture of a file that was changed at a time: the one
// that is kept, or a new one, which is kept from now on.
func (c *Cache) Get(path string, mod time.Time) (*image.RGBA, error) {
	uri := URI(path)
	if c.Dir != "" {
		if img, err := kept(c.file(uri), uri, mod); err == nil {
			return img, nil
		}
	}
	img, err := small(path)
	if err != nil {
		return nil, err
	}
	if c.Dir != "" {
		if err := c.keep(uri, mod, img); err != nil {
			return img, nil // it is made anew another time
		}
	}
	return img, nil
}

// kept reads a picture of the cache, if it is of that file as it is now.
func kept(name, uri string, mod time.Time) (*image.RGBA, error) {
	data, err := read(name, maxThumb)
	if err != nil {
		return nil, err
	}
	texts := texts(data)
	if texts["Thumb::URI"] != uri || texts["Thumb::MTime"] != strconv.FormatInt(mod.Unix(), 10) {
		return nil, errPicture
	}
	img, err := decode(data, 4*Side*Side)
	if err != nil {
		return nil, err
	}
	return fit(img), nil
}

func read(name string, most int64) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() || st.Size() > most {
		return nil, errors.Join(errPicture, err)
	}
	return io.ReadAll(io.LimitReader(f, most))
}

// small decodes a file and makes it small.
func small(path string) (*image.RGBA, error) {
	data, err := read(path, maxFile)
	if err != nil {
		return nil, err
	}
	img, err := decode(data, maxPixels)
	if err != nil {
		return nil, err
	}
	return fit(img), nil
}

// decode decodes a picture of at most so many pixels.
func decode(data []byte, most int) (img image.Image, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errPicture, r)
		}
	}()
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > most/c.Height {
		return nil, errPicture
	}
	img, _, err = image.Decode(bytes.NewReader(data))
	return img, err
}

// fit scales a picture down so that it fits; a smaller one stays.
func fit(img image.Image) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if m := max(w, h); m > Side {
		w, h = max(w*Side/m, 1), max(h*Side/m, 1)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	src := halved(img, w, h)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), src, src.Bounds(), draw.Src, nil)
	return out
}

// halved is the picture, made smaller by whole steps until it is at most twice
// as large as it will be: the last step then takes every pixel into account.
func halved(img image.Image, w, h int) image.Image {
	for b := img.Bounds(); b.Dx() > 2*w && b.Dy() > 2*h; b = img.Bounds() {
		half := image.NewRGBA(image.Rect(0, 0, (b.Dx()+1)/2, (b.Dy()+1)/2))
		draw.ApproxBiLinear.Scale(half, half.Bounds(), img, b, draw.Src, nil)
		img = half
	}
	return img
}

// keep writes a picture into the cache.
func (c *Cache) keep(uri string, mod time.Time, img image.Image) error {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	name := c.file(uri)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(name, withTexts(b.Bytes(), [][2]string{
		{"Thumb::URI", uri}, {"Thumb::MTime", strconv.FormatInt(mod.Unix(), 10)}, {"Software", "RayOS"},
	}))
}

const (
	signature = "\x89PNG\r\n\x1a\n"
	// header is how long the signature and the first part of a PNG file are.
	header = 8 + 12 + 13
)

// withTexts puts texts behind the header of a PNG file (PNG 1.2, tEXt).
func withTexts(file []byte, list [][2]string) []byte {
	out := append([]byte{}, file[:header]...)
	for _, t := range list {
		part := append([]byte("tEXt"+t[0]+"\x00"), t[1]...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)-4))
		out = append(out, part...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(part))
	}
	return append(out, file[header:]...)
}

// maxParts bounds the parts of a file that are looked at.
const maxParts = 64

// texts returns the texts of a PNG file.
func texts(file []byte) map[string]string {
	list := map[string]string{}
	if !bytes.HasPrefix(file, []byte(signature)) {
		return list
	}
	rest := file[len(signature):]
	for n := 0; n < maxParts && len(rest) >= 12; n++ {
		size := binary.BigEndian.Uint32(rest)
		if uint64(size)+12 > uint64(len(rest)) {
			break
		}
		kind, part := string(rest[4:8]), rest[8:8+size]
		rest = rest[12+size:]
		if kind == "IDAT" || kind == "IEND" {
			break
		}
		if key, value, ok := bytes.Cut(part, []byte{0}); kind == "tEXt" && ok {
			list[string(key)] = string(value)
		}
	}
	return list
}
