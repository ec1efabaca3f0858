package provider

import "testing"

func TestHealth_LatencyIsSteady(t *testing.T) {
	for ms, want := range map[int64]int64{
		0: 50, 1: 50, 50: 50, 51: 100, 100: 100, 101: 200, 200: 200, 201: 500, 500: 500,
		501: 1000, 1001: 2000, 2001: 5000, 5000: 5000, 5001: 10000, 60001: 100000,
	} {
		if got := steady(ms); got != want {
			t.Errorf("steady(%d) = %d, want %d", ms, got, want)
		}
	}
}
