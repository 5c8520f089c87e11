/* What of a plan is another thing in a later plan of the same document. */

#include "plan/internal.h"

/* ---- what is written ----------------------------------------------------------------------- */

static void put_node(struct buffer *out, const struct node *node);

/* With its length, so that no two nodes give the same text. */
static void put_scalar(struct buffer *out, const struct node *node)
{
	buffer_printf(out, "%u%zu:", (unsigned)(node->style != 0), node->text.len);
	buffer_add(out, node->text);
}

static void put_entry(struct buffer *out, const struct entry *entry)
{
	put_scalar(out, &entry->key);
	put_node(out, &entry->value);
}

static void put_node(struct buffer *out, const struct node *node)
{
	switch ((enum node_kind)node->kind) {
	case NODE_SCALAR:
		put_scalar(out, node);
		break;
	case NODE_LIST:
		buffer_printf(out, "[%u", node->count);
		for (uint32_t i = 0; i < node->count; i++)
			put_node(out, &node->items[i]);
		break;
	case NODE_MAP:
		buffer_printf(out, "{%u", node->count);
		for (uint32_t i = 0; i < node->count; i++)
			put_entry(out, &node->entries[i]);
		break;
	}
}

/* Steps that stand in a step are nodes of their own. */
static bool holds_steps(const struct plan_node *node, struct text key)
{
	return text_is(key, "undo") || text_is(key, "done_when") ||
	       (node->kind == PLAN_GROUP && text_is(key, "steps"));
}

/* A node as its author wrote it, without what stands in it. */
static struct text own_text(const struct plan_node *node, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	buffer_printf(&out, "%u%u%u", node->kind, node->section, (unsigned)node->undo_any);
	bool step = node->kind != PLAN_SECTION && node->kind != PLAN_UNDO;
	const struct node *map = step && node->node->kind == NODE_MAP ? node->node : NULL;
	for (uint32_t i = 0; map && i < map->count; i++) {
		const struct entry *entry = &map->entries[i];
		bool verb = node->kind == PLAN_GROUP && entry->value.kind == NODE_MAP;
		if (holds_steps(node, entry->key.text))
			continue;
		if (!verb)
			put_entry(&out, entry);
		for (uint32_t k = 0; verb && k < entry->value.count; k++)
			if (!holds_steps(node, entry->value.entries[k].key.text))
				put_entry(&out, &entry->value.entries[k]);
	}
	return buffer_text(&out);
}

static bool same_node(const struct plan_node *was, const struct plan_node *now)
{
	struct arena arena;
	arena_init(&arena);
	bool same = was->parent == now->parent && strcmp(was->path, now->path) == 0 &&
		    text_equal(own_text(was, &arena), own_text(now, &arena));
	arena_done(&arena);
	return same;
}

bool plan_same_step(const struct plan *was, const struct plan *now, int32_t slot)
{
	return (size_t)slot < now->node_count && same_node(was->nodes[slot], now->nodes[slot]);
}

/* ---- which steps --------------------------------------------------------------------------- */

static bool is_step(const struct plan_node *node)
{
	return node->kind != PLAN_SECTION && node->kind != PLAN_UNDO;
}

/* How often each text is written. */
static void count_texts(const struct plan *plan, struct map *counts, struct arena *arena)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		if (!is_step(plan->nodes[i]))
			continue;
		struct text text = own_text(plan->nodes[i], arena);
		size_t *count = map_get(counts, text);
		if (!count) {
			count = arena_new(arena, size_t);
			map_set(counts, text, count);
		}
		++*count;
	}
}

/* Those of one plan whose text the other one lacks. */
static void list_missing(const struct plan *plan, const struct map *texts, const char *what,
			 struct buffer *out)
{
	struct arena *arena = out->arena;
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = plan->nodes[i];
		size_t *count = is_step(node) ? map_get(texts, own_text(node, arena)) : NULL;
		if (!is_step(node) || (count && *count > 0)) {
			if (count)
				--*count;
			continue;
		}
		buffer_printf(out, "%s%s %s %s", out->len ? "; " : "", what, node->path,
			      node->title);
	}
}

const char *plan_changed_steps(const struct plan *was, const struct plan *now, struct arena *arena)
{
	struct map old, young;
	struct buffer out;
	buffer_init(&out, arena);
	map_init(&old, arena);
	map_init(&young, arena);
	count_texts(was, &old, arena);
	count_texts(now, &young, arena);
	list_missing(was, &young, "was", &out);
	list_missing(now, &old, "is", &out);
	return buffer_string(&out);
}

/* ---- what all steps stand on --------------------------------------------------------------- */

/* Keys that say something about the document, or about what comes after its steps. */
static bool is_late(struct text key)
{
	static const char *const keys[] = { "name",    "description",   "owner",  "links",
					    "steps",   "preconditions", "verify", "rollback",
					    "finally", "outputs",       "timeout" };
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (text_is(key, keys[i]))
			return true;
	return false;
}

static bool root_of(const struct source *source, struct node *root, struct arena *arena)
{
	struct diags diags;
	diags_init(&diags, arena);
	return yaml_read(source, arena, root, &diags) && root->kind == NODE_MAP;
}

static struct text key_text(const struct node *root, const char *key, struct arena *arena)
{
	const struct node *node = node_get(root, key);
	struct buffer out;
	buffer_init(&out, arena);
	if (node)
		put_node(&out, node);
	return buffer_text(&out);
}

/* A key of one root that is another in the other one, or NULL. */
static const char *key_changed(const struct node *was, const struct node *now, bool all,
			       struct arena *arena)
{
	for (uint32_t i = 0; i < was->count; i++) {
		struct text key = was->entries[i].key.text;
		if ((all || !is_late(key)) &&
		    !text_equal(key_text(was, key.ptr, arena), key_text(now, key.ptr, arena)))
			return key.ptr;
	}
	return NULL;
}

static const struct source *document_of(const struct plan *plan, const struct source *like)
{
	for (size_t i = 0; i < plan->document_count; i++) {
		const struct source *source = plan->documents[i];
		bool same = source->path && like->path ? strcmp(source->path, like->path) == 0
						       : strcmp(source->name, like->name) == 0;
		if (same)
			return source;
	}
	return NULL;
}

const char *plan_changed_key(const struct plan *was, const struct plan *now, struct arena *arena)
{
	for (size_t i = 0; i < was->document_count; i++) {
		const struct source *old = was->documents[i];
		const struct source *young = i == 0 ? now->documents[0] : document_of(now, old);
		struct node before, after;
		if (!young || text_equal(old->text, young->text) || !root_of(old, &before, arena) ||
		    !root_of(young, &after, arena))
			continue;
		/* Of a library all counts: its steps are read where they are used. */
		bool all = node_get(&before, "runbook") == NULL;
		const char *key = key_changed(&before, &after, all, arena);
		if (!key)
			key = key_changed(&after, &before, all, arena);
		if (key)
			return arena_format(arena, "'%s' of %s", key, old->name);
	}
	return NULL;
}
