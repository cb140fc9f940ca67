package calc

import "math"

// dimension is the powers of the quantities that a value is made of.
type dimension struct{ length, mass, time, data, angle, heat int8 }

func (d dimension) times(e dimension, sign int8) dimension {
	return dimension{
		d.length + sign*e.length, d.mass + sign*e.mass, d.time + sign*e.time,
		d.data + sign*e.data, d.angle + sign*e.angle, d.heat + sign*e.heat,
	}
}

func (d dimension) power(n int8) dimension {
	return dimension{d.length * n, d.mass * n, d.time * n, d.data * n, d.angle * n, d.heat * n}
}

// unit is a measure: value·factor + zero is the amount in the base units
// (metre, kilogram, second, byte, radian, kelvin).
type unit struct {
	name   string // as it is shown
	factor float64
	zero   float64
	dimension
}

var (
	length   = dimension{length: 1}
	area     = dimension{length: 2}
	volume   = dimension{length: 3}
	mass     = dimension{mass: 1}
	duration = dimension{time: 1}
	speed    = dimension{length: 1, time: -1}
	data     = dimension{data: 1}
	rate     = dimension{data: 1, time: -1}
	angle    = dimension{angle: 1}
	heat     = dimension{heat: 1}
)

// measures are the units with the names by which they may be called. The first
// name is shown.
var measures = []struct {
	dimension
	factor float64
	names  []string
}{
	{length, 1, []string{"m", "metre", "metres", "meter", "meters"}},
	{length, 1e-9, []string{"nm"}},
	{length, 1e-6, []string{"µm", "um", "micron", "microns"}},
	{length, 1e-3, []string{"mm", "millimetre", "millimetres", "millimeter", "millimeters"}},
	{length, 1e-2, []string{"cm", "centimetre", "centimetres", "centimeter", "centimeters"}},
	{length, 1e3, []string{"km", "kilometre", "kilometres", "kilometer", "kilometers"}},
	{length, 0.0254, []string{"in", "inch", "inches"}},
	{length, 0.3048, []string{"ft", "foot", "feet"}},
	{length, 0.9144, []string{"yd", "yard", "yards"}},
	{length, 1609.344, []string{"mi", "mile", "miles"}},
	{length, 1852, []string{"nmi"}},
	{length, 0.0254 / 72, []string{"pt", "point", "points"}},

	{area, 1, []string{"m²", "sqm"}},
	{area, 1e6, []string{"km²"}},
	{area, 1e-4, []string{"cm²"}},
	{area, 1e4, []string{"ha", "hectare", "hectares"}},
	{area, 4046.8564224, []string{"acre", "acres"}},
	{area, 0.09290304, []string{"sqft", "ft²"}},

	{volume, 1, []string{"m³"}},
	{volume, 1e-6, []string{"cm³"}},
	{volume, 1e-3, []string{"l", "L", "litre", "litres", "liter", "liters"}},
	{volume, 1e-6, []string{"ml", "mL"}},
	{volume, 0.003785411784, []string{"gal", "gallon", "gallons"}},
	{volume, 0.000473176473, []string{"pint", "pints"}},
	{volume, 0.0002365882365, []string{"cup", "cups"}},
	{volume, 2.95735295625e-5, []string{"floz"}},

	{mass, 1, []string{"kg", "kilogram", "kilograms", "kilo", "kilos"}},
	{mass, 1e-3, []string{"g", "gram", "grams"}},
	{mass, 1e-6, []string{"mg"}},
	{mass, 1e3, []string{"t", "tonne", "tonnes"}},
	{mass, 0.45359237, []string{"lb", "lbs", "pound", "pounds"}},
	{mass, 0.028349523125, []string{"oz", "ounce", "ounces"}},
	{mass, 6.35029318, []string{"st", "stone"}},

	{duration, 1, []string{"s", "sec", "second", "seconds"}},
	{duration, 1e-9, []string{"ns"}},
	{duration, 1e-6, []string{"µs", "us"}},
	{duration, 1e-3, []string{"ms", "millisecond", "milliseconds"}},
	{duration, 60, []string{"min", "minute", "minutes"}},
	{duration, 3600, []string{"h", "hour", "hours", "hr", "hrs"}},
	{duration, 86400, []string{"d", "day", "days"}},
	{duration, 604800, []string{"weeks", "week", "wk"}},
	{duration, 31557600, []string{"years", "year", "yr"}}, // of Julius Caesar

	{speed, 1, []string{"mps"}},
	{speed, 1 / 3.6, []string{"kmh", "kph"}},
	{speed, 0.44704, []string{"mph"}},
	{speed, 1852.0 / 3600, []string{"kn", "knot", "knots"}},

	{data, 1, []string{"B", "byte", "bytes"}},
	{data, 0.125, []string{"bit", "bits"}},
	{data, 1e3, []string{"kB", "KB"}},
	{data, 1e6, []string{"MB"}},
	{data, 1e9, []string{"GB"}},
	{data, 1e12, []string{"TB"}},
	{data, 1e15, []string{"PB"}},
	{data, 1 << 10, []string{"KiB", "kib"}},
	{data, 1 << 20, []string{"MiB", "mib"}},
	{data, 1 << 30, []string{"GiB", "gib"}},
	{data, 1 << 40, []string{"TiB", "tib"}},
	{data, 125, []string{"kbit", "Kbit"}},
	{data, 125e3, []string{"Mbit"}},
	{data, 125e6, []string{"Gbit"}},
	{rate, 125, []string{"kbps"}},
	{rate, 125e3, []string{"Mbps"}},
	{rate, 125e6, []string{"Gbps"}},

	{angle, 1, []string{"rad", "radian", "radians"}},
	{angle, math.Pi / 180, []string{"°", "deg", "degree", "degrees"}},
	{angle, 2 * math.Pi, []string{"turn", "turns"}},

	{heat, 1, []string{"K", "kelvin"}},
}

// units is measures by name, with the temperatures that begin elsewhere.
var units = func() map[string]unit {
	all := map[string]unit{}
	for _, m := range measures {
		for _, name := range m.names {
			all[name] = unit{m.names[0], m.factor, 0, m.dimension}
		}
	}
	for _, name := range []string{"°C", "C", "celsius"} {
		all[name] = unit{"°C", 1, 273.15, heat}
	}
	for _, name := range []string{"°F", "F", "fahrenheit"} {
		all[name] = unit{"°F", 5.0 / 9, 459.67 * 5 / 9, heat}
	}
	return all
}()
