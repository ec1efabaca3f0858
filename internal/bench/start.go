package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
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

// askSchemas makes the call without its protocol's messages: what it sends is empty, and what comes is looked at as it
// is.
func askSchemas(ctx context.Context, network, address string) error {
	connection, err := grpc.NewClient(network+":"+address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	var answer emptypb.Empty
	if err := connection.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &answer, grpc.MaxCallRecvMsgSize(64<<20)); err != nil {
		return err
	}
	if !bytes.Contains(answer.ProtoReflect().GetUnknown(), []byte("multidns_record")) {
		return errors.New("the answer names no resource")
	}
	return nil
}
