package desec

import (
	"crypto/ecdh"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signingKey is the public half of the key by which the service would sign a zone: algorithm 13,
// flags 257 (design/facts/desec-api.md section 6).
type signingKey struct{ public []byte }

// newSigningKey makes a key that is a point of the curve, the same for the same name and time. The
// fake does not sign, so that nobody needs the private half.
func newSigningKey(name string, created time.Time) signingKey {
	for seed := sha256.Sum256([]byte(name + created.String())); ; seed = sha256.Sum256(seed[:]) {
		private, err := ecdh.P256().NewPrivateKey(seed[:])
		if err == nil {
			return signingKey{private.PublicKey().Bytes()[1:]} // without the byte that says "uncompressed"
		}
	}
}

// keys are the service's own and those of the user's DNSKEY RRset.
func (z *zone) keys() []object {
	own := "257 3 13 " + base64.StdEncoding.EncodeToString(z.signing.public)
	all := []object{z.showKey(own, "csk", true)}
	for _, record := range slices.Sorted(slices.Values(z.rrsets[key{"", "DNSKEY"}].records)) {
		all = append(all, z.showKey(record, nil, false))
	}
	return all
}

func (z *zone) showKey(record string, keyType any, managed bool) object {
	wire := keyWire(record)
	flags := int(binary.BigEndian.Uint16(wire))
	const secureEntryPoint = 1 // RFC 4034 section 2.1.1
	ds := []string{}
	if flags&secureEntryPoint != 0 {
		input := append(ownerWire(z.name), wire...)
		short, long := sha256.Sum256(input), sha512.Sum384(input)
		prefix := fmt.Sprintf("%d %d", keyTag(wire), wire[3])
		ds = append(ds, fmt.Sprintf("%s 2 %x", prefix, short), fmt.Sprintf("%s 4 %x", prefix, long))
	}
	return object{{"dnskey", record}, {"ds", ds}, {"flags", flags}, {"keytype", keyType}, {"managed", managed}}
}

// keyWire is the wire form of a DNSKEY in canonical presentation form.
func keyWire(record string) []byte {
	parts := strings.Fields(record)
	var wire []byte
	for i, bits := range []int{16, 8, 8} {
		n, _ := strconv.ParseUint(parts[i], 10, bits) // canonical: these are numbers
		if bits == 16 {
			wire = binary.BigEndian.AppendUint16(wire, uint16(n))
		} else {
			wire = append(wire, byte(n))
		}
	}
	key, _ := base64.StdEncoding.DecodeString(strings.Join(parts[3:], ""))
	return append(wire, key...)
}

// keyTag is that of RFC 4034 appendix B.
func keyTag(wire []byte) uint16 {
	var sum uint32
	for i, b := range wire {
		if i%2 == 0 {
			sum += uint32(b) << 8
		} else {
			sum += uint32(b)
		}
	}
	return uint16(sum + sum>>16)
}

func ownerWire(name string) []byte {
	var wire []byte
	for label := range strings.SplitSeq(name, ".") {
		wire = append(append(wire, byte(len(label))), label...)
	}
	return append(wire, 0)
}
