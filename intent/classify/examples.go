package classify

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxExample is the longest line of a file of examples, in bytes.
const maxExample = 64 << 10

// ReadExamples reads lines of intent, tab, text. Empty lines don't count.
func ReadExamples(r io.Reader) ([]Example, error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 0, 4096), maxExample)
	var list []Example
	n := 0
	for sc.Scan() {
		n++
		line := strings.TrimSuffix(sc.Text(), "\r")
		if n == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		label, text, ok := strings.Cut(line, "\t")
		if label = strings.TrimSpace(label); !ok || !nameOK(label) {
			return nil, fmt.Errorf("line %d: want an intent, a tab, and what is said", n)
		}
		if list = append(list, Example{Intent: label, Line: text}); len(list) > MaxExamples {
			return nil, fmt.Errorf("line %d: more than %d examples", n, MaxExamples)
		}
	}
	if err := sc.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d: longer than %d bytes", n+1, maxExample)
	} else if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("no examples in it: want lines of an intent, a tab, and what is said")
	}
	return list, nil
}
