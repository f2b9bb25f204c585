FROM golang:1.26 AS build
LABEL hello-world.project=hello-world
RUN CGO_ENABLED=0 go install github.com/mccutchen/go-httpbin/v2/cmd/go-httpbin@v2.26.0

FROM scratch
LABEL hello-world.project=hello-world
COPY --from=build /go/bin/go-httpbin /
ENTRYPOINT ["/go-httpbin"]
