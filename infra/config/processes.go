package config

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // every machine has the same time zones

	"github.com/robfig/cron/v3"
)

// Worker is a further process of the image, which gets no requests.
type Worker struct {
	Args     []string // of the image's command
	Replicas int
	CPU      Amount   // the zero value means the server's
	Memory   Amount   // the zero value means the server's
	Alive    []string // a command in the image that fails when only a restart helps; nil means none
}

// Job is a command of the image that runs by a schedule.
type Job struct {
	Args     []string // of the image's command
	Schedule string   // five fields, as in a crontab
	TimeZone string   // such as Europe/Zurich
	Timeout  int      // how many seconds it may take
}

var workerFields = fields[Worker]{
	{name: "args", value: listOf(func(w *Worker) *[]string { return &w.Args }, text)},
	{name: "replicas", preset: "1", value: wholeNumber(func(w *Worker) *int { return &w.Replicas }, 0, 1000)},
	{name: "cpu", value: amount(func(w *Worker) *Amount { return &w.CPU }, cores, "100m/2")},
	{name: "memory", value: amount(func(w *Worker) *Amount { return &w.Memory }, bytes, "512Mi/1Gi")},
	{name: "alive", value: listOf(func(w *Worker) *[]string { return &w.Alive }, text)},
}

var jobFields = fields[Job]{
	{name: "schedule", required: true, value: matching(func(j *Job) *string { return &j.Schedule }, schedule)},
	{name: "args", value: listOf(func(j *Job) *[]string { return &j.Args }, text)},
	{name: "timeZone", preset: "Etc/UTC", value: matching(func(j *Job) *string { return &j.TimeZone }, timeZone)},
	{name: "timeout", preset: "3600", value: wholeNumber(func(j *Job) *int { return &j.Timeout }, 1, 604800)},
}

var (
	// The name comes behind that of the service, which has up to 30 letters, and a CronJob's has at most 52. Those that are left
	// out have another meaning behind it.
	processName = form{"1 to 20 lower-case letters, digits and dashes, with no dash at either end, and not migrate, one-off, run or trial", func(text string) bool {
		return dnsLabel.holds(text) && len(text) <= 20 && !slices.Contains([]string{"migrate", "one-off", "run", "trial"}, text)
	}}

	// The cluster takes a time zone by another field. One that never comes, such as February 30th, has no next time.
	schedule = form{`a schedule of five fields as in a crontab, such as "0 3 * * *", or @daily, without a time zone, which timeZone names`, func(text string) bool {
		parsed, err := cron.ParseStandard(text)
		return err == nil && !strings.Contains(text, "TZ=") && !strings.HasPrefix(text, "@every") && !parsed.Next(time.Now()).IsZero()
	}}

	timeZone = form{"a time zone such as Europe/Zurich", func(text string) bool {
		_, err := time.LoadLocation(text)
		return err == nil && text != "" && text != "Local"
	}}
)
