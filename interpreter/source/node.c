/* node: small questions to what was read. */
#include "source/internal.h"

const struct entry *node_entry(const struct node *map, const char *key)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->count; i++) {
		if (text_is(map->entries[i].key.text, key))
			return &map->entries[i];
	}
	return NULL;
}

const struct node *node_get(const struct node *map, const char *key)
{
	const struct entry *entry = node_entry(map, key);

	return entry ? &entry->value : NULL;
}

bool node_is_empty(const struct node *node)
{
	return node->kind == NODE_SCALAR && node->style == STYLE_PLAIN && node->text.len == 0;
}

const char *node_kind_name(const struct node *node)
{
	static const char *const names[] = {
		[NODE_SCALAR] = "text",
		[NODE_LIST] = "list",
		[NODE_MAP] = "map",
	};

	return node_is_empty(node) ? "nothing" : names[node->kind];
}

struct node node_scalar(struct text text, struct span span)
{
	return (struct node){
		.kind = NODE_SCALAR, .style = STYLE_PLAIN, .span = span, .text = text
	};
}
