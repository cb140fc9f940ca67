package journal

import (
	"encoding/binary"
	"hash/crc32"
)

// MaxRecord is the longest payload, in bytes.
const MaxRecord = 16 << 20

const frameHead = 8

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendFrame appends a payload of 1 to MaxRecord bytes as it stands in the
// file.
func AppendFrame(dst, payload []byte) []byte {
	if len(payload) == 0 || len(payload) > MaxRecord {
		panic("journal: a record of no or too many bytes")
	}
	n := len(dst)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(payload)))
	crc := crc32.Update(crc32.Checksum(dst[n:n+4], castagnoli), castagnoli, payload)
	dst = binary.LittleEndian.AppendUint32(dst, crc)
	return append(dst, payload...)
}

// frame reads the frame that data begins with. n is what its head says that the
// whole frame takes, 0 if that can't be; ok says that all of it is there and
// right.
func frame(data []byte) (payload []byte, n int, ok bool) {
	if len(data) < frameHead {
		return nil, 0, false
	}
	size := binary.LittleEndian.Uint32(data)
	if size == 0 || size > MaxRecord || int(size) > len(data)-frameHead {
		return nil, 0, false
	}
	n = frameHead + int(size)
	payload = data[frameHead:n:n]
	crc := crc32.Update(crc32.Checksum(data[:4], castagnoli), castagnoli, payload)
	return payload, n, crc == binary.LittleEndian.Uint32(data[4:])
}

// Scan calls each for the payloads of frames, in their order, and returns where
// the whole ones end and how many were skipped as damaged. Payloads are parts
// of data. An error of each ends it.
func Scan(data []byte, each func(payload []byte) error) (end, damaged int, err error) {
	effort := searchEffort
	for at := 0; at < len(data); {
		payload, n, ok := frame(data[at:])
		if !ok {
			if n = next(data[at:], n, &effort); n == 0 {
				break
			}
			at += n
			end = at
			damaged++
			continue
		}
		at += n
		end = at
		if err := each(payload); err != nil {
			return end, damaged, err
		}
	}
	return end, damaged, nil
}

// searchEffort is how many bytes are looked at in all to find whole frames
// behind damaged ones.
const searchEffort = 64 << 20

// next returns how far a damaged frame goes: to the next whole one, 0 if none
// was found. said is the length that its head says.
func next(data []byte, said int, effort *int) int {
	if said > 0 {
		if _, _, ok := frame(data[said:]); ok {
			return said
		}
	}
	for i := 1; i+frameHead < len(data) && *effort > 0; i++ {
		*effort--
		size := int(binary.LittleEndian.Uint32(data[i:]))
		if size == 0 || size > min(MaxRecord, len(data)-i-frameHead) {
			continue
		}
		*effort -= size
		if _, _, ok := frame(data[i:]); ok {
			return i
		}
	}
	return 0
}
