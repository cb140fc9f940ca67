package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// wanted lists the globals that a session has, with their versions: what the
// programs that people have make use of.
var wanted = map[string]uint32{
	"wl_compositor": 6, "wl_subcompositor": 1, "wl_shm": 2, "wl_fixes": 1, "wl_seat": 10, "wl_output": 4,
	"wl_data_device_manager": 3, "zwp_primary_selection_device_manager_v1": 1,
	"ext_data_control_manager_v1": 1, "zwlr_data_control_manager_v1": 2,

	"xdg_wm_base": 7, "zxdg_decoration_manager_v1": 1, "org_kde_kwin_server_decoration_manager": 1,
	"xdg_toplevel_icon_manager_v1": 1, "xdg_toplevel_tag_manager_v1": 1, "xdg_toplevel_drag_manager_v1": 1,
	"xdg_wm_dialog_v1": 1, "zxdg_exporter_v2": 1, "zxdg_importer_v2": 1, "xdg_activation_v1": 1,
	"xdg_session_manager_v1": 1, "xdg_system_bell_v1": 1, "xwayland_shell_v1": 1,
	"zwlr_layer_shell_v1": 5, "ext_session_lock_manager_v1": 1,

	"wp_viewporter": 1, "wp_fractional_scale_manager_v1": 1, "wp_presentation": 2, "wp_fifo_manager_v1": 1,
	"wp_commit_timing_manager_v1": 1, "wp_single_pixel_buffer_manager_v1": 1, "wp_content_type_manager_v1": 1,
	"wp_alpha_modifier_v1": 1, "zwp_linux_dmabuf_v1": 4, "wp_linux_drm_syncobj_manager_v1": 1,

	"wp_cursor_shape_manager_v1": 2, "zwp_relative_pointer_manager_v1": 1, "zwp_pointer_constraints_v1": 1,
	"zwp_pointer_gestures_v1": 3, "wp_pointer_warp_v1": 1, "zwp_tablet_manager_v2": 1,
	"zwp_keyboard_shortcuts_inhibit_manager_v1": 1, "zwp_text_input_manager_v3": 1, "zwp_input_method_manager_v2": 1,
	"zwlr_virtual_pointer_manager_v1": 2, "zwp_virtual_keyboard_manager_v1": 1, "ext_transient_seat_manager_v1": 1,
	"ext_idle_notifier_v1": 2, "zwp_idle_inhibit_manager_v1": 1,

	"zwlr_screencopy_manager_v1": 3, "ext_image_copy_capture_manager_v1": 1,
	"ext_output_image_capture_source_manager_v1": 1, "ext_foreign_toplevel_image_capture_source_manager_v1": 1,
	"ext_foreign_toplevel_list_v1": 1, "zwlr_foreign_toplevel_manager_v1": 3, "ext_workspace_manager_v1": 1,
	"zxdg_output_manager_v1": 3, "zwlr_output_manager_v1": 4, "zwlr_output_power_manager_v1": 1,
	"zwlr_gamma_control_manager_v1": 1, "wp_security_context_manager_v1": 1,
}

// missing are those of wanted that an ordinary client does not see here, and
// why.
var missing = map[string]string{
	"zwp_linux_dmabuf_v1":             "the software renderer imports no GPU buffers",
	"wp_linux_drm_syncobj_manager_v1": "there are no GPU buffers to wait for",
	"zwp_text_input_manager_v3":       "not built yet",
	"zwp_input_method_manager_v2":     "not built yet",
	"ext_transient_seat_manager_v1":   "not built yet",
	"ext_workspace_manager_v1":        "not built yet",
	"xdg_session_manager_v1":          "not built yet",
	"zwlr_gamma_control_manager_v1":   "not built yet",
	"xwayland_shell_v1":               "for Xwayland alone",
	"zwp_tablet_manager_v2":           "not built yet",
}

func TestGlobals(t *testing.T) {
	f := newFixture(t)
	seen := map[string]bool{}
	for _, g := range f.connectBare().globals {
		seen[g.Interface] = true
		switch want, why := wanted[g.Interface], missing[g.Interface]; {
		case want == 0:
			t.Errorf("%s %d is announced, and not in wanted", g.Interface, g.Version)
		case why != "":
			t.Errorf("%s is announced: take it out of missing (%s)", g.Interface, why)
		case want != g.Version:
			t.Errorf("%s has version %d; want %d", g.Interface, g.Version, want)
		}
	}
	for name, version := range wanted {
		if !seen[name] && missing[name] == "" {
			t.Errorf("%s %d is not announced", name, version)
		}
	}
	for name := range missing {
		if wanted[name] == 0 {
			t.Errorf("%s is missing, and nobody wants it", name)
		}
	}
}

func TestBindErrors(t *testing.T) {
	for _, tc := range []struct {
		name string
		bind func(c *testClient)
	}{
		{"unknown name", func(c *testClient) { c.reg.Bind(99, new(client.WlShm), &protocol.WlShmInterface, 1) }},
		{"wrong interface", func(c *testClient) { c.reg.Bind(1, new(client.WlShm), &protocol.WlShmInterface, 1) }},
		{"version 0", func(c *testClient) {
			c.reg.Bind(1, new(client.WlCompositor), &protocol.WlCompositorInterface, 0)
		}},
		{"version too high", func(c *testClient) {
			c.reg.Bind(1, new(client.WlCompositor), &protocol.WlCompositorInterface, 7)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			tc.bind(c)
			c.wantError("wl_registry", uint32(protocol.WlDisplayErrorInvalidObject))
		})
	}
}

func TestGlobalsComeAndGo(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	var removed []uint32
	c.reg.OnGlobalRemove = func(name uint32) { removed = append(removed, name) }
	o := f.addOutput("TEST-2", geom.Point{X: 640}, testMode, geom.ScaleOne, geom.Normal)
	c.ok()
	if g := c.globals[len(c.globals)-1]; g.Interface != "wl_output" {
		t.Fatalf("the last global is %v; want the new output", g)
	}
	o.Remove()
	o.Remove()
	// A bind that crosses the removal is no error; the object stays silent.
	res := bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	c.expect("")
	if len(removed) != 1 {
		t.Fatalf("removed %v; want one", removed)
	}
	res.Release()
	if late := f.connectBare(); len(late.globals) != len(c.globals)-1 {
		t.Errorf("a new client sees %d globals; want %d", len(late.globals), len(c.globals)-1)
	}
	// A second registry of the same client hears of it too.
	reg := c.d.GetRegistry()
	n := 0
	reg.OnGlobal = func(uint32, string, uint32) { n++ }
	c.ok()
	if want := len(c.globals) - 1; n != want {
		t.Errorf("the second registry has %d globals; want %d", n, want)
	}
}
