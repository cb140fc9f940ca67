// Command guest is the module of the host's tests: a well-behaved app, until it is
// told to open the name of a misdeed.
package main

import (
	"errors"
	"os"
	"strconv"
	"time"
	"unsafe"

	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/rayapps/wasm"
	"rayos/rayapps/wasm/abi"
)

//go:wasmimport rayos_surface wait
func wait(buffer unsafe.Pointer, size uint32, timeout int64) int32

//go:wasmimport rayos_surface send
func send(message unsafe.Pointer, size uint32)

func say(m []byte) { send(unsafe.Pointer(&m[0]), uint32(len(m))) }

type guest struct {
	n     int
	text  string
	ticks int
	keep  bool
	timer *wasm.Timer
}

func (g *guest) Create(w *wasm.Window, saved []byte) (err error) {
	g.timer = w.NewTimer(func() { g.ticks++ })
	if string(saved) == "broken" {
		return errors.New("this state is not mine")
	}
	if saved != nil {
		g.n, err = strconv.Atoi(string(saved))
	}
	return err
}

func (g *guest) Save() ([]byte, error) { return []byte(strconv.Itoa(g.n)), nil }

func (g *guest) Title() string { return "Count " + strconv.Itoa(g.n) }

func (g *guest) Close(*wasm.Window) bool { return !g.keep }

func (g *guest) Key(_ *wasm.Window, k *ui.Keystroke) bool {
	if k.Sym == ui.KeyF2 && !k.Release {
		g.n += 100
		return true
	}
	return false
}

var hoard [][]byte

func (g *guest) Open(w *wasm.Window, names []string) {
	for _, name := range names {
		switch name {
		case "keep":
			g.keep = true
		case "later":
			g.timer.Reset(10 * time.Millisecond)
		case "language":
			g.text = w.Theme().Scheme.String() + " " + time.Local.String()
		case "spin":
			for {
				g.n++
			}
		case "sleep":
			time.Sleep(time.Hour)
		case "panic":
			panic("on purpose")
		case "exit":
			os.Exit(3)
		case "garbage":
			say([]byte{200, 1, 2, 3})
		case "hostmessage":
			say(abi.Append(nil, &abi.Stop{}))
		case "pointer":
			send(nil, 1<<31)
		case "buffer":
			wait(unsafe.Pointer(uintptr(1<<31)), 1<<30, 0)
			wait(unsafe.Pointer(uintptr(1<<31)), 1<<30, -1)
		case "list":
			say(abi.Append(nil, &abi.Present{List: []byte("not a list")}))
		case "twice":
			for range 3 {
				list, _ := w.Root().Frame().List.AppendBinary(nil)
				say(abi.Append(nil, &abi.Present{List: list}))
			}
		case "flood":
			for {
				say(abi.Append(nil, &abi.Title{Text: "x"}))
			}
		case "hoard":
			for {
				b := make([]byte, 1<<20)
				for i := range b {
					b[i] = 1
				}
				hoard = append(hoard, b)
			}
		case "files":
			_, err := os.ReadFile("/etc/passwd")
			g.text = err.Error()
		case "environment":
			g.text = strconv.Itoa(len(os.Environ())) + " " + strconv.Itoa(len(os.Args))
		}
	}
}

func (g *guest) View(*wasm.Window) ui.Node {
	return ui.Column{Children: ui.Nodes{
		ui.Label{Text: "n=" + strconv.Itoa(g.n) + " ticks=" + strconv.Itoa(g.ticks)},
		ui.Button{Text: "Count", OnPress: func() { g.n++ }},
		ui.TextField{Name: "Text", Text: g.text, OnChange: func(s string) { g.text = s }},
	}}
}

func main() {
	os.Exit(wasm.Main(wasm.Options{Title: "Guest", Size: geom.Size{W: 240, H: 160}}, new(guest)))
}
