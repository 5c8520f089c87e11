/* node: small questions to what was read. */
#include "source/internal.h"

const struct node *node_get(const struct node *map, const char *key)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->count; i++) {
		if (text_is(map->entries[i].key.text, key))
			return &map->entries[i].value;
	}
	return NULL;
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

	return names[node->kind];
}

struct node node_scalar(struct text text, struct span span)
{
	return (struct node){
		.kind = NODE_SCALAR, .style = STYLE_PLAIN, .span = span, .text = text
	};
}
