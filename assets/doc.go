// Package assets embeds the files that the session draws with. Each stands
// beside its licence; docs/NOTICES.md lists them all.
package assets
