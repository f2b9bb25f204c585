FROM golang:1.26
LABEL hello-world.project=hello-world
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql
