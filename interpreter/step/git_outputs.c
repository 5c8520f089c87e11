/* What a git step gives: of a repository, and of the tags that a remote lists. */

#include <string.h>

#include "step/git.h"

enum { OUT_HEAD, OUT_BRANCH, OUT_CLEAN, OUT_AHEAD, OUT_BEHIND, OUT_TAG, OUT_LATEST_TAG, OUT_TAGS };

static const struct type_field tag_fields[] = {
	TYPE_FIELD("exists", &type_bool),    TYPE_FIELD("annotated", &type_bool),
	TYPE_FIELD("signed", &type_bool),    TYPE_FIELD("signer", &type_string),
	TYPE_FIELD("commit", &type_string),  TYPE_FIELD("on_head", &type_bool),
	TYPE_FIELD("on_remote", &type_bool), TYPE_FIELD("in_compare", &type_bool),
};
static const struct type_object tag_object = {
	.fields = tag_fields, .count = 8, .closed = true, .what = "field"
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
	[OUT_TAG] = { "tag", &tag_type, "The tag that is asked about." },
	[OUT_LATEST_TAG] = { "latest_tag", &type_string,
			     "Highest vX.Y.Z or X.Y.Z; '' if there is none." },
	[OUT_TAGS] = { "tags", &type_string_list, "Names of all tags." },
	{ 0 },
};

const struct output git_parts[] = {
	{ "tag.exists", &type_bool, "Whether there is one of this name." },
	{ "tag.annotated", &type_bool, "Whether it is an object of its own, not only a name." },
	{ "tag.signed", &type_bool, "Whether it bears a signature; that alone proves nothing." },
	{ "tag.signer", &type_string,
	  "Whose valid key has signed it: NAME or fingerprint, or ''." },
	{ "tag.commit", &type_string, "Commit that it leads to; '' if that is none." },
	{ "tag.on_head", &type_bool, "Whether that is head." },
	{ "tag.on_remote", &type_bool, "Whether the remote has the same tag: the same object." },
	{ "tag.in_compare", &type_bool, "Whether its commit is of the history of compare." },
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
	if (known->signer)
		value_map_set(&map, "signer", value_cstring(known->signer));
	if (tag) {
		value_map_set(&map, "signed", value_bool(tag->is_signed));
		value_map_set(&map, "on_head", value_bool(tag->on_head));
		value_map_set(&map, "in_compare", value_bool(tag->in_compare));
	}
	if (known->listed)
		value_map_set(
			&map, "on_remote",
			value_bool(remote && (!tag || strcmp(remote->object, tag->object) == 0)));
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

/* ---- what is not to be had ----------------------------------------------------------------- */

#define REMOTE(output, field) \
	{ \
		output, field, \
		{ \
			"repo", NULL, "a remote has only tags", \
				"Clone it, and name the clone: repo: ./shop" \
		} \
	}

static const char hint_compare[] = "Say with what, as: compare: origin/main";

static const struct {
	const char *output, *field; /* field NULL: all of it, and each field */
	struct lack lack;           /* when the fields that it names are not written */
} needs[] = {
	REMOTE("head", NULL),
	REMOTE("branch", NULL),
	REMOTE("clean", NULL),
	REMOTE("ahead", NULL),
	REMOTE("behind", NULL),
	REMOTE("tag", "signed"),
	REMOTE("tag", "signer"),
	REMOTE("tag", "on_head"),
	REMOTE("tag", "on_remote"),
	REMOTE("tag", "in_compare"),
	{ "tag", NULL, { "tag", NULL, NULL, "Say which, as: tag: v1.2.0" } },
	{ "ahead", NULL, { "compare", NULL, NULL, hint_compare } },
	{ "behind", NULL, { "compare", NULL, NULL, hint_compare } },
	{ "tag", "in_compare", { "compare", NULL, NULL, hint_compare } },
	{ "tag", "on_remote", { "remote", NULL, NULL, "Say which, as: remote: origin" } },
	{ "tag",
	  "signer",
	  { "allowed_signers", "keyring", "a signature proves nothing without keys that count",
	    "Name the file of these keys: 'allowed_signers' for SSH, 'keyring' for OpenPGP." } },
};

struct lack git_lacks(const struct bound *bound, struct text output, struct text field)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const struct lack *lack = &needs[i].lack;
		bool about = text_is(output, needs[i].output) &&
			     (!needs[i].field || text_is(field, needs[i].field));
		if (about && !field_node(bound, lack->needs) &&
		    !(lack->other && field_node(bound, lack->other)))
			return *lack;
	}
	return (struct lack){ 0 };
}
