/*
 * From values to members of C structs. A constant passes here when the document is read, a
 * template's value at the attempt: the same rules, the same words.
 */

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "field/internal.h"

bool field_report(struct reporter *reporter, struct span span, enum diag_code code,
		  const char *hint, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *message = arena_vformat(reporter->arena, format, args);
	va_end(args);
	if (reporter->diags) {
		diag_at(reporter->diags, span, code, "%s", message);
		if (hint)
			diag_hint(reporter->diags, "%s", hint);
	} else if (!reporter->failed) {
		*reporter->failure = (struct failure){
			.class = "refused", .message = message, .hint = hint, .span = span
		};
	}
	reporter->failed = true;
	return false;
}

static bool complain(const struct conversion *conversion, enum diag_code code, const char *hint,
		     const char *message)
{
	return field_report(conversion->reporter, conversion->node->span, code, hint, "'%s': %s",
			    conversion->key, message);
}

static const char *found(const struct conversion *conversion, struct value value)
{
	if (value_is(value, VALUE_LIST))
		return "list";
	if (value_is(value, VALUE_MAP) || value_is(value, VALUE_OBJECT))
		return "map";
	if (conversion->node->kind == NODE_SCALAR && value_is(value, VALUE_STRING))
		return "text";
	return value_is(value, VALUE_NULL) ? "null" : value_type_of(value)->name;
}

/* NULL where no document has the text. */
static const char *form(const struct conversion *conversion)
{
	if (!conversion->node->span.source)
		return NULL;
	return field_form(conversion->row, conversion->key, conversion->reporter->arena);
}

static const char *wanted(const struct conversion *conversion)
{
	if (!conversion->is_item)
		return field_kind_name(conversion->row->kind);
	return conversion->row->kind == FIELD_CODES ? "code" : "text";
}

bool field_convert_expected(const struct conversion *conversion, struct value value)
{
	return field_report(conversion->reporter, conversion->node->span, RB0102, form(conversion),
			    "'%s': expected %s; found %s", conversion->key, wanted(conversion),
			    found(conversion, value));
}

/* ---- text ---------------------------------------------------------------------------------- */

bool field_convert_text(const struct conversion *conversion, struct value value, struct text *text)
{
	const char *why;
	if (value_is(value, VALUE_NULL))
		return field_report(conversion->reporter, conversion->node->span, RB0104,
				    conversion->row->flags & FIELD_REQUIRED
					    ? form(conversion)
					    : "Leave the key out if it has no value, or put the "
					      "text in quotes.",
				    "'%s' is empty (null); %s required", conversion->key,
				    wanted(conversion));
	if (conversion->node->kind != NODE_SCALAR)
		return field_convert_expected(conversion, value);
	if (!value_to_text(value, conversion->reporter->arena, text, &why))
		return field_convert_expected(conversion, value);
	if (text->len && memchr(text->ptr, '\0', text->len))
		return complain(conversion, RB0603,
				"Leave it out: nothing can be passed behind it.",
				"a NUL byte cannot stand in this text");
	return true;
}

bool field_convert_string(const struct conversion *conversion, struct value value, void *member)
{
	struct text text;
	if (!field_convert_text(conversion, value, &text))
		return false;
	*(const char **)member = arena_copy(conversion->reporter->arena, text.ptr, text.len);
	return true;
}

bool field_convert_path(const struct conversion *conversion, struct value value, void *member)
{
	struct text text;
	if (!field_convert_text(conversion, value, &text))
		return false;
	if (text.len == 0)
		return complain(conversion, RB0104, "Write '.' for the step's own folder.",
				"a path cannot be empty");
	return field_convert_string(conversion, value, member);
}

/* ---- scalars ------------------------------------------------------------------------------- */

bool field_convert_bool(const struct conversion *conversion, struct value value, void *member)
{
	struct text text;
	if (value_is(value, VALUE_BOOL)) {
		*(bool *)member = value.boolean;
		return true;
	}
	if (!field_convert_text(conversion, value, &text))
		return false;
	if (!text_is(text, "true") && !text_is(text, "false"))
		return field_report(conversion->reporter, conversion->node->span, RB0109,
				    "Write true or false.",
				    "'%s': expected true or false; found '%.*s'", conversion->key,
				    TEXT_ARG(text));
	*(bool *)member = text_is(text, "true");
	return true;
}

/* A number with the largest unit of which it is a multiple; the last unit is 1. */
static const char *bound_text(const struct conversion *conversion, int64_t bound)
{
	static const struct unit {
		int64_t factor;
		const char *name;
	} sizes[] = { { 1 << 20, "MiB" }, { 1, "" } },
	  durations[] = { { 3600 * NS_PER_S, "h" },
			  { NS_PER_S, "s" },
			  { NS_PER_MS, "ms" },
			  { 1, "ns" } },
	  numbers[] = { { 1, "" } };
	const struct unit *unit = conversion->row->kind == FIELD_SIZE       ? sizes
				  : conversion->row->kind == FIELD_DURATION ? durations
									    : numbers;
	while (unit->factor > 1 && (bound < unit->factor || bound % unit->factor != 0))
		unit++;
	return arena_format(conversion->reporter->arena, "%lld%s",
			    (long long)(bound / unit->factor), unit->name);
}

static bool out_of_range(const struct conversion *conversion, struct text text, bool above)
{
	const struct field *row = conversion->row;
	return field_report(conversion->reporter, conversion->node->span, RB0105,
			    arena_format(conversion->reporter->arena, "Allowed are %s to %s.",
					 bound_text(conversion, row->min),
					 bound_text(conversion, row->max)),
			    "'%s' is %.*s, %s %s", conversion->key, TEXT_ARG(text),
			    above ? "larger than the maximum" : "smaller than the minimum",
			    bound_text(conversion, above ? row->max : row->min));
}

/* Stores a number that lies within the row's bounds. */
static bool store_number(const struct conversion *conversion, int64_t number, struct text text,
			 void *member)
{
	const struct field *row = conversion->row;
	bool bounded = row->min || row->max;
	if (bounded && (number < row->min || number > row->max))
		return out_of_range(conversion, text, number > row->max);
	*(int64_t *)member = number;
	return true;
}

/* Whether the value is a number itself. */
static bool is_number(struct value value, int64_t *number)
{
	if (!value_is(value, VALUE_INT) && !value_is(value, VALUE_UINT))
		return false;
	*number = value_is(value, VALUE_UINT) && value.natural > INT64_MAX ? INT64_MAX
									   : value.integer;
	return true;
}

bool field_convert_int(const struct conversion *conversion, struct value value, void *member)
{
	struct text text;
	int64_t number;
	if (!field_convert_text(conversion, value, &text))
		return false;
	if (is_number(value, &number))
		return store_number(conversion, number, text, member);
	const struct field *row = conversion->row;
	int beyond = field_integer(text, &number);
	if (beyond == 0)
		return store_number(conversion, number, text, member);
	if (beyond != 2 && (row->min || row->max))
		return out_of_range(conversion, text, beyond > 0);
	return field_report(conversion->reporter, conversion->node->span, RB0106,
			    "Write decimal digits, with '-' in front if need be.",
			    "'%s': expected an int; found '%.*s'", conversion->key, TEXT_ARG(text));
}

bool field_convert_number(const struct conversion *conversion, struct value value, void *member)
{
	const struct field *row = conversion->row;
	struct text text;
	double number = value.real;
	if (!field_convert_text(conversion, value, &text))
		return false;
	if (!value_is(value, VALUE_DOUBLE) && !field_number(text, &number))
		return field_report(conversion->reporter, conversion->node->span, RB0106,
				    "Write decimal digits, with a point if need be: 2, 1.5.",
				    "'%s': expected a number; found '%.*s'", conversion->key,
				    TEXT_ARG(text));
	if ((row->min || row->max) && !(number >= (double)row->min && number <= (double)row->max))
		return out_of_range(conversion, text, number > (double)row->max);
	*(double *)member = number;
	return true;
}

bool field_convert_duration(const struct conversion *conversion, struct value value, void *member)
{
	struct text text;
	int64_t ns = value.integer;
	const char *hint = NULL;
	if (!field_convert_text(conversion, value, &text))
		return false;
	const char *wrong = value_is(value, VALUE_DURATION)
				    ? NULL
				    : field_duration(text, conversion->reporter->arena, &ns, &hint);
	if (!wrong)
		return store_number(conversion, ns, text, member);
	if (!strcmp(wrong, "missing unit"))
		return field_report(conversion->reporter, conversion->node->span, RB0107, hint,
				    "'%s': missing unit; write %.*ss", conversion->key,
				    TEXT_ARG(text));
	return field_report(conversion->reporter, conversion->node->span, RB0107, hint,
			    "'%s': %s: '%.*s'", conversion->key, wrong, TEXT_ARG(text));
}

bool field_convert_size(const struct conversion *conversion, struct value value, void *member)
{
	struct text text;
	int64_t bytes;
	const char *hint;
	if (!field_convert_text(conversion, value, &text))
		return false;
	const char *wrong = field_size(text, &bytes, &hint);
	if (wrong)
		return field_report(conversion->reporter, conversion->node->span, RB0108, hint,
				    "'%s': %s: '%.*s'", conversion->key, wrong, TEXT_ARG(text));
	return store_number(conversion, bytes, text, member);
}

/* The nearest one, or one that is the beginning of the word: 'warn' for 'warning'. */
static const char *choice_near(struct text word, const char *const *choices, size_t count)
{
	const char *near = text_nearest(word, choices, count);
	for (size_t i = 0; !near && i < count; i++)
		if (text_starts(word, choices[i]))
			near = choices[i];
	return near;
}

bool field_convert_choice(const struct conversion *conversion, struct value value, void *member)
{
	struct text text;
	struct buffer list;
	size_t count = 0;
	const char *const *choices = conversion->row->choices;
	if (!field_convert_text(conversion, value, &text))
		return false;
	buffer_init(&list, conversion->reporter->arena);
	for (; choices[count]; count++) {
		buffer_printf(&list, "%s%s", count ? ", " : "", choices[count]);
		if (text_is(text, choices[count])) {
			*(int *)member = (int)count;
			return true;
		}
	}
	const char *near = choice_near(text, choices, count);
	const char *hint = form(conversion); /* NULL: nothing is written, an option is given */
	if (near)
		hint = arena_format(conversion->reporter->arena, "did you mean '%s'?", near);
	else if (hint && count > 1)
		hint = "Write one of them.";
	return field_report(conversion->reporter, conversion->node->span, RB0110, hint,
			    "'%s': unknown choice '%.*s'; it %s %s", conversion->key,
			    TEXT_ARG(text), count == 1 ? "can only be" : "is one of",
			    buffer_string(&list));
}

bool field_convert_value(const struct conversion *conversion, struct value value, void *member)
{
	*(struct value *)member = value_copy(value, conversion->reporter->arena);
	return true;
}
