package wayland

// maxRemembered bounds the bytes that the server keeps for one client on top of
// its objects and its pictures: shapes and types of data. A browser with a
// hundred windows needs less than a tenth of it.
const maxRemembered = 32 << 20

// bytesPerRect is what a rectangle of a region takes, with the storage that the
// region works in.
const bytesPerRect = 3 * 16

// bill is what one object takes of its client's budget.
type bill struct {
	c     *Client
	bytes int
}

// raise notes that the object takes that much now. Storage that it has grown to
// is kept, so less than before changes nothing. A client over its budget ends;
// nobody else notices.
func (b *bill) raise(bytes int) {
	if bytes <= b.bytes {
		return
	}
	b.c.remembered += bytes - b.bytes
	b.bytes = bytes
	if b.c.remembered > maxRemembered {
		b.c.tooMany("too much to remember: regions and types of data")
	}
}

// settle is called when the object is gone.
func (b *bill) settle() {
	b.c.remembered -= b.bytes
	b.bytes = 0
}
