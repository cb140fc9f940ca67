package settings

import (
	"slices"

	"rayos/rayapps/lang"
)

// Unit is what a Number counts.
type Unit uint8

// Units.
const (
	PerSecond Unit = iota
	Milliseconds
	Percent
	Minutes
)

// Shown is a value of a Choice in the person's language.
func (k *Key) Shown(value string) string {
	switch i := slices.Index(k.Choices, value); {
	case k.Name == "appearance.language" && value == "":
		return lang.T("As the system")
	case k.Name == "appearance.language":
		return lang.Name(value)
	case i >= 0:
		return lang.T(k.Words[i])
	}
	return value
}

// Amount is a value of a Number in the person's language.
func (k *Key) Amount(n int) string {
	if n == 0 && k.None != "" {
		return lang.T(k.None)
	}
	switch k.Unit {
	case PerSecond:
		return lang.F("{n} a second", "n", lang.Number(n))
	case Milliseconds:
		return lang.F("{n} ms", "n", lang.Number(n))
	case Percent:
		return lang.F("{percent} %", "percent", lang.Number(n))
	}
	return lang.N("{n} minute", "{n} minutes", n)
}
