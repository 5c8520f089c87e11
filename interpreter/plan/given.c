/* What a use gives to the inputs of its library step or call: compiled, and held against what the
 * inputs want as far as it is written. */

#include "plan/internal.h"

#define BIT(kind) (1u << (kind))
/* A text is read as the input wants it; of what is not known nothing can be said. */
#define ANYHOW (BIT(TYPE_DYN) | BIT(TYPE_PARAM) | BIT(TYPE_STRING))
#define TEXTUAL \
	(ANYHOW | BIT(TYPE_BOOL) | BIT(TYPE_INT) | BIT(TYPE_UINT) | BIT(TYPE_DOUBLE) | \
	 BIT(TYPE_BYTES) | BIT(TYPE_TIMESTAMP) | BIT(TYPE_DURATION) | BIT(TYPE_OPAQUE))

/* What input_from_value takes: bits of enum type_kind. */
static const unsigned taken[] = {
	[INPUT_STRING] = TEXTUAL,
	[INPUT_INT] = ANYHOW | BIT(TYPE_INT),
	[INPUT_FLOAT] = ANYHOW | BIT(TYPE_DOUBLE) | BIT(TYPE_INT),
	[INPUT_BOOL] = ANYHOW | BIT(TYPE_BOOL),
	[INPUT_DURATION] = ANYHOW | BIT(TYPE_DURATION),
	[INPUT_PATH] = TEXTUAL,
	[INPUT_URL] = ANYHOW,
	[INPUT_LIST] = ANYHOW | BIT(TYPE_LIST),
	[INPUT_MAP] = ANYHOW | BIT(TYPE_MAP) | BIT(TYPE_OBJECT),
	[INPUT_WORDS] = ANYHOW | BIT(TYPE_LIST),
};

static void complain(struct planner *planner, const struct input *input,
		     const struct plan_with *with, const char *why)
{
	diag_at(planner->diags, with->node->span, RB0240, "input '%s' %s", input->name, why);
	diag_note(planner->diags, input->span, "declared here");
	diag_hint(planner->diags, "%s",
		  input->hint
			  ? input->hint
			  : arena_format(planner->arena, "It takes a value of type %s%s.",
					 input_type_names[input->type],
					 input->description ? arena_format(planner->arena, ": %s",
									   input->description)
							    : ""));
}

static void check_type(struct planner *planner, const struct input *input,
		       const struct plan_with *with)
{
	const struct type *type = field_value_type(with->value, planner->arena);
	if (taken[input->type] & BIT(type->kind))
		return;
	complain(planner, input, with,
		 arena_format(planner->arena, "is %s, not %s", type_name(type, planner->arena),
			      input_type_names[input->type]));
}

static void check(struct planner *planner, const struct input *input, const struct plan_with *with)
{
	struct value value;
	bool waits = with->words ? place_hole(with->words, 0) != NULL
				 : field_value_expr(with->value, 0) != NULL;
	if (waits) {
		if (with->value)
			check_type(planner, input, with);
		return;
	}
	if (!with_constant(with, planner->arena, &value))
		return;
	value = input_from_value(input, value, planner->arena);
	if (value_is(value, VALUE_ERROR))
		complain(planner, input, with, value.error->message);
}

static void compile(struct planner *planner, const struct input *input, struct plan_with *with)
{
	static const struct expr_options constants;
	const struct expr_options *names = with->scope ? with->scope->names : &constants;
	struct place_options options = { .expr = names };
	if (input->type == INPUT_WORDS)
		with->words = place_read(PLACE_WORDS, with->node, &options, planner->arena,
					 planner->diags);
	else
		with->value = field_value_read(with->node, names, planner->arena, planner->diags);
	if (with->words || with->value)
		check(planner, input, with);
}

void given_compile(struct planner *planner, struct namespace *inner)
{
	for (size_t i = 0; i < inner->withs.count; i++)
		compile(planner, &inner->scope.inputs[inner->withs.at[i].input],
			&inner->withs.at[i]);
	inner->scope.with = inner->withs.at;
	inner->scope.with_count = inner->withs.count;
}
