/* A script of a shell: each value travels in a variable, the text gets a reference to it. */

#include <string.h>

#include "place/internal.h"

static const struct {
	const char *name;
	enum dialect dialect;
} dialects[] = {
	{ "sh", DIALECT_SH },     { "dash", DIALECT_DASH },       { "ash", DIALECT_DASH },
	{ "bash", DIALECT_BASH }, { "ksh", DIALECT_KSH },         { "ksh93", DIALECT_KSH },
	{ "mksh", DIALECT_KSH },  { "busybox", DIALECT_BUSYBOX },
};

static struct text next_word(struct text *rest)
{
	*rest = text_trim(*rest);
	size_t len = 0;
	while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
		len++;
	struct text word = text_slice(*rest, 0, len);
	*rest = text_slice(*rest, len, rest->len);
	size_t base = word.len;
	while (base > 0 && word.ptr[base - 1] != '/')
		base--;
	return text_slice(word, base, word.len);
}

static enum dialect find_dialect(const char *interpreter)
{
	struct text rest = text_of(interpreter ? interpreter : "/bin/sh");
	struct text name = next_word(&rest);
	if (text_is(name, "env"))
		name = next_word(&rest);
	for (size_t i = 0; i < sizeof(dialects) / sizeof(*dialects); i++)
		if (text_is(name, dialects[i].name))
			return dialects[i].dialect;
	return DIALECT_OTHER;
}

/* Whether the value may stand there; warns where it reaches a second interpreter. */
static bool judge_place(struct reader *reader, const struct flat *flat, size_t index,
			const struct shell_place *place)
{
	size_t hole = flat->first_hole + index;
	struct span span = reader->holes.at[hole].span;
	if (place->why) {
		diag_at(reader->diags, span, RB0610, "a value cannot stand %s", place->why);
		reader_hint_env(reader, hole);
		return false;
	}
	if (place->reaches)
		reader_warn_second(reader, hole, place->reaches);
	return true;
}

static bool refuse_other(struct reader *reader, const struct flat *flat)
{
	for (size_t i = 0; i < flat->hole_count; i++) {
		diag_at(reader->diags, reader->holes.at[flat->first_hole + i].span, RB0612,
			"a value cannot stand in a text for '%s'", reader->options->interpreter);
		reader_hint_env(reader, flat->first_hole + i);
	}
	return flat->hole_count == 0;
}

static void warn_habits(struct reader *reader, const struct flat *flat, enum dialect dialect,
			const struct shell_habits *habits)
{
	size_t pipe = habits->pipe, left = habits->left;
	if (pipe != SIZE_MAX && (dialect == DIALECT_SH || dialect == DIALECT_DASH)) {
		diag_at(reader->diags, flat_span(flat, pipe, pipe + 1), RB0613,
			"in a pipeline under /bin/sh only the last command is checked");
		diag_hint(reader->diags,
			  "Write interpreter: bash, which fails with any command of a pipeline.");
	}
	if (left != SIZE_MAX) {
		diag_at(reader->diags, flat_span(flat, left, left + 1), RB0614,
			"what '&' leaves running loses its output when the step ends");
		diag_hint(
			reader->diags,
			"Write COMMAND >FILE 2>&1 & if it shall go on, or 'wait' at the end of the "
			"script; a service manager starts what must be kept running.");
	}
}

static bool place_holes(struct reader *reader, const struct flat *flat, enum dialect dialect)
{
	struct shell_place *places = arena_array(reader->arena, struct shell_place,
						 flat->hole_count + 1);
	struct shell_habits habits = shell_lex(flat->text, flat->holes, flat->hole_count, dialect,
					       reader->arena, places);
	bool good = true;
	warn_habits(reader, flat, dialect, &habits);
	size_t from = 0;
	for (size_t i = 0; i < flat->hole_count; i++) {
		reader_literal(reader, text_slice(flat->text, from, flat->holes[i]));
		good &= judge_place(reader, flat, i, &places[i]);
		good &= reader_hole(reader, flat->first_hole + i, places[i].rule);
		from = flat->holes[i] + 1;
	}
	reader_literal(reader, text_slice(flat->text, from, flat->text.len));
	return good;
}

bool shell_read(struct reader *reader, const struct node *node)
{
	struct flat flat;
	enum dialect dialect = find_dialect(reader->options->interpreter);
	if (!flat_read(reader, node, &flat))
		return false;
	if (text_trim(flat.text).len == 0) {
		diag_at(reader->diags, node->span, RB0608, "the script is empty");
		diag_hint(reader->diags, "Write its lines below '|', or remove the step.");
		return false;
	}
	if (dialect == DIALECT_OTHER) {
		reader_literal(reader, flat.text);
		if (!refuse_other(reader, &flat))
			return false;
	} else if (!place_holes(reader, &flat, dialect)) {
		return false;
	}
	reader_end_unit(reader, node->span);
	return true;
}
