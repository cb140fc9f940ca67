package wayland

import (
	"testing"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// powerful are the interfaces that no sandboxed client may see.
var powerful = []string{
	"zwlr_screencopy_manager_v1", "zwlr_virtual_pointer_manager_v1", "zwp_virtual_keyboard_manager_v1",
	"ext_foreign_toplevel_list_v1", "zwlr_foreign_toplevel_manager_v1",
	"ext_output_image_capture_source_manager_v1", "ext_foreign_toplevel_image_capture_source_manager_v1",
	"ext_image_copy_capture_manager_v1", "wp_security_context_manager_v1",
	"ext_data_control_manager_v1", "zwlr_data_control_manager_v1",
	"zwp_input_method_manager_v2", "ext_transient_seat_manager_v1", "zwlr_layer_shell_v1", "ext_session_lock_manager_v1",
	"zwlr_output_manager_v1", "zwlr_output_power_manager_v1", "ext_workspace_manager_v1",
	"zwlr_gamma_control_manager_v1",
}

func TestSandboxedClientsSeeNoPrivilegedGlobals(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	seen := map[string]uint32{}
	for _, g := range c.globals {
		seen[g.Interface] = g.Name
	}
	b := f.connectBare()
	b.srv.owner.Trust = surfaces.TrustSandboxed
	got := map[string]bool{}
	b.d.GetRegistry().OnGlobal = func(_ uint32, iface string, _ uint32) { got[iface] = true }
	b.ok()
	for _, name := range powerful {
		if seen[name] == 0 || got[name] {
			t.Errorf("%s: outside of the sandbox %v, inside %v; want true, false", name, seen[name] != 0, got[name])
		}
	}
	for _, name := range []string{"wl_compositor", "xdg_wm_base", "wl_output"} {
		if !got[name] {
			t.Errorf("a sandboxed client does not see %s", name)
		}
	}
	// One that comes and goes later.
	delete(got, "wl_shm")
	g := f.srv.addPrivilegedGlobal(&protocol.WlShmInterface, 1, func(*Client, uint32, uint32) {})
	f.srv.removeGlobal(g)
	b.ok()
	if got["wl_shm"] {
		t.Error("a sandboxed client is told of a privileged global that is added later")
	}
	// The name is as good as unknown.
	b.reg.Bind(seen[powerful[0]], new(client.ZwlrScreencopyManagerV1), &protocol.ZwlrScreencopyManagerV1Interface, 1)
	b.wantError("wl_registry", uint32(protocol.WlDisplayErrorInvalidObject))
}
