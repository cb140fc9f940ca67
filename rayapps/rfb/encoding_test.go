package rfb

import (
	"slices"
	"testing"
)

// What is asked for, as far as options change it: lossy pictures only with a quality,
// which may be said in three ways.
func TestEncodingList(t *testing.T) {
	lossy := func(e Encoding) bool {
		return e == JPEG || e >= PseudoQuality0 && e < PseudoQuality0+10 || e >= PseudoFineQuality0 && e <= PseudoFineQuality0+100 || e >= PseudoSubsampling1 && e < PseudoSubsampling1+6
	}
	for _, v := range []struct {
		o    Options
		want []Encoding // of the lossy ones
	}{
		{Options{}, nil},
		{Options{FineQuality: 80, Subsampling: Subsampling4}, nil},
		{Options{Quality: 9}, []Encoding{JPEG, -24}},
		{Options{Quality: 99, Encodings: []Encoding{Tight}}, []Encoding{-23}},
		{Options{Quality: 7, FineQuality: 80, Subsampling: Subsampling1}, []Encoding{JPEG, -26, -432, -768}},
		{Options{Quality: 7, FineQuality: 101, Subsampling: Subsampling16}, []Encoding{JPEG, -26, -412, -763}},
		{Options{Quality: 7, Subsampling: SubsamplingGrey}, []Encoding{JPEG, -26, -765}},
	} {
		list := v.o.encodings()
		if got := slices.DeleteFunc(slices.Clone(list), func(e Encoding) bool { return !lossy(e) }); !slices.Equal(got, v.want) {
			t.Errorf("%+v asks for %v; want %v", v.o, got, v.want)
		}
		if slices.Contains(list, PseudoQEMUAudio) {
			t.Errorf("%+v asks for sound", v.o)
		}
		slices.Sort(list)
		if len(slices.Compact(list)) != len(v.o.encodings()) {
			t.Errorf("%+v asks twice for something", v.o)
		}
	}
	if o := (Options{Audio: &AudioFormat{SampleS16, 2, 44100}}); !slices.Contains(o.encodings(), PseudoQEMUAudio) {
		t.Error("nobody asks for sound")
	}
}
