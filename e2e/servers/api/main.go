// Command api keeps notes in PostgreSQL. It is configured by PORT, BASE_PATH and DATABASE_URL, and migrates at its start.
//
// `api migrate NAME SECONDS` makes a table of that name, and takes so long. A second time, it fails. `api work` notes every second
// that it works. `api report` counts these notes, and exits with the code that is its argument. `api echo` repeats a line.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var migrations = []string{
	"create table if not exists notes (id bigserial primary key, text text not null)",
	"alter table notes add column if not exists at timestamptz not null default now()",
}

func main() {
	ctx := context.Background()
	database, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 1 {
		if err := command(ctx, database, os.Args[1:]); err != nil {
			log.Fatalf("%s: %v", os.Args[1], err)
		}
		return
	}
	if err := migrate(ctx, database); err != nil {
		log.Fatal("migrating: ", err)
	}
	base := os.Getenv("BASE_PATH")
	http.HandleFunc("GET "+base+"/livez", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET "+base+"/healthz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		if err := database.Ping(ctx); err != nil {
			http.Error(w, "the database is away", http.StatusServiceUnavailable)
		}
	})
	http.HandleFunc("POST "+base+"/notes", func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err == nil {
			_, err = database.Exec(r.Context(), "insert into notes (text) values ($1)", string(text))
		}
		answer(w, "noted", err)
	})
	http.HandleFunc("GET "+base+"/notes", func(w http.ResponseWriter, r *http.Request) {
		var count int
		err := database.QueryRow(r.Context(), "select count(*) from notes").Scan(&count)
		answer(w, fmt.Sprintf("notes: %d", count), err)
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}

func command(ctx context.Context, database *pgxpool.Pool, args []string) error {
	switch args[0] {
	case "migrate":
		return migrateOnce(ctx, database, args[1], args[2])
	case "work":
		for ; ; time.Sleep(time.Second) {
			if _, err := database.Exec(ctx, "insert into notes (text) values ($1)", "worked, version "+os.Getenv("VERSION")); err != nil {
				return err
			}
			fmt.Println("worked, version " + os.Getenv("VERSION"))
		}
	case "report":
		var count int
		if err := database.QueryRow(ctx, "select count(*) from notes where text like 'worked%'").Scan(&count); err != nil {
			return err
		}
		fmt.Printf("worked %d times, version %s\n", count, os.Getenv("VERSION"))
		if len(args) > 1 {
			code, _ := strconv.Atoi(args[1])
			os.Exit(code)
		}
		return nil
	case "echo":
		fmt.Println("say something:")
		var line string
		fmt.Scanln(&line)
		fmt.Println("you said " + line)
		return nil
	}
	return fmt.Errorf("no command is called %s", args[0])
}

// migrateOnce is what runs before a version is rolled out.
func migrateOnce(ctx context.Context, database *pgxpool.Pool, name, seconds string) error {
	if _, err := database.Exec(ctx, "create table begun_"+name+" ()"); err != nil {
		return err
	}
	most, err := strconv.Atoi(seconds)
	for i := range most {
		fmt.Printf("%s: %d of %d\n", name, i, most)
		time.Sleep(time.Second)
	}
	return err
}

// migrate waits for its turn: several servers start at the same time.
func migrate(ctx context.Context, database *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, database, func(tx pgx.Tx) error {
		for _, statement := range append([]string{"select pg_advisory_xact_lock(1)"}, migrations...) {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

func answer(w http.ResponseWriter, text string, err error) {
	if err != nil {
		log.Print(err)
		http.Error(w, "try again", http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, "%s, version %s\n", text, os.Getenv("VERSION"))
}
