package host

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/vmm"
)

// guestRole is the window of a session that knows machines
// (rayos_guest_manager_v1): a toplevel whose session is told where in its life
// the machine is, and shows that itself.
type guestRole struct {
	*toplevel
	guest *client.RayosGuestV1
	told  protocol.RayosGuestV1State
	why   string
	begun bool
}

var guestStates = map[vmm.State]protocol.RayosGuestV1State{
	vmm.Absent: protocol.RayosGuestV1StateStopped, vmm.Stopped: protocol.RayosGuestV1StateStopped,
	vmm.Starting: protocol.RayosGuestV1StateStarting, vmm.Running: protocol.RayosGuestV1StateRunning,
	vmm.Suspending: protocol.RayosGuestV1StateSuspending, vmm.Suspended: protocol.RayosGuestV1StateSuspended,
	vmm.Resuming: protocol.RayosGuestV1StateResuming, vmm.Stopping: protocol.RayosGuestV1StateStopping,
	vmm.Failed: protocol.RayosGuestV1StateFailed,
}

// maxDetail is the most of a detail that goes over the wire.
const maxDetail = 256

// newGuestRole makes a toplevel say more where the session listens.
func newGuestRole(t *toplevel) role {
	m, err := bind(t.window.globals, &protocol.RayosGuestManagerV1Interface, client.BindRayosGuestManagerV1)
	if err != nil {
		return t // an ordinary compositor
	}
	r := &guestRole{toplevel: t, guest: m.GetGuest(t.toplevel)}
	m.Destroy()
	r.guest.OnHidden = r.statistics
	return r
}

func (r *guestRole) describe(title string, s vmm.State, detail string) {
	r.toplevel.describe(title, vmm.Running, "") // the session shows the state
	if len(detail) > maxDetail {
		detail = detail[:maxDetail]
	}
	if state := guestStates[s]; !r.begun || state != r.told || detail != r.why {
		r.begun, r.told, r.why = true, state, detail
		r.guest.SetState(state, detail)
	}
	r.statistics()
}

// statistics counts what has been shown until now.
func (r *guestRole) statistics() {
	n := r.window.host.screen.statistics()
	r.guest.SetStatistics(uint32(n.Received), uint32(n.Shown), uint32(n.Dropped))
}
