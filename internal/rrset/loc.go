package rrset

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The wire form of LOC (RFC 1876 section 2): a coordinate is thousandths of a second of arc from equator or prime
// meridian, shifted by 2^31; the altitude is centimetres above a base 100000 m below the reference spheroid.
const (
	degree       = 3600 * 1000
	locOrigin    = 1 << 31
	altitudeBase = 100000 * 100
)

// locDefaults are size 1 m, horizontal precision 10000 m, vertical 10 m as RFC 1876 section 3 gives them, in the form
// base * 10^exponent cm, four bits each.
var locDefaults = [3]byte{0x12, 0x16, 0x13}

func parseLOC(f *fields) ([]byte, error) {
	latitude, err := f.coordinate("latitude", 90, "N", "S")
	if err != nil {
		return nil, err
	}
	longitude, err := f.coordinate("longitude", 180, "E", "W")
	if err != nil {
		return nil, err
	}
	altitude, err := f.centimetres("altitude", -altitudeBase, math.MaxUint32-altitudeBase)
	if err != nil {
		return nil, err
	}
	sizes := locDefaults
	for i, what := range []string{"size", "horizontal precision", "vertical precision"} {
		if !f.more() {
			break
		}
		cm, err := f.centimetres(what, 0, 9e9)
		if err != nil {
			return nil, err
		}
		sizes[i] = encodeSize(cm)
	}
	out := append([]byte{0}, sizes[:]...)
	for _, n := range []int64{locOrigin + latitude, locOrigin + longitude, altitudeBase + altitude} {
		out = append32(out, uint64(n))
	}
	return out, nil
}

// coordinate reads "degrees [minutes [seconds]] hemisphere".
func (f *fields) coordinate(what string, most int64, plus, minus string) (int64, error) {
	degrees, err := f.uint("degrees of "+what, 16)
	if err != nil {
		return 0, err
	}
	sum := int64(degrees) * degree
	units := []struct {
		name string
		size int64
	}{{"minutes", 60 * 1000}, {"seconds", 1000}}
	for {
		text, err := f.word("hemisphere of " + what)
		if err != nil {
			return 0, err
		}
		if text == plus || text == minus {
			if sum > most*degree {
				return 0, fmt.Errorf("the %s is beyond %d degrees", what, most)
			}
			if text == minus {
				sum = -sum
			}
			return sum, nil
		}
		if len(units) == 0 || text == "" || !isDigit(text[0]) {
			return 0, fmt.Errorf("the %s has something else where its hemisphere belongs; write %s or %s", what, plus, minus)
		}
		unit := units[0]
		units = units[1:]
		n, ok := thousandths(text)
		if !ok || n >= 60*1000 || unit.name == "minutes" && strings.Contains(text, ".") {
			return 0, fmt.Errorf("the %s of %s are not a number from 0 to 59 (seconds with up to three decimals)", unit.name, what)
		}
		sum += n * unit.size / 1000
	}
}

// thousandths reads a number with up to three decimals.
func thousandths(text string) (int64, bool) {
	whole, part, dotted := strings.Cut(text, ".")
	if strings.Trim(whole+part, "0123456789") != "" || whole == "" || len(whole) > 9 || len(part) > 3 || dotted && part == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "000")[:3], 10, 64)
	return n, err == nil
}

// centimetres reads metres with up to two decimals and an optional "m".
func (f *fields) centimetres(what string, least, most int64) (int64, error) {
	text, err := f.word(what)
	if err != nil {
		return 0, err
	}
	number := strings.TrimSuffix(text, "m")
	digits, negative := strings.CutPrefix(number, "-")
	n, ok := thousandths(digits)
	if !ok || n%10 != 0 {
		return 0, fmt.Errorf("the %s is not a number of metres with up to two decimals", what)
	}
	cm := n / 10
	if negative {
		cm = -cm
	}
	if cm < least || cm > most {
		return 0, fmt.Errorf("the %s is not between %s and %s", what, metres(least), metres(most))
	}
	return cm, nil
}

// encodeSize keeps the first digit, all that there is room for on the wire: 15m and 10m are the same RDATA.
func encodeSize(cm int64) byte {
	exponent := byte(0)
	for cm > 9 {
		cm /= 10
		exponent++
	}
	return byte(cm)<<4 | exponent
}

func printLOC(w *wire) (string, error) {
	version := w.u8()
	var sizes [3]byte
	copy(sizes[:], w.take(3))
	latitude, longitude, altitude := int64(w.u32())-locOrigin, int64(w.u32())-locOrigin, int64(w.u32())-altitudeBase
	if version != 0 || max(latitude, -latitude) > 90*degree || max(longitude, -longitude) > 180*degree {
		return "", errors.New("the data is not a LOC of version 0 within 90 degrees of latitude and 180 of longitude")
	}
	text := fmt.Sprintf("%s %s %s", printCoordinate(latitude, "N", "S"), printCoordinate(longitude, "E", "W"), metres(altitude))
	for _, size := range sizes {
		if size>>4 > 9 || size&15 > 9 || size>>4 == 0 && size&15 > 0 {
			return "", errors.New("the data holds a size that is not one digit and a power of ten (RFC 1876 section 2)")
		}
		cm := int64(size >> 4)
		for range size & 15 {
			cm *= 10
		}
		text += " " + metres(cm)
	}
	return text, nil
}

func printCoordinate(thousandths int64, plus, minus string) string {
	hemisphere := plus
	if thousandths < 0 {
		hemisphere, thousandths = minus, -thousandths
	}
	return fmt.Sprintf("%d %d %d.%03d %s", thousandths/degree, thousandths/60000%60, thousandths/1000%60, thousandths%1000, hemisphere)
}

// metres prints centimetres.
func metres(cm int64) string {
	sign := ""
	if cm < 0 {
		sign, cm = "-", -cm
	}
	return fmt.Sprintf("%s%d.%02dm", sign, cm/100, cm%100)
}
