package volume_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rayos/volume"
)

// topics writes n documents of words that only their topic has.
func topics(t *testing.T, dir, topic string, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, uint64(len(topic))))
	for i := range n {
		var b strings.Builder
		for range 40 {
			fmt.Fprintf(&b, "%s%dx ", topic, r.IntN(30))
		}
		write(t, dir, map[string]string{fmt.Sprintf("%s-%d.txt", topic, i): b.String()})
	}
}

func TestRefitTellsMore(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	topics(t, dir, "rings", 100)
	home := t.TempDir()
	v := lasting(t, home)
	index(t, v, dir)
	if _, err := v.Refit(ctx); !errors.Is(err, volume.ErrNothing) {
		t.Errorf("nothing changed, and refit: %v", err)
	}
	if _, err := v.SearchCost(ctx); !errors.Is(err, volume.ErrNothing) {
		t.Errorf("a scan has no ef: %v", err)
	}
	// What comes by a watch is folded in.
	watched, cancel := context.WithCancel(ctx)
	changed := make(chan struct{}, 64)
	ended := make(chan error, 1)
	go func() { ended <- v.Watch(watched, []string{dir}, func() { changed <- struct{}{} }) }()
	<-changed
	topics(t, dir, "bread", 45)
	for v.Stats().Docs < 145 {
		<-changed
	}
	cancel()
	<-ended
	if v.Due() == "" {
		t.Fatal("no fit is due")
	}
	before, err := v.Untold(ctx)
	if err != nil {
		t.Fatal(err)
	}
	undo, err := v.Refit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	after, err := v.Untold(ctx)
	if err != nil || after > 0.9*before {
		t.Errorf("untold are %.3f, were %.3f, %v", after, before, err)
	}
	whole(t, v)
	if err := undo(); err != nil {
		t.Fatal(err)
	}
	if back, err := v.Untold(ctx); err != nil || back != before || v.Due() == "" {
		t.Errorf("taken back, untold are %.3f, %v; were %.3f", back, err, before)
	}
	whole(t, v)
	if v.LogSize() < 1000 {
		t.Errorf("the log has %d bytes", v.LogSize())
	}
	if err := v.Compact(ctx); err != nil || v.LogSize() > 1000 {
		t.Errorf("compacted: %d bytes, %v", v.LogSize(), err)
	}
	shut(t, v)
}
