// Package values has texts, numbers and quantities that change easily on their way from a command line or a file to a server,
// and what each key does with them.
package values

import "strings"

// Value is one kind of value, as a text, a number and a quantity.
type Value struct {
	Kind string
	// Text goes to keys that take text. Number and Quantity go to those that take these; "" means Text.
	Text, Number, Quantity string
	// Unquoted is what YAML makes of Text without quotes; "" if nothing else. Most texts need quotes anyway.
	Unquoted string
	// Retyped marks a Text of which `pulumi config set --path` makes a number, unless --type says that it is text.
	Retyped bool
	// Lost marks a Text that changes whenever Pulumi writes the stack's file. In JSON, or with --secret, it does not.
	Lost bool
}

// Table has the values, for all keys.
var Table = []Value{
	{Kind: "a zero in front", Text: "007", Number: "010", Quantity: "064Mi", Unquoted: "7"},
	{Kind: "a plus sign", Text: "+4915112345678", Number: "+30", Quantity: "+64Mi", Unquoted: "4915112345678", Retyped: true},
	{Kind: "a zero at the end", Text: "1.10", Number: "30.0", Quantity: "64.50Mi", Unquoted: "1.1"},
	{Kind: "an exponent", Text: "1e3", Number: "3e1", Quantity: "1e8", Unquoted: "1000"},
	{Kind: "hexadecimal", Text: "0x1F", Quantity: "0x1FMi", Unquoted: "31"},
	{Kind: "octal", Text: "0o17", Quantity: "0o17Mi", Unquoted: "15"},
	{Kind: "separators", Text: "1_000", Number: "3_0", Quantity: "6_4Mi", Unquoted: "1000"},
	{Kind: "many digits", Text: "12345678901234567890", Unquoted: "12345678901234567000", Retyped: true},
	{Kind: "minus zero", Text: "-0", Unquoted: "0", Retyped: true},
	{Kind: "other digits", Text: "٣０", Quantity: "６４Mi"},
	{Kind: "a date", Text: "2026-05-01", Unquoted: "2026-05-01 00:00:00 +0000 UTC"},
	{Kind: "a boolean", Text: "true"},
	{Kind: "a boolean in capitals", Text: "True", Unquoted: "true"},
	{Kind: "yes", Text: "yes"},
	{Kind: "nothing", Text: "", Unquoted: "no value"},
	{Kind: "null", Text: "null", Unquoted: "no value"},
	{Kind: "a tilde", Text: "~", Unquoted: "no value"},
	{Kind: "a colour", Text: "#ff0000", Unquoted: "no value"},
	{Kind: "a comment", Text: "30 #30", Quantity: "64Mi #"},
	{Kind: "a dollar", Text: "a$b$"},
	{Kind: "two dollars", Text: "a$$b"},
	{Kind: "a reference", Text: "$(PORT)"},
	{Kind: "no reference", Text: "$$(PORT)"},
	{Kind: "for the shell", Text: "${HOME} `id` *"},
	{Kind: "quotes", Text: `"a" 'b' \n`},
	{Kind: "JSON", Text: `{"a": [1.10, "b"]}`},
	{Kind: "YAML", Text: "- a: &b [*c, {!d e}]"},
	{Kind: "HTML", Text: "<a&b>"},
	{Kind: "lines", Text: "30\na\n\n", Quantity: "64Mi\n"},
	{Kind: "a line break in front", Text: "\n30", Quantity: "\n64Mi", Lost: true},
	{Kind: "line breaks of Windows", Text: "a\r\nb\r\n", Number: "30\r\n", Quantity: "64Mi\r\n"},
	{Kind: "spaces", Text: "  30 ", Quantity: " 64Mi "},
	{Kind: "tabs", Text: "\t30\t", Quantity: "64Mi\t"},
	{Kind: "a byte order mark", Text: "\ufeff30", Quantity: "\ufeff64Mi"},
	{Kind: "emoji", Text: "👋🏽 ü"},
	{Kind: "100 kB", Text: strings.Repeat("0123456789", 10_000)},
}

// Sort is what a key takes.
type Sort int

// The sorts of keys.
const (
	AnyText Sort = iota // any text, in entries
	Text                // some texts
	Number
	Quantity
)

// Key is what a key does with a value.
type Key struct {
	Sort Sort
	// Form is where the value stands, such as /%s. In a map or a list, it is JSON.
	Form string
	// In is the type of the resource that has it in a preview; "" if none has it as it is, or all as a secret.
	In string
}

const (
	image          = "docker:index/image:Image"
	namespace      = "kubernetes:core/v1:Namespace"
	ingress        = "kubernetes:networking.k8s.io/v1:Ingress"
	deployment     = "kubernetes:apps/v1:Deployment"
	serviceAccount = "kubernetes:core/v1:ServiceAccount"
	cronJob        = "kubernetes:batch/v1:CronJob"
	networkPolicy  = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
)

// Keys has all keys of the program.
var Keys = map[string]Key{
	"target":             {Text, "%s", ""},
	"replicas":           {Number, "%s", ""},
	"rolloutTimeout":     {Number, "%s", ""},
	"image":              {Text, "localhost:5001/%s", ""},
	"hold":               {Text, "localhost:5001/%s", ""},
	"registry":           {Text, "localhost:5001/%s", image},
	"registryUsername":   {Text, "%s", image},
	"registryPassword":   {Text, "%s", ""},
	"pullUsername":       {Text, "%s", ""},
	"pullPassword":       {Text, "%s", ""},
	"platform":           {Text, "%s", ""},
	"buildArgs":          {AnyText, `{"A": %s}`, image},
	"context":            {Text, "%s", ""},
	"kubeconfig":         {Text, "%s", ""},
	"clusterStack":       {Text, "organization/project/%s", ""},
	"namespace":          {Text, "%s", namespace},
	"port":               {Number, "%s", ""},
	"service":            {Text, "%s", ""},
	"path":               {Text, "/%s", ingress},
	"stripPrefix":        {Text, "%s", ""},
	"host":               {Text, "%s", ingress},
	"ingressController":  {Text, "%s", ""},
	"ingressClass":       {Text, "%s", ingress},
	"gateway":            {Text, "traefik/%s", ""},
	"ingressAddress":     {Text, "%s:80", ""},
	"addressTimeout":     {Number, "%s", ""},
	"ingressAnnotations": {AnyText, `{"a": %s}`, ingress},
	"tls":                {Text, "secret/%s", ingress},
	"signingKey":         {Text, "%s", ""},
	"migrate":            {AnyText, `[%s]`, ""},
	"volume":             {Text, `{"path": %s, "size": "1Gi"}`, ""},
	"database":           {Text, "%s", ""},
	"workers":            {AnyText, `{"a": {"args": [%s]}}`, deployment},
	"jobs":               {AnyText, `{"b": {"schedule": "@daily", "args": [%s]}}`, cronJob},
	"dashboard":          {Text, "%s", ""},
	"env":                {AnyText, `{"A": %s}`, deployment},
	"secretEnv":          {AnyText, `{"B": %s}`, ""},
	"existingSecrets":    {Text, `{"a": %s}`, ""},
	"serviceAccount":     {AnyText, `{"a": %s}`, serviceAccount},
	"args":               {AnyText, `[%s]`, deployment},
	"cpu":                {Number, "%sm", deployment},
	"memory":             {Quantity, "%s", deployment},
	"scratch":            {Quantity, "%s", deployment},
	"runAsUser":          {Number, "%s", ""},
	"healthPath":         {Text, "/%s", deployment},
	"verify":             {Text, "/%s", ""},
	"egress":             {Text, "%s", networkPolicy},
	"monitoring":         {Text, "%s", networkPolicy},
	"drainTime":          {Number, "%s", ""},
	"namespaceLabels":    {Text, `{"a": %s}`, namespace},
}
