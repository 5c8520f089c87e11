/* Attempts: evaluating the holes and writing each value by its rule. */

#include <stdarg.h>
#include <string.h>

#include "base/bug.h"
#include "place/internal.h"

struct failure failure_of(const struct expr *expr, struct value error)
{
	static const char *const classes[] = {
		[FAIL_EXPRESSION] = "expression",
		[FAIL_RESOURCE] = "resource",
		[FAIL_REFUSED] = "refused",
		[FAIL_LIMIT] = "resource",
	};
	return (struct failure){
		.class = classes[error.error->failure],
		.message = error.error->message,
		.hint = error.error->hint,
		.span = expr_span(expr, error.error->from, error.error->to),
	};
}

enum diag_code failure_code(const struct failure *failure)
{
	if (strcmp(failure->class, "not_found") == 0)
		return RB0406;
	if (strcmp(failure->class, "program") == 0)
		return RB0402;
	return strcmp(failure->class, "refused") == 0 ? RB0503 : RB0502;
}

bool placing_fail(struct placing *placing, const struct piece *piece, const char *class,
		  const char *hint, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	*placing->failure = (struct failure){
		.class = class,
		.message = arena_vformat(placing->arena, format, args),
		.hint = hint,
		.span = piece->hole == NO_HOLE ? placing->text->units[0].span
					       : placing->text->holes[piece->hole].span,
	};
	va_end(args);
	return false;
}

/* The hole of a piece as written, for messages. */
static struct text written(const struct placing *placing, const struct piece *piece)
{
	return hole_text(&placing->text->holes[piece->hole]);
}

static const char *kind_name(struct value value)
{
	return value_is(value, VALUE_NULL) ? "null" : value_type_of(value)->name;
}

bool placing_value(struct placing *placing, const struct piece *piece, struct value *value)
{
	const struct expr *expr = placing->text->holes[piece->hole].expr;
	*value = expr_eval(expr, placing->scope, placing->arena);
	if (value_is(*value, VALUE_ERROR)) {
		*placing->failure = failure_of(expr, *value);
		return false;
	}
	if (value_has_unknown(*value)) {
		placing_fail(placing, piece, "refused", NULL, "'%.*s' is not known yet",
			     TEXT_ARG(written(placing, piece)));
		placing->failure->unknown = true;
		return false;
	}
	if (!rule_takes(piece->rule, value->kind))
		return placing_fail(placing, piece, "refused", rule_hint(piece->rule, false),
				    "'%.*s' is %s, which cannot stand in %s",
				    TEXT_ARG(written(placing, piece)), kind_name(*value),
				    rule_where(piece->rule));
	if (!(value->flags & VALUE_SECRET))
		return true;
	placing->secret = true;
	if (rule_takes_secret(piece->rule))
		return true;
	return placing_fail(placing, piece, "refused", rule_hint(piece->rule, true),
			    "'%.*s' holds a secret, which cannot stand in %s",
			    TEXT_ARG(written(placing, piece)), rule_where(piece->rule));
}

bool placing_text(struct placing *placing, const struct piece *piece, struct value value,
		  struct text *text)
{
	const char *why;
	if (!value_to_text(value, placing->arena, text, &why))
		return placing_fail(placing, piece, "refused", rule_hint(piece->rule, false),
				    "'%.*s' cannot stand in %s: %s",
				    TEXT_ARG(written(placing, piece)), rule_where(piece->rule),
				    why);
	if (text->len && memchr(text->ptr, '\0', text->len))
		return placing_fail(placing, piece, "refused", NULL,
				    "'%.*s' holds a NUL byte, which cannot stand in %s",
				    TEXT_ARG(written(placing, piece)), rule_where(piece->rule));
	return true;
}

/* ---- scripts ------------------------------------------------------------------------------- */

/* The name in the script of the value of a hole: RB_1 for the first. */
static const char *variable(const struct piece *piece, struct arena *arena)
{
	return arena_format(arena, "RB_%zu", piece->hole + 1);
}

static bool script_value(struct placing *placing, const struct piece *piece, const char **out)
{
	struct value value;
	struct text text;
	if (!placing_value(placing, piece, &value) || !placing_text(placing, piece, value, &text))
		return false;
	if (text.len > PLACE_MAX_VALUE)
		return placing_fail(
			placing, piece, "resource",
			"Give it to the script by stdin:, which has no limit.",
			"'%.*s' has %zu bytes, more than the 102400 that a variable takes",
			TEXT_ARG(written(placing, piece)), text.len);
	*out = arena_copy(placing->arena, text.ptr, text.len);
	return true;
}

bool place_script(const struct place_text *text, const struct expr_scope *scope,
		  struct arena *arena, struct script *script, struct failure *failure)
{
	struct placing placing = { text, scope, arena, failure, false };
	struct buffer out;
	const char **names = arena_array(arena, const char *, text->hole_count + 1);
	const char **values = arena_array(arena, const char *, text->hole_count + 1);
	buffer_init(&out, arena);
	for (size_t i = 0; i < text->piece_count; i++) {
		const struct piece *piece = &text->pieces[i];
		if (piece->hole == NO_HOLE) {
			buffer_add(&out, piece->literal);
			continue;
		}
		names[piece->hole] = variable(piece, arena);
		if (!script_value(&placing, piece, &values[piece->hole]))
			return false;
		buffer_printf(&out, piece->rule == RULE_BARE ? "\"${%s}\"" : "${%s}",
			      names[piece->hole]);
	}
	*script = (struct script){ buffer_string(&out), text->hole_count, names, values };
	return true;
}

/* ---- statements ---------------------------------------------------------------------------- */

static bool parameter(struct placing *placing, const struct piece *piece, struct value *value)
{
	struct text text;
	if (!placing_value(placing, piece, value))
		return false;
	return !value_is(*value, VALUE_STRING) || placing_text(placing, piece, *value, &text);
}

static bool statement(struct placing *placing, const struct unit *unit, struct statement *out)
{
	struct buffer sql;
	struct value *params = arena_array(placing->arena, struct value, unit->count + 1);
	buffer_init(&sql, placing->arena);
	for (size_t i = 0; i < unit->count; i++) {
		const struct piece *piece = &placing->text->pieces[unit->first + i];
		if (piece->hole == NO_HOLE) {
			buffer_add(&sql, piece->literal);
			continue;
		}
		if (!parameter(placing, piece, &params[out->count]))
			return false;
		buffer_printf(&sql, "$%zu", ++out->count);
	}
	out->text = buffer_string(&sql);
	out->params = params;
	out->span = unit->span;
	return true;
}

bool place_statements(const struct place_text *text, const struct expr_scope *scope,
		      struct arena *arena, struct statements *statements, struct failure *failure)
{
	struct placing placing = { text, scope, arena, failure, false };
	struct statement *at = arena_array(arena, struct statement, text->unit_count + 1);
	for (size_t i = 0; i < text->unit_count; i++)
		if (!statement(&placing, &text->units[i], &at[i]))
			return false;
	*statements = (struct statements){ text->unit_count, at };
	return true;
}

/* ---- strings ------------------------------------------------------------------------------- */

bool place_string(const struct place_text *text, const struct expr_scope *scope,
		  struct arena *arena, struct text *string, bool *secret, struct failure *failure)
{
	static bool (*const placers[])(struct placing *, struct buffer *) = {
		[PLACE_URL] = url_place,
		[PLACE_REQUEST] = url_place,
		[PLACE_HEADER] = header_place,
		[PLACE_CONNECTION] = connection_place,
	};
	struct placing placing = { text, scope, arena, failure, false };
	struct buffer out;
	buffer_init(&out, arena);
	if (!placers[text->language](&placing, &out))
		return false;
	buffer_string(&out);
	*string = buffer_text(&out);
	if (secret)
		*secret = placing.secret;
	return true;
}

const char *place_method(const struct place_text *text)
{
	return text->method;
}

const struct expr *place_hole(const struct place_text *text, size_t index)
{
	return index < text->hole_count ? text->holes[index].expr : NULL;
}
