/* --progress json: the events as they are recorded. */

#include <errno.h>

#include "base/file.h"
#include "report/report.h"

struct json_report {
	struct report_options options;
};

static void on_event(void *data, const struct event *event)
{
	struct json_report *report = data;
	struct arena arena;
	struct buffer line;
	if (event->past)
		return;
	arena_init(&arena);
	buffer_init(&line, &arena);
	event_write(&line, event);
	buffer_putc(&line, '\n');
	int error = file_write_all(report->options.fd, buffer_text(&line));
	if (error && error != EPIPE && report->options.error)
		*report->options.error = error;
	arena_done(&arena);
}

struct sink report_json(const struct report_options *options, struct arena *arena)
{
	struct json_report *report = arena_new(arena, struct json_report);
	report->options = *options;
	return (struct sink){ .event = on_event, .data = report };
}
