package rdata

import "encoding/binary"

// reader takes a wire form apart.
type reader struct{ wire []byte }

func (r *reader) bytes(n int) ([]byte, error) {
	if n > len(r.wire) {
		return nil, errForm
	}
	out := r.wire[:n]
	r.wire = r.wire[n:]
	return out, nil
}

func (r *reader) rest() []byte {
	out := r.wire
	r.wire = nil
	return out
}

func (r *reader) byte() (byte, error) {
	b, err := r.bytes(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (r *reader) uint16() (uint16, error) {
	b, err := r.bytes(2)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint16(b), nil
}

// counted reads a string with its length before it.
func (r *reader) counted() ([]byte, error) {
	n, err := r.byte()
	if err != nil {
		return nil, err
	}
	return r.bytes(int(n))
}
