package rfb

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"rayos/geom"
)

// TestFramesAreToldAsFastAsSeen sends updates of one pixel each, in no time.
func TestFramesAreToldAsFastAsSeen(t *testing.T) {
	pixel := func(x string) string {
		return "\x00\x00\x00\x01\x00" + x + "\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00abcd"
	}
	for _, c := range []struct {
		name string
		sent []string // in one write each
		want string
	}{
		{"one by one", []string{pixel("\x00"), pixel("\x01"), pixel("\x02")}, "0+1 1+1 2+1"},
		{"at once", []string{pixel("\x00") + pixel("\x01") + pixel("\x02")}, "0+1 1+2"},
		{"at once, with a bell", []string{pixel("\x00") + pixel("\x01") + "\x02" + pixel("\x02")}, "0+1 1+1 2+1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told []string
				head := "RFB 003.008\n\x01\x01\x00\x00\x00\x00\x00\x04\x00\x02" + strings.Repeat("\x00", 20)
				reads := []io.Reader{strings.NewReader(head)}
				for _, s := range c.sent {
					reads = append(reads, strings.NewReader(s))
				}
				client, err := Connect(t.Context(), deaf{r: io.MultiReader(reads...)}, Options{Workers: -1})
				if err != nil {
					t.Fatal(err)
				}
				_ = client.Run(Handler{ // it ends with the bytes
					Resize: func(d Desktop) Framebuffer { return NewFramebuffer(d.Size) },
					Frame: func(g *geom.Region) {
						b := g.Extents()
						told = append(told, string([]byte{'0' + byte(b.X0), '+', '0' + byte(b.W())}))
					},
				})
				if got := strings.Join(told, " "); got != c.want {
					t.Errorf("told of %s; want %s", got, c.want)
				}
			})
		})
	}
}
