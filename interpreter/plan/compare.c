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

static struct text node_written(const struct node *node, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	put_node(&out, node);
	return buffer_text(&out);
}

static bool same_node(const struct node *was, const struct node *now)
{
	struct arena arena;
	arena_init(&arena);
	bool same = text_equal(node_written(was, &arena), node_written(now, &arena));
	arena_done(&arena);
	return same;
}

/* ---- the keys of a step -------------------------------------------------------------------- */

struct key {
	const char *name; /* "run", "http.headers" */
	const struct node *value;
};
struct keys {
	struct key *at;
	size_t count, cap;
};

static void keys_add(struct keys *keys, const char *name, const struct node *value,
		     struct arena *arena)
{
	*list_add(keys, arena) = (struct key){ name, value };
}

/* Those of the mapping of a verb, one by one. */
static void keys_add_verb(struct keys *keys, const struct plan_node *node, const struct entry *verb,
			  struct arena *arena)
{
	for (uint32_t i = 0; i < verb->value.count; i++) {
		const struct entry *entry = &verb->value.entries[i];
		if (node->kind != PLAN_GROUP || !text_is(entry->key.text, "steps"))
			keys_add(keys,
				 arena_format(arena, "%s.%s", verb->key.text.ptr,
					      entry->key.text.ptr),
				 &entry->value, arena);
	}
}

/* The text of a preview is a key of its step. */
static bool is_step(const struct plan_node *node)
{
	return node->kind != PLAN_SECTION && node->kind != PLAN_UNDO && !node->previews;
}

/* A node as its author wrote it, without what stands in it. Of a for_each the items belong to the
 * loop, all else to its pattern. */
static struct keys keys_of(const struct plan_node *node, struct arena *arena)
{
	struct keys keys = { 0 };
	bool step = is_step(node);
	const struct node *map = step && node->node->kind == NODE_MAP ? node->node : NULL;
	for (uint32_t i = 0; map && i < map->count; i++) {
		const struct entry *entry = &map->entries[i];
		struct text key = entry->key.text;
		bool items = text_is(key, "for_each");
		if (text_is(key, "done_when") || items != (node->kind == PLAN_LOOP) ||
		    (node->kind == PLAN_GROUP && text_is(key, "steps")))
			continue;
		if (text_is(key, "undo")) {
			const struct node *after = node_get(&entry->value, "after");
			if (entry->value.kind == NODE_MAP && after)
				keys_add(&keys, "undo.after", after, arena);
		} else if (node->verb && text_is(key, node->verb) &&
			   entry->value.kind == NODE_MAP) {
			keys_add_verb(&keys, node, entry, arena);
		} else {
			keys_add(&keys, key.ptr, &entry->value, arena);
		}
	}
	return keys;
}

struct text plan_written(const struct plan_node *node, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	buffer_printf(&out, "%u%u", node->kind, node->section);
	struct keys keys = keys_of(node, arena);
	for (size_t i = 0; i < keys.count; i++) {
		buffer_printf(&out, "%s:", keys.at[i].name);
		put_node(&out, keys.at[i].value);
	}
	return buffer_text(&out);
}

static const struct node *keys_find(const struct keys *keys, const char *name)
{
	for (size_t i = 0; i < keys->count; i++)
		if (strcmp(keys->at[i].name, name) == 0)
			return keys->at[i].value;
	return NULL;
}

/* ---- which steps --------------------------------------------------------------------------- */

struct comparing {
	const struct plan *was, *now;
	const struct plan_match *match;
	struct plan_changes changes;
	struct map told; /* what is written at one place and used at several */
	struct arena *arena;
};

/* A step of a library is a node for each use; what is written of it is one thing. */
static bool is_told(struct comparing *comparing, const struct plan_change *change)
{
	const struct plan_node *node = change->now ? change->now : change->was;
	if (!node)
		return false;
	const char *place = arena_format(comparing->arena, "%d %s:%u %s", (int)change->kind,
					 node->span.source ? node->span.source->name : "",
					 node->span.from, change->key ? change->key : "");
	return map_set(&comparing->told, text_of(place), comparing) != NULL;
}

static void changes_add(struct comparing *comparing, const struct plan_change *change)
{
	if (!is_told(comparing, change))
		*list_add(&comparing->changes, comparing->arena) = *change;
}

static void compare_lists(struct comparing *comparing, const struct keys *was,
			  const struct keys *now, struct plan_change change)
{
	for (size_t i = 0; i < was->count; i++) {
		change.key = was->at[i].name;
		change.before = was->at[i].value;
		change.after = keys_find(now, change.key);
		if (!change.after || !same_node(change.before, change.after))
			changes_add(comparing, &change);
	}
	change.before = NULL;
	for (size_t i = 0; i < now->count; i++) {
		change.key = now->at[i].name;
		change.after = now->at[i].value;
		if (!keys_find(was, change.key))
			changes_add(comparing, &change);
	}
}

static void compare_keys(struct comparing *comparing, const struct plan_node *was,
			 const struct plan_node *now)
{
	struct keys old = keys_of(was, comparing->arena), young = keys_of(now, comparing->arena);
	compare_lists(comparing, &old, &young,
		      (struct plan_change){ .kind = PLAN_CHANGED, .was = was, .now = now });
}

struct plan_changes plan_changes_of(const struct plan_node *was, const struct plan_node *now,
				    struct arena *arena)
{
	struct comparing comparing = { .arena = arena };
	map_init(&comparing.told, arena);
	compare_keys(&comparing, was, now);
	return comparing.changes;
}

/* Not what comes or goes with a step around it: that is told. */
static bool is_outermost(const struct plan *plan, const struct plan_node *node,
			 const int32_t *other)
{
	if (!is_step(node))
		return false;
	while (node->parent != PLAN_NONE) {
		node = plan->nodes[node->parent];
		if (is_step(node))
			return other[node->slot] != PLAN_NONE;
	}
	return true;
}

/* The step that is new: perhaps it has only left another list. */
static void tell_new(struct comparing *comparing, struct map *gone, const struct plan_node *now)
{
	struct text text = plan_written(now, comparing->arena);
	struct plan_change *was = map_get(gone, text);
	bool moved = was && was->kind == PLAN_REMOVED;
	struct plan_change change = { .kind = moved ? PLAN_MOVED : PLAN_ADDED, .now = now };
	if (moved) {
		change.was = was->was;
		was->kind = PLAN_MOVED;
	}
	changes_add(comparing, &change);
}

static void compare_new(struct comparing *comparing, struct map *gone)
{
	const struct plan *was = comparing->was, *now = comparing->now;
	const struct plan_match *match = comparing->match;
	for (size_t i = 0; i < now->node_count; i++) {
		const struct plan_node *node = now->nodes[i], *older;
		if (match->was[i] == PLAN_NONE) {
			if (is_outermost(now, node, match->was))
				tell_new(comparing, gone, node);
			continue;
		}
		older = was->nodes[match->was[i]];
		struct plan_change moved = { .kind = PLAN_MOVED, .was = older, .now = node };
		if (match->moved[i] && is_step(node))
			changes_add(comparing, &moved);
		compare_keys(comparing, older, node);
	}
}

static void compare_steps(struct comparing *comparing)
{
	const struct plan *was = comparing->was;
	struct plan_changes gone = { 0 };
	struct map by_text;
	map_init(&by_text, comparing->arena);
	for (size_t i = 0; i < was->node_count; i++)
		if (comparing->match->now[i] == PLAN_NONE &&
		    is_outermost(was, was->nodes[i], comparing->match->now))
			*list_add(&gone, comparing->arena) =
				(struct plan_change){ .kind = PLAN_REMOVED, .was = was->nodes[i] };
	for (size_t i = gone.count; i > 0; i--)
		map_set(&by_text, plan_written(gone.at[i - 1].was, comparing->arena),
			&gone.at[i - 1]);
	compare_new(comparing, &by_text);
	for (size_t i = 0; i < gone.count; i++)
		if (gone.at[i].kind == PLAN_REMOVED)
			changes_add(comparing, &gone.at[i]);
}

/* ---- root keys ----------------------------------------------------------------------------- */

/* Keys that say something about the document, or about what comes after its steps. */
static bool is_late(struct text key)
{
	static const char *const keys[] = { "name",     "description", "owner",  "links",
					    "rollback", "outputs",     "timeout" };
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (text_is(key, keys[i]))
			return true;
	return false;
}

/* Their steps are nodes of the plan. */
static bool holds_steps(struct text key)
{
	static const char *const keys[] = { "steps", "preconditions", "verify", "finally" };
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (text_is(key, keys[i]))
			return true;
	return false;
}

static struct node *root_of(const struct source *source, struct arena *arena)
{
	struct node *root = arena_new(arena, struct node);
	struct diags diags;
	diags_init(&diags, arena);
	return yaml_read(source, arena, root, &diags) && root->kind == NODE_MAP ? root : NULL;
}

/* Those of a mapping in the root, one by one, less those that hold steps. */
static void keys_add_map(struct keys *keys, const char *prefix, const struct node *map,
			 struct arena *arena)
{
	for (uint32_t i = 0; map->kind == NODE_MAP && i < map->count; i++)
		if (!holds_steps(map->entries[i].key.text))
			keys_add(keys,
				 arena_format(arena, "%s.%s", prefix, map->entries[i].key.text.ptr),
				 &map->entries[i].value, arena);
}

/* Of a step that a library gives what its uses stand on; one that only one of them gives is told
 * where it is used. */
static void keys_add_library(struct keys *keys, const struct node *steps, const struct node *other,
			     struct arena *arena)
{
	for (uint32_t i = 0; steps->kind == NODE_MAP && i < steps->count; i++) {
		const char *name = steps->entries[i].key.text.ptr;
		if (other && other->kind == NODE_MAP && node_get(other, name))
			keys_add_map(keys, arena_format(arena, "steps.%s", name),
				     &steps->entries[i].value, arena);
	}
}

static struct keys root_keys(const struct node *root, const struct node *other, struct arena *arena)
{
	struct keys keys = { 0 };
	for (uint32_t i = 0; i < root->count; i++) {
		const struct entry *entry = &root->entries[i];
		if (text_is(entry->key.text, "rollback") && entry->value.kind == NODE_MAP)
			keys_add_map(&keys, "rollback", &entry->value, arena);
		else if (text_is(entry->key.text, "steps") && node_get(root, "library"))
			keys_add_library(&keys, &entry->value, node_get(other, "steps"), arena);
		else if (!holds_steps(entry->key.text))
			keys_add(&keys, entry->key.text.ptr, &entry->value, arena);
	}
	return keys;
}

/* Of a library or fragment all counts that does not only describe it. */
static bool counts_for_all(const struct node *root, const char *key)
{
	size_t dot = text_find(text_of(key), TEXT("."), 0);
	struct text first = text_slice(text_of(key), 0, dot);
	bool describes = text_is(first, "name") || text_is(first, "description");
	return node_get(root, "runbook") ? !is_late(first) : !describes;
}

static void compare_roots(struct comparing *comparing, const struct source *was,
			  const struct source *now)
{
	struct node *before = root_of(was, comparing->arena);
	struct node *after = root_of(now, comparing->arena);
	if (!before || !after)
		return;
	struct keys old = root_keys(before, after, comparing->arena);
	struct keys young = root_keys(after, before, comparing->arena);
	size_t from = comparing->changes.count;
	compare_lists(comparing, &old, &young,
		      (struct plan_change){ .kind = PLAN_CHANGED, .source = now });
	for (size_t i = from; i < comparing->changes.count; i++)
		comparing->changes.at[i].all = counts_for_all(before, comparing->changes.at[i].key);
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

struct plan_changes plan_changes(const struct plan *was, const struct plan *now,
				 const struct plan_match *match, struct arena *arena)
{
	struct comparing comparing = { .was = was, .now = now, .match = match, .arena = arena };
	map_init(&comparing.told, arena);
	compare_steps(&comparing);
	for (size_t i = 0; i < was->document_count; i++) {
		const struct source *old = was->documents[i];
		const struct source *young = i == 0 ? now->documents[0] : document_of(now, old);
		if (young && !text_equal(old->text, young->text))
			compare_roots(&comparing, old, young);
	}
	return comparing.changes;
}
