/* Lines for people: one a finished step, a block a failure, the end with what to type next. */

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "report/internal.h"

struct plain {
	struct report_options options;
	struct arena *arena;
	struct arena tick;
	struct outline outline;
	const char *section; /* whose heading stands */
	const char *name;    /* of the runbook */
	const char *run;
};

static const char *short_id(const char *run)
{
	const char *dash = strrchr(run, '-');
	return dash ? dash + 1 : run;
}

/* ---- the beginning ------------------------------------------------------------------------- */

static void put_inputs(struct buffer *out, struct plain *plain, const struct event *event)
{
	struct value inputs = event_get(event, "inputs"), value;
	if (!value_is(inputs, VALUE_LIST) || inputs.list->count == 0)
		return;
	buffer_puts(out, "inputs  ");
	for (size_t i = 0; i < inputs.list->count; i++) {
		struct value row = inputs.list->items[i];
		buffer_printf(out, "%s%s = ", i ? "   " : "", map_text(row, "name", &plain->tick));
		if (value_field(row, "value", &plain->tick, &value))
			text_neutralise(out, text_of(map_text(row, "value", &plain->tick)), false);
		else
			buffer_puts(out, "(secret)");
		buffer_printf(out, " (%s)", map_text(row, "source", &plain->tick));
	}
	buffer_putc(out, '\n');
}

static void on_opened(struct plain *plain, const struct event *event, struct buffer *out)
{
	struct value actor = event_get(event, "actor");
	const char *revision = event_text(event, "revision", &plain->tick);
	plain->outline = outline_read(event, plain->arena);
	plain->name = event_text(event, "name", plain->arena);
	plain->run = short_id(event_text(event, "run", plain->arena));
	if (plain->options.quiet)
		return;
	buffer_printf(out, "runbook %s  %s  run %s  %s  %s@%s",
		      event_text(event, "program", &plain->tick),
		      event_text(event, "document", &plain->tick), plain->run,
		      clock_local(event->wall, &plain->tick), map_text(actor, "user", &plain->tick),
		      map_text(actor, "host", &plain->tick));
	if (*revision)
		buffer_printf(out, "  git %.7s", revision);
	buffer_putc(out, '\n');
	put_inputs(out, plain, event);
	buffer_putc(out, '\n');
}

/* ---- steps --------------------------------------------------------------------------------- */

static void put_section(struct plain *plain, const struct row *row, struct buffer *out)
{
	if (plain->section && strcmp(plain->section, row->section) == 0)
		return;
	plain->section = row->section;
	if (strcmp(row->section, "steps") != 0)
		put_tint(out, &plain->options, TINT_BOLD,
			 arena_format(&plain->tick, "%s\n", row->section));
}

static const char *shown(const struct row *row)
{
	return row->shown ? row->shown : row->name;
}

static bool is_heading(const struct row *row)
{
	return strcmp(row->kind, "group") == 0 || strcmp(row->kind, "call") == 0;
}

static void on_started(struct plain *plain, const struct event *event, struct buffer *out)
{
	struct row *row = outline_row(&plain->outline, event->slot);
	const char *name = event_text(event, "name", plain->arena);
	const char *note = event_text(event, "note", &plain->tick);
	if (!row)
		return;
	row->attempts = event->attempt;
	if (*name)
		row->shown = name;
	else if (strcmp(row->verb, "say") == 0)
		row->shown = event_text(event, "text", plain->arena);
	if (plain->options.quiet || (row->hidden && !plain->options.verbose))
		return;
	if (is_heading(row)) {
		put_section(plain, row, out);
		put_tint(out, &plain->options, TINT_BOLD,
			 arena_format(&plain->tick, "%s. %s\n", row->path, shown(row)));
	}
	if (*note) {
		buffer_printf(out, "  %-5s note    ", row->path);
		text_neutralise(out, text_of(note), false);
		buffer_putc(out, '\n');
	}
}

static void put_line(struct plain *plain, const struct row *row, const char *word, const char *took,
		     struct buffer *out)
{
	bool good = strcmp(word, "ok") == 0, bad = strcmp(word, "failed") == 0;
	put_section(plain, row, out);
	buffer_printf(out, "  %-5s ", row->path);
	put_tint(out, &plain->options,
		 good  ? TINT_GOOD
		 : bad ? TINT_BAD
		       : TINT_NONE,
		 arena_format(&plain->tick, "%-8s", word));
	buffer_printf(out, "%7s  ", took);
	text_neutralise(out, text_of(shown(row)), false);
}

static void put_outputs(struct plain *plain, const struct event *event, struct buffer *out)
{
	struct value outputs = event_get(event, "outputs");
	if (!value_is(outputs, VALUE_MAP) || outputs.map->count == 0)
		return;
	buffer_puts(out, "   ");
	for (size_t i = 0; i < outputs.map->count && i < 3; i++) {
		struct buffer value;
		buffer_init(&value, &plain->tick);
		value_show(&value, outputs.map->entries[i].value, 60);
		buffer_printf(out, "%s%.*s = ", i ? ", " : "",
			      TEXT_ARG(value_text(outputs.map->entries[i].key)));
		text_neutralise(out, buffer_text(&value), false);
	}
}

static void put_warnings(struct plain *plain, const struct event *event, struct buffer *out)
{
	struct value warnings = event_get(event, "warnings");
	for (size_t i = 0; value_is(warnings, VALUE_LIST) && i < warnings.list->count; i++) {
		struct value row = warnings.list->items[i];
		buffer_puts(out, "        warning: ");
		text_neutralise(out, text_of(map_text(row, "msg", &plain->tick)), false);
		buffer_printf(out, " (%s:%lld)\n", map_text(row, "file", &plain->tick),
			      (long long)map_int(row, "line", 0));
	}
}

static bool is_step_like(const struct row *row)
{
	return strcmp(row->kind, "step") == 0 || strcmp(row->kind, "library") == 0;
}

/* The failure of a member was told; what stands around it says only that it failed too. */
static bool tells_failure(const struct event *event, struct arena *arena)
{
	return strcmp(event_text(event, "code", arena), "RB0507") != 0;
}

static void on_ended(struct plain *plain, const struct event *event, struct buffer *out)
{
	const struct row *row = outline_row(&plain->outline, event->slot);
	const char *status = event_text(event, "status", &plain->tick);
	bool good = strcmp(status, "succeeded") == 0;
	bool again = event_int(event, "again", -1) >= 0;
	bool quiet = plain->options.quiet && good;
	if (!row || (again && !plain->options.verbose))
		return;
	const char *took = clock_span(event_int(event, "took", 0) * NS_PER_MS, &plain->tick);
	bool listed = is_step_like(row) && (!row->hidden || plain->options.verbose);
	if (listed && !quiet) {
		put_line(plain, row, again ? "again" : good ? "ok" : status, took, out);
		if (row->attempts > 1)
			buffer_printf(out, "   %u attempts", row->attempts);
		if (good)
			put_outputs(plain, event, out);
		buffer_putc(out, '\n');
	}
	put_warnings(plain, event, out);
	if (!good && !again && tells_failure(event, &plain->tick))
		put_failure(out, &plain->options, event, &plain->tick);
}

static void on_skipped(struct plain *plain, const struct event *event, struct buffer *out)
{
	const struct row *row = outline_row(&plain->outline, event->slot);
	if (!row || plain->options.quiet || (row->hidden && !plain->options.verbose))
		return;
	put_line(plain, row, "skipped", "", out);
	buffer_putc(out, '\n');
}

static void on_output(struct plain *plain, const struct event *event, struct buffer *out)
{
	const struct row *row = outline_row(&plain->outline, event->slot);
	struct value value = event_get(event, "text");
	bool err = strcmp(event_text(event, "stream", &plain->tick), "stderr") == 0;
	if (!row || !plain->options.verbose || !value_is(value, VALUE_STRING))
		return;
	struct text text = value_text(value);
	for (size_t from = 0; from < text.len;) {
		size_t end = text_find(text, TEXT("\n"), from);
		buffer_printf(out, "  %-5s %s ", row->path, err ? "err|" : "out|");
		buffer_add(out, text_slice(text, from, end));
		buffer_putc(out, '\n');
		if (end == SIZE_MAX)
			break;
		from = end + 1;
	}
}

/* ---- questions and rollback ---------------------------------------------------------------- */

static void on_answered(struct plain *plain, const struct event *event, struct buffer *out)
{
	const struct row *row = outline_row(&plain->outline, event->slot);
	const char *how = event_text(event, "how", &plain->tick);
	if (plain->options.quiet || strcmp(how, "nobody") == 0)
		return;
	bool yes = strcmp(event_text(event, "answer", &plain->tick), "no") != 0;
	buffer_printf(out, "  %-5s %-8s         by %s --approve (%s)\n", row ? row->path : "",
		      yes ? "approved" : "refused", strcmp(how, "flag") == 0 ? "flag" : how,
		      event_text(event, "by", &plain->tick));
}

static void on_rollback(struct plain *plain, const struct event *event, struct buffer *out)
{
	plain->section = NULL;
	put_tint(out, &plain->options, TINT_BOLD,
		 arena_format(&plain->tick, "\nrolling back   reason %s   %s\n",
			      event_text(event, "reason", &plain->tick),
			      event_text(event, "how", &plain->tick)));
}

static void on_undo(struct plain *plain, const struct event *event, struct buffer *out)
{
	const struct row *row = outline_row(&plain->outline, event->slot);
	if (!row || plain->options.quiet)
		return;
	plain->section = NULL;
	buffer_printf(out, "undo of %s  %s\n", row->path, shown(row));
}

/* ---- the end ------------------------------------------------------------------------------- */

static void put_list(struct plain *plain, struct value list, const char *heading,
		     struct buffer *out)
{
	if (!value_is(list, VALUE_LIST) || list.list->count == 0)
		return;
	buffer_printf(out, "  %s\n", heading);
	for (size_t i = 0; i < list.list->count; i++) {
		buffer_puts(out, "    ");
		text_neutralise(out, value_text(list.list->items[i]), false);
		buffer_putc(out, '\n');
	}
	(void)plain;
}

static void put_in_effect(struct plain *plain, struct value list, struct buffer *out)
{
	if (!value_is(list, VALUE_LIST) || list.list->count == 0)
		return;
	buffer_puts(out, "  still in effect:\n");
	for (size_t i = 0; i < list.list->count; i++) {
		struct value half;
		bool may = value_field(list.list->items[i], "half", &plain->tick, &half) &&
			   half.boolean;
		buffer_printf(out, "    %s  ", map_text(list.list->items[i], "path", &plain->tick));
		text_neutralise(out, text_of(map_text(list.list->items[i], "name", &plain->tick)),
				false);
		buffer_puts(out, may ? "   (may be half done)\n" : "\n");
	}
}

static void put_next(struct plain *plain, struct value list, struct buffer *out)
{
	for (size_t i = 0; value_is(list, VALUE_LIST) && i < list.list->count; i++)
		buffer_printf(out, "  %s %.*s\n",
			      i ? "     " : "next:", TEXT_ARG(value_text(list.list->items[i])));
	(void)plain;
}

static void on_closed(struct plain *plain, const struct event *event, struct buffer *out)
{
	struct value counts = event_get(event, "counts");
	const char *status = event_text(event, "status", &plain->tick);
	bool good = strcmp(status, "succeeded") == 0;
	buffer_puts(out, plain->options.quiet ? "" : "\n");
	put_tint(out, &plain->options, good ? TINT_GOOD : TINT_BAD, good ? "ok" : status);
	buffer_printf(out, "  %s   %lld steps, %lld assertions, %lld warnings   %s\n", plain->name,
		      (long long)map_int(counts, "steps", 0),
		      (long long)map_int(counts, "assertions", 0),
		      (long long)map_int(counts, "warnings", 0),
		      clock_span(event->ms * NS_PER_MS, &plain->tick));
	if (!good)
		buffer_printf(out, "  %s\n", event_text(event, "msg", &plain->tick));
	put_in_effect(plain, event_get(event, "in_effect"), out);
	put_list(plain, event_get(event, "by_hand"), "to be done by hand:", out);
	if (value_is(event_get(event, "next"), VALUE_LIST))
		put_next(plain, event_get(event, "next"), out);
	else if (!plain->options.quiet)
		buffer_printf(out, "  runbook show %s\n", plain->run);
}

static void on_waiting(struct plain *plain, const struct event *event, struct buffer *out)
{
	buffer_puts(out, "  notice: ");
	text_neutralise(out, text_of(event_text(event, "msg", &plain->tick)), false);
	buffer_putc(out, '\n');
}

static void (*const handlers[EVENT_TYPE_COUNT])(struct plain *plain, const struct event *event,
						struct buffer *out) = {
	[EVENT_RUN_OPENED] = on_opened,        [EVENT_STEP_STARTED] = on_started,
	[EVENT_STEP_ENDED] = on_ended,         [EVENT_STEP_SKIPPED] = on_skipped,
	[EVENT_STEP_OUTPUT] = on_output,       [EVENT_ASK_ANSWERED] = on_answered,
	[EVENT_ROLLBACK_OPENED] = on_rollback, [EVENT_UNDO_STARTED] = on_undo,
	[EVENT_RUN_CLOSED] = on_closed,        [EVENT_STEP_WAITING] = on_waiting,
};

static void on_event(void *data, const struct event *event)
{
	struct plain *plain = data;
	struct buffer out;
	if (event->type >= EVENT_TYPE_COUNT || !handlers[event->type])
		return;
	buffer_init(&out, &plain->tick);
	handlers[event->type](plain, event, &out);
	file_write_all(plain->options.fd, buffer_text(&out));
	arena_reset(&plain->tick);
}

static void done(void *data)
{
	struct plain *plain = data;
	arena_done(&plain->tick);
}

struct sink report_plain(const struct report_options *options, struct arena *arena)
{
	struct plain *plain = arena_new(arena, struct plain);
	plain->options = *options;
	plain->arena = arena;
	arena_init(&plain->tick);
	arena_defer(arena, done, plain);
	return (struct sink){ on_event, plain };
}
