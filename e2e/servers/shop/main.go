// Command shop is a twelve-factor server of somebody who has never heard of this project, for tests that adopt it: it
// reads PORT and DATABASE_URL, and counts its visitors in that database. It has no admin port, and does not drain.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib"
)

func main() {
	database, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := database.Exec("create table if not exists visits (at timestamptz default now())"); err != nil {
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
