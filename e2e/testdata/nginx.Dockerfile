FROM golang:1.26
LABEL hello-world.project=hello-world
RUN apt-get update && apt-get install --yes --no-install-recommends nginx-light
RUN mkdir -p /srv/hello && echo nginx says hello >/srv/hello/index.html && printf '%s\n' >/etc/nginx/nginx.conf \
    'pid /tmp/nginx.pid;' \
    'events {}' \
    'http {' \
    '  access_log off;' \
    '  client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi; uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;' \
    '  server { listen 8080; root /srv; }' \
    '}'
ENTRYPOINT ["nginx", "-e", "stderr", "-g", "daemon off;"]
