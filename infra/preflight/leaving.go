package preflight

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// deletionPatience is how long namespaces may take to go. Their Pods drain first. Usually it takes 25 s, and several times
// that on a slow machine.
const deletionPatience = 10 * time.Minute

// awaitGone waits until namespaces of the stack that are being deleted are gone, and then refuses to update. An interrupted
// `pulumi destroy` or someone else deletes them. The stack's state still has them, so the update would put everything into a
// namespace that takes it along, and call that a success. Only a refresh can update the state, and that runs before the
// program.
func (l *look) awaitGone(leaving []claim) error {
	if len(leaving) == 0 {
		return nil
	}
	var names []string
	for _, claim := range leaving {
		names = append(names, claim.name)
	}
	if err := l.ctx.Log.Info(fmt.Sprintf("waiting for namespaces that are being deleted, usually 25s: %q", names), nil); err != nil {
		return err
	}
	var last claim
	err := wait.PollUntilContextTimeout(l.ctx.Context(), time.Second, deletionPatience, true, func(context.Context) (gone bool, err error) {
		for _, last = range leaving {
			found, err := l.cluster.Object(l.ctx.Context(), last.path)
			if err != nil {
				return false, l.unusable(err)
			}
			if found != nil && found.DeletionTimestamp != nil {
				return false, nil
			}
		}
		return true, nil
	})
	if l.ctx.Context().Err() != nil {
		return l.ctx.Context().Err()
	}
	if wait.Interrupted(err) {
		return fmt.Errorf("nothing was changed: these namespaces are being deleted: %q, and %q is still there after %s; "+
			`"kubectl describe namespace %s --context %s" says why`, names, last.name, deletionPatience, last.name, l.cfg.Context)
	}
	if err != nil {
		return err
	}
	return fmt.Errorf(`nothing was changed: these namespaces were being deleted and are gone now: %q; `+
		`"pulumi up --refresh" recreates them`, names)
}
