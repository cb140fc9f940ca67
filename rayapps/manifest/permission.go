package manifest

import (
	"fmt"
	"slices"
	"strings"

	"rayos/rayapps/lang"
)

// Kind is how a permission is granted.
type Kind uint8

// Kinds of permissions.
const (
	// Static: the manifest is enough, until the person takes it away. It harms
	// nobody.
	Static Kind = iota
	// Ask: the person is asked before the first start.
	Ask
	// Picker: the person grants each thing by choosing it.
	Picker
	// ShellOnly: no app has it.
	ShellOnly
)

func (k Kind) String() string { return [...]string{"static", "ask", "picker", "shell-only"}[k] }

// Permission is something that apps can't do by themselves.
type Permission struct {
	Name string
	Kind Kind
	// What follows "may" in a sentence.
	What string
	// Globals are interfaces of the compositor that come with it.
	Globals []string
}

// Permissions is the table.
var Permissions = []Permission{
	{"awake", Static, lang.M("keep the screen from going dark"), []string{"zwp_idle_inhibit_manager_v1"}},
	{"pointer", Static, lang.M("hold the pointer inside its window"), []string{"zwp_pointer_constraints_v1", "zwp_relative_pointer_manager_v1", "wp_pointer_warp_v1"}},
	{"network", Ask, lang.M("use the network"), nil},
	{"clipboard", Ask, lang.M("read the clipboard while you use other windows"), []string{"ext_data_control_manager_v1", "zwlr_data_control_manager_v1"}},
	{"screen", Ask, lang.M("see the screen and other windows"), []string{
		"zwlr_screencopy_manager_v1", "ext_image_copy_capture_manager_v1", "ext_output_image_capture_source_manager_v1",
		"ext_foreign_toplevel_image_capture_source_manager_v1", "ext_foreign_toplevel_list_v1",
	}},
	{"windows", Ask, lang.M("list, focus and close other windows"), []string{"zwlr_foreign_toplevel_manager_v1", "ext_foreign_toplevel_list_v1", "ext_workspace_manager_v1"}},
	{"shortcuts", Ask, lang.M("take keys that are the desktop's"), []string{"zwp_keyboard_shortcuts_inhibit_manager_v1"}},
	{"files", Picker, "open the files that you choose", nil},
	{Session, ShellOnly, "command the session and use all your files", nil},
	{"input", ShellOnly, "type and point for the person", []string{"zwp_virtual_keyboard_manager_v1", "zwlr_virtual_pointer_manager_v1", "zwp_input_method_manager_v2", "ext_transient_seat_manager_v1"}},
	{"panels", ShellOnly, "put panels on the edges of the screen", []string{"zwlr_layer_shell_v1"}},
	{"lock", ShellOnly, "lock the session", []string{"ext_session_lock_manager_v1", "ext_idle_notifier_v1"}},
	{"outputs", ShellOnly, "change screens and their colours", []string{"zwlr_output_manager_v1", "zwlr_output_power_manager_v1", "zwlr_gamma_control_manager_v1"}},
	{"sandboxes", ShellOnly, "make sandboxes", []string{"wp_security_context_manager_v1"}},
}

// Find returns a permission by name, nil if there is none.
func Find(name string) *Permission {
	for i := range Permissions {
		if Permissions[i].Name == name {
			return &Permissions[i]
		}
	}
	return nil
}

// Globals are the interfaces of the compositor that every app sees: its own
// windows, what is drawn in them, and input on them. One that isn't listed here
// or with a permission is unseen, also one that a later session has.
var Globals = []string{
	"wl_compositor", "wl_subcompositor", "wl_shm", "wl_fixes", "wl_seat", "wl_output",
	"wl_data_device_manager", "zwp_primary_selection_device_manager_v1",
	"xdg_wm_base", "zxdg_decoration_manager_v1", "org_kde_kwin_server_decoration_manager", "xdg_toplevel_icon_manager_v1",
	"xdg_toplevel_tag_manager_v1", "xdg_toplevel_drag_manager_v1", "xdg_wm_dialog_v1", "zxdg_exporter_v2", "zxdg_importer_v2",
	"xdg_activation_v1", "xdg_system_bell_v1",
	"wp_viewporter", "wp_fractional_scale_manager_v1", "wp_presentation", "wp_fifo_manager_v1", "wp_commit_timing_manager_v1",
	"wp_single_pixel_buffer_manager_v1", "wp_content_type_manager_v1", "wp_alpha_modifier_v1", "zwp_linux_dmabuf_v1",
	"wp_linux_drm_syncobj_manager_v1",
	"wp_cursor_shape_manager_v1", "zwp_pointer_gestures_v1", "zwp_tablet_manager_v2", "zwp_text_input_manager_v3", "zxdg_output_manager_v1",
}

// Allowed are the globals of an app with these permissions. Those of the shell
// bring none, and neither do names that aren't in the table.
func Allowed(permissions []string) []string {
	all := slices.Clone(Globals)
	for _, name := range permissions {
		if p := Find(name); p != nil && p.Kind != ShellOnly {
			all = append(all, p.Globals...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Reference is the table of keys and that of permissions in Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString("| key | type, without it | |\n|---|---|---|\n")
	for _, k := range Keys {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Name, k.Form, k.What)
	}
	b.WriteString("\n| permission | kind | with it an app may | globals |\n|---|---|---|---|\n")
	for _, p := range Permissions {
		globals := "–"
		if p.Globals != nil {
			globals = "`" + strings.Join(p.Globals, "` `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Name, p.Kind, p.What, globals)
	}
	return b.String()
}
