// Command shop is a twelve-factor server of somebody who has never heard of this project, for tests that adopt it: it
// reads PORT and DATABASE_URL, and counts its visitors in that database. It has no admin port, and does not drain. `shop migrate`
// makes its table, `shop work` visits it every second, and `shop report` counts.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

func main() {
	database, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 1 {
		if err := command(database, os.Args[1]); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := command(database, "migrate"); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		var visits int
		err := database.QueryRowContext(r.Context(), "with visit as (insert into visits default values) select count(*) + 1 from visits").Scan(&visits)
		if err != nil {
			log.Print(err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintf(w, "shop: visit %d\n", visits)
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}

func command(database *sql.DB, name string) error {
	switch name {
	case "migrate":
		_, err := database.Exec("create table if not exists visits (at timestamptz default now())")
		return err
	case "work":
		for ; ; time.Sleep(time.Second) {
			if _, err := database.Exec("insert into visits default values"); err != nil {
				return err
			}
		}
	case "report":
		var visits int
		err := database.QueryRow("select count(*) from visits").Scan(&visits)
		fmt.Printf("%d visits\n", visits)
		return err
	}
	return fmt.Errorf("no command is called %s", name)
}
