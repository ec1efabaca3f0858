package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// startTime starts the provider as a CLI does and asks it for its schemas, and gives the time from the one to the
// other.
func startTime(ctx context.Context, binary string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, binary)
	// Without the cookie a provider says that it is a plugin, and ends.
	command.Env = append(os.Environ(), "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=6", "PLUGIN_MIN_PORT=10000", "PLUGIN_MAX_PORT=25000")
	stdout, err := command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	started := time.Now()
	if err := command.Start(); err != nil {
		return 0, err
	}
	defer func() { _ = command.Wait() }() // it was killed
	defer func() { _ = command.Process.Kill() }()
	// "1|6|unix|/tmp/plugin123|grpc|", the handshake of go-plugin.
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("start provider: %w", err)
	}
	fields := strings.Split(line, "|")
	if len(fields) < 5 || fields[1] != "6" {
		return 0, fmt.Errorf("start provider: handshake %q is not of protocol 6", line)
	}
	if err := askSchemas(ctx, fields[2], fields[3]); err != nil {
		return 0, fmt.Errorf("ask provider for schemas: %w", err)
	}
	return time.Since(started), nil
}

// askSchemas is one gRPC call, which over HTTP/2 is a POST: a message is a byte of flags, four of length and, here,
// none of content.
func askSchemas(ctx context.Context, network, address string) error {
	transport := &http.Transport{
		Protocols: new(http.Protocols),
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	defer transport.CloseIdleConnections()
	transport.Protocols.SetUnencryptedHTTP2(true)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://provider/tfplugin6.Provider/GetProviderSchema", bytes.NewReader(make([]byte, 5)))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/grpc")
	r.Header.Set("Te", "trailers")
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	message, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if status := answer.Trailer.Get("Grpc-Status"); status != "0" {
		return fmt.Errorf("gRPC status %q: %s", status, answer.Trailer.Get("Grpc-Message"))
	}
	if !bytes.Contains(message, []byte("multidns_record")) {
		return errors.New("the answer names no resource")
	}
	return nil
}
