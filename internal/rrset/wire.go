package rrset

// wire reads RDATA in wire form. A read beyond the end gives zeros and is remembered, so that a printer can read all
// its fields and ask once.
type wire struct {
	data  []byte
	short bool
}

func (w *wire) take(n int) []byte {
	if n > len(w.data) {
		w.short = true
		w.data = nil
		return make([]byte, min(n, 8))
	}
	out := w.data[:n]
	w.data = w.data[n:]
	return out
}

func (w *wire) u8() uint8 { return w.take(1)[0] }

func (w *wire) u16() uint16 {
	b := w.take(2)
	return uint16(b[0])<<8 | uint16(b[1])
}

func (w *wire) u32() uint32 { return uint32(w.u16())<<16 | uint32(w.u16()) }

// rest is all that is left.
func (w *wire) rest() []byte { return w.take(len(w.data)) }

// text is one character-string: a length byte and as many bytes.
func (w *wire) text() []byte {
	n := int(w.u8())
	if n > len(w.data) {
		w.short = true
		return nil
	}
	return w.take(n)
}

// name reads a domain name without compression: RFC 3597 section 4 forbids pointers in types that are newer than RFC
// 1035, and none of our own encodings makes one.
func (w *wire) name() [][]byte {
	var labels [][]byte
	for total := 1; ; {
		n := int(w.u8())
		if n == 0 || w.short {
			return labels
		}
		if total += n + 1; n > 63 || n > len(w.data) || total > 255 {
			w.short = true
			return labels
		}
		labels = append(labels, w.take(n))
	}
}

func append16(b []byte, n uint64) []byte { return append(b, byte(n>>8), byte(n)) }

func append32(b []byte, n uint64) []byte { return append16(append16(b, n>>16), n) }
