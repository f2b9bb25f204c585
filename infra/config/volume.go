package config

// Volume is files that stay. The zero value means none.
type Volume struct {
	Path string // of the folder, such as /data
	Size string // as a Kubernetes quantity
}

var volumeFields = fields[Volume]{
	{name: "path", required: true, value: matching(func(v *Volume) *string { return &v.Path }, folder)},
	{name: "size", required: true, value: quantity(func(v *Volume) *string { return &v.Size })},
}
