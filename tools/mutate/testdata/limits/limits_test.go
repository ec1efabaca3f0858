package limits

import "testing"

func TestFits(t *testing.T) {
	if !fits(4, 6) || fits(4, 7) {
		t.Error("the limit is not 10")
	}
}
