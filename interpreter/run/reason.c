/* What is told of an assertion that is false: its parts, where its lists and maps differ, and how
 * it came to its value. */

#include <ctype.h>

#include "run/internal.h"

#define VALUE_SHOWN 300     /* bytes of a value */
#define BRIEF_SHOWN 120     /* of one of an assertion that is told on a line */
#define SMALL_SHOWN 60      /* of one inside a line with others */
#define TRACE_MAX 300       /* bytes of an operand that is shown with its values */
#define DIFFERENCES_SHOWN 5 /* places where two values differ */
#define OPERANDS_SHOWN 4
#define FOCUS_NEAR 60   /* bytes of a text whose focus is seen without an excerpt */
#define FOCUS_BEFORE 24 /* bytes that an excerpt shows before it */
#define CUT "\u2026"

struct telling {
	const struct expr *that;
	const struct mask *mask;
	struct arena *arena;
	struct lines *lines;
};

/* ---- values -------------------------------------------------------------------------------- */

static bool is_container(struct value value)
{
	return value_is(value, VALUE_LIST) || value_is(value, VALUE_MAP) ||
	       value_is(value, VALUE_OBJECT) || value_is(value, VALUE_OPTIONAL);
}

/* Of a list or map that only holds a secret, the rest may be shown. */
static bool is_all_secret(struct value value)
{
	return (is_container(value) ? value.aux : value.flags) & VALUE_SECRET;
}

/* Masked before it is cut, so that no part of a secret is left at the end. */
static void put_value(const struct telling *telling, struct buffer *out, struct value value,
		      size_t max)
{
	if (value_is(value, VALUE_ERROR)) {
		buffer_printf(out, "error: %s", value.error->message);
		return;
	}
	if (!is_all_secret(value))
		value = mask_value(telling->mask, value, telling->arena);
	value_show(out, value, max);
}

static void put_typed(const struct telling *telling, struct buffer *out, struct value value,
		      size_t max)
{
	put_value(telling, out, value, max);
	if (!value_is(value, VALUE_NULL) && !value_is(value, VALUE_ERROR) &&
	    !value_is(value, VALUE_UNKNOWN))
		buffer_printf(out, " (%s)", value_type_of(value)->name);
}

/* The first offset at or behind this one where a character begins. */
static size_t character_start(struct text text, size_t at)
{
	while (at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* Of a text that is masked already, what stands around an offset: "...before [ERROR] after". */
static struct value excerpt(const struct telling *telling, struct text text, size_t at)
{
	size_t from = character_start(text, at > FOCUS_BEFORE ? at - FOCUS_BEFORE : 0);
	for (size_t i = from; i < at && i < text.len; i++)
		if (text.ptr[i] == '\n')
			from = i + 1; /* the line in which it stands says most */
	struct buffer out;
	buffer_init(&out, telling->arena);
	buffer_puts(&out, from > 0 ? CUT : "");
	buffer_add(&out, text_slice(text, from, text.len));
	return value_string(buffer_text(&out));
}

/* A text whose focus stands too far behind to be seen is shown from shortly before it. The whole is
 * masked: what stands before the focus is, only to see how far behind it is then. */
static struct value focused(const struct telling *telling, struct value value, size_t from,
			    size_t to)
{
	if (!value_is(value, VALUE_STRING) || is_all_secret(value) || to <= FOCUS_NEAR)
		return value;
	struct text text = value_text(value);
	struct text before = mask_text(telling->mask, text_slice(text, 0, from), telling->arena);
	text = mask_text(telling->mask, text, telling->arena);
	return excerpt(telling, text, before.len < text.len ? before.len : text.len);
}

/* A part of an operand, and what it should have been; both from where they begin to differ. */
static struct value part_of(const struct telling *telling, const struct expr_operand *operand,
			    size_t part)
{
	struct value value = operand->parts[part].value;
	if (part > 0 || !operand->focus.ptr)
		return value;
	size_t from = (size_t)(operand->focus.ptr - value_text(value).ptr);
	return focused(telling, value, from, from + operand->focus.len);
}

static struct value expected_of(const struct telling *telling, const struct expr_operand *operand)
{
	if (!operand->focus.ptr || *operand->wanted)
		return operand->expected;
	size_t from = (size_t)(operand->focus.ptr - value_text(operand->parts[0].value).ptr);
	return focused(telling, operand->expected, from, from);
}

static const char *typed(const struct telling *telling, struct value value, size_t max)
{
	struct buffer out;
	buffer_init(&out, telling->arena);
	put_typed(telling, &out, value, max);
	return buffer_string(&out);
}

static const char *wanted(const struct telling *telling, const struct expr_operand *operand,
			  size_t max)
{
	if (!operand->wanted)
		return NULL;
	return arena_format(telling->arena, "%s%s", operand->wanted,
			    typed(telling, expected_of(telling, operand), max));
}

/* ---- texts --------------------------------------------------------------------------------- */

static struct text text_between(const struct telling *telling, uint32_t from, uint32_t to)
{
	return text_slice(expr_text(telling->that), from, to);
}

/* On one line: what stands in a block has several. */
static void put_line(struct buffer *out, struct text text)
{
	bool indent = false;
	for (size_t i = 0; i < text.len; i++) {
		bool end = text.ptr[i] == '\n';
		if (!indent || (text.ptr[i] != ' ' && !end))
			buffer_putc(out, end ? ' ' : text.ptr[i]);
		indent = end || (indent && text.ptr[i] == ' ');
	}
}

static bool is_name(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!isalnum((unsigned char)text.ptr[i]) && text.ptr[i] != '_')
			return false;
	return text.len > 0 && !isdigit((unsigned char)text.ptr[0]);
}

/* ".name" or "[key]". */
static void put_key(const struct telling *telling, struct buffer *out, struct value key)
{
	if (value_is(key, VALUE_STRING) && !is_all_secret(key)) {
		struct text name = value_text(mask_value(telling->mask, key, telling->arena));
		if (is_name(name)) {
			buffer_putc(out, '.');
			buffer_add(out, name);
			return;
		}
	}
	buffer_putc(out, '[');
	put_value(telling, out, key, SMALL_SHOWN);
	buffer_putc(out, ']');
}

/* ---- lines --------------------------------------------------------------------------------- */

/* What the first part should have been says what the other side was. */
static void tell_parts(const struct telling *telling, const struct expr_operand *operand)
{
	for (size_t i = 0; i < (operand->wanted ? 1 : operand->count); i++) {
		const struct expr_part *part = &operand->parts[i];
		struct buffer out;
		buffer_init(&out, telling->arena);
		put_line(&out, text_between(telling, part->from, part->to));
		buffer_printf(&out, " = %s",
			      typed(telling, part_of(telling, operand, i), VALUE_SHOWN));
		if (operand->wanted)
			buffer_printf(&out, ", expected %s", wanted(telling, operand, VALUE_SHOWN));
		line_add(telling->lines, telling->arena, "value", buffer_string(&out));
	}
}

static void tell_element(const struct telling *telling, const struct expr_element *element)
{
	struct buffer out;
	buffer_init(&out, telling->arena);
	put_line(&out, text_between(telling, element->from, element->to));
	put_key(telling, &out, element->key);
	buffer_printf(&out, " = %s", typed(telling, element->value, VALUE_SHOWN));
	line_add(telling->lines, telling->arena, "element", buffer_string(&out));
}

static void tell_difference(const struct telling *telling,
			    const struct value_difference *difference)
{
	struct buffer out;
	buffer_init(&out, telling->arena);
	for (size_t i = 0; i < difference->depth; i++)
		put_key(telling, &out, difference->path[i]);
	buffer_puts(&out, ": ");
	if (difference->in_left)
		put_typed(telling, &out, difference->left, SMALL_SHOWN);
	else
		buffer_puts(&out, "missing");
	buffer_puts(&out, difference->in_right ? ", expected " : ", not expected");
	if (difference->in_right)
		put_typed(telling, &out, difference->right, SMALL_SHOWN);
	line_add(telling->lines, telling->arena, "differs", buffer_string(&out));
}

static void tell_differences(const struct telling *telling, const struct expr_operand *operand)
{
	struct value_difference first[DIFFERENCES_SHOWN];
	struct value left = operand->parts[0].value;
	if (!operand->wanted || *operand->wanted || !is_container(left) ||
	    !is_container(operand->expected) || is_all_secret(left) ||
	    is_all_secret(operand->expected))
		return;
	size_t count = value_differences(left, operand->expected, telling->arena, first,
					 DIFFERENCES_SHOWN);
	for (size_t i = 0; i < count && i < DIFFERENCES_SHOWN; i++)
		if (first[i].depth > 0)
			tell_difference(telling, &first[i]);
	if (count > DIFFERENCES_SHOWN)
		line_add(telling->lines, telling->arena, "differs",
			 arena_format(telling->arena, "and in %zu more places",
				      count - DIFFERENCES_SHOWN));
}

/* "code == 200  =>  503 == 200  =>  false" */
static void tell_trace(const struct telling *telling, const struct expr_operand *operand)
{
	struct buffer out;
	uint32_t at = operand->from;
	bool bare = operand->parts[0].from == operand->from && operand->parts[0].to == operand->to;
	if (bare || operand->to - operand->from > TRACE_MAX)
		return;
	buffer_init(&out, telling->arena);
	put_line(&out, text_between(telling, operand->from, operand->to));
	buffer_puts(&out, "  =>  ");
	for (size_t i = 0; i < operand->count; i++) {
		put_line(&out, text_between(telling, at, operand->parts[i].from));
		put_value(telling, &out, part_of(telling, operand, i), SMALL_SHOWN);
		at = operand->parts[i].to;
	}
	put_line(&out, text_between(telling, at, operand->to));
	buffer_puts(&out, "  =>  ");
	put_value(telling, &out, operand->value, SMALL_SHOWN);
	line_add(telling->lines, telling->arena, "trace", buffer_string(&out));
}

/* before: the one that was told before it, or NULL. What an element was of needs no showing. */
static void tell_operand(const struct telling *telling, const struct expr_operand *operand,
			 const struct expr_operand *before)
{
	const struct expr_element *told = before ? before->element : NULL;
	if (!told || told->from != operand->parts[0].from)
		tell_parts(telling, operand);
	if (operand->element && operand->element != told)
		tell_element(telling, operand->element);
	tell_differences(telling, operand);
	tell_trace(telling, operand);
}

/* ---- both ways to tell --------------------------------------------------------------------- */

void reason_tell(const struct expr *that, const struct expr_scope *scope, const struct mask *mask,
		 struct arena *arena, struct checked *checked)
{
	const struct telling telling = { that, mask, arena, &checked->lines };
	const struct expr_operand *operands;
	size_t count = expr_explain(that, scope, arena, &operands);

	checked->span = expr_span(that, operands[0].parts[0].from, operands[0].parts[0].to);
	checked->actual = typed(&telling, part_of(&telling, &operands[0], 0), VALUE_SHOWN);
	checked->expected = wanted(&telling, &operands[0], VALUE_SHOWN);
	for (size_t i = 0; i < count && i < OPERANDS_SHOWN; i++)
		tell_operand(&telling, &operands[i], i > 0 ? &operands[i - 1] : NULL);
}

const char *reason_brief(const struct expr *that, const struct expr_scope *scope,
			 const struct mask *mask, struct arena *arena)
{
	const struct telling telling = { that, mask, arena, NULL };
	const struct expr_operand *operands;
	expr_explain(that, scope, arena, &operands);
	const char *actual = typed(&telling, part_of(&telling, &operands[0], 0), BRIEF_SHOWN);
	const char *expected = wanted(&telling, &operands[0], BRIEF_SHOWN);
	return expected ? arena_format(arena, "%s, expected %s", actual, expected) : actual;
}
