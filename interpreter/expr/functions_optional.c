/* Optionals: cel-go's library. The evaluator does not call or() and orValue() when the left side
 * holds a value, so that their argument is not evaluated. */
#include "expr/functions.h"

FUNCTION(of)
{
	return value_optional(&args[0], call->arena);
}

FUNCTION(none)
{
	return value_optional(NULL, call->arena);
}

/* Whether it is what its type has where nothing was said. A timestamp has no such value. */
static bool is_zero(struct value value)
{
	switch ((enum value_kind)value.kind) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return !value.boolean;
	case VALUE_INT:
	case VALUE_UINT:
	case VALUE_DURATION:
		return value.integer == 0;
	case VALUE_DOUBLE:
		return value.real == 0;
	case VALUE_STRING:
	case VALUE_BYTES:
		return value.len == 0;
	case VALUE_LIST:
	case VALUE_MAP:
	case VALUE_OBJECT:
		return value_count(value) == 0;
	case VALUE_OPTIONAL:
		return !value.optional;
	case VALUE_TIMESTAMP:
	case VALUE_TYPE:
	case VALUE_OPAQUE:
	case VALUE_UNKNOWN:
	case VALUE_ERROR:
		return false;
	}
	return false;
}

FUNCTION(of_non_zero)
{
	return value_optional(is_zero(args[0]) ? NULL : &args[0], call->arena);
}

FUNCTION(held)
{
	struct value item;

	if (!value_held(args[0], &item))
		return function_fail(call, "the optional holds no value");
	return item;
}

FUNCTION(has_value)
{
	return value_bool(args[0].optional);
}

FUNCTION(or_else)
{
	return args[0].optional ? args[0] : args[1];
}

FUNCTION(or_value)
{
	struct value item;

	return value_held(args[0], &item) ? item : args[1];
}

FUNCTION(unwrap)
{
	size_t size = value_count(args[0]);
	struct value *items = arena_array(call->arena, struct value, size);
	size_t kept = 0;
	struct value error;

	if (!function_afford(call, size, &error))
		return error;
	for (size_t i = 0; i < size; i++) {
		struct value item = value_item(args[0], i);

		if (item.kind != VALUE_OPTIONAL)
			return function_fail(call, "the list holds a %s, not an optional",
					     value_type_of(item)->name);
		if (value_held(item, &item))
			items[kept++] = item;
	}
	return value_list(items, kept, call->arena);
}

#define UNWRAP_DOC "What the optionals of a list hold."

const struct function functions_optional[] = {
	PLAIN("optional.of", "(A) -> optional(A)", of, "An optional that holds the value.",
	      "optional.of(1).value() == 1"),
	PLAIN("optional.none", "() -> optional(A)", none, "An optional that holds nothing.",
	      "!optional.none().hasValue()"),
	PLAIN("optional.ofNonZeroValue", "(A) -> optional(A)", of_non_zero,
	      "An optional that holds the value unless that is empty, zero, false or null.",
	      "!optional.ofNonZeroValue('').hasValue()"),
	METHOD("value", "(optional(A)) -> A", held, "What it holds; an error if it holds nothing.",
	       "{'a': 1}[?'a'].value() == 1"),
	METHOD("hasValue", "(optional(A)) -> bool", has_value, "Whether it holds a value.",
	       "{'a': 1}[?'a'].hasValue()"),
	METHOD("or", "(optional(A), optional(A)) -> optional(A)", or_else,
	       "The first of the two that holds a value.",
	       "optional.none().or(optional.of(2)).value() == 2"),
	METHOD("orValue", "(optional(A), A) -> A", or_value,
	       "What it holds, or else the second value.", "{'a': 1}[?'b'].orValue(2) == 2"),
	PLAIN("optional.unwrap", "(list(optional(A))) -> list(A)", unwrap, UNWRAP_DOC,
	      "optional.unwrap([optional.of(1), optional.none()]) == [1]"),
	METHOD("unwrapOpt", "(list(optional(A))) -> list(A)", unwrap, UNWRAP_DOC,
	       "[optional.of(1), optional.none()].unwrapOpt() == [1]"),
	{ 0 },
};
