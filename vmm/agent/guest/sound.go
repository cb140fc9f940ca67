package guest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The first sound card that there is, as it can be played to, and all that belongs
// to sound.
const (
	soundOut     = "/dev/snd/pcmC0D0p"
	soundDevices = "/dev/snd/*"
	soundWithin  = 30 * time.Second
)

// hasSound reports whether the machine has a sound card: Intel's HD Audio, by its
// class.
func hasSound(sys string) bool {
	classes, _ := filepath.Glob(filepath.Join(sys, "bus/pci/devices/*/class")) // the pattern is good
	for _, path := range classes {
		if class, err := os.ReadFile(path); err == nil && strings.HasPrefix(string(class), "0x0403") {
			return true
		}
	}
	return false
}

// startSound loads what drives a sound card, if there is one, and tells when the card
// is there: it is looked at beside the rest of the boot.
func (s *system) startSound() error {
	if !hasSound("/sys") {
		return nil
	}
	events, err := openUevents() // before the modules, so that it doesn't come unseen
	if err != nil {
		return err
	}
	if err := loadModules("/modules/sound", s.say); err != nil {
		return errors.Join(err, unix.Close(events.fd))
	}
	go func() {
		err := errors.Join(events.awaitFile(soundOut, soundWithin), unix.Close(events.fd))
		if err != nil {
			s.say("RAYOS_LINUX_SOUND_ERR %v", err)
			return
		}
		s.say("RAYOS_LINUX_SOUND_OK")
	}()
	return nil
}

// Limits of a tone.
const (
	maxToneHz = 20_000
	maxToneMS = 10_000
)

// toneLine plays a sine, "hz:ms", for whoever listens whether it arrives. Its end is
// told on the log.
func (s *system) toneLine(arg string) string {
	refuse := func(reason string) string { return "RAYOS_LINUX_TONE_ERR reason=" + reason + "\n" }
	hz, ms, err := parseTone(arg)
	if err != nil {
		return refuse(err.Error())
	}
	if !s.playing.CompareAndSwap(false, true) {
		return refuse("busy")
	}
	p, err := openPCM(soundOut)
	if err != nil {
		s.playing.Store(false)
		s.say("rayos-agent: tone: %v", err)
		return refuse("no_sound_card")
	}
	go func() {
		defer s.playing.Store(false)
		gaps, err := p.tone(hz, ms)
		if err = errors.Join(err, p.file.Close()); err != nil {
			s.say("rayos-agent: tone: %v", err)
			return
		}
		s.say("RAYOS_LINUX_TONE_END hz=%d ms=%d gaps=%d", hz, ms, gaps)
	}()
	return fmt.Sprintf("RAYOS_LINUX_TONE_BEGIN hz=%d ms=%d\n", hz, ms)
}

func parseTone(arg string) (hz, ms int, err error) {
	first, second, _ := strings.Cut(arg, ":")
	hz, herr := strconv.Atoi(first)
	ms, merr := strconv.Atoi(second)
	if herr != nil || merr != nil || hz < 1 || hz > maxToneHz || ms < 1 || ms > maxToneMS {
		return 0, 0, errors.New("want_hz_ms")
	}
	return hz, ms, nil
}

// pcm is a sound card's output, that takes frames of 48 kHz, stereo, 16 bits.
type pcm struct{ file *os.File }

const (
	pcmRate   = 48000
	pcmFrame  = 4    // bytes
	pcmPeriod = 1024 // frames
	pcmBuffer = 8 * pcmPeriod
)

// Requests of sound/asound.h.
const (
	pcmHWParams = 0xc2604111 // SNDRV_PCM_IOCTL_HW_PARAMS
	pcmPrepare  = 0x4140     // SNDRV_PCM_IOCTL_PREPARE
	pcmDrain    = 0x4144     // SNDRV_PCM_IOCTL_DRAIN
	pcmWrite    = 0x40184150 // SNDRV_PCM_IOCTL_WRITEI_FRAMES
)

// Parameters of struct snd_pcm_hw_params: masks first, then intervals.
const (
	pcmAccess     = 0
	pcmFormat     = 1
	pcmSubformat  = 2
	pcmMasks      = 8 // with those that mean nothing yet
	pcmChannels   = 10
	pcmHz         = 11
	pcmPeriodSize = 13
	pcmBufferSize = 17
	pcmIntervals  = 12 // 8 to 19
	pcmParamsSize = 608

	accessInterleaved = 3
	formatS16LE       = 2
	subformatStd      = 0
)

// pcmParams is struct snd_pcm_hw_params of 64-bit systems, in which all is possible
// but what is named.
func pcmParams() *[pcmParamsSize]byte {
	const maskSize, intervalSize, firstInterval, isInteger = 32, 12, 8, 4
	ne := binary.NativeEndian
	p := new([pcmParamsSize]byte)
	at := 4 // behind the flags
	bit := map[int]int{pcmAccess: accessInterleaved, pcmFormat: formatS16LE, pcmSubformat: subformatStd}
	for i := range pcmMasks {
		mask := p[at+i*maskSize:][:maskSize]
		if b, named := bit[i]; named {
			ne.PutUint32(mask, 1<<b)
			continue
		}
		for j := range mask {
			mask[j] = 0xff
		}
	}
	at += pcmMasks * maskSize
	exact := map[int]uint32{pcmChannels: 2, pcmHz: pcmRate, pcmPeriodSize: pcmPeriod, pcmBufferSize: pcmBuffer}
	for i := range pcmIntervals {
		interval := p[at+i*intervalSize:]
		ne.PutUint32(interval[4:], math.MaxUint32)
		if v, named := exact[firstInterval+i]; named {
			ne.PutUint32(interval, v)
			ne.PutUint32(interval[4:], v)
			ne.PutUint32(interval[8:], isInteger)
		}
	}
	at += (pcmIntervals + 9) * intervalSize // nine mean nothing yet
	ne.PutUint32(p[at:], math.MaxUint32)    // all parameters are to be looked at
	return p
}

func openPCM(path string) (*pcm, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	p := &pcm{f}
	params := pcmParams()
	err = p.control(pcmHWParams, unsafe.Pointer(params))
	if err == nil {
		err = p.control(pcmPrepare, nil)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return p, nil
}

func (p *pcm) control(request uintptr, arg unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, p.file.Fd(), request, uintptr(arg)); errno != 0 {
		return errno
	}
	return nil
}

// write plays frames, when there is room for them. It returns how often the card had
// nothing left to play.
func (p *pcm) write(frames []byte) (gaps int, err error) {
	for len(frames) > 0 {
		w := struct { // struct snd_xferi
			result int64
			data   unsafe.Pointer
			frames uint64
		}{data: unsafe.Pointer(&frames[0]), frames: uint64(len(frames) / pcmFrame)}
		switch err := p.control(pcmWrite, unsafe.Pointer(&w)); err {
		case nil:
			frames = frames[w.result*pcmFrame:]
		case unix.EPIPE:
			gaps++
			if err := p.control(pcmPrepare, nil); err != nil {
				return gaps, err
			}
		case unix.EINTR:
		default:
			return gaps, err
		}
	}
	return gaps, nil
}

// tone plays a sine and waits until it was heard.
func (p *pcm) tone(hz, ms int) (gaps int, err error) {
	wave := sine(hz, pcmRate*ms/1000)
	if gaps, err = p.write(wave); err != nil {
		return gaps, err
	}
	return gaps, p.control(pcmDrain, nil)
}

// sine is so many frames of it, at half of what is possible.
func sine(hz, frames int) []byte {
	b := make([]byte, pcmFrame*frames)
	for i := range frames {
		v := uint16(int16(math.MaxInt16 / 2 * math.Sin(2*math.Pi*float64(hz)*float64(i)/pcmRate)))
		binary.LittleEndian.PutUint16(b[pcmFrame*i:], v)
		binary.LittleEndian.PutUint16(b[pcmFrame*i+2:], v)
	}
	return b
}
