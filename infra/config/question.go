package config

import (
	"strconv"
	"strings"
)

// Question is a request to a new version, and the answer that it must give.
type Question struct {
	Path   string // "" for none
	Status int
}

// question accepts a path, with or without a status after it.
func question(field func(*Config) *Question) value[Config] {
	const accepts = "a path that begins with /, and the status to expect if it is not 200, such as /ready or '/admin 401'"
	return value[Config]{accepts: accepts, set: func(config *Config, text string) bool {
		path, expected, given := strings.Cut(text, " ")
		status := 200
		if given {
			var err error
			if status, err = strconv.Atoi(expected); err != nil || strconv.Itoa(status) != expected || status < 100 || status > 599 {
				return false
			}
		}
		*field(config) = Question{Path: path, Status: status}
		return urlPath.holds(path)
	}}
}
