/* The journal of a run: reading and checking. */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "record/internal.h"

#define JOURNAL_MAX ((size_t)4 << 30)
#define SECTOR 512 /* bytes, the least that a disk writes as a whole */
#define SUM_LEN (sizeof(LINE_SUM) - 1 + SHA256_HEX - 1 + 2) /* ,"sum":"..."} */

struct scan {
	struct keep keep;
	const struct journal_reader *reader;
	struct journal_position at;   /* of the last commit */
	struct journal_position next; /* of the last line that is sound */
	LIST(struct event) waiting;   /* events that wait for their commit */
	bool committed;               /* the last line that was read ends a commit */
	bool refused;                 /* the reader refused an event of the last commit */
};

bool line_split(struct text line, struct text *body, struct text *sum)
{
	if (line.len < SUM_LEN)
		return false;
	*body = text_slice(line, 0, line.len - SUM_LEN);
	line = text_slice(line, body->len, line.len);
	*sum = text_slice(line, sizeof(LINE_SUM) - 1, line.len - 2);
	return text_starts(line, LINE_SUM) && text_ends(line, "\"}");
}

static const char *check_place(const struct scan *scan, const struct event *event)
{
	if (event->seq != scan->next.seq + 1)
		return "its seq does not follow";
	if (event->tick != scan->at.tick + 1)
		return "its tick does not follow";
	if (event->type == EVENT_RUN_CLOSED && event_int(event, "lines", -1) != (int64_t)event->seq)
		return "it names another number of lines";
	return NULL;
}

/* Reads one line without its line end. Gives NULL, or why it is not sound. */
static const char *read_line(struct scan *scan, struct text line, struct event *event)
{
	char expected[SHA256_HEX];
	struct text body;
	struct text sum;
	const char *why;

	if (!line_split(line, &body, &sum))
		return "it has no sum";
	line_sum(scan->next.sum, body, expected);
	if (!text_is(sum, expected))
		return "its sum is wrong";
	if (!event_read_kept(line, &scan->keep, event))
		return scan->keep.why;
	why = check_place(scan, event);
	if (why)
		return why;
	memcpy(scan->next.sum, expected, sizeof(expected));
	scan->next.seq = event->seq;
	scan->next.ms = event->ms;
	scan->next.end += line.len + 1;
	scan->committed = text_ends(body, LINE_COMMIT) || text_ends(body, LINE_UNSYNCED);
	if (text_ends(body, LINE_COMMIT))
		scan->next.tick = event->tick;
	return NULL;
}

/* Gives out the events of a commit. */
static const char *end_commit(struct scan *scan)
{
	scan->at = scan->next;
	for (size_t i = 0; i < scan->waiting.count; i++)
		if (scan->reader->event &&
		    !scan->reader->event(&scan->waiting.at[i], scan->reader->data))
			return "its tick has an event that cannot follow";
	scan->waiting.count = 0;
	return NULL;
}

static bool is_of_other_tick(const struct scan *scan, struct text line)
{
	struct json_error error;
	struct value json;
	struct value tick;

	return json_read(line, scan->keep.arena, &json, &error) && json.kind == VALUE_MAP &&
	       value_field(json, "tick", NULL, &tick) && tick.kind == VALUE_INT &&
	       tick.integer != (int64_t)scan->at.tick + 1;
}

struct text line_written(struct text text)
{
	while (text.len && (text.ptr[text.len - 1] == ' ' || !text.ptr[text.len - 1]))
		text.len--;
	return text;
}

/* Whether a sector did not reach the disk: it has the blanks that were there, or zeros. The first
 * begins with the line, which is at begin in the file. */
static bool has_hole(struct text line, size_t begin)
{
	size_t from = 0;

	if (memchr(line.ptr, '\0', line.len))
		return true;
	for (size_t to = SECTOR - begin % SECTOR; to <= line.len; from = to, to += SECTOR)
		if (!line_written(text_slice(line, from, to)).len)
			return true;
	return false;
}

/*
 * Whether what begins with the first line that is not sound is the remainder of a write that a
 * crash cut short. Such a write leaves an end that is missing, or sectors that are as they were;
 * and nothing of a later tick, which is only written after this one was synced.
 */
static bool is_torn(struct scan *scan, struct text rest)
{
	size_t end = text_find(rest, TEXT("\n"), 0);
	struct text line = text_slice(rest, 0, end);
	struct event event;

	if (end == SIZE_MAX && rest.len && rest.ptr[rest.len - 1] &&
	    !read_line(scan, text_slice(rest, 0, rest.len - 1), &event))
		return false; /* only its line end was changed */
	if (end != SIZE_MAX && !has_hole(line, scan->next.end))
		return false;
	while (end != SIZE_MAX) {
		rest = text_slice(rest, end + 1, rest.len);
		end = text_find(rest, TEXT("\n"), 0);
		if (is_of_other_tick(scan, text_slice(rest, 0, end)))
			return false;
	}
	return true;
}

static enum journal_end damaged(struct scan *scan, const char *path, uint64_t line, const char *why,
				struct store_error *error)
{
	error->message = arena_format(scan->keep.arena, "'%s' is damaged at line %llu: %s", path,
				      (unsigned long long)line, why);
	error->hint = "A journal must not be edited; take it from a backup.";
	return JOURNAL_DAMAGED;
}

static enum journal_end torn(struct scan *scan, const char *path, size_t len,
			     struct store_error *error)
{
	if (scan->at.seq == 0)
		error->message = arena_format(scan->keep.arena, "'%s' has no record", path);
	else
		error->message = arena_format(scan->keep.arena,
					      "'%s' ended in the middle of a record: %zu bytes "
					      "behind line %llu do not count",
					      path, len - scan->at.end,
					      (unsigned long long)scan->at.seq);
	return JOURNAL_TORN;
}

/* Reads line after line. Gives NULL at the end (what is left is blank), or why the line at
 * scan->next.end is not sound. */
static const char *read_lines(struct scan *scan, struct text text)
{
	while (scan->next.end < text.len) {
		size_t end = text_find(text, TEXT("\n"), scan->next.end);
		struct event event;
		const char *why;

		if (end == SIZE_MAX)
			return line_written(text_slice(text, scan->next.end, text.len)).len
				       ? "it has no end"
				       : NULL;
		why = read_line(scan, text_slice(text, scan->next.end, end), &event);
		if (why)
			return why;
		*list_add(&scan->waiting, scan->keep.arena) = event;
		if (!scan->committed)
			continue;
		why = end_commit(scan);
		if (why) {
			scan->refused = true;
			return why;
		}
	}
	return NULL;
}

enum journal_end journal_scan(const struct run_folder *run, struct arena *arena,
			      const struct journal_reader *reader,
			      struct journal_position *position, struct store_error *error)
{
	struct scan scan = { .keep = { .arena = arena, .folder = run->fd }, .reader = reader };
	const char *path = file_join(run->path, JOURNAL_NAME, arena);
	struct text text = { 0 };
	uint64_t line;
	const char *why;
	int number = file_read(run->fd, JOURNAL_NAME, JOURNAL_MAX, arena, &text);

	*error = (struct store_error){ 0 };
	if (number && number != ENOENT) {
		store_fail(error, arena, "read", path, number);
		return JOURNAL_DAMAGED;
	}
	why = read_lines(&scan, text);
	line = scan.next.seq + 1;
	*position = scan.at;
	if (why && (scan.refused || !is_torn(&scan, text_slice(text, scan.next.end, text.len))))
		return damaged(&scan, path, line, why, error);
	if (why || scan.at.seq == 0 || scan.at.end < scan.next.end)
		return torn(&scan, path, line_written(text).len, error);
	return JOURNAL_WHOLE;
}

enum journal_end journal_read(struct run_folder *run, struct arena *arena,
			      bool (*event)(const struct event *event, void *data), void *data,
			      struct store_error *error)
{
	struct journal_reader reader = { event, data };
	struct journal_position position;

	return journal_scan(run, arena, &reader, &position, error);
}
