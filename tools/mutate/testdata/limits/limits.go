// Package limits is broken by the test of mutate.
package limits

// most is how much there is room for.
const most = 10

// fits reports whether n more find room beside used. What it says of less than nothing is tested by nobody.
func fits(used, n int) bool {
	if n < 0 {
		return false
	}
	return used+n <= most
}
