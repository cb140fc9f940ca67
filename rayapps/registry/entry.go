package registry

import (
	"os"
	"path/filepath"
	"strings"

	"rayos/internal/atomicfile"
)

// writeEntry writes the .desktop file by which launchers and xdg-open find an
// app.
func (r *Registry) writeEntry(a *App) error {
	if r.Desktop == "" {
		return nil
	}
	if err := os.MkdirAll(r.Desktop, 0o755); err != nil {
		return err
	}
	run := r.Run
	if run == nil {
		run = []string{"rayctl", "run"}
	}
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			b.WriteString(key + "=" + value + "\n")
		}
	}
	b.WriteString("[Desktop Entry]\n")
	line("Type", "Application")
	line("Version", "1.5")
	line("Name", escape(a.Name))
	line("Comment", escape(a.About))
	line("Exec", strings.Join(quoted(run), " ")+" "+a.ID+" %U")
	line("StartupWMClass", a.ID)
	line("StartupNotify", "true")
	if a.Icon != "" {
		line("Icon", escape(filepath.Join(a.Dir, filepath.FromSlash(a.Icon))))
	}
	line("Keywords", listed(a.Keywords))
	types := a.MIME
	for _, s := range a.Schemes {
		types = append(types[:len(types):len(types)], "x-scheme-handler/"+s)
	}
	line("MimeType", listed(types))
	return atomicfile.Write(r.entryPath(a.ID), []byte(b.String()))
}

func (r *Registry) entryPath(id string) string { return filepath.Join(r.Desktop, id+".desktop") }

func (r *Registry) removeEntry(id string) error {
	if r.Desktop == "" {
		return nil
	}
	return gonefile(r.entryPath(id))
}

// escape writes a value as the desktop entry specification wants it.
func escape(s string) string { return strings.ReplaceAll(s, `\`, `\\`) }

func listed(all []string) string {
	var b strings.Builder
	for _, s := range all {
		b.WriteString(strings.ReplaceAll(escape(s), ";", `\;`) + ";")
	}
	return b.String()
}

// quoted are arguments of Exec.
func quoted(args []string) []string {
	var list []string
	for _, a := range args {
		if strings.ContainsAny(a, " \t\"'\\><~|&;$*?#()`%") {
			a = strings.NewReplacer(`%`, `%%`).Replace(a)
			a = `"` + strings.NewReplacer(`\`, `\\\\`, `"`, `\\"`, "`", "\\\\`", `$`, `\\$`).Replace(a) + `"`
		}
		list = append(list, a)
	}
	return list
}
