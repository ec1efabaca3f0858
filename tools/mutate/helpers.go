package main

// helpers is the file that is added to the package: which mutant is on, and what cannot be said in place.
const helpers = `package %s

import (
	"cmp"
	"os"
	"strconv"
)

var mutantOn, _ = strconv.Atoi(os.Getenv("MUTANT"))

func mutantIs(id int) bool { return id == mutantOn }

type mutantNumber interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float64
}

// mutantEdge compares with the edge on the other side.
func mutantEdge[T cmp.Ordered](id int, op string, x, y T) bool {
	edge := mutantIs(id) && x == y
	switch op {
	case "<":
		return (x < y) != edge
	case "<=":
		return (x <= y) != edge
	case ">":
		return (x > y) != edge
	}
	return (x >= y) != edge
}

func mutantSum[T mutantNumber](id int, plus bool, x, y T) T {
	if plus != mutantIs(id) {
		return x + y
	}
	return x - y
}

func mutantMost[T cmp.Ordered](id int, most bool, x T, others ...T) T {
	for _, y := range others {
		if most != mutantIs(id) {
			x = max(x, y)
		} else {
			x = min(x, y)
		}
	}
	return x
}

func mutantOff[T mutantNumber](id int, x T) T {
	if mutantIs(id) {
		return x + 1
	}
	return x
}

func mutantZero[T any](id int, x T) T {
	if mutantIs(id) {
		return *new(T)
	}
	return x
}

func mutantField[T any](id int, right, wrong *T) *T {
	if mutantIs(id) {
		return wrong
	}
	return right
}
`
