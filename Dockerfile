# The base image comes from Docker Hub, or from a mirror of it: --build-arg GO_IMAGE=mirror.example/golang:1.26
ARG GO_IMAGE=golang:1.26

# The compiler runs natively and cross-compiles, whatever the platform of the image.
FROM --platform=$BUILDPLATFORM ${GO_IMAGE} AS build
ENV GOPATH=/go PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    GOTOOLCHAIN=local CGO_ENABLED=0
# Set this where Go's own module proxy is slow or out of reach.
ARG GOPROXY
ARG TARGETOS TARGETARCH
WORKDIR /src
COPY . .
# The caches live on the builder and not in a layer: an edit recompiles one package, and go build fetches only the
# modules that app/ imports.
RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod \
    GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags "-s -w" -o /hello-world ./app

FROM scratch
# `make clean` removes images by the first label.
LABEL hello-world.project="hello-world" \
      org.opencontainers.image.title="hello-world" \
      org.opencontainers.image.description="Says Hello world, and which Pod says it" \
      org.opencontainers.image.licenses="Apache-2.0"
# For a server that sends requests over HTTPS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /hello-world /hello-world
USER 65532:65532
EXPOSE 8080 9090
ENTRYPOINT ["/hello-world"]
