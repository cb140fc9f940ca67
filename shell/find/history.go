package find

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rayos/internal/atomicfile"
)

// halfLife is how long it takes until a choice counts for half.
const halfLife = 10 * 24 * time.Hour

// Limits of what is remembered.
const (
	maxChoices = 2000
	maxPrefix  = 12 // letters
	maxHistory = 1 << 20
)

// History remembers what was chosen, and after what was typed. A choice counts
// 1 when it is made and loses half of that every ten days.
type History struct {
	uses map[use]tally

	saves   uint64     // that were asked for
	writing sync.Mutex // of the functions that Save returns
	written uint64     // the newest of saves that is in the file
}

// use is a key that was chosen after these letters; all uses of a key are also
// counted with no letters.
type use struct{ key, prefix string }

// tally is an amount as it was at a time.
type tally struct {
	amount float64
	at     time.Time
}

func (t tally) worth(now time.Time) float64 {
	age := max(now.Sub(t.at), 0)
	return t.amount * math.Exp2(-float64(age)/float64(halfLife))
}

// Choose notes that the item of this key was chosen after query.
func (h *History) Choose(key, query string, now time.Time) {
	if h.uses == nil {
		h.uses = map[use]tally{}
	}
	letters := fold(query).letters
	for i := range min(len(letters), maxPrefix) + 1 {
		u := use{key, string(letters[:i])}
		h.uses[u] = tally{h.uses[u].worth(now) + 1, now}
	}
	h.forget(now)
}

// forget drops the uses that count least when there are too many.
func (h *History) forget(now time.Time) {
	if len(h.uses) <= maxChoices {
		return
	}
	worths := make([]float64, 0, len(h.uses))
	for _, t := range h.uses {
		worths = append(worths, t.worth(now))
	}
	slices.Sort(worths)
	least := worths[len(worths)-maxChoices*9/10]
	for u, t := range h.uses {
		if t.worth(now) < least {
			delete(h.uses, u)
		}
	}
}

// bonus is what an item gains by its uses: up to 30 for what is always chosen
// after these letters, up to 12 for what is chosen often.
func (h *History) bonus(key, query string, now time.Time) int {
	if len(h.uses) == 0 {
		return 0
	}
	often := h.uses[use{key, ""}].worth(now)
	if often == 0 {
		return 0
	}
	letters := fold(query).letters
	here := 0.0
	if len(letters) > 0 {
		here = h.uses[use{key, string(letters[:min(len(letters), maxPrefix)])}].worth(now)
	}
	return int(12*often/(often+3) + 30*here/(here+1))
}

// Recent returns the keys of what was chosen, what counts most now first. The
// slice is the caller's.
func (h *History) Recent(now time.Time) []string {
	var keys []string
	for u := range h.uses {
		if u.prefix == "" {
			keys = append(keys, u.key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		x, y := h.uses[use{a, ""}].worth(now), h.uses[use{b, ""}].worth(now)
		return cmp.Or(cmp.Compare(y, x), strings.Compare(a, b))
	})
	return keys
}

// stored is a use in a file.
type stored struct {
	Key    string    `json:"key"`
	Prefix string    `json:"prefix,omitempty"`
	Amount float64   `json:"amount"`
	At     time.Time `json:"at"`
}

// Load reads a history. A file that isn't there is an empty one. One that can't
// be understood is an error; it stays as it is until [History.Save].
func Load(path string) (*History, error) {
	h := &History{}
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	if st.Size() > maxHistory {
		return h, fmt.Errorf("%s has %d bytes, over %d", path, st.Size(), maxHistory)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return h, err
	}
	return h, h.decode(text)
}

func (h *History) decode(text []byte) error {
	var list []stored
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("history of choices: %w", err)
	}
	h.uses = map[use]tally{}
	for _, s := range list[:min(len(list), maxChoices)] {
		if s.Key != "" && s.Amount > 0 && s.Amount < 1e6 {
			h.uses[use{s.Key, s.Prefix}] = tally{s.Amount, s.At}
		}
	}
	return nil
}

// Save returns a function that writes the history as it is now, whole or not at
// all, readable by its person only. That may run on any goroutine.
func (h *History) Save(path string) func() error {
	list := make([]stored, 0, len(h.uses))
	for u, t := range h.uses {
		list = append(list, stored{u.key, u.prefix, t.amount, t.at.UTC()})
	}
	slices.SortFunc(list, func(a, b stored) int {
		if a.Key != b.Key {
			return strings.Compare(a.Key, b.Key)
		}
		return strings.Compare(a.Prefix, b.Prefix)
	})
	h.saves++
	n := h.saves
	return func() error {
		h.writing.Lock()
		defer h.writing.Unlock()
		if n < h.written {
			return nil // a newer one was faster
		}
		h.written = n
		text, err := json.Marshal(list)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		return atomicfile.Write(path, text)
	}
}
