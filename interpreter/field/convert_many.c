/* Members that hold several: codes, strings, pairs. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "field/internal.h"

/* The conversion of one item of a list or map, which points at the item where it was written. */
static struct conversion item_conversion(const struct conversion *conversion, size_t index)
{
	struct conversion item = *conversion;
	item.is_item = true;
	if (conversion->node->kind == NODE_LIST)
		item.node = &conversion->node->items[index];
	else if (conversion->node->kind == NODE_MAP)
		item.node = &conversion->node->entries[index].value;
	return item;
}

/* Items of a list, or one that stands for a list of itself. */
static size_t list_count(struct value value)
{
	return value_is(value, VALUE_LIST) ? value_count(value) : 1;
}

static struct value list_item(struct value value, size_t index)
{
	return value_is(value, VALUE_LIST) ? value_item(value, index) : value;
}

static struct conversion list_conversion(const struct conversion *conversion, struct value value,
					 size_t index)
{
	return value_is(value, VALUE_LIST) ? item_conversion(conversion, index) : *conversion;
}

/* ---- codes --------------------------------------------------------------------------------- */

bool codes_have(const struct codes *codes, int code)
{
	for (size_t i = 0; i < codes->count; i++)
		if (code >= codes->at[i].from && code <= codes->at[i].to)
			return true;
	return false;
}

static bool is_bounded(const struct field *row)
{
	return row->min || row->max;
}

static bool bad_code(const struct conversion *conversion, struct text text, const char *why)
{
	const struct field *row = conversion->row;
	const char *hint = "Write a code (404), a range (200-299), or a list of these.";
	if (is_bounded(row))
		hint = arena_format(conversion->reporter->arena,
				    "Write a code (%d), a range (%d-%d), or a list of these.",
				    (int)row->min, (int)row->min, (int)row->max);
	return field_report(conversion->reporter, conversion->node->span, RB0111, hint,
			    "'%s': '%.*s' %s", conversion->key, TEXT_ARG(text), why);
}

static bool read_range(struct text text, struct code_range *range)
{
	int64_t from, to;
	size_t dash = text_find(text, TEXT("-"), 1);
	if (field_integer(text_slice(text, 0, dash), &from))
		return false;
	to = from;
	if (dash != SIZE_MAX && field_integer(text_slice(text, dash + 1, text.len), &to))
		return false;
	if (from < INT32_MIN || from > INT32_MAX || to < INT32_MIN || to > INT32_MAX)
		return false;
	*range = (struct code_range){ (int)from, (int)to };
	return true;
}

static bool convert_code(const struct conversion *conversion, struct value value,
			 struct code_range *range)
{
	struct text text;
	if (!field_convert_text(conversion, value, &text))
		return false;
	if (!read_range(text, range))
		return bad_code(conversion, text, "is neither a code nor a range");
	if (range->from > range->to)
		return bad_code(conversion, text, "is a range that ends before it begins");
	if (is_bounded(conversion->row) &&
	    (range->from < conversion->row->min || range->to > conversion->row->max))
		return bad_code(conversion, text, "is out of range");
	return true;
}

static int compare_ranges(const void *a, const void *b)
{
	const struct code_range *left = a, *right = b;
	return (left->from > right->from) - (left->from < right->from);
}

/* Sorts, and joins what overlaps or touches. */
static size_t join_ranges(struct code_range *at, size_t count)
{
	size_t last = 0;
	if (count == 0)
		return 0;
	qsort(at, count, sizeof(*at), compare_ranges);
	for (size_t i = 1; i < count; i++)
		if (at[i].from > at[last].to + 1)
			at[++last] = at[i];
		else if (at[i].to > at[last].to)
			at[last].to = at[i].to;
	return last + 1;
}

bool field_convert_codes(const struct conversion *conversion, struct value value, void *member)
{
	size_t count = list_count(value);
	bool good = true;
	struct code_range *at = arena_array(conversion->reporter->arena, struct code_range,
					    count + 1);
	for (size_t i = 0; i < count; i++) {
		struct conversion item = list_conversion(conversion, value, i);
		good &= convert_code(&item, list_item(value, i), &at[i]);
	}
	if (good && count == 0)
		good = field_report(conversion->reporter, conversion->node->span, RB0111,
				    "Leave the key out for the usual codes.",
				    "'%s': an empty list allows no code at all", conversion->key);
	if (good)
		*(struct codes *)member = (struct codes){ join_ranges(at, count), at };
	return good;
}

/* ---- strings ------------------------------------------------------------------------------- */

bool field_convert_strings(const struct conversion *conversion, struct value value, void *member)
{
	size_t count = list_count(value);
	bool good = true;
	const char **at = arena_array(conversion->reporter->arena, const char *, count + 1);
	if (conversion->node->kind == NODE_MAP)
		return field_convert_expected(conversion, value);
	for (size_t i = 0; i < count; i++) {
		struct conversion item = list_conversion(conversion, value, i);
		good &= field_convert_string(&item, list_item(value, i), &at[i]);
	}
	if (good)
		*(struct strings *)member = (struct strings){ count, at };
	return good;
}

/* ---- pairs --------------------------------------------------------------------------------- */

bool field_is_variable(struct text name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char byte = (unsigned char)name.ptr[i];
		if (byte >= 0x80 || !(isalpha(byte) || byte == '_' || (i && isdigit(byte))))
			return false;
	}
	return name.len > 0;
}

bool field_is_header(struct text name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char byte = (unsigned char)name.ptr[i];
		if (byte >= 0x80 || !(isalnum(byte) || (byte && strchr("!#$%&'*+-.^_`|~", byte))))
			return false;
	}
	return name.len > 0;
}

static bool check_name(const struct conversion *conversion, size_t index, struct text name)
{
	bool written = conversion->node->kind == NODE_MAP;
	if (!(conversion->row->flags & FIELD_ENVIRONMENT) || field_is_variable(name))
		return true;
	return field_report(
		conversion->reporter,
		written ? conversion->node->entries[index].key.span : conversion->node->span,
		RB0112, "Letters, digits and '_', and no digit first: [A-Za-z_][A-Za-z0-9_]*.",
		"'%.*s' cannot be the name of an environment variable", TEXT_ARG(name));
}

static bool convert_pair(const struct conversion *conversion, size_t index, struct value map,
			 struct pair *pair)
{
	struct value key, value;
	struct text name;
	const char *why;
	struct conversion item = item_conversion(conversion, index);
	if (!value_entry_at(map, index, conversion->reporter->arena, &key, &value) ||
	    !value_to_text(key, conversion->reporter->arena, &name, &why))
		return field_convert_expected(conversion, map);
	if (!check_name(conversion, index, name) || !field_convert_text(&item, value, &pair->value))
		return false;
	pair->name = arena_copy(conversion->reporter->arena, name.ptr, name.len);
	pair->value = arena_text(conversion->reporter->arena, pair->value);
	pair->secret = value.flags & VALUE_SECRET;
	return true;
}

bool field_convert_pairs(const struct conversion *conversion, struct value value, void *member)
{
	if (!value_is(value, VALUE_MAP) && !value_is(value, VALUE_OBJECT))
		return field_convert_expected(conversion, value);
	size_t count = value_count(value);
	bool good = true;
	struct pair *at = arena_array(conversion->reporter->arena, struct pair, count + 1);
	for (size_t i = 0; i < count; i++)
		good &= convert_pair(conversion, i, value, &at[i]);
	if (good)
		*(struct pairs *)member = (struct pairs){ count, at };
	return good;
}
