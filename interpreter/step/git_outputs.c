/* What a git step gives: of a repository, and of the tags that a remote lists. */

#include <string.h>

#include "step/git.h"

enum { OUT_HEAD, OUT_BRANCH, OUT_CLEAN, OUT_AHEAD, OUT_BEHIND, OUT_TAG, OUT_LATEST_TAG, OUT_TAGS };

static const struct type_field tag_fields[] = {
	TYPE_FIELD("exists", &type_bool),     TYPE_FIELD("annotated", &type_bool),
	TYPE_FIELD("signed", &type_bool),     TYPE_FIELD("commit", &type_string),
	TYPE_FIELD("on_head", &type_bool),    TYPE_FIELD("on_remote", &type_bool),
	TYPE_FIELD("in_compare", &type_bool),
};
static const struct type_object tag_object = {
	.fields = tag_fields, .count = 7, .closed = true, .what = "field"
};
static const struct type tag_type = {
	.kind = TYPE_OBJECT, .key = &type_string, .item = &type_dyn, .object = &tag_object
};

const struct output git_outputs[] = {
	[OUT_HEAD] = { "head", &type_string, "Commit that is checked out." },
	[OUT_BRANCH] = { "branch", &type_string, "Branch that is checked out; '' when detached." },
	[OUT_CLEAN] = { "clean", &type_bool, "Whether `git status --porcelain` prints nothing." },
	[OUT_AHEAD] = { "ahead", &type_int, "Commits that compare lacks." },
	[OUT_BEHIND] = { "behind", &type_int, "Commits that head lacks." },
	[OUT_TAG] = { "tag", &tag_type,
		      "exists, annotated, signed, commit, on_head, on_remote, in_compare." },
	[OUT_LATEST_TAG] = { "latest_tag", &type_string,
			     "Highest vX.Y.Z or X.Y.Z; '' if there is none." },
	[OUT_TAGS] = { "tags", &type_string_list, "Names of all tags." },
	{ 0 },
};

static const struct remote_tag *remote_find(const struct git_known *known, const char *name)
{
	for (size_t i = 0; name && i < known->remote.count; i++)
		if (strcmp(known->remote.at[i].name, name) == 0)
			return &known->remote.at[i];
	return NULL;
}

static const char *remote_commit(const struct remote_tag *tag)
{
	return tag->commit ? tag->commit : tag->object;
}

static struct value tag_value(const struct git_known *known, struct arena *arena)
{
	const struct remote_tag *remote = remote_find(known, known->tag);
	const struct git_tag_facts *tag = known->facts ? &known->facts->tag : NULL;
	struct value_map_builder map;
	value_map_init(&map, arena);
	value_map_set(&map, "exists", value_bool(tag ? tag->exists : remote != NULL));
	value_map_set(&map, "annotated",
		      value_bool(tag ? tag->annotated : remote && remote->commit));
	value_map_set(&map, "commit",
		      value_cstring(tag      ? tag->commit
				    : remote ? remote_commit(remote)
					     : ""));
	if (tag) {
		value_map_set(&map, "signed", value_bool(tag->is_signed));
		value_map_set(&map, "on_head", value_bool(tag->on_head));
		value_map_set(&map, "in_compare", value_bool(tag->in_compare));
	}
	if (known->listed)
		value_map_set(&map, "on_remote",
			      value_bool(remote && (!tag || strcmp(remote_commit(remote),
								   tag->commit) == 0)));
	return value_map_end(&map);
}

static const char *const *tag_names(const struct git_known *known, size_t *count,
				    struct arena *arena)
{
	if (known->facts) {
		*count = known->facts->tag_count;
		return known->facts->tags;
	}
	const char **names = arena_array(arena, const char *, known->remote.count);
	for (size_t i = 0; i < known->remote.count; i++)
		names[i] = known->remote.at[i].name;
	*count = known->remote.count;
	return names;
}

static struct value tags_value(const struct git_known *known, struct arena *arena)
{
	size_t count;
	const char *const *names = tag_names(known, &count, arena);
	struct value *items = arena_array(arena, struct value, count);
	for (size_t i = 0; i < count; i++)
		items[i] = value_cstring(names[i]);
	return value_list(items, count, arena);
}

struct value git_output(const struct outputs *outputs, size_t index, struct arena *arena)
{
	const struct git_known *known = outputs->data;
	const struct git_facts *facts = known->facts;
	size_t count;
	if (index == OUT_TAG)
		return tag_value(known, arena);
	if (index == OUT_TAGS)
		return tags_value(known, arena);
	if (index == OUT_LATEST_TAG) {
		const char *const *names = tag_names(known, &count, arena);
		return value_cstring(git_latest_tag(names, count));
	}
	if (!facts)
		return value_error(arena, FAIL_EXPRESSION,
				   "'%s' needs 'repo': a remote has only tags",
				   git_outputs[index].name);
	switch (index) {
	case OUT_HEAD:
		return value_cstring(facts->head);
	case OUT_BRANCH:
		return value_cstring(facts->branch);
	case OUT_CLEAN:
		return value_bool(facts->clean);
	case OUT_AHEAD:
		return value_int(facts->ahead);
	default:
		return value_int(facts->behind);
	}
}
