//go:build longidle

package loop

import (
	"testing"
	"time"
)

func TestTheMonitorSleepsLong(t *testing.T) {
	if got := time.Duration(forcegcperiod); got < 365*24*time.Hour {
		t.Errorf("the runtime's monitor wakes every %v", got/2)
	}
}
