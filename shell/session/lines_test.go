package session

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"testing"
)

func TestLinesWaitForNobody(t *testing.T) {
	r, w := io.Pipe() // takes nothing that nobody reads
	l := newLineWriter(w)
	const many = 2 * maxLines
	for i := range many {
		l.write(fmt.Sprint("line ", i))
	}
	in := bufio.NewScanner(r)
	next := func() string {
		t.Helper()
		if !in.Scan() {
			t.Fatal(in.Err())
		}
		return in.Text()
	}
	n := 0
	for ; n < maxLines; n++ {
		if got := next(); got != fmt.Sprint("line ", n) {
			t.Fatalf("%q in place of line %d", got, n)
		}
	}
	// One more may have been on its way while the others waited.
	l.write("after")
	got := next()
	if got == fmt.Sprint("line ", n) {
		n++
		got = next()
	}
	if want := fmt.Sprintf("%d lines are missing", many-n); got != want {
		t.Errorf("%q; want %q", got, want)
	}
	if got := next(); got != "after" {
		t.Errorf("%q", got)
	}
	l.close()
	l.write("too late")
	l.close()
}

func TestTheLastLinesAreWritten(t *testing.T) {
	var b bytes.Buffer
	l := newLineWriter(&b)
	l.write("a")
	l.write("b")
	l.close()
	if b.String() != "a\nb\n" {
		t.Errorf("%q", b.String())
	}
}
