/* What a step's mapping is: its verb, its keys, its title and id. */

#include "plan/internal.h"

#define TITLE_MAX 120 /* bytes of the text of a verb */
#define DEFAULT_ID_MAX 64

/* ---- verb ---------------------------------------------------------------------------------- */

/* All verbs that may stand here: the built-in ones and the imported libraries. */
static size_t verb_names(const struct namespace *namespace, const char **names, size_t max)
{
	size_t count = 0;
	for (const struct step_type *const *type = step_types; *type && count < max; type++)
		names[count++] = (*type)->name;
	for (size_t i = 0; i < namespace->uses.count && count < max; i++)
		names[count++] = namespace->uses.at[i].key.ptr;
	return count;
}

static bool verb_twice(struct planner *planner, const struct entry *first,
		       const struct entry *second)
{
	diag_at(planner->diags, second->key.span, RB0212,
		"a step has one verb; this one has '%.*s' and '%.*s'", TEXT_ARG(first->key.text),
		TEXT_ARG(second->key.text));
	diag_note(planner->diags, first->key.span, "the other one");
	diag_hint(planner->diags, "Make two steps of them.");
	return false;
}

static bool verb_find_builtin(struct planner *planner, struct step_build *step)
{
	const struct node *map = step->node.node;
	for (uint32_t i = 0; i < map->count; i++) {
		const struct step_type *type = step_type_find(map->entries[i].key.text);
		if (!type)
			continue;
		if (step->verb)
			return verb_twice(planner, step->verb, &map->entries[i]);
		step->verb = &map->entries[i];
		step->node.type = type;
	}
	return true;
}

static void hint_library_steps(struct planner *planner, const struct library_use *use,
			       struct text name)
{
	const struct map *steps = &use->library->steps;
	const char **names = arena_array(planner->arena, const char *, steps->count + 1);
	struct buffer list;
	size_t dot = text_find(name, TEXT("."), 0);
	buffer_init(&list, planner->arena);
	for (size_t i = 0; i < steps->count; i++) {
		names[i] = steps->at[i].key.ptr;
		buffer_printf(&list, "%s%s.%s", i ? ", " : "", use->name, names[i]);
	}
	const char *nearest = text_nearest(
		text_slice(name, dot == SIZE_MAX ? name.len : dot + 1, name.len), names,
		steps->count);
	if (nearest)
		diag_hint(planner->diags, "did you mean '%s.%s'?", use->name, nearest);
	else
		diag_hint(planner->diags, "It has %s.", buffer_string(&list));
}

static bool verb_find_library(struct planner *planner, struct step_build *step)
{
	const struct node *map = step->node.node;
	for (uint32_t i = 0; i < map->count; i++) {
		const struct entry *entry = &map->entries[i];
		const struct library_use *use;
		const struct library_step *found = library_step_find(&step->room.namespace->uses,
								     entry->key.text, &use);
		if (use && !found) {
			diag_at(planner->diags, entry->key.span, RB0213,
				"library '%s' has no step '%.*s'", use->name,
				TEXT_ARG(entry->key.text));
			hint_library_steps(planner, use, entry->key.text);
			return false;
		}
		if (!found)
			continue;
		if (step->verb)
			return verb_twice(planner, step->verb, entry);
		step->verb = entry;
		step->library = found;
		step->use = use;
	}
	return true;
}

static void key_unknown(struct planner *planner, const struct step_build *step,
			const struct node *key);

/* Beside 'assert' a step needs no verb; a key may be a verb that was meant all the same. */
static bool is_meant_as_verb(const struct step_build *step, struct text key,
			     const char *const *verbs, size_t count)
{
	const char *keys[128];
	size_t key_count = step_key_names(keys, false);
	bool meant = verb_is_meant(key, verbs, count);
	bool near_key = text_nearest(key, keys, key_count);
	return node_get(step->node.node, "assert") ? meant && !near_key : meant || !near_key;
}

static bool verb_required(struct planner *planner, const struct step_build *step)
{
	const struct node *map = step->node.node;
	const char *names[128];
	if (step->verb)
		return true;
	size_t count = verb_names(step->room.namespace, names, 128);
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *key = &map->entries[i].key;
		if (step_is_key(key->text) || !is_meant_as_verb(step, key->text, names, count))
			continue;
		if (step->room.namespace->lacks_verbs && !verb_is_meant(key->text, names, count))
			return false; /* the import that could not be read may have it */
		diag_at(planner->diags, key->span, RB0213, "unknown verb '%.*s'",
			TEXT_ARG(key->text));
		verb_hint(planner, key->text, names, count);
		return false;
	}
	if (node_get(map, "assert"))
		return true;
	for (uint32_t i = 0; i < map->count; i++)
		if (!step_is_key(map->entries[i].key.text)) {
			key_unknown(planner, step, &map->entries[i].key);
			return false;
		}
	diag_at(planner->diags, map->span, RB0212, "the step has no verb");
	diag_hint(planner->diags,
		  "Give it one (run, shell, sql, http, git, file, write, "
		  "download, wait, say, approve, manual, call, group, parallel), or 'assert'.");
	return false;
}

bool verb_find(struct planner *planner, struct step_build *step)
{
	if (!verb_find_builtin(planner, step))
		return false;
	if (!step->verb && !verb_find_library(planner, step))
		return false;
	return verb_required(planner, step);
}

/* ---- keys ---------------------------------------------------------------------------------- */

static bool is_field(const struct step_build *step, struct text key)
{
	if (step->library)
		return input_find(step->library->inputs.at, step->library->inputs.count, key) !=
		       NULL;
	for (const struct field *row = step->node.type ? step->node.type->fields : NULL;
	     row && row->name; row++)
		if (text_is(key, row->name))
			return true;
	return false;
}

static void key_unknown(struct planner *planner, const struct step_build *step,
			const struct node *key)
{
	const char *names[128] = { 0 };
	const char *what = step->verb ? arena_text(planner->arena, step->verb->key.text).ptr
				      : "a step";
	size_t count = step_key_names(names, step->node.kind == PLAN_GROUP);
	for (const struct field *row = step->node.type ? step->node.type->fields : NULL;
	     row && row->name && count < 127; row++)
		names[count++] = row->name;
	for (size_t i = 0; step->library && i < step->library->inputs.count && count < 127; i++)
		names[count++] = step->library->inputs.at[i].name;
	diag_at(planner->diags, key->span, RB0101, "unknown key '%.*s' in %s", TEXT_ARG(key->text),
		what);
	field_hint_key(planner->diags, key, what, names, key_elsewhere);
}

/* What stands inside the map form of group and call; other verbs' fields are read by their table.
 */
static void inner_keys_check(struct planner *planner, const struct step_build *step)
{
	const struct node *map = &step->verb->value;
	bool structure = step->node.kind == PLAN_GROUP || step->node.kind == PLAN_CALL;
	for (uint32_t i = 0; structure && map->kind == NODE_MAP && i < map->count; i++)
		if (!is_field(step, map->entries[i].key.text))
			key_unknown(planner, step, &map->entries[i].key);
}

/* In the map form a verb's fields stand inside; in the scalar form beside. */
void keys_check(struct planner *planner, const struct step_build *step)
{
	const struct node *map = step->node.node;
	bool inside = step->verb && step->verb->value.kind == NODE_MAP;
	bool structure = step->node.kind == PLAN_GROUP;
	if (step->verb)
		inner_keys_check(planner, step);
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *key = &map->entries[i].key;
		if (step->verb && key == &step->verb->key)
			continue;
		if (structure ? structure_is_key(key->text) : step_is_key(key->text))
			continue;
		if (is_field(step, key->text)) {
			if (!inside)
				continue;
			diag_at(planner->diags, key->span, RB0101,
				"'%.*s' belongs inside '%.*s: {...}'", TEXT_ARG(key->text),
				TEXT_ARG(step->verb->key.text));
			diag_hint(planner->diags,
				  "Move it there, or give the verb its text and its "
				  "other keys beside it.");
			continue;
		}
		key_unknown(planner, step, key);
	}
}

/* ---- names --------------------------------------------------------------------------------- */

const struct node *step_main(const struct step_build *step)
{
	static const char *const others[] = { "url", "remote", "script" };
	const struct node *value = &step->verb->value;
	if (value->kind != NODE_MAP || !step->node.type || !step->node.type->main)
		return value;
	const struct node *found = node_get(value, step->node.type->main);
	for (size_t i = 0; !found && i < sizeof(others) / sizeof(others[0]); i++)
		found = node_get(value, others[i]);
	return found;
}

/* A scalar as it is; the words of a list side by side, as far as they are scalars. */
static struct text words_of(const struct node *value, struct arena *arena)
{
	struct buffer out;
	if (!value || value->kind == NODE_MAP)
		return (struct text){ 0 };
	if (value->kind == NODE_SCALAR)
		return value->text;
	buffer_init(&out, arena);
	for (uint32_t i = 0; i < value->count && out.len < TITLE_MAX; i++) {
		if (value->items[i].kind != NODE_SCALAR)
			break;
		buffer_puts(&out, i ? " " : "");
		buffer_add(&out, value->items[i].text);
	}
	return buffer_text(&out);
}

static const char *step_title(struct planner *planner, const struct step_build *step)
{
	const struct node *name = node_get(step->node.node, "name");
	if (name && name->kind == NODE_SCALAR && name->text.len > 0)
		return name->text.ptr;
	if (!step->verb)
		return "assert";
	const struct node *value = step_main(step);
	if (step->node.kind == PLAN_GROUP && value && value->kind == NODE_SCALAR)
		return value->text.ptr;
	bool inner = step->node.kind == PLAN_GROUP; /* its list holds steps */
	struct text words = inner ? (struct text){ 0 } : words_of(value, planner->arena);
	if (words.len == 0)
		return arena_text(planner->arena, step->verb->key.text).ptr;
	struct text line = text_slice(words, 0, text_find(words, TEXT("\n"), 0));
	return arena_format(planner->arena, "%.*s %.*s", TEXT_ARG(step->verb->key.text),
			    TEXT_ARG(text_slice(line, 0, TITLE_MAX)));
}

const char *name_fold(struct arena *arena, struct text title)
{
	char id[DEFAULT_ID_MAX];
	size_t len = 0;
	struct text folded;

	if (text_find(title, TEXT("${{"), 0) != SIZE_MAX)
		return NULL;
	for (size_t i = 0; i < title.len && len < sizeof(id); i++) {
		char byte = title.ptr[i];
		if (byte >= 'A' && byte <= 'Z')
			byte = (char)(byte - 'A' + 'a');
		if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
			id[len++] = byte;
		else if (len > 0 && id[len - 1] != '_')
			id[len++] = '_';
	}
	while (len > 0 && id[len - 1] == '_')
		len--;
	folded = (struct text){ id, len };
	if (len == 0 || id[0] < 'a' || id[0] > 'z' || name_is_reserved(folded))
		return NULL;
	return arena_text(arena, folded).ptr;
}

static void id_explicit(struct planner *planner, struct step_build *step, const struct node *id)
{
	struct namespace *namespace = step->room.namespace;
	if (id->kind != NODE_SCALAR) {
		diag_at(planner->diags, id->span, RB0201, "an id is a text; found %s",
			node_kind_name(id));
		diag_hint(planner->diags, "Write: id: NAME");
		return;
	}
	if (!name_check(planner, id, "an id"))
		return;
	struct step_build *twin = map_get(&namespace->ids, id->text);
	step->node.id = id->text.ptr;
	if (twin && node_get(twin->node.node, "id")) {
		diag_at(planner->diags, id->span, RB0214, "id '%s' is used twice", step->node.id);
		diag_note(planner->diags, node_get(twin->node.node, "id")->span, "first used here");
		diag_hint(planner->diags, "Give one of them another id.");
		return;
	}
	if (twin)
		twin->node.id = NULL;
	map_set(&namespace->ids, id->text, step);
}

static void id_default(struct planner *planner, struct step_build *step)
{
	struct namespace *namespace = step->room.namespace;
	const char *id = name_fold(planner->arena, text_of(step->node.title));
	if (!id)
		return;
	struct step_build *twin = map_get(&namespace->ids, text_of(id));
	if (!twin) {
		step->node.id = id;
		map_set(&namespace->ids, text_of(id), step);
		return;
	}
	if (node_get(twin->node.node, "id"))
		return;
	twin->node.id = NULL;
	map_set(&namespace->twins, text_of(id), step);
}

/* Title and id. An id that is written takes the place of a default one. */
void step_name(struct planner *planner, struct step_build *step, bool named)
{
	const struct node *id = node_get(step->node.node, "id");
	step->node.title = step->pattern ? step->pattern->node.title : step_title(planner, step);
	if (!named)
		return;
	if (id)
		id_explicit(planner, step, id);
	else
		id_default(planner, step);
}

/* Once it is known which default ids belong to nobody. What is around a step stands before it. */
void steps_label(struct planner *planner)
{
	for (size_t i = 0; i < planner->nodes.count; i++) {
		struct plan_node *node = &planner->nodes.at[i]->node;
		if (planner->nodes.at[i]->pattern)
			planner->nodes.at[i]->pattern->node.id = node->id;
		int32_t use = node->scope->node;
		const char *around = use == PLAN_NONE ? NULL : planner->nodes.at[use]->node.label;
		if (node->id && use == PLAN_NONE)
			node->label = node->id;
		else if (node->id && around)
			node->label = arena_format(planner->arena, "%s.%s", around, node->id);
	}
}
