/* What has changed in documents, for people. */

#include <stdlib.h>
#include <string.h>

#include "cli/changes.h"

#define VALUE_CELLS 40
#define TITLE_CELLS 40
#define BEFORE_CELLS 12 /* that are left of what two values have in common */
#define MOST_KEYS 6     /* of one step */

struct telling {
	struct arena *arena;
	struct mask *mask;
};

/* ---- values -------------------------------------------------------------------------------- */

static void put_value(struct buffer *out, const struct node *node)
{
	if (node->kind == NODE_SCALAR) {
		buffer_add(out, node->text);
		return;
	}
	bool list = node->kind == NODE_LIST;
	buffer_putc(out, list ? '[' : '{');
	for (uint32_t i = 0; i < node->count; i++) {
		buffer_puts(out, i ? ", " : "");
		if (!list)
			buffer_printf(out, "%.*s: ", TEXT_ARG(node->entries[i].key.text));
		put_value(out, list ? &node->items[i] : &node->entries[i].value);
	}
	buffer_putc(out, list ? ']' : '}');
}

static void add_passwords(struct mask *mask, const struct node *node)
{
	if (node->kind == NODE_SCALAR)
		mask_add_passwords(mask, node->text);
	for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++)
		add_passwords(mask,
			      node->kind == NODE_LIST ? &node->items[i] : &node->entries[i].value);
}

static struct text value_text_of(const struct telling *telling, const struct node *node)
{
	struct buffer out;
	buffer_init(&out, telling->arena);
	if (node)
		put_value(&out, node);
	return buffer_text(&out);
}

/* On one line, masked whole before it is cut. */
static struct text value_line(const struct telling *telling, const struct node *node)
{
	if (node)
		add_passwords(telling->mask, node);
	return text_trim(mask_text(telling->mask, value_text_of(telling, node), telling->arena));
}

static bool same_text(const struct telling *telling, const struct plan_change *change)
{
	return text_equal(value_text_of(telling, change->before),
			  value_text_of(telling, change->after));
}

/* Where two begin to differ, less a little that is shown before it. */
static size_t common_start(struct text one, struct text other)
{
	size_t at = 0, start = 0, offset = 0;
	while (at < one.len && at < other.len && one.ptr[at] == other.ptr[at])
		at++;
	size_t before = at > BEFORE_CELLS ? at - BEFORE_CELLS : 0;
	while (offset < before) { /* between two characters */
		start = offset;
		if (text_next(one, &offset) < 0)
			break;
	}
	return start;
}

static const char *value_cut(const struct telling *telling, struct text text, size_t from)
{
	struct text rest = text_slice(text, from, text.len);
	size_t fit = text_fit(rest, VALUE_CELLS);
	return arena_format(telling->arena, "%s%.*s%s", from ? "..." : "",
			    TEXT_ARG(text_slice(rest, 0, fit)), fit < rest.len ? "..." : "");
}

/* "run was 'false', is 'true'" */
static void put_key(const struct telling *telling, const struct plan_change *change,
		    struct buffer *out)
{
	struct text before = value_line(telling, change->before);
	struct text after = value_line(telling, change->after);
	bool fits = text_cells(before) <= VALUE_CELLS && text_cells(after) <= VALUE_CELLS;
	size_t from = fits || !change->before || !change->after ? 0 : common_start(before, after);
	const char *was = value_cut(telling, before, from), *is = value_cut(telling, after, from);
	if (!change->after)
		buffer_printf(out, "%s is gone, was '%s'", change->key, was);
	else if (!change->before)
		buffer_printf(out, "%s is new, '%s'", change->key, is);
	else if (text_equal(before, after)) /* as they are shown */
		buffer_printf(out, "%s is %s, '%s'", change->key,
			      same_text(telling, change) ? "written in another way" : "another one",
			      is);
	else
		buffer_printf(out, "%s was '%s', is '%s'", change->key, was, is);
}

/* ---- steps --------------------------------------------------------------------------------- */

static void put_title(const struct telling *telling, const struct plan_node *node,
		      struct buffer *out)
{
	struct text title = text_of(node->title);
	size_t fit = text_fit(title, TITLE_CELLS);
	struct text shown = mask_text(telling->mask, text_slice(title, 0, fit), telling->arena);
	buffer_printf(out, "step %s '%.*s%s'", node->path, TEXT_ARG(shown),
		      fit < title.len ? "..." : "");
	if (node->span.source)
		buffer_printf(out, " (%s:%u)", node->span.source->name,
			      source_position(node->span.source, node->span.from).line);
}

static void put_step(const struct telling *telling, const struct plan_change *change,
		     struct buffer *out)
{
	put_title(telling, change->now ? change->now : change->was, out);
	if (change->kind == PLAN_ADDED)
		buffer_puts(out, " is new");
	else if (change->kind == PLAN_REMOVED)
		buffer_puts(out, " is gone");
	else if (change->kind == PLAN_MOVED && strcmp(change->was->path, change->now->path) != 0)
		buffer_printf(out, " was step %s", change->was->path);
	else if (change->kind == PLAN_MOVED)
		buffer_puts(out, " has moved");
}

/* Whether it goes on with what the one before began: another key of the same step. */
static bool goes_on(const struct plan_changes *changes, size_t index)
{
	const struct plan_change *change = &changes->at[index], *last = change - 1;
	return index > 0 && change->now && change->was && change->kind == PLAN_CHANGED &&
	       change->now == last->now && last->kind == PLAN_CHANGED;
}

/* All keys of a step together. Gives how many changes that were. */
static size_t put_changes(const struct telling *telling, const struct plan_changes *changes,
			  size_t from, struct buffer *out)
{
	const struct plan_change *first = &changes->at[from];
	size_t count = 1;
	while (from + count < changes->count && goes_on(changes, from + count))
		count++;
	if (first->was || first->now)
		put_step(telling, first, out);
	else
		buffer_puts(out, first->source->name);
	for (size_t i = 0; first->kind == PLAN_CHANGED && i < count && i < MOST_KEYS; i++) {
		buffer_puts(out, i ? "; " : ": ");
		put_key(telling, &changes->at[from + i], out);
	}
	if (count > MOST_KEYS)
		buffer_printf(out, "; and %zu more keys", count - MOST_KEYS);
	return count;
}

/* ---- all of it ----------------------------------------------------------------------------- */

/* What the environment gives as a secret may stand in a document too. */
static void add_secrets(struct mask *mask, const struct plan *plan)
{
	const struct plan_scope *scope = plan->scopes[0];
	for (size_t i = 0; i < scope->input_count; i++) {
		const struct input *input = &scope->inputs[i];
		const char *text = input->secret && input->env ? getenv(input->env) : NULL;
		if (text)
			mask_add(mask, text_of(text));
	}
}

struct strings changes_texts(const struct cli *cli, const struct plan *was,
			     const struct plan_changes *changes, size_t most)
{
	struct telling telling = { .arena = cli->arena, .mask = mask_new(cli->arena) };
	const char **texts = arena_array(cli->arena, const char *, most + 1);
	struct strings shown = { .at = texts };
	size_t left = 0;
	add_secrets(telling.mask, was);
	for (size_t i = 0; i < changes->count; i++) {
		struct buffer out;
		if (shown.count == most) {
			left += !goes_on(changes, i);
			continue;
		}
		buffer_init(&out, cli->arena);
		i += put_changes(&telling, changes, i, &out) - 1;
		texts[shown.count++] = buffer_string(&out);
	}
	if (left)
		texts[shown.count++] = arena_format(cli->arena, "and %zu more", left);
	return shown;
}
