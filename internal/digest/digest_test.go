package digest

import "testing"

func of(add func(*Digest)) uint64 {
	d := New()
	add(&d)
	return d.Sum()
}

// TestSumsStayTheSame: reference files of other packages hold sums.
func TestSumsStayTheSame(t *testing.T) {
	for _, c := range []struct {
		name string
		add  func(*Digest)
		want uint64
	}{
		{"nothing", func(*Digest) {}, 0x571d5f1bbf6c9778},
		{"a number", func(d *Digest) { d.Uint(1) }, 0xcd91077c77eb4a68},
		{"a pair", func(d *Digest) { d.Pair(-1, 2) }, 0x2cb714a5fb8910d5},
		{"a string", func(d *Digest) { d.String("a longer string") }, 0xd145dcce5a561c49},
	} {
		if got := of(c.add); got != c.want {
			t.Errorf("%s: sum = %#x; want %#x", c.name, got, c.want)
		}
	}
}

func TestStringsHashLikeTheirBytes(t *testing.T) {
	const s = "0123456789abcdefg"
	for n := range len(s) {
		a := of(func(d *Digest) { d.String(s[:n]) })
		b := of(func(d *Digest) { d.Bytes([]byte(s[:n])) })
		if a != b {
			t.Errorf("%q: string %#x, bytes %#x", s[:n], a, b)
		}
	}
}

func TestDifferentContentDiffers(t *testing.T) {
	seen := map[uint64]string{}
	check := func(name string, add func(*Digest)) {
		sum := of(add)
		if other, ok := seen[sum]; ok {
			t.Errorf("%s and %s have the sum %#x", name, other, sum)
		}
		seen[sum] = name
	}
	check("nothing", func(*Digest) {})
	check("empty string", func(d *Digest) { d.String("") })
	check("zero byte", func(d *Digest) { d.String("\x00") })
	check("two zero bytes", func(d *Digest) { d.String("\x00\x00") })
	check("a then b", func(d *Digest) { d.String("a"); d.String("b") })
	check("ab", func(d *Digest) { d.String("ab") })
	check("b then a", func(d *Digest) { d.String("b"); d.String("a") })
	for i := 1; i < 4096; i++ {
		check("number", func(d *Digest) { d.Uint(uint64(i) << (i % 52)); d.Uint(uint64(i)) })
	}
}

func TestHashingAllocatesNothing(t *testing.T) {
	s := "some text"
	if n := testing.AllocsPerRun(100, func() { of(func(d *Digest) { d.String(s) }) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
