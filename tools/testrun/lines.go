package main

import (
	"io"
	"sync"
)

// lines lets several reports share one output: what is written at once, which is one package's report, stays together.
type lines struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(text)
}
