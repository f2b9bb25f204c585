// Command asks is a server that replaces the hello server in tests. It asks other servers: a database, by the name of its
// Service, and one on the Internet, over HTTPS.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

const (
	database = "postgres://postgres:geheim@postgres.database.svc:5432/postgres?sslmode=disable&connect_timeout=1"
	server   = "https://proxy.golang.org/"
)

func main() {
	pool, err := sql.Open("pgx", database)
	if err != nil {
		panic(err)
	}
	http.HandleFunc(os.Getenv("BASE_PATH"), func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
		defer cancel()
		var version string
		err := pool.QueryRowContext(ctx, "select version()").Scan(&version)
		fmt.Fprintf(w, "database: %s %v\n", version, err)
		request, err := http.NewRequestWithContext(ctx, http.MethodHead, server, nil)
		if err == nil {
			var response *http.Response
			if response, err = http.DefaultClient.Do(request); err == nil {
				err = response.Body.Close()
			}
		}
		fmt.Fprintf(w, "https: %v\n", err)
	})
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	go func() { panic(http.ListenAndServe(":"+os.Getenv("ADMIN_PORT"), ok)) }()
	go func() { panic(http.ListenAndServe(":"+os.Getenv("PORT"), nil)) }()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
}
