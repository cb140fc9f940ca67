package devscanout

import (
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
)

func TestPictures(t *testing.T) {
	size := geom.Size{W: 5, H: 3}
	data := make([]byte, 4*5*3)
	Draw(data, size, 300)
	for y := range size.H {
		for x := range size.W {
			i := 4 * (y*size.W + x)
			got := uint32(data[i]) | uint32(data[i+1])<<8 | uint32(data[i+2])<<16 | uint32(data[i+3])<<24
			if want := Pixel(geom.Point{X: x, Y: y}, size, 300); got != want {
				t.Fatalf("%d,%d is %#x; want %#x", x, y, got, want)
			}
		}
	}
	for _, tt := range []struct {
		at      geom.Point
		picture uint64
		want    uint32
	}{
		{geom.Point{}, 0, 0xff000000},
		{geom.Point{}, 1, 0xff010001},
		{geom.Point{X: 4}, 0, 0xffcc0000},
		{geom.Point{X: 4}, 100, 0xff300064},
		{geom.Point{Y: 2}, 256, 0xff00aa00},
	} {
		if got := Pixel(tt.at, size, tt.picture); got != tt.want {
			t.Errorf("picture %d at %v is %#x; want %#x", tt.picture, tt.at, got, tt.want)
		}
	}
}

func TestStartRefuses(t *testing.T) {
	for _, size := range []geom.Size{{}, {W: -1, H: 5}, {W: 1 << 20, H: 1}} {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Start(fds[1], size); err == nil {
			t.Errorf("a picture of %v", size)
		}
		if n, err := unix.Read(fds[0], make([]byte, 1)); n != 0 || err != nil {
			t.Errorf("the socket is left open: %d, %v", n, err)
		}
		unix.Close(fds[0])
	}
}

func TestAProducerWithoutASessionEnds(t *testing.T) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Start(fds[1], DefaultSize)
	if err != nil {
		t.Fatal(err)
	}
	unix.Close(fds[0])
	<-p.Done()
	if p.Close() == nil {
		t.Error("it has found a session")
	}
}
