package vncserver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// Main is the program.
func Main(args []string, stdout, stderr io.Writer) int {
	log := slog.New(slog.NewTextHandler(stderr, nil))
	o := Options{Log: log}
	var password string
	var noClip bool
	f := flag.NewFlagSet("rayos-vnc", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.Listen, "listen", "127.0.0.1:5900", "where viewers come to: host:port, or the path of a socket")
	f.StringVar(&o.Output, "output", "", "the `name` of the output to show; the first without")
	f.StringVar(&o.Name, "name", "RayOS", "what viewers call the desktop")
	f.StringVar(&password, "password-file", "", "a `file` that you alone can read with the password for viewers, of which 8 bytes count; without one only viewers of yours on this machine are let in")
	f.StringVar(&o.Keys, "keys", "", "the `folder` of the certificate that viewers remember, made with the first password; rayos in XDG_STATE_HOME without")
	f.BoolVar(&o.ViewOnly, "view-only", false, "viewers look and do nothing")
	f.BoolVar(&noClip, "no-clipboard", false, "viewers don't share the clipboard")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case f.NArg() > 0:
		fmt.Fprintf(stderr, "rayos-vnc: unknown argument %q\n", f.Arg(0))
		return 2
	}
	o.Clip = !noClip
	var err error
	if password != "" {
		o.Password, err = readPassword(password)
	}
	if err == nil && o.Keys == "" && o.Password != "" {
		o.Keys, err = stateFolder()
	}
	if err == nil {
		err = mayListen(o.Listen, o.Password)
	}
	if err == nil && os.Getenv(listenEnv) == "" {
		err = confined(&o, password, args) // returns with an error alone
	}
	if os.Getenv("GOMAXPROCS") == "" {
		// The compositor draws on another processor. Handing a picture from one of
		// ours to another takes as long as to encode a small one.
		runtime.GOMAXPROCS(1)
	}
	if err == nil {
		o.Ready = func(a net.Addr) { fmt.Fprintf(stdout, "RAYOS_VNC_READY:%s\n", a) }
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		err = Run(ctx, o)
	}
	if err != nil {
		fmt.Fprintf(stderr, "rayos-vnc: %v\n", err)
		return 1
	}
	return 0
}

// readPassword reads a file that nobody else may read.
func readPassword(path string) (string, error) {
	st, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	if st.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("password: others can read %s: chmod 600 it", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	word, _, _ := strings.Cut(string(data), "\n")
	if word == "" {
		return "", fmt.Errorf("password: the first line of %s is empty", path)
	}
	return word, nil
}

// mayListen refuses an address of other machines without a password: all who come
// would be sent away.
func mayListen(address, password string) error {
	if password != "" || strings.Contains(address, "/") {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("--listen %s: viewers of other machines need a password: --password-file", address)
}

func stateFolder() (string, error) {
	dir := os.Getenv("XDG_STATE_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "rayos"), nil
}
