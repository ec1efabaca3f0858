package rdata

import "encoding/binary"

// reader takes a wire form apart. Behind its end it reads zeros, and remembers that it did.
type reader struct {
	wire   []byte
	failed bool
	// unserved: something was printed that the signing name server does not read.
	unserved bool
	// verdict is a complaint about a value that was read well.
	verdict error
}

// fail ends the reading: what was read is not the wire form of the type.
func (r *reader) fail() { r.wire, r.failed = nil, true }

// err is the complaint of the library about a wire form.
func (r *reader) err() error {
	if r.failed {
		return errForm
	}
	return nil
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.wire) {
		r.fail()
		return make([]byte, n)
	}
	out := r.wire[:n]
	r.wire = r.wire[n:]
	return out
}

func (r *reader) rest() []byte { return r.bytes(len(r.wire)) }

func (r *reader) byte() byte { return r.bytes(1)[0] }

func (r *reader) uint16() uint16 { return binary.BigEndian.Uint16(r.bytes(2)) }

// counted reads a string with its length before it.
func (r *reader) counted() []byte { return r.bytes(int(r.byte())) }
