// Command prints is a server that replaces the hello server in tests. It answers with its environment and its arguments, as
// JSON.
package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

func main() {
	if slices.Contains(os.Args[1:], "migrate") {
		return
	}
	env := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	printed, err := json.Marshal(map[string]any{"env": env, "args": os.Args[1:]})
	if err != nil {
		panic(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(printed) })
	http.Handle("/nowhere", http.NotFoundHandler())
	if admin := os.Getenv("ADMIN_PORT"); admin != "" {
		ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
		go func() { panic(http.ListenAndServe(":"+admin, ok)) }()
	}
	go func() { panic(http.ListenAndServe(":"+os.Getenv("PORT"), nil)) }()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
}
