package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// exitInterrupted is what a shell reports of a command that Ctrl-C ended.
const exitInterrupted = 130

// errWentWrong says that the demonstration ran to its end and something was not as it must be.
var errWentWrong = errors.New("something went wrong: see the table")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the program at once, as without a handler.
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr, isTerminal(os.Stdout))
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "demo: interrupted; nothing is left running, and the temporary folder is gone")
		os.Exit(exitInterrupted)
	default:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run is the whole program.
func run(ctx context.Context, args []string, out, errOut io.Writer, colour bool) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(errOut)
	verbose := flags.Bool("verbose", false, "show all that the CLI says")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: all settings are flags, see -help", flags.Arg(0))
	}
	story := newStory(out, colour)
	stage, err := openStage(ctx, story, *verbose)
	if err != nil {
		return err
	}
	defer stage.close()
	rows, err := stage.playAll(ctx, acts)
	if err != nil {
		return err
	}
	story.heading("What each operator answered for www." + stage.box.Zone)
	story.table(rows)
	if wrong := story.verdict(rows); wrong {
		return errWentWrong
	}
	return nil
}

// isTerminal reports whether escape sequences for bold and colours are welcome (https://no-color.org).
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
