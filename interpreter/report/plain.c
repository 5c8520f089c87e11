/* Lines for people, one after another. */

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "report/internal.h"

#define MAX_WIDTH 1000

size_t report_width(int fd)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	long asked = columns ? strtol(columns, NULL, 10) : 0;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return asked > 0 && asked <= MAX_WIDTH ? (size_t)asked : REPORT_WIDTH;
}

static void on_event(void *data, const struct event *event)
{
	struct story *story = data;
	struct arena arena;
	struct buffer out;
	arena_init(&arena);
	buffer_init(&out, &arena);
	story->width = report_width(story->options.fd);
	story_event(story, event, &out);
	file_write_all(story->options.fd, buffer_text(&out));
	arena_done(&arena);
}

struct sink report_plain(const struct report_options *options, struct arena *arena)
{
	struct story *story = arena_new(arena, struct story);
	story_init(story, options, arena);
	return (struct sink){ on_event, story, !options->verbose };
}
