/* One step of a run: its line, what it did, its attempts, its log. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/show.h"

#define OUTPUT_MAX 4096 /* bytes of one output that are shown */

/* ---- which step ---------------------------------------------------------------------------- */

/* Rows of the outline by slot, with those of rounds; null: a pattern whose rounds are there. */
struct rows {
	struct arena *arena;
	LIST(struct value) by_slot;
	bool rounds; /* a loop was opened: what comes stands behind them */
};

/* "2.3" of the pattern of "2.3" is "2.3[4]" in the round; its id "deploy" is "deploy[4]". */
static struct value row_of_round(const struct rows *rows, struct value pattern, const char *loop,
				 size_t index)
{
	const char *path = value_field_text(pattern, "path", rows->arena);
	const char *id = value_field_text(pattern, "id", rows->arena);
	struct value_map_builder map;
	struct value key, value;
	value_map_init(&map, rows->arena);
	value_map_set(&map, "slot", value_int((int64_t)rows->by_slot.count));
	value_map_set(&map, "path",
		      value_cstring(arena_format(rows->arena, "%s[%zu]%s", loop, index,
						 path + strlen(loop))));
	if (*id)
		value_map_set(&map, "id",
			      value_cstring(arena_format(rows->arena, "%s[%zu]", id, index)));
	for (size_t i = 0; value_entry_at(pattern, i, rows->arena, &key, &value); i++)
		if (!text_is(value_text(key), "slot") && !text_is(value_text(key), "path") &&
		    !text_is(value_text(key), "id"))
			value_map_put(&map, key, value);
	return value_map_end(&map);
}

static void add_rounds(struct rows *rows, const struct event *event)
{
	size_t from = (size_t)event->slot + 1;
	int64_t count = event_int(event, "count", 0), size = event_int(event, "size", 0);
	rows->rounds = true;
	if (event->slot < 0 || size < 1 || from + (size_t)size > rows->by_slot.count)
		return;
	const char *loop = value_field_text(rows->by_slot.at[event->slot], "path", rows->arena);
	for (int64_t i = 0; i < count * size; i++) {
		struct value row = row_of_round(rows, rows->by_slot.at[from + (size_t)(i % size)],
						loop, (size_t)(i / size));
		*list_add(&rows->by_slot, rows->arena) = row;
	}
}

/* A loop may be opened again: only its rounds are to be found by their names, not what they are
 * copies of. */
static void hide_patterns(struct rows *rows, const struct event *event)
{
	int64_t size = event_int(event, "size", 0);
	for (int64_t i = 1; i <= size && event->slot + i < (int64_t)rows->by_slot.count; i++)
		rows->by_slot.at[event->slot + i] = value_null();
}

static bool add_rows(const struct event *event, void *data)
{
	struct rows *rows = data;
	struct value outline = event_get(event, "outline");
	size_t count = value_is(outline, VALUE_LIST) ? value_count(outline) : 0;
	if (count && !rows->rounds)
		rows->by_slot.count = 0;
	for (size_t i = 0; i < count; i++) {
		struct value row = value_copy(value_item(outline, i), rows->arena);
		if (i < rows->by_slot.count)
			rows->by_slot.at[i] = row;
		else
			*list_add(&rows->by_slot, rows->arena) = row;
	}
	if (event->type == EVENT_LOOP_OPENED)
		add_rounds(rows, event);
	return true;
}

static bool hide_rows(const struct event *event, void *data)
{
	if (event->type == EVENT_LOOP_OPENED)
		hide_patterns(data, event);
	return true;
}

static bool is_named(struct value row, const char *word, struct arena *arena)
{
	return strcmp(value_field_text(row, "id", arena), word) == 0 ||
	       strcmp(value_field_text(row, "path", arena), word) == 0;
}

/* Its row of the outline, by its id or its path; null after a complaint. Of rounds the last. */
static struct value find_row(const struct showing *showing, const char *word)
{
	struct arena *arena = showing->cli->arena;
	struct run_folder folder = showing->folder;
	struct rows rows = { .arena = arena };
	struct store_error error;
	journal_read(&folder, arena, add_rows, &rows, &error);
	journal_read(&folder, arena, hide_rows, &rows, &error);
	const char **names = arena_array(arena, const char *, 2 * rows.by_slot.count + 1);
	struct value found = value_null();
	size_t count = 0;
	for (size_t i = 0; i < rows.by_slot.count; i++) {
		struct value row = rows.by_slot.at[i];
		if (!value_is(row, VALUE_MAP) ||
		    strcmp(value_field_text(row, "kind", arena), "section") == 0)
			continue;
		if (is_named(row, word, arena))
			found = row;
		names[count++] = value_field_text(row, "id", arena);
		names[count++] = value_field_text(row, "path", arena);
	}
	if (value_is(found, VALUE_MAP))
		return found;
	const char *near = text_nearest(text_of(word), names, count);
	cli_complain(showing->cli,
		     near && *near ? arena_format(arena, "did you mean '%s'?", near)
				   : arena_format(arena, "See: runbook show %s",
						  showing->folder.short_id),
		     "run %s has no step '%s'", showing->folder.short_id, word);
	return value_null();
}

/* ---- what is known of it ------------------------------------------------------------------- */

struct facts {
	struct arena *arena;
	struct showing *showing;
	const char *effect, *text; /* of the last attempt */
	struct buffer attempts;
	uint32_t number; /* of the attempt that has started; 0: none has */
	int64_t started, wall;
};

static void put_attempt(struct facts *facts, const struct event *event)
{
	struct arena *arena = facts->arena;
	const char *message = event_text(event, "msg", arena);
	const char *expected = event_text(event, "expected", arena);
	const char *actual = event_text(event, "actual", arena);
	bool started = facts->number == event->attempt;
	buffer_printf(&facts->attempts, "  %-3u %s  %-9s %6s%s", event->attempt,
		      clock_local(started ? facts->wall : event->wall, arena),
		      event_text(event, "status", arena),
		      started ? clock_span((event->ms - facts->started) * NS_PER_MS, arena) : "",
		      *message ? "  " : "");
	text_neutralise(&facts->attempts, text_of(message), false);
	if (*expected || *actual) {
		const char *both = arena_format(arena, " (expected %s, was %s)", expected, actual);
		text_neutralise(&facts->attempts, text_of(both), false);
	}
	buffer_putc(&facts->attempts, '\n');
}

static bool note(const struct event *event, void *data)
{
	struct facts *facts = data;
	facts->showing->moved += show_moves(event);
	if (event->slot < 0 || event->slot != show_slot_then(facts->showing))
		return true;
	if (event->type == EVENT_STEP_STARTED) {
		facts->effect = event_text(event, "effect", facts->arena);
		facts->text = event_text(event, "text", facts->arena);
		facts->number = event->attempt;
		facts->started = event->ms;
		facts->wall = event->wall;
	} else if (event->type == EVENT_LOOP_OPENED) {
		struct buffer items;
		buffer_init(&items, facts->arena);
		value_show(&items, event_get(event, "items"), OUTPUT_MAX);
		facts->text = buffer_string(&items);
	} else if (event->type == EVENT_STEP_ENDED && event->attempt) {
		put_attempt(facts, event);
	}
	return true;
}

/* ---- the parts of the page ----------------------------------------------------------------- */

/* Lines of a text, each behind a bar: none of them can look like ours. */
static void put_barred(struct buffer *out, struct text text)
{
	while (text.len) {
		size_t end = text_find(text, TEXT("\n"), 0);
		buffer_puts(out, "  | ");
		text_neutralise(out, text_slice(text, 0, end), false);
		buffer_putc(out, '\n');
		text = end == SIZE_MAX ? (struct text){ 0 } : text_slice(text, end + 1, text.len);
	}
}

/* Of a step its outputs; of a library step or a call what it was given too. */
static void put_values(struct buffer *out, const char *head, struct value values)
{
	if (!value_is(values, VALUE_MAP) || values.map->count == 0)
		return;
	buffer_printf(out, "\n%s\n", head);
	for (size_t i = 0; i < values.map->count; i++) {
		struct buffer value;
		buffer_init(&value, out->arena);
		value_show(&value, values.map->entries[i].value, OUTPUT_MAX);
		buffer_printf(out, "  %.*s = ", TEXT_ARG(value_text(values.map->entries[i].key)));
		text_neutralise(out, buffer_text(&value), false);
		buffer_putc(out, '\n');
	}
}

static bool put_log(const struct showing *showing, uint32_t attempt, struct buffer *out)
{
	struct run_folder folder = showing->folder;
	const char *path = log_path(&folder, showing->state.steps[showing->slot].log, attempt,
				    out->arena);
	struct text text;
	if (!path || file_read(AT_FDCWD, path, LOG_MAX + 16 * LOG_TAIL, out->arena, &text) != 0)
		return false;
	buffer_printf(out, "\nlog of attempt %u   %s\n", attempt, path);
	put_barred(out, text);
	return true;
}

/* The log of the last attempt; with -v those of all. */
static void put_logs(const struct showing *showing, struct buffer *out)
{
	uint32_t attempts = showing->state.steps[showing->slot].attempts;
	uint32_t from = showing->cli->verbose || attempts == 0 ? 1 : attempts;
	for (uint32_t attempt = from; attempt <= attempts; attempt++)
		put_log(showing, attempt, out);
	if (from > 1)
		buffer_printf(out, "\nthe logs of the attempts before: runbook show %s %s -v\n",
			      showing->folder.short_id, showing->cli->operands.at[1]);
}

static void put_facts(const struct facts *facts, struct value row, struct buffer *out)
{
	struct arena *arena = facts->arena;
	struct value loc = value_null(), line = value_null();
	value_field(row, "loc", arena, &loc);
	if (value_is(loc, VALUE_MAP) && value_field(loc, "line", arena, &line) &&
	    value_is(line, VALUE_INT))
		buffer_printf(out, "\n%s:%lld", value_field_text(loc, "file", arena),
			      (long long)line.integer);
	if (*value_field_text(row, "id", arena))
		buffer_printf(out, "   id %s", value_field_text(row, "id", arena));
	if (facts->effect && *facts->effect)
		buffer_printf(out, "   effect %s", facts->effect);
	buffer_putc(out, '\n');
	if (facts->text && *facts->text) {
		buffer_printf(out, "\n%s\n", value_field_text(row, "verb", arena));
		put_barred(out, text_of(facts->text));
	}
	if (facts->attempts.len)
		buffer_puts(out, "\nattempts\n");
	buffer_add(out, buffer_text(&facts->attempts));
}

int show_step(struct showing *showing, const char *word)
{
	struct arena *arena = showing->cli->arena;
	struct facts facts = { .arena = arena, .showing = showing };
	struct store_error error;
	struct value slot;
	struct buffer out;
	struct value row = find_row(showing, word);
	if (!value_is(row, VALUE_MAP) || !value_field(row, "slot", arena, &slot))
		return EXIT_USAGE;
	showing->slot = (int32_t)slot.integer;
	showing->rounds = strcmp(value_field_text(row, "kind", arena), "loop") == 0;
	show_events(showing);
	if (showing->cli->progress == PROGRESS_JSON)
		return EXIT_DONE;
	buffer_init(&facts.attempts, arena);
	buffer_init(&out, arena);
	showing->moved = 0;
	journal_read(&showing->folder, arena, note, &facts, &error);
	const struct step_state *step = &showing->state.steps[showing->slot];
	if (step->status == STEP_NOT_RUN) {
		buffer_printf(&out, "%s  not run  ", value_field_text(row, "path", arena));
		text_neutralise(&out, text_of(value_field_text(row, "name", arena)), false);
		buffer_putc(&out, '\n');
	}
	put_facts(&facts, row, &out);
	put_values(&out, "inputs", step->inputs);
	put_values(&out, "outputs", step->outputs);
	put_logs(showing, &out);
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}
