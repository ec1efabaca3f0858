//go:build !linux

package main

import (
	"context"
	"errors"
	"os/exec"
)

var errNoNamespaces = errors.New("only Linux has network namespaces")

func isolate(*exec.Cmd) error { return errNoNamespaces }

func raiseLoopback() error { return errNoNamespaces }

func provenAlone(context.Context) error { return errNoNamespaces }
