package rfb

// Limits bounds what a server may make the client hold. A zero field stands
// for its default. Whatever goes beyond is an error that ends Run, or Connect.
type Limits struct {
	Side      int // pixels along one side of the desktop; 32767
	Pixels    int // pixels of the desktop; 64 Mi
	Cursor    int // pixels along one side of a cursor; 1024
	Text      int // bytes of a desktop name or of a reason; 64 Ki
	Clipboard int // bytes of clipboard data, compressed or not; 16 Mi
	Audio     int // bytes of sound in one message; 1 Mi
	Queue     int // bytes to be sent that the server hasn't taken; 32 Mi
}

func (l Limits) withDefaults() Limits {
	set := func(v *int, def int) {
		if *v <= 0 {
			*v = def
		}
	}
	set(&l.Side, 32767)
	set(&l.Pixels, 64<<20)
	set(&l.Cursor, 1024)
	set(&l.Text, 64<<10)
	set(&l.Clipboard, 16<<20)
	set(&l.Audio, 1<<20)
	set(&l.Queue, 32<<20)
	return l
}
