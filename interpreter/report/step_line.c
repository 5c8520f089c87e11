/* The line of a step: its word, its time, its name, and what is told behind it. */

#include <string.h>

#include "report/internal.h"

#define NAME_COLUMN 30 /* what is told of a step begins behind so many cells of its name */
#define DETAILS_GAP 3
#define DETAILS_LEAST 8 /* cells; with less room they are left out */
#define WORD_WIDTH 9    /* of "cancelled" */
#define OUTPUT_CELLS 60 /* of one value */
#define OUTPUTS 3       /* values that are told */

static enum tint tint_of(const char *word)
{
	return strcmp(word, "ok") == 0       ? TINT_GOOD
	       : strcmp(word, "failed") == 0 ? TINT_BAD
					     : TINT_NONE;
}

void put_step_line(struct story *story, const struct step_line *line, struct buffer *out)
{
	const char *path = arena_format(&story->tick, "  %-*s  ", (int)story->outline.path_width,
					line->row->path);
	const char *rest = arena_format(&story->tick, "%6s  ", line->took);
	size_t column = strlen(path) + WORD_WIDTH + strlen(rest);
	if (line->width < column) {
		put_cut(out, arena_format(&story->tick, "%s%s", path, line->word), line->width);
		return;
	}
	buffer_puts(out, path);
	put_tint(out, &story->options, tint_of(line->word),
		 arena_format(&story->tick, "%-*s", WORD_WIDTH, line->word));
	buffer_puts(out, rest);
	size_t room = line->width - column;
	size_t used = put_cut(out, row_name(line->row), room);
	size_t gap = used < NAME_COLUMN ? NAME_COLUMN - used + DETAILS_GAP : DETAILS_GAP;
	if (used + gap + DETAILS_LEAST > room)
		gap = DETAILS_GAP;
	if (*line->details && used + gap + DETAILS_LEAST <= room) {
		put_blanks(out, gap);
		put_cut(out, line->details, room - used - gap);
	}
}

static void put_outputs(struct story *story, const struct event *event, struct buffer *out)
{
	struct value outputs = event_get(event, "outputs");
	if (!value_is(outputs, VALUE_MAP))
		return;
	for (size_t i = 0, shown = 0; i < outputs.map->count && shown < OUTPUTS; i++) {
		struct value output = outputs.map->entries[i].value;
		struct buffer value;
		if (value_is(output, VALUE_ERROR) && !(output.flags & VALUE_SECRET))
			continue; /* it is told to whom reads it */
		if (value_is(output, VALUE_STRING) && !(output.flags & VALUE_SECRET) &&
		    text_find(value_text(output), TEXT("\n"), 0) != SIZE_MAX)
			continue; /* whole texts are for `show` */
		shown++;
		buffer_init(&value, &story->tick);
		value_show(&value, output, OUTPUT_CELLS);
		buffer_printf(out, "%s%.*s = ", out->len ? ", " : "",
			      TEXT_ARG(value_text(outputs.map->entries[i].key)));
		buffer_add(out, buffer_text(&value));
	}
}

bool row_is_gate(const struct row *row)
{
	return strcmp(row->verb, "approve") == 0 || strcmp(row->verb, "manual") == 0;
}

const char *step_details(struct story *story, const struct row *row, const struct event *event,
			 bool good)
{
	struct buffer out;
	buffer_init(&out, &story->tick);
	if (row->attempts > 1)
		buffer_printf(&out, "%u attempts%s", row->attempts,
			      good ? "" : ", the last one below");
	if (row->by)
		buffer_printf(&out, "%s%s", out.len ? ", " : "", row->by);
	if (good && !row_is_gate(row))
		put_outputs(story, event, &out);
	return buffer_string(&out);
}

const char *step_word(const struct row *row, const char *status, bool good)
{
	if (good && strcmp(row->verb, "approve") == 0)
		return "approved";
	if (good && strcmp(row->verb, "manual") == 0)
		return "done";
	return good ? "ok" : status;
}
