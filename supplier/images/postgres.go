package images

import (
	"context"
	_ "embed"
	"io"
	"strings"
	"time"
)

// postgresEntrypoint does what the official image's does with POSTGRES_PASSWORD and PGDATA.
//
//go:embed postgres/entrypoint.sh
var postgresEntrypoint string

// postgresScript installs it. The user has the number that the official image gives it.
const postgresScript = `
useradd --uid 999 --user-group --home-dir /var/lib/postgresql postgres
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends postgresql
ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/
rm -rf /var/lib/apt/lists/* /var/lib/postgresql/*
cat >/usr/local/bin/docker-entrypoint.sh
chmod 0755 /usr/local/bin/docker-entrypoint.sh`

// Postgres is the image of the database to develop against (infra/postgres): Debian's package under the official name.
const Postgres = "postgres:17.6"

func (s Source) postgres() (image, error) {
	return image{
		name: Postgres, typicalTime: time.Minute, pins: hash(debianPackages, postgresEntrypoint, postgresScript, "SIGINT"), debian: true,
		build: func(ctx context.Context, log io.Writer, pins string) error {
			return s.withContainer(ctx, log, []string{"--stop-signal", "SIGINT"}, func(c container) error {
				if err := c.copyIn(ctx, map[string]string{certificates: certificates}); err != nil {
					return err
				}
				if err := docker(ctx, log, strings.NewReader(postgresEntrypoint), c.shell(postgresScript)...); err != nil {
					return err
				}
				return c.commit(ctx, Postgres, pins, `ENTRYPOINT ["docker-entrypoint.sh"]`, "USER 999", "EXPOSE 5432", "CMD []")
			})
		},
	}, nil
}
