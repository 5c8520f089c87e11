/* A question to a person, on lines of its own. */

#include <string.h>

#include "report/internal.h"

static void put_who(struct buffer *out, struct value who, size_t width)
{
	static const char heading[] = "  to be answered by";
	buffer_puts(out, heading);
	struct flow flow = flow_behind(out, strlen(heading), width);
	for (size_t i = 0; i < who.list->count; i++)
		flow_add(&flow, arena_text(out->arena, value_text(who.list->items[i])).ptr);
	buffer_putc(out, '\n');
}

void report_question(struct buffer *out, const struct ask_state *ask, bool color, size_t width)
{
	const struct report_options options = { .color = color };
	struct buffer text;
	buffer_init(&text, out->arena);
	put_wrapped(&text, ask->text ? ask->text : ask->ask, 2, "  ", width);
	buffer_puts(out, "\n? ");
	put_tint(out, &options, TINT_BOLD, buffer_string(&text));
	if (ask->show) {
		buffer_puts(out, "    ");
		put_wrapped(out, ask->show, 4, "    ", width);
	}
	if (ask->evidence) {
		buffer_puts(out, "  to be noted: ");
		put_wrapped(out, ask->evidence, 15, "    ", width);
	}
	if (value_is(ask->who, VALUE_LIST) && ask->who.list->count)
		put_who(out, ask->who, width);
}
