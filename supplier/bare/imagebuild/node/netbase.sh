# shellcheck shell=bash
# Runs in the container that becomes the node image. Writes a tar archive of a shell
# and the packet filter's tools with everything that they load, links resolved.
tools=(/bin/sh /usr/bin/mkdir /usr/bin/rm /usr/sbin/iptables{,-save,-restore} /usr/sbin/ip6tables{,-save,-restore} /usr/sbin/nft /usr/sbin/conntrack)
extensions=(/usr/lib/*/xtables/*.so)
# ldd lists its arguments too.
mapfile -t libraries < <(ldd "${tools[@]}" "${extensions[@]}" | grep -o '/[^ :]*\.so[^ :]*' | sort -u)
tar --create --dereference --hard-dereference --absolute-names --transform 's,^/,,' -- "${tools[@]}" "${libraries[@]}"
