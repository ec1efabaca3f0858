package proof

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// insideVariable tells the test's own process in the namespace from the one that started it.
const insideVariable = "MULTIDNS_PROOF_INSIDE"

// TestResolver runs the tests named TestInside in namespaces of their own: there the process may listen on port 53 and
// may have any address, and no packet leaves the machine.
func TestResolver(t *testing.T) {
	if _, err := exec.LookPath("unbound"); err != nil {
		t.Skip("unbound is not installed (apt-get install unbound): the map is not compared with a resolver")
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestInside", "-test.v", "-test.timeout=30m")
	command.Env = append(os.Environ(), insideVariable+"=1")
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Skip("no user and network namespace can be had here (" + err.Error() + "): the map is not compared with a resolver")
	}
	if err := command.Wait(); err != nil {
		t.Errorf("%v\n%s", err, &output)
		return
	}
	for line := range strings.Lines(output.String()) {
		if _, summary, ok := strings.Cut(line, "compared: "); ok {
			t.Log(strings.TrimSpace(summary))
		}
	}
}

// inside skips a test that is not in the namespace, and otherwise switches its network on.
func inside(t *testing.T) {
	t.Helper()
	if os.Getenv(insideVariable) == "" {
		t.Skip("runs in the namespace of TestResolver only")
	}
	if err := loopbackUp(); err != nil {
		t.Fatal(err)
	}
}

// loopbackUp does what "ip link set lo up" does.
func loopbackUp() error {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(socket)
	request := struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(socket), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return fmt.Errorf("switch loopback on: %w", errno)
	}
	return nil
}

// hasIPv6 adds a network of IPv6 addresses to loopback, if it can: all of fd00:53::/32 is this machine then.
func hasIPv6(t *testing.T) bool {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "ip", "-6", "route", "replace", "local", "fd00:53::/32", "dev", "lo").Run(); err != nil {
		return false
	}
	// The route alone lets packets in; to listen on an address that no interface has takes this as well.
	if err := os.WriteFile("/proc/sys/net/ipv6/ip_nonlocal_bind", []byte("1"), 0); err != nil {
		return false
	}
	listener, err := net.Listen("tcp", "[fd00:53::1]:53")
	if err != nil {
		return false
	}
	_ = listener.Close()
	return true
}
