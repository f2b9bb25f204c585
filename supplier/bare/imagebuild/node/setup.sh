# shellcheck shell=bash
# Runs in the container that becomes the node image, after the binaries and the files
# of kind's images/base were copied in. Does to systemd and containerd what the
# Dockerfile there does.
chmod 0755 /kind/bin/* /usr/local/bin/* /usr/bin/kube*
mkdir -p /etc/kubernetes/manifests

# A node starts only what it needs; the rest fails or waits in a container.
rm -f /lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service \
  /lib/systemd/system/multi-user.target.wants/* \
  /etc/systemd/system/*.wants/* \
  /lib/systemd/system/local-fs.target.wants/* \
  /lib/systemd/system/sockets.target.wants/*udev* \
  /lib/systemd/system/sockets.target.wants/*initctl* \
  /lib/systemd/system/basic.target.wants/*
echo 'ReadKMsg=no' >>/etc/systemd/journald.conf
ln -sf /usr/lib/systemd/systemd /sbin/init
systemctl enable kubelet.service containerd.service undo-mount-hacks.service
systemctl mask systemd-binfmt.service

# Each container gets its own product_uuid, and no limits from here.
ctr oci spec |
  jq '.hooks.createContainer += [{path: "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' \
    >/etc/containerd/cri-base.json

# Pods get no better score for the kernel's out-of-memory killer than containerd:
# that would take CAP_SYS_RESOURCE, which the machine may lack.
sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' /etc/containerd/config.toml
