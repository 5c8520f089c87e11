/* The lines about the whole run: who runs what, with which values, under which lock. */

#include <string.h>

#include "report/internal.h"

#define VALUE_CELLS 60

static const char *short_id(const char *run)
{
	const char *dash = strrchr(run, '-');
	return dash ? dash + 1 : run;
}

static void remember(struct story *story, const struct event *event)
{
	story->outline = outline_read(event, story->arena);
	story->name = event_text(event, "name", story->arena);
	story->run = short_id(event_text(event, "run", story->arena));
	story->host = map_text(event_get(event, "actor"), "host", story->arena);
	story->partial = event_is_partial(event);
}

/* " --only build --skip probe": what a run of a part was told; "": it is of all. */
static const char *selection_words(struct value selection, struct arena *arena)
{
	static const char *const options[][2] = { { "only", "--only" },
						  { "tag", "--tag" },
						  { "start_at", "--start-at" },
						  { "skip", "--skip" } };
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct value names;
		if (!value_is(selection, VALUE_MAP) ||
		    !value_field(selection, options[i][0], NULL, &names))
			continue;
		buffer_printf(&out, " %s ", options[i][1]);
		if (!value_is(names, VALUE_LIST))
			buffer_puts(&out, map_text(selection, options[i][0], arena));
		for (size_t k = 0; value_is(names, VALUE_LIST) && k < value_count(names); k++)
			buffer_printf(&out, "%s%.*s", k ? "," : "",
				      TEXT_ARG(value_text(value_item(names, k))));
	}
	return buffer_string(&out);
}

/* That steps were left out has to be known of whatever the run says of its end. */
static void put_part(struct story *story, const struct event *event, struct buffer *out)
{
	struct value selection = event_get(event, "selection");
	if (!value_is(selection, VALUE_MAP))
		return;
	int64_t steps = map_int(selection, "steps", 0);
	struct flow flow = flow_begin(out, "steps   ", story->width);
	flow_add(&flow, arena_format(&story->tick, "%lld of %lld, by%s",
				     (long long)(steps - map_int(selection, "left_out", 0)),
				     (long long)steps, selection_words(selection, &story->tick)));
	buffer_putc(out, '\n');
}

static void put_head(struct story *story, const struct event *event, struct buffer *out)
{
	struct arena *tick = &story->tick;
	const char *revision = event_text(event, "revision", tick);
	struct flow flow = flow_begin(out, "runbook ", story->width);
	flow_add(&flow, event_text(event, "program", tick));
	flow_add(&flow, event_text(event, "document", tick));
	flow_add(&flow, arena_format(tick, "run %s", story->run));
	flow_add(&flow, clock_local(event->wall, tick));
	flow_add(&flow,
		 arena_format(tick, "%s@%s", map_text(event_get(event, "actor"), "user", tick),
			      story->host));
	if (*revision)
		flow_add(&flow, arena_format(tick, "git %.7s", revision));
	if (story->partial)
		flow_add(&flow, "partial");
	buffer_putc(out, '\n');
}

static const char *input_text(struct value row, struct arena *arena)
{
	struct buffer out;
	struct value value;
	buffer_init(&out, arena);
	buffer_printf(&out, "%s = ", map_text(row, "name", arena));
	if (value_field(row, "value", arena, &value))
		put_cut(&out, map_text(row, "value", arena), VALUE_CELLS);
	else
		buffer_puts(&out, "(secret)");
	const char *run = map_text(row, "run", arena);
	buffer_printf(&out, " (%s%s%s)", map_text(row, "source", arena), *run ? " " : "",
		      short_id(run));
	return buffer_string(&out);
}

static void put_inputs(struct story *story, const struct event *event, struct buffer *out)
{
	struct value inputs = event_get(event, "inputs");
	if (!value_is(inputs, VALUE_LIST) || inputs.list->count == 0)
		return;
	struct flow flow = flow_begin(out, "inputs  ", story->width);
	for (size_t i = 0; i < inputs.list->count; i++)
		flow_add(&flow, arena_format(&story->tick, "%s%s", i ? " " : "",
					     input_text(inputs.list->items[i], &story->tick)));
	buffer_putc(out, '\n');
}

void put_given(struct story *story, struct value inputs, struct buffer *out)
{
	if (!value_is(inputs, VALUE_MAP) || inputs.map->count == 0)
		return;
	struct flow flow = flow_begin(out, "inputs  ", story->width);
	for (size_t i = 0; i < inputs.map->count; i++) {
		const char *name =
			arena_text(&story->tick, value_text(inputs.map->entries[i].key)).ptr;
		struct buffer text;
		buffer_init(&text, &story->tick);
		buffer_printf(&text, "%s%s = ", i ? " " : "", name);
		put_cut(&text, map_text(inputs, name, &story->tick), VALUE_CELLS);
		flow_add(&flow, buffer_string(&text));
	}
	buffer_putc(out, '\n');
}

void put_opened(struct story *story, const struct event *event, struct buffer *out)
{
	remember(story, event);
	if (story->options.quiet)
		return;
	put_head(story, event, out);
	put_part(story, event, out);
	put_inputs(story, event, out);
	story->opening = true;
}

/* A lock holds on one machine only: whoever looks at the screen should know on which. */
void put_lock(struct story *story, const struct event *event, struct buffer *out)
{
	const char *name = event_text(event, "name", &story->tick);
	if (!story->opening || name[0] == '/')
		return; /* a document's own lock is its path */
	struct flow flow = flow_begin(out, "lock    ", story->width);
	flow_add(&flow, name);
	flow_add(&flow, arena_format(&story->tick, "(on %s only)", story->host));
	buffer_putc(out, '\n');
}
