package config

import "strings"

// Migration is a command that runs before a rollout. The zero value means none.
type Migration struct {
	Args    []string // of the image's command; empty means none
	Timeout int      // how many seconds it may take
}

var migrationFields = fields[Migration]{
	{name: "args", required: true, value: listOf(func(m *Migration) *[]string { return &m.Args }, text)},
	{name: "timeout", preset: "600", value: wholeNumber(func(m *Migration) *int { return &m.Timeout }, 10, 86400)},
}

// migration accepts the arguments alone, or an object.
func migration(field func(*Config) *Migration) value[Config] {
	object := objectOf(field, migrationFields)
	whole := func(text string) string {
		if strings.HasPrefix(text, "[") {
			return `{"args": ` + text + `}`
		}
		return text
	}
	return value[Config]{
		accepts: `a list of arguments, such as ["migrate", "up"], or ` + object.accepts,
		set: func(config *Config, text string) bool {
			return object.set(config, whole(text)) && len(field(config).Args) > 0
		},
		wrong: func(text string) string { return object.wrong(whole(text)) },
	}
}
