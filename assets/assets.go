package assets

import _ "embed"

// The embedded fonts, as TrueType files. They are strings so that they stay in
// the binary's read-only pages.
var (
	//go:embed fonts/Inter-Regular.ttf
	InterRegular string
	//go:embed fonts/Inter-SemiBold.ttf
	InterSemiBold string
)
