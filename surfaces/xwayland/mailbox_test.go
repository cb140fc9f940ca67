package xwayland

import (
	"sync"
	"testing"
)

func TestMailboxKeepsOrderAndLosesNothing(t *testing.T) {
	b := newMailbox[[2]int]()
	const senders, each = 4, 1000
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range each {
				b.put([2]int{s, i})
			}
		})
	}
	next := [senders]int{}
	for got := 0; got < senders*each; {
		<-b.ready
		for _, v := range b.take() {
			if next[v[0]] != v[1] {
				t.Fatalf("from %d came %d; want %d", v[0], v[1], next[v[0]])
			}
			next[v[0]]++
			got++
		}
	}
	wg.Wait()
}
