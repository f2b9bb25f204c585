FROM golang:1.26 AS build
LABEL hello-world.project=hello-world
RUN CGO_ENABLED=0 go install github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9
RUN mkdir -p /srv/hello && echo caddy says hello >/srv/hello/index.html

FROM scratch
LABEL hello-world.project=hello-world
COPY --from=build /go/bin/caddy /
COPY --from=build /srv /srv
ENTRYPOINT ["/caddy"]
