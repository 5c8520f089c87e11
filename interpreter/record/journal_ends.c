/* The first commit of a journal, and its last event. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "record/internal.h"

#define WINDOW ((size_t)8 << 10) /* bytes that are read at first */
#define WIDER 8

struct window {
	struct arena *arena;
	int fd;
	size_t size; /* of the file */
	size_t len;  /* of the window; 0: none was read yet */
	struct text text;
	int folder;                /* of the run */
	LIST(struct event) events; /* that were read from it */
};

static bool window_open(struct window *window, const struct run_folder *run, struct arena *arena)
{
	struct stat status;

	*window = (struct window){ .arena = arena, .folder = run->fd };
	window->fd = openat(run->fd, JOURNAL_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (window->fd < 0)
		return false;
	if (fstat(window->fd, &status) == 0 && S_ISREG(status.st_mode))
		window->size = (size_t)status.st_size;
	return true;
}

/* Reads more of its beginning or its end. False: there is no more, or it cannot be read. */
static bool window_widen(struct window *window, bool end)
{
	size_t len = window->len ? window->len * WIDER : WINDOW;
	size_t have = 0;
	unsigned times = 0;

	if (len > window->size)
		len = window->size;
	if (len == window->len)
		return false;
	char *bytes = arena_alloc(window->arena, len);
	off_t from = end ? (off_t)(window->size - len) : 0;
	while (have < len) {
		ssize_t got = pread(window->fd, bytes + have, len - have, from + (off_t)have);

		if (got < 0 && file_interrupted(&times))
			continue;
		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	window->len = len;
	window->text = (struct text){ bytes, len };
	return true;
}

/* A line whose sum follows that of the line before, "" before the first. NULL: it is not sound. */
static const struct event *read_line(struct window *window, struct text line, char sum[SHA256_HEX],
				     bool *committed)
{
	struct keep keep = { .arena = window->arena, .folder = window->folder };
	struct event *event = list_add(&window->events, window->arena);
	char expected[SHA256_HEX];
	struct text body, written;

	if (!line_split(line, &body, &written))
		return NULL;
	line_sum(sum, body, expected);
	if (!text_is(written, expected) || !event_read_kept(line, &keep, event))
		return NULL;
	memcpy(sum, expected, sizeof(expected));
	*committed = text_ends(body, LINE_COMMIT) || text_ends(body, LINE_UNSYNCED);
	return event;
}

/* ---- the first commit ---------------------------------------------------------------------- */

/* False: the window does not hold all of it, or it is not sound. */
static bool read_first(struct window *window)
{
	char sum[SHA256_HEX] = "";
	bool committed = false;
	size_t from = 0, end;

	window->events.count = 0;
	while (!committed && (end = text_find(window->text, TEXT("\n"), from)) != SIZE_MAX) {
		if (!read_line(window, text_slice(window->text, from, end), sum, &committed))
			return false;
		from = end + 1;
	}
	return committed;
}

bool journal_first(struct run_folder *run, struct arena *arena,
		   bool (*event)(const struct event *event, void *data), void *data)
{
	struct window window;
	bool found = false;

	if (!window_open(&window, run, arena))
		return false;
	while (!found && window_widen(&window, false))
		found = read_first(&window);
	close(window.fd);
	for (size_t i = 0; found && i < window.events.count; i++)
		found = event(&window.events.at[i], data);
	return found;
}

/* ---- the last event ------------------------------------------------------------------------ */

static size_t line_begin(struct text text, size_t end)
{
	while (end > 0 && text.ptr[end - 1] != '\n')
		end--;
	return end;
}

/* The sum of the line before proves the last one. NULL: the window does not hold both, or they are
 * not sound. */
static const struct event *read_last(struct window *window)
{
	struct text text = line_written(window->text), line, body, before;
	char sum[SHA256_HEX] = "";
	bool committed;

	if (!text_ends(text, "\n"))
		return NULL;
	size_t from = line_begin(text, text.len - 1);
	if (from == 0 && window->len < window->size)
		return NULL;
	if (from > 0) {
		line = text_slice(text, line_begin(text, from - 1), from - 1);
		if (!line_split(line, &body, &before) || before.len != SHA256_HEX - 1)
			return NULL;
		memcpy(sum, before.ptr, before.len);
		sum[before.len] = '\0';
	}
	const struct event *event = read_line(window, text_slice(text, from, text.len - 1), sum,
					      &committed);
	return event && committed ? event : NULL;
}

struct last {
	struct event *event;
	bool any;
};

static bool keep_last(const struct event *event, void *data)
{
	struct last *last = data;

	*last->event = *event;
	last->any = true;
	return true;
}

bool journal_last(struct run_folder *run, struct arena *arena, struct event *event)
{
	struct window window;
	struct store_error error;
	struct last last = { .event = event };
	const struct event *found = NULL;

	if (!window_open(&window, run, arena))
		return false;
	while (!found && window_widen(&window, true))
		found = read_last(&window);
	close(window.fd);
	if (found)
		*event = *found;
	return found ||
	       (journal_read(run, arena, keep_last, &last, &error) != JOURNAL_DAMAGED && last.any);
}
