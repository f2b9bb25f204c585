FROM golang:1.26
LABEL hello-world.project=hello-world
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql
# It takes the password of the user postgres as the official image does.
ENTRYPOINT ["bash", "-euc", "\
    bin=$(echo /usr/lib/postgresql/*/bin); \
    echo $POSTGRES_PASSWORD >/tmp/password; \
    install -d -o postgres /data; \
    su postgres -c \"$bin/initdb -D /data/db --auth-host scram-sha-256 --pwfile /tmp/password\"; \
    echo host all all all scram-sha-256 >>/data/db/pg_hba.conf; \
    exec su postgres -c \"exec $bin/postgres -D /data/db -c listen_addresses='*'\""]
