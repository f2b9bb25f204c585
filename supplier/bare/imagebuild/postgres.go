package imagebuild

import (
	"context"
	_ "embed"
	"io"
	"strings"
	"time"

	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/images"
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

// postgres is the database to develop against: Debian's package under the official name.
func (b Builder) postgres(name string) images.Recipe {
	pins := hash(debianPackages, postgresEntrypoint, postgresScript, "SIGINT")
	return images.Recipe{
		Pins: pins, TypicalTime: time.Minute, Buildable: onDebian,
		Build: func(ctx context.Context, log io.Writer) error {
			return b.withContainer(ctx, log, []string{"--stop-signal", "SIGINT"}, func(c container) error {
				if err := c.copyIn(ctx, map[string]string{certificates: certificates}); err != nil {
					return err
				}
				if err := docker.Run(ctx, log, strings.NewReader(postgresEntrypoint), c.shell(postgresScript)...); err != nil {
					return err
				}
				return c.commit(ctx, name, pins, `ENTRYPOINT ["docker-entrypoint.sh"]`, "USER 999", "EXPOSE 5432", "CMD []")
			})
		},
	}
}
