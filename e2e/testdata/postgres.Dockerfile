FROM golang:1.26
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql
