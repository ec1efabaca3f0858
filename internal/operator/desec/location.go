package desec

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The name server that signs deSEC's zones stores a LOC record only if it prints what it was given, and answers HTTP
// 500 to the whole request otherwise (design/facts/desec-api.md section 10).

// maxLocationSize is in metres: the sizes are counted in centimetres, in an unsigned number of 32 bits.
const maxLocationSize = math.MaxUint32 / 100

// maxAltitude is in centimetres, above a base 100 km below the sea, in a signed number of 32 bits.
const maxAltitude = math.MaxInt32 - 100_000_00

// angle is a latitude or longitude in thousandths of a second of arc.
type angle int64

// isPrinted reports whether the name server prints the angle as it was given. It takes it apart with floating point
// numbers, and of many whole minutes it makes the minute before and 60 seconds. Zero is neither north nor south to it,
// and then south.
func (a angle) isPrinted() bool {
	exact := a
	if a < 0 {
		exact = -a // the signs go the same way through all of it
	}
	degrees := float64(exact) / 3600000
	minutes := 60 * (degrees - math.Trunc(degrees))
	seconds := 60 * (minutes - math.Trunc(minutes))
	return exact != 0 && math.Trunc(degrees) == float64(exact/3600000) && math.Trunc(minutes) == float64(exact/60000%60) &&
		fmt.Sprintf("%.3f", seconds) == fmt.Sprintf("%.3f", float64(exact%60000)/1000)
}

// minute is that of an angle.
const minute = 60000

// beside is the closest angle of the same minute that is printed. Both signs are printed alike.
func (a angle) beside() angle {
	for by := angle(1); by < minute; by++ {
		for _, other := range []angle{a + by, a - by} {
			if other.isPrinted() && other/minute == a/minute && (a >= 0) == (other >= 0) {
				return other
			}
		}
	}
	return a
}

// advice says what to do without the angle itself, which may be sensitive (design/sensitive-values.md).
func (a angle) advice() string {
	away := max(a.beside(), -a.beside()) - max(a, -a)
	if away > 0 {
		return fmt.Sprintf("Add %.3f to its seconds", float64(away)/1000)
	}
	return fmt.Sprintf("Take %.3f off its seconds", float64(-away)/1000)
}

// parseAngle reads degrees, minutes, seconds and hemisphere.
func parseAngle(fields []string, negative string) (angle, error) {
	var sum float64
	for i, unit := range []float64{3600000, 60000, 1000} {
		n, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return 0, err
		}
		sum += n * unit
	}
	if fields[3] == negative {
		sum = -sum
	}
	return angle(math.Round(sum)), nil
}

// locationAngle refuses what the name server would print differently.
func locationAngle(value string) string {
	fields := strings.Fields(value)
	for at, negative := range map[int]string{0: "S", 4: "W"} {
		a, err := parseAngle(fields[at:at+4], negative)
		if err == nil && !a.isPrinted() {
			return fmt.Sprintf("deSEC's name server computes another angle from the %s and refuses the whole request. %s, which is 3 cm beside it.",
				map[int]string{0: "latitude", 4: "longitude"}[at], a.advice())
		}
	}
	return ""
}

// locationAltitude refuses what the name server cannot count, and what the API itself changes: it multiplies by 100 in
// floating point and cuts off what follows, so that 4.35m is stored as 4.34m, another place.
func locationAltitude(value string) string {
	metres, err := strconv.ParseFloat(strings.TrimSuffix(strings.Fields(value)[8], "m"), 64)
	switch centimetres := math.Round(metres * 100); {
	case err != nil:
		return ""
	case centimetres > maxAltitude:
		return fmt.Sprintf("The altitude is more than deSEC's signing server takes, %.2fm. Write a smaller one.", float64(maxAltitude)/100)
	case math.Trunc(metres*100) != centimetres:
		return "deSEC would store another altitude, a centimetre beside it. Write one that it keeps, such as one of whole metres."
	}
	return ""
}

// locationSize refuses sizes and precisions that the name server cannot count, and those that are all the defaults: the
// API leaves them out, and the name server wants them written.
func locationSize(value string) string {
	sizes := strings.Fields(value)[9:]
	if strings.Join(sizes, " ") == "1.00m 10000.00m 10.00m" {
		return "The sizes are all the defaults (1m 10000m 10m), and deSEC's signing server rejects that. Write another size, for example 2m 10000m 10m."
	}
	for _, size := range sizes {
		if n, err := strconv.ParseFloat(strings.TrimSuffix(size, "m"), 64); err == nil && n > maxLocationSize {
			return "deSEC's name server cannot count a size as large as this and refuses the whole request. Write 40000000m or less."
		}
	}
	return ""
}

// certificateType refuses the reserved type 0 (RFC 4398 section 2.1).
func certificateType(value string) string {
	if !strings.HasPrefix(value, "0 ") {
		return ""
	}
	return "deSEC's name server does not take a certificate of type 0, which is reserved, " +
		"and refuses the whole request. Write the type of the certificate, such as 1 for PKIX."
}
