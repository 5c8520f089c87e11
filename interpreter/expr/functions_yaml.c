/* yaml.parse: texts of programs in the strict profile of FORMAT.md section 2, as data. */
#include "expr/functions.h"

static struct value convert(const struct node *node, struct arena *arena);

/* Quoted, it is text; else what JSON would say, and text where that says nothing. */
static struct value convert_scalar(const struct node *node, struct arena *arena)
{
	struct json_error error;
	struct value value;

	if (node_is_empty(node) || (node->style == STYLE_PLAIN && text_is(node->text, "~")))
		return value_null();
	if (node->style == STYLE_PLAIN && json_read(node->text, arena, &value, &error) &&
	    value.kind != VALUE_STRING && value.kind != VALUE_LIST && value.kind != VALUE_MAP)
		return value;
	return value_string(node->text);
}

static struct value convert_list(const struct node *node, struct arena *arena)
{
	struct value *items = arena_array(arena, struct value, node->count);

	for (uint32_t i = 0; i < node->count; i++)
		items[i] = convert(&node->items[i], arena);
	return value_list(items, node->count, arena);
}

static struct value convert_map(const struct node *node, struct arena *arena)
{
	struct value_map_builder builder;

	value_map_init(&builder, arena);
	for (uint32_t i = 0; i < node->count; i++)
		value_map_put(&builder, value_string(node->entries[i].key.text),
			      convert(&node->entries[i].value, arena));
	return value_map_end(&builder);
}

/* The reader has seen to the depth. */
static struct value convert(const struct node *node, struct arena *arena)
{
	if (node->kind == NODE_LIST)
		return convert_list(node, arena);
	return node->kind == NODE_MAP ? convert_map(node, arena) : convert_scalar(node, arena);
}

FUNCTION(parse)
{
	const struct source *source;
	struct diags diags;
	struct value error;
	struct node root;

	if (!function_afford(call, args[0].len / 4, &error))
		return error;
	diags_init(&diags, call->arena);
	source = source_from_text("yaml", value_text(args[0]), call->arena, &diags);
	if (source && yaml_read(source, call->arena, &root, &diags))
		return convert(&root, call->arena);
	/* The complaint may quote the text. */
	return function_fail(call, "the text is not YAML in the profile of runbooks%s%s",
			     args[0].flags & VALUE_SECRET ? "" : ": ",
			     args[0].flags & VALUE_SECRET ? "" : diags.first->message);
}

const struct function functions_yaml[] = {
	PLAIN("yaml.parse", "(string) -> dyn", parse,
	      "The value that the YAML means, without tags, anchors and aliases.",
	      "yaml.parse('a: [1, x, \"2\"]') == {'a': [1, 'x', '2']}"),
	{ 0 },
};
