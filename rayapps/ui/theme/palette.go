package theme

var palettes = [Schemes]Palette{
	Dark: {
		Desktop:  0xff0f1115,
		Surface1: 0xff16181d, Surface2: 0xff1d2026, Surface3: 0xff262a32,
		Outline: 0xff2f343d, Edge: 0xff747d8b,
		Text1: 0xffeceff4, Text2: 0xffa9b1bd, Text3: 0xff8f97a3,
		Accent: 0xff5aa9ff, OnAccent: 0xff06121f,
		Good: 0xff4cc38a, Warn: 0xffe0a33a, Bad: 0xffef6a62, OnBad: 0xff1b0605,
		Shadow: 0xff000000,
	},
	Light: {
		Desktop:  0xffe9ecf1,
		Surface1: 0xffffffff, Surface2: 0xfff6f7f9, Surface3: 0xffeceef2,
		Outline: 0xffd5d9e0, Edge: 0xff7c8491,
		Text1: 0xff14171c, Text2: 0xff4b5360, Text3: 0xff626a77,
		Accent: 0xff1668c7, OnAccent: 0xffffffff,
		Good: 0xff187446, Warn: 0xff8a5c00, Bad: 0xffc0312b, OnBad: 0xffffffff,
		Shadow: 0xff10151f,
	},
	DarkContrast: {
		Desktop:  0xff000000,
		Surface1: 0xff000000, Surface2: 0xff0a0b0d, Surface3: 0xff15171b,
		Outline: 0xff9aa3b0, Edge: 0xffc4cad3,
		Text1: 0xffffffff, Text2: 0xffe2e6ec, Text3: 0xffc4cad3,
		Accent: 0xff8cc4ff, OnAccent: 0xff000000,
		Good: 0xff6fe0a8, Warn: 0xffffc55c, Bad: 0xffff9089, OnBad: 0xff000000,
		Shadow: 0xff000000,
	},
	LightContrast: {
		Desktop:  0xffffffff,
		Surface1: 0xffffffff, Surface2: 0xfffafbfc, Surface3: 0xfff1f3f6,
		Outline: 0xff4b5360, Edge: 0xff3a414c,
		Text1: 0xff000000, Text2: 0xff23272e, Text3: 0xff3a414c,
		Accent: 0xff0b4a94, OnAccent: 0xffffffff,
		Good: 0xff0c5430, Warn: 0xff624100, Bad: 0xff8f1d18, OnBad: 0xffffffff,
		Shadow: 0xff000000,
	},
}
