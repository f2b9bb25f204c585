package kubeconfig

import (
	"context"
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Row is a row of the table that kubectl shows of objects.
type Row struct {
	Cells  map[string]string // by the name of the column
	Object []byte            // as JSON; only its metadata, unless the path has includeObject=Object
}

// Table reads objects as the table that kubectl shows of them, with all columns.
func (c *Connection) Table(ctx context.Context, path string) (rows []Row, err error) {
	var table metav1.Table
	there, err := c.read(ctx, path, &table, http.Header{"Accept": {"application/json;as=Table;v=v1;g=meta.k8s.io"}})
	if err == nil && !there {
		err = fmt.Errorf("%s answers %s to GET %s", c.server, named(http.StatusNotFound), path)
	}
	for _, of := range table.Rows {
		row := Row{map[string]string{}, of.Object.Raw}
		for i, column := range table.ColumnDefinitions {
			row.Cells[column.Name] = fmt.Sprint(of.Cells[i])
		}
		rows = append(rows, row)
	}
	return rows, err
}
