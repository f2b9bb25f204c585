package preflight

import (
	"slices"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/postgres"
)

// storageClass is what matters about a StorageClass.
type storageClass struct {
	kubeconfig.Object
	Provisioner string
}

// storage refuses a volume that the cluster would never bring: its Pod would wait for good.
func (l *look) storage() error {
	for key, claim := range map[string]string{
		"volume":   kubeconfig.NamespacePath(l.cfg.Namespace) + "/persistentvolumeclaims/" + l.service + "-data",
		"database": kubeconfig.NamespacePath(postgres.Namespace(l.cfg.Namespace)) + "/persistentvolumeclaims/postgres",
	} {
		if key == "volume" && l.cfg.Volume.Path == "" || key == "database" && l.cfg.Database == "" {
			continue
		}
		there, err := l.object(claim)
		if err == nil && there == nil {
			err = l.makesVolumes(key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// makesVolumes refuses a key that needs a volume if the cluster's default StorageClass makes none.
func (l *look) makesVolumes(key string) error {
	var classes struct{ Items []storageClass }
	if _, err := l.cluster.Read(l.ctx.Context(), "/apis/storage.k8s.io/v1/storageclasses", &classes); err != nil {
		return unlessForbidden(err)
	}
	i := slices.IndexFunc(classes.Items, func(c storageClass) bool {
		return c.Annotations["storageclass.kubernetes.io/is-default-class"] == "true"
	})
	if i < 0 {
		return config.Refuse(key, "needs a default StorageClass, and the cluster has none: `kubectl get storageclasses` lists those it has")
	}
	if class := classes.Items[i]; class.Provisioner == "kubernetes.io/no-provisioner" {
		return config.Refuse(key, "needs a StorageClass that makes volumes, and the cluster's default one, %s, makes none", class.Name)
	}
	return nil
}
