package submission

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// UTF8 gives a copy of text, decoded if a byte order mark says that it is UTF-16. An
// odd byte at its end is no character and is left out.
func UTF8(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return slices.Clone(data)
	}
	var units []uint16
	for pair := range slices.Chunk(data[2:], 2) {
		if len(pair) == 2 {
			units = append(units, order.Uint16(pair))
		}
	}
	return []byte(string(utf16.Decode(units)))
}
