# Debian's Prometheus and PostgreSQL, in one image.
FROM golang:1.26
RUN apt-get update && apt-get install --yes --no-install-recommends prometheus postgresql
