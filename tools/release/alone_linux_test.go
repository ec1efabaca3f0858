package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// isolate has the command run in a network namespace of its own, and in a user namespace as well where only root may
// make the first.
func isolate(command *exec.Cmd) error {
	attributes := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Geteuid() != 0 {
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	command.SysProcAttr = attributes
	return nil
}

// raiseLoopback switches on the one interface that a new namespace has.
func raiseLoopback() error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return fmt.Errorf("raise loopback: %w", err)
	}
	defer func() { _ = unix.Close(socket) }()
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return fmt.Errorf("raise loopback: %w", err)
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, request); err != nil {
		return fmt.Errorf("raise loopback: %w", err)
	}
	return nil
}

// provenAlone checks that nothing can be reached: a test of life without a network must not have one.
func provenAlone(ctx context.Context) error {
	connection, err := (&net.Dialer{}).DialContext(ctx, "udp", "192.0.2.1:53")
	if err == nil {
		_ = connection.Close()
		return errors.New("there is a route out of the network namespace")
	}
	if !errors.Is(err, syscall.ENETUNREACH) {
		return fmt.Errorf("look for a route: %w", err)
	}
	return nil
}
