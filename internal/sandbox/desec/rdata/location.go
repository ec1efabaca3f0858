package rdata

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// locationField is the whole of a LOC record (RFC 1876 section 3).
var locationField = field{read: readLocation, show: showLocation}

const (
	equator                   = 1 << 31
	perDegree                 = 3600000 // in thousandths of a second of arc
	perMinute                 = 60000
	seaLevel                  = 10000000 // in centimetres; the wire form counts from 100 km below
	defaultSize               = 100
	defaultHoriz, defaultVert = 1000000, 1000
)

func readLocation(s *scanner, wire []byte) []byte {
	latitude := readAngle(s, "latitude", "S", "N")
	longitude := readAngle(s, "longitude", "W", "E")
	altitude, err := centimetres(s.str())
	s.fail(err)
	sizes := readSizes(s)
	s.judge(latitude.check(90))
	s.judge(longitude.check(180))
	if s.verdict != nil {
		return wire
	}
	height := math.Trunc(altitude) + seaLevel
	if !(height >= 0 && height <= math.MaxUint32) { // also what is no number at all
		s.unwritable = true
		return wire
	}
	wire = append(append(wire, 0), sizes...)
	wire = binary.BigEndian.AppendUint32(wire, latitude.wire())
	wire = binary.BigEndian.AppendUint32(wire, longitude.wire())
	return binary.BigEndian.AppendUint32(wire, uint32(height))
}

// angle is degrees, minutes, seconds and thousandths of a second.
type angle struct {
	parts    [4]uint64
	negative bool
}

func (a angle) check(most uint64) error {
	switch {
	case a.parts[0] > most:
		return &valueError{fmt.Sprintf("not in range [-%d, %d]", most, most)}
	case a.parts[1] > 59:
		return &valueError{"bad minutes value"}
	case a.parts[2] > 59:
		return &valueError{"bad seconds value"}
	}
	return nil
}

func (a angle) wire() uint32 {
	n := uint32(a.parts[0]*perDegree + a.parts[1]*perMinute + a.parts[2]*1000 + a.parts[3])
	if a.negative {
		return equator - n
	}
	return equator + n
}

func readAngle(s *scanner, word, negative, positive string) (a angle) {
	a.parts[0] = readNumber(s, 32)
	text := Digits(s.str())
	if isDigits(text) {
		a.parts[1] = small(text)
		text = Digits(s.str())
		if isDigits(text) || strings.Contains(text, ".") {
			var err error
			a.parts[2], a.parts[3], err = seconds(text, word)
			s.fail(err)
			text = Digits(s.str())
		}
	}
	if text != negative && text != positive {
		s.fail(&syntaxError{"bad " + word + " hemisphere value"})
	}
	a.negative = text == negative
	return a
}

// small is the number, or one that is out of every range.
func small(digits string) uint64 {
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return math.MaxUint16
	}
	return n
}

func seconds(text, word string) (whole, thousandths uint64, err error) {
	wholeText, fraction, dotted := strings.Cut(text, ".")
	switch {
	case !dotted:
		return small(text), 0, nil
	case strings.Contains(fraction, "."):
		return 0, 0, &valueError{"too many values to unpack (expected 2)"}
	case !isDigits(wholeText):
		return 0, 0, &syntaxError{"bad " + word + " seconds value"}
	case len(fraction) > 3 || !isDigits(fraction):
		return 0, 0, &syntaxError{"bad " + word + " milliseconds value"}
	}
	return small(wholeText), small((fraction + "00")[:3]), nil
}

// centimetres of a text in metres.
func centimetres(text string) (float64, error) {
	if text == "" {
		return 0, &valueError{"string index out of range"}
	}
	text = Digits(strings.TrimSuffix(text, "m"))
	metres, err := strconv.ParseFloat(underscores.ReplaceAllString(text, "$1$2"), 64)
	if errors.Is(err, strconv.ErrRange) {
		err = nil // infinite, which is a number for the library
	}
	if err != nil || strings.ContainsAny(text, "xXpP") {
		return 0, &valueError{"could not convert string to float: " + literal(text)}
	}
	return metres * 100, nil
}

// readSizes reads size, horizontal and vertical precision, each of which may be left out from the right.
func readSizes(s *scanner) (wire []byte) {
	sizes := [3]float64{defaultSize, defaultHoriz, defaultVert}
	for i, t := range s.rest(3) {
		text, err := unescape(t.value)
		s.fail(err)
		sizes[i], err = centimetres(text)
		s.fail(err)
	}
	for i, word := range []string{"size", "horizontal precision", "vertical precision"} {
		b, err := encodeSize(sizes[i], word)
		s.fail(err)
		wire = append(wire, b)
	}
	return wire
}

// encodeSize keeps one significant digit (RFC 1876 section 2).
func encodeSize(size float64, word string) (byte, error) {
	size = math.Trunc(size)
	if size < 0 || size >= 1e10 || math.IsNaN(size) {
		return 0, &syntaxError{word + " value out of bounds"}
	}
	n, exponent := uint64(size), byte(0)
	for n > 9 {
		n /= 10
		exponent++
	}
	return byte(n)<<4 | exponent, nil
}

func decodeSize(r *reader) float64 {
	b := r.byte()
	if b&0xf > 9 || b>>4 > 9 {
		r.fail()
	}
	return float64(b>>4) * math.Pow10(int(b&0xf))
}

func showLocation(r *reader) string {
	if r.byte() != 0 {
		r.fail()
	}
	sizes := [3]float64{decodeSize(r), decodeSize(r), decodeSize(r)}
	latitude := showAngle(r, 90, "S", "N")
	longitude := showAngle(r, 180, "W", "E")
	height := (float64(binary.BigEndian.Uint32(r.bytes(4))) - seaLevel) / 100
	text := fmt.Sprintf("%s %s %.2fm", latitude, longitude, height)
	if sizes == [3]float64{defaultSize, defaultHoriz, defaultVert} {
		return text
	}
	return text + fmt.Sprintf(" %.2fm %.2fm %.2fm", sizes[0]/100, sizes[1]/100, sizes[2]/100)
}

// servesLocation: the signing name server stores a record only if it prints what it was given
// (design/facts/desec-api.md section 10). It always prints the sizes, so that it takes the short form, which the API
// prints for the default sizes, for another record (design/facts/desec-content.jsonl d-0390, d-0401); it counts the
// altitude in a signed number of 32 bits (d-0402) and a size in an unsigned one; and it takes angles apart with
// floating point numbers.
func servesLocation(wire []byte) bool {
	for sizes := (&reader{wire: wire[1:4]}); len(sizes.wire) > 0; {
		if cm := decodeSize(sizes); sizes.failed || cm > math.MaxUint32 {
			return false
		}
	}
	return !bytes.Equal(wire[1:4], []byte{0x12, 0x16, 0x13}) && binary.BigEndian.Uint32(wire[12:]) <= math.MaxInt32 &&
		servesAngle(wire[4:], "S", "N") && servesAngle(wire[8:], "W", "E")
}

// servesAngle prints an angle as the name server does: of whole minutes it often makes one less and 60 seconds, and
// what is neither north nor south is south.
func servesAngle(wire []byte, negative, positive string) bool {
	degrees := float64(int64(binary.BigEndian.Uint32(wire))-equator) / perDegree
	minutes := 60 * (degrees - math.Trunc(degrees))
	seconds := 60 * (minutes - math.Trunc(minutes))
	hemisphere := negative
	if degrees > 0 {
		hemisphere = positive
	}
	printed := fmt.Sprintf("%.0f %.0f %.3f %s", math.Abs(math.Trunc(degrees)), math.Abs(math.Trunc(minutes)), math.Abs(seconds), hemisphere)
	r := &reader{wire: wire}
	return printed == showAngle(r, 180, negative, positive) && !r.failed
}

func showAngle(r *reader, most int64, negative, positive string) string {
	n := int64(binary.BigEndian.Uint32(r.bytes(4))) - equator
	hemisphere := positive
	if n < 0 {
		n, hemisphere = -n, negative
	}
	if n > most*perDegree {
		r.fail()
	}
	return fmt.Sprintf("%d %d %d.%03d %s", n/perDegree, n%perDegree/perMinute, n%perMinute/1000, n%1000, hemisphere)
}
