// Command app is the hello-world server: a greeting on one port; health, readiness and metrics on another.
//
// It takes its settings from environment variables (see [settings]) and writes JSON log lines to standard error.
// SIGTERM or SIGINT drains it (see [server.run]); a second signal ends it at once. With the argument --version, it only says which
// binary it is.
//
// Exit codes: 0 after a clean drain, 1 if it could not serve or had to cut requests off, 2 for wrong settings.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"syscall"
)

func main() {
	if slices.Contains(os.Args[1:], "--version") {
		fmt.Println("hello-world", version, runtime.Version())
		return
	}
	settings, mistakes := readSettings(os.Getenv)
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: settings.logLevel}))
	slog.SetDefault(log) // what libraries write to the standard logger becomes JSON too

	for _, mistake := range mistakes {
		log.Error(mistake.Error())
	}
	if len(mistakes) > 0 {
		os.Exit(2)
	}
	if err := serve(settings, log); err != nil {
		log.Error(err.Error())
		os.Exit(1)
	}
}

// serve opens both ports and runs the server until a signal has drained it.
func serve(settings settings, log *slog.Logger) error {
	signalled, forget := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer forget()
	// After the first signal, restore Go's default: the next one ends the process.
	context.AfterFunc(signalled, forget)

	admin, err := net.Listen("tcp", fmt.Sprintf(":%d", settings.adminPort))
	if err != nil {
		return fmt.Errorf("ADMIN_PORT: %w", err)
	}
	public, err := net.Listen("tcp", fmt.Sprintf(":%d", settings.port))
	if err != nil {
		return fmt.Errorf("PORT: %w", err)
	}

	log.Info("serving", "version", version, "go", runtime.Version(),
		"port", settings.port, "adminPort", settings.adminPort, "basePath", settings.basePath,
		"pod", settings.self.Pod, "node", settings.self.Node, "ip", settings.self.IP)
	return newServer(settings, log).run(signalled, public, admin)
}
