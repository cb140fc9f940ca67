package sound

// buffer holds the newest bytes that were put into it, up to its size, a whole
// number of frames.
type buffer struct {
	data  []byte
	start int // of the oldest byte
	n     int
}

// put adds frames and returns how many bytes, the oldest, had to go for them.
func (b *buffer) put(p []byte) (lost int) {
	if over := len(p) - len(b.data); over > 0 {
		p, lost = p[over:], over
	}
	if over := b.n + len(p) - len(b.data); over > 0 {
		b.start, b.n = (b.start+over)%len(b.data), b.n-over
		lost += over
	}
	end := (b.start + b.n) % len(b.data)
	copied := copy(b.data[end:], p)
	copy(b.data, p[copied:])
	b.n += len(p)
	return lost
}

// take moves the oldest bytes into p and returns how many.
func (b *buffer) take(p []byte) int {
	n := min(len(p), b.n)
	copied := copy(p[:n], b.data[b.start:])
	copy(p[copied:n], b.data)
	b.start, b.n = (b.start+n)%len(b.data), b.n-n
	return n
}

func (b *buffer) clear() { b.start, b.n = 0, 0 }
