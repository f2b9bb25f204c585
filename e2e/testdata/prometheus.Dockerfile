FROM golang:1.26 AS build
LABEL hello-world.project=hello-world
WORKDIR /src
# Debian's package finds no Pods.
RUN go mod init prometheus && go get github.com/prometheus/prometheus/cmd/prometheus@v0.313.0 && \
    CGO_ENABLED=0 go build -tags remove_all_sd,enable_kubernetes_sd -o /usr/local/bin/prometheus github.com/prometheus/prometheus/cmd/prometheus
FROM scratch
LABEL hello-world.project=hello-world
COPY --from=build /usr/local/bin/prometheus /prometheus
