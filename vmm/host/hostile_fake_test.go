package host

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"rayos/vmm/agent"
)

// This file is what a QEMU does that a hostile guest has taken over: it has a
// display (QEMU's D-Bus display), on which it tells nonsense.

// fakeReader reads bytes and keeps the descriptors that come with them.
type fakeReader struct {
	conn  *net.UnixConn
	files []*os.File
}

func (r *fakeReader) Read(b []byte) (int, error) {
	oob := make([]byte, 64)
	n, oobn, _, _, err := r.conn.ReadMsgUnix(b, oob)
	if err != nil || n == 0 {
		return 0, io.EOF
	}
	msgs, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return 0, err
	}
	for i := range msgs {
		fds, err := unix.ParseUnixRights(&msgs[i])
		if err != nil {
			return 0, err
		}
		for _, fd := range fds {
			r.files = append(r.files, os.NewFile(uintptr(fd), "fake"))
		}
	}
	return n, nil
}

// file is the descriptor that came first.
func (r *fakeReader) file() *os.File {
	f := r.files[0]
	r.files = r.files[1:]
	return f
}

// fakeBus is a D-Bus connection between two.
type fakeBus struct {
	conn   *net.UnixConn
	files  *fakeReader
	in     *bufio.Reader
	serial uint32
}

// held are all that there were: one that nobody speaks on stays open.
var held sync.Map

func newFakeBus(f *os.File) *fakeBus {
	conn, err := net.FileConn(f)
	f.Close()
	if err != nil {
		panic(err)
	}
	b := &fakeBus{conn: conn.(*net.UnixConn)}
	held.Store(b, true)
	b.files = &fakeReader{conn: b.conn}
	b.in = bufio.NewReader(b.files)
	return b
}

// auth is the server's side of the authentication.
func (b *fakeBus) auth() bool {
	for {
		line, err := b.in.ReadString('\n')
		if err != nil {
			return false
		}
		answer := ""
		switch line = strings.TrimPrefix(strings.TrimSpace(line), "\x00"); {
		case line == "BEGIN":
			return true
		case line == "AUTH":
			answer = "REJECTED EXTERNAL"
		case line == "NEGOTIATE_UNIX_FD":
			answer = "AGREE_UNIX_FD"
		default:
			answer = "OK 0123456789abcdef0123456789abcdef"
		}
		if _, err := io.WriteString(b.conn, answer+"\r\n"); err != nil {
			return false
		}
	}
}

const noReplyFlag = 1

// message is a call, or an answer when there is a serial that it is to.
func (b *fakeBus) message(to uint32, iface, member, signature string, files int, body []byte) []byte {
	le := binary.LittleEndian
	b.serial++
	kind, flags := byte(1), byte(noReplyFlag)
	if to != 0 {
		kind = 2
	}
	m := []byte{'l', kind, flags, 1}
	m = le.AppendUint32(m, uint32(len(body)))
	m = le.AppendUint32(m, b.serial)
	m = append(m, 0, 0, 0, 0)
	pad := func() {
		for len(m)%8 != 0 {
			m = append(m, 0)
		}
	}
	number := func(code byte, v uint32) {
		pad()
		m = le.AppendUint32(append(m, code, 1, 'u', 0), v)
	}
	text := func(code, kind byte, s string) {
		pad()
		m = append(m, code, 1, kind, 0)
		m = append(append(le.AppendUint32(m, uint32(len(s))), s...), 0)
	}
	if to != 0 {
		number(5, to)
	} else {
		text(1, 'o', "/org/qemu/Display1/Listener")
		text(2, 's', iface)
		text(3, 's', member)
	}
	if signature != "" {
		pad()
		m = append(m, 8, 1, 'g', 0, byte(len(signature)))
		m = append(append(m, signature...), 0)
	}
	if files > 0 {
		number(9, uint32(files))
	}
	le.PutUint32(m[12:], uint32(len(m)-16))
	pad()
	return append(m, body...)
}

// values are a call's arguments: numbers, and arrays of bytes.
func values(args ...any) (b []byte) {
	for _, a := range args {
		switch v := a.(type) {
		case int:
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		case []byte:
			b = append(binary.LittleEndian.AppendUint32(b, uint32(len(v))), v...)
		}
	}
	return b
}

const (
	fakeListener = "org.qemu.Display1.Listener"
	fakeMapped   = "org.qemu.Display1.Listener.Unix.Map"
	fakeXRGB     = 0x20020888
)

// send sends bytes, with a descriptor beside the first.
func (b *fakeBus) send(m []byte, files ...*os.File) bool {
	if len(files) > 0 {
		n, _, err := b.conn.WriteMsgUnix(m, unix.UnixRights(int(files[0].Fd())), nil)
		if err != nil {
			return false
		}
		m = m[n:]
	}
	_, err := b.conn.Write(m)
	return err == nil
}

func (b *fakeBus) call(member, signature string, args ...any) bool {
	return b.send(b.message(0, fakeListener, member, signature, 0, values(args...)))
}

func (b *fakeBus) scanout(w, h, stride, format, bytes int) bool {
	return b.call("Scanout", "uuuuay", w, h, stride, format, make([]byte, bytes))
}

// honest is a picture that makes sense, by which tests know that all before has
// been read.
func (b *fakeBus) honest() bool {
	return b.scanout(honestW, honestH, 4*honestW, fakeXRGB, 4*honestW*honestH)
}

const honestW, honestH = 320, 200

// display serves a connection for screen and input.
func (f *fake) display(file *os.File) {
	b := newFakeBus(file)
	if f.is("no-auth") {
		select {}
	}
	if !b.auth() {
		return
	}
	head := make([]byte, 16)
	for {
		if _, err := io.ReadFull(b.in, head); err != nil {
			return
		}
		le := binary.LittleEndian
		rest := make([]byte, int(le.Uint32(head[12:])+7)&^7+int(le.Uint32(head[4:])))
		if _, err := io.ReadFull(b.in, rest); err != nil {
			return
		}
		if f.is("deaf") && !strings.Contains(string(rest), "RegisterListener") {
			if head[2]&noReplyFlag != 0 {
				select {} // it reads no input
			}
		}
		if strings.Contains(string(rest), "RegisterListener") {
			go f.listener(newFakeBus(b.files.file()))
		}
		if head[2]&noReplyFlag == 0 {
			b.send(b.message(le.Uint32(head[8:]), "", "", "", 0, nil))
		}
	}
}

// listener tells what it shows.
func (f *fake) listener(b *fakeBus) {
	if !b.auth() {
		return
	}
	say, done := hostile[f.does[0]]
	if !done {
		b.honest()
		select {}
	}
	say(b)
	select {} // it holds the connection
}

// hostile is what displays do by the first word of a behaviour.
var hostile = map[string]func(b *fakeBus){
	"absurd": func(b *fakeBus) {
		b.scanout(64, 48, 256, fakeXRGB, 256*48)
		for _, s := range [][5]int{
			{0, 0, 0, fakeXRGB, 0},
			{0, 10, 40, fakeXRGB, 400},
			{1 << 31, 1, 4, fakeXRGB, 4},
			{1, 1 << 31, 4, fakeXRGB, 4},
			{-1, -1, -1, fakeXRGB, 16},
			{1 << 14, 1 << 14, 1 << 16, fakeXRGB, 64},
			{1 << 30, 4, 0, fakeXRGB, 64},
			{16, 16, 63, fakeXRGB, 1024},
			{16, 16, 1 << 31, fakeXRGB, 1024},
			{16, 16, 64, fakeXRGB, 1023},
			{16, 16, 64, 0, 1024},
			{16, 16, 64, -1, 1024},
		} {
			b.scanout(s[0], s[1], s[2], s[3], s[4])
		}
		for _, r := range [][6]int{
			{0, 0, 0, 0, 0, 0},
			{-1, 0, 1, 1, 4, 4},
			{0, 0, 65, 1, 260, 260},
			{63, 47, 2, 2, 8, 16},
			{0, 0, 1 << 31, 1, 4, 4},
			{1<<31 - 1, 1<<31 - 1, 1<<31 - 1, 1<<31 - 1, 4, 4},
			{0, 0, 8, 8, 31, 256},
			{0, 0, 8, 8, 1 << 31, 256},
			{0, 0, 8, 8, 32, 255},
		} {
			b.call("Update", "iiiiuuay", r[0], r[1], r[2], r[3], r[4], fakeXRGB, make([]byte, r[5]))
		}
		for _, c := range [][5]int{{0, 0, 0, 0, 0}, {-1, -1, 0, 0, 16}, {1 << 31, 1, 0, 0, 16}, {4, 4, -1, 0, 64}, {4, 4, 4, 4, 64}, {4, 4, 0, 0, 63}, {1 << 16, 1 << 16, 0, 0, 64}} {
			b.call("CursorDefine", "iiiiay", c[0], c[1], c[2], c[3], make([]byte, c[4]))
		}
		b.call("MouseSet", "iii", 1<<31, -1, 7)
		b.call("Scanout", "uuuuay", 1)
		b.call("Scanout", "s", []byte("x\x00"))
		b.call(strings.Repeat("x", 300), "")
		b.honest()
	},
	"sizes": func(b *fakeBus) {
		for i := range 3000 {
			w, h := 1+i%97, 1+i%89
			b.scanout(w, h, 4*w, fakeXRGB, 4*w*h)
		}
		b.honest()
	},
	"updates": func(b *fakeBus) {
		b.honest()
		for i := range 30_000 {
			x, y := 2*(i*7919%(honestW/2)), 2*(i*104729%(honestH/2))
			b.call("Update", "iiiiuuay", x, y, 1, 1, 4, fakeXRGB, []byte{byte(i), 1, 2, 3})
		}
		b.call("CursorDefine", "iiiiay", 7, 7, 0, 0, make([]byte, 4*7*7))
	},
	"cursors": func(b *fakeBus) {
		for i := range 20_000 {
			b.call("MouseSet", "iii", i, i, i&1)
			b.call("CursorDefine", "iiiiay", 1+i%64, 1+i%64, 0, 0, make([]byte, 4*(1+i%64)*(1+i%64)))
		}
		b.honest()
	},
	"files": func(b *fakeBus) {
		folder, err := os.Open("/")
		if err != nil {
			panic(err)
		}
		pipe, _, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		null, err := os.OpenFile("/dev/zero", os.O_RDWR, 0)
		if err != nil {
			panic(err)
		}
		memory := func(size int64) *os.File {
			fd, err := unix.MemfdCreate("fake", 0)
			if err != nil {
				panic(err)
			}
			f := os.NewFile(uintptr(fd), "fake")
			if err := f.Truncate(size); err != nil {
				panic(err)
			}
			return f
		}
		short, late, far := memory(8*8*4-1), memory(8*8*4), memory(1<<32)
		for range 50 {
			for _, m := range []struct {
				f      *os.File
				offset int
			}{{folder, 0}, {pipe, 0}, {null, 0}, {short, 0}, {late, 4}, {far, 1<<31 - 4}, {far, -4}} {
				b.send(b.message(0, fakeMapped, "ScanoutMap", "huuuuu", 1, values(0, m.offset, 8, 8, 32, fakeXRGB)), m.f)
			}
		}
		b.send(b.message(0, fakeMapped, "ScanoutMap", "huuuuu", 0, values(0, 0, 8, 8, 32, fakeXRGB)))
		b.send(b.message(0, fakeMapped, "UpdateMap", "iiii", 0, values(0, 0, 1<<31-1, 1<<31-1)))
		b.honest()
	},
	"half": func(b *fakeBus) {
		b.honest()
		m := b.message(0, fakeListener, "Scanout", "uuuuay", 0, values(64, 64, 256, fakeXRGB, make([]byte, 256*64)))
		b.send(m[:len(m)/2])
	},
	"endless": func(b *fakeBus) {
		b.honest()
		m := b.message(0, fakeListener, "Scanout", "uuuuay", 0, nil)
		binary.LittleEndian.PutUint32(m[4:], 1<<27) // and never comes
		b.send(m)
	},
	"noise": func(b *fakeBus) { b.send([]byte(strings.Repeat("\x00\xffGET / HTTP/1.1\r\n", 1000))) },
	"large": func(b *fakeBus) {
		m := b.message(0, fakeListener, "Scanout", "uuuuay", 0, nil)
		binary.LittleEndian.PutUint32(m[4:], 1<<32-1)
		b.send(m)
	},
	"stalled": func(b *fakeBus) {
		b.honest()
		m := b.message(0, fakeListener, "Disable", "", 0, nil)
		m[2] = 0 // wants an answer, and reads none
		for b.send(m) {
		}
	},
}

// nonsense is what a monitor says beside the protocol, once it is known.
func (f *fake) nonsense() {
	switch f.does[0] {
	case "qmp-noise":
		io.WriteString(f.conn, "\x00\xff}{ not JSON\n")
	case "qmp-long":
		io.WriteString(f.conn, `{"event":"`+strings.Repeat("x", 5<<20)+"\"}\n")
	case "qmp-deep":
		io.WriteString(f.conn, strings.Repeat("[", 1<<20)+"\n")
	case "qmp-events":
		events := []string{
			`{"event":"MIGRATION","data":{"status":"completed"}}`, `{"event":"MIGRATION","data":{"status":7}}`, `{"event":"MIGRATION"}`,
			`{"event":"` + strings.Repeat("E", 1<<10) + `","data":[1,2,3]}`, `{"id":18446744073709551615,"return":{}}`, `{}`,
		}
		text := strings.Repeat(strings.Join(events, "\n")+"\n", 100)
		for range 200 {
			io.WriteString(f.conn, text)
		}
	}
}

// flood is an agent that never stops.
func (f *fake) flood(conn net.Conn) {
	server := agent.NewServer(conn, f.answer)
	go server.Serve()
	for i := 0; ; i++ {
		var err error
		switch i % 4 {
		case 0:
			err = server.Tell(agent.EvReady, agent.Ready{What: fmt.Sprintf("thing-%d", i), Detail: strings.Repeat("d", 100)})
		case 1:
			err = server.Tell(agent.EvExited, agent.Exited{ID: "foot", PID: i})
		case 2:
			err = server.Tell(agent.EvClipOffer, agent.ClipOffer{Serial: uint64(i), Types: []string{agent.TypeText}})
		case 3:
			err = server.Tell("unheard-of", json.RawMessage(`{"a":[]}`))
		}
		if err != nil {
			return
		}
	}
}
