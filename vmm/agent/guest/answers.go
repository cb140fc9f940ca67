package guest

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/agent"
)

// answer carries out what the host asks.
func (s *system) answer(op string, m *agent.Message) (any, error) {
	switch op {
	case agent.OpHello:
		h := s.hello()
		if h.Failed != "" {
			s.end()
		}
		return h, nil
	case agent.OpPing:
		return nil, nil
	case agent.OpShutdown:
		s.end()
		return nil, nil
	case agent.OpTime:
		var t agent.Time
		if err := m.Decode(&t); err != nil {
			return nil, err
		}
		return nil, setClock(time.Unix(0, t.UnixNano))
	case agent.OpApps:
		var q agent.AppsRequest
		if err := m.Decode(&q); err != nil {
			return nil, err
		}
		return s.launcher.apps(q.Offset), nil
	case agent.OpIcon:
		var q agent.IconRequest
		if err := m.Decode(&q); err != nil {
			return nil, err
		}
		return s.launcher.icon(q)
	case agent.OpLaunch:
		var q agent.LaunchRequest
		if err := m.Decode(&q); err != nil {
			return nil, err
		}
		if s.launcher == nil {
			return nil, agent.Refusal("not_in_desktop_mode")
		}
		pid, err := s.launcher.launch(q.ID)
		if err != nil {
			return nil, err
		}
		return agent.Launched{PID: pid}, nil
	}
	if s.desktop == nil {
		return nil, agent.Refusal(agent.ErrUnknown)
	}
	return s.desktop.answer(op, m)
}

func (s *system) hello() agent.Hello {
	var uts unix.Utsname
	system := "Linux"
	if unix.Uname(&uts) == nil {
		system = "Linux " + unix.ByteSliceToString(uts.Release[:])
	}
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // without it the host can't tell boots apart, and nothing else
	s.mu.Lock()
	defer s.mu.Unlock()
	return agent.Hello{
		Version: agent.Version, Agent: s.kind, System: system, BootID: strings.TrimSpace(string(boot)),
		Ready: append([]string(nil), s.ready...), Failed: s.failed,
	}
}

// setClock sets the guest's clock, within the years that a clock can mean.
func setClock(t time.Time) error {
	if t.Year() < 2020 || t.Year() > 2200 {
		return agent.Refusal("invalid_time")
	}
	tv := unix.NsecToTimeval(t.UnixNano())
	return unix.Settimeofday(&tv)
}
