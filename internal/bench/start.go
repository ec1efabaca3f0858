package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// handshake is that of CLIs: without it a provider says that it is a plugin, and ends.
var handshake = plugin.HandshakeConfig{
	ProtocolVersion: 6, MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

// startTime starts the provider as a CLI does and asks it for its schemas, and gives the time from the one to the
// other. The call is made without its protocol's messages: what it sends is empty, and what comes is looked at as it
// is.
func startTime(ctx context.Context, binary string) (time.Duration, error) {
	provider := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: handshake, Plugins: plugin.PluginSet{}, Cmd: exec.CommandContext(ctx, binary),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC}, Logger: hclog.NewNullLogger(),
	})
	defer provider.Kill()
	started := time.Now()
	protocol, err := provider.Client()
	if err != nil {
		return 0, fmt.Errorf("start provider: %w", err)
	}
	client, ok := protocol.(*plugin.GRPCClient)
	if !ok {
		return 0, errors.New("start provider: it does not speak gRPC")
	}
	var answer emptypb.Empty
	if err := client.Conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &answer, grpc.MaxCallRecvMsgSize(64<<20)); err != nil {
		return 0, fmt.Errorf("ask provider for schemas: %w", err)
	}
	if !bytes.Contains(answer.ProtoReflect().GetUnknown(), []byte("multidns_record")) {
		return 0, errors.New("ask provider for schemas: the answer names no resource")
	}
	return time.Since(started), nil
}
