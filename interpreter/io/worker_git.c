/* worker_git: a query and its facts, over the worker's wire and back. The reading is git.c's. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/module.h"
#include "io/worker.h"

#define KEY_REPO "repo"
#define KEY_COMPARE "compare"
#define KEY_TAG "tag"

/* The facts as pairs: each row is a member of struct git_facts and the key of its value. The names
 * of tags stand behind them, each with KEY_TAG. */
static const struct {
	const char *key;
	enum { STRING, TRUTH, NUMBER } kind;
	size_t offset;
} members[] = {
	{ "head", STRING, offsetof(struct git_facts, head) },
	{ "branch", STRING, offsetof(struct git_facts, branch) },
	{ "clean", TRUTH, offsetof(struct git_facts, clean) },
	{ "ahead", NUMBER, offsetof(struct git_facts, ahead) },
	{ "behind", NUMBER, offsetof(struct git_facts, behind) },
	{ "tag_exists", TRUTH, offsetof(struct git_facts, tag.exists) },
	{ "tag_annotated", TRUTH, offsetof(struct git_facts, tag.annotated) },
	{ "tag_signed", TRUTH, offsetof(struct git_facts, tag.is_signed) },
	{ "tag_on_head", TRUTH, offsetof(struct git_facts, tag.on_head) },
	{ "tag_in_compare", TRUTH, offsetof(struct git_facts, tag.in_compare) },
	{ "tag_commit", STRING, offsetof(struct git_facts, tag.commit) },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

static const char *string_of(struct text text, struct arena *arena)
{
	return arena_copy(arena, text.ptr, text.len);
}

static const char *optional_string(struct text text, struct arena *arena)
{
	return text.len > 0 ? string_of(text, arena) : NULL;
}

static void put_facts(const struct git_facts *facts, struct worker_message *reply)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		const char *member = (const char *)facts + members[i].offset;
		const char *value = "";

		switch (members[i].kind) {
		case STRING:
			memcpy(&value, member, sizeof(value));
			break;
		case TRUTH:
			value = *(const bool *)member ? "true" : "false";
			break;
		case NUMBER:
			value = arena_format(reply->arena, "%" PRId64,
					     *(const int64_t *)(const void *)member);
			break;
		}
		worker_put(reply, members[i].key, text_of(value));
	}
	for (size_t i = 0; i < facts->tag_count; i++)
		worker_put(reply, KEY_TAG, text_of(facts->tags[i]));
}

static void get_facts(const struct worker_message *reply, struct git_facts *facts)
{
	LIST(const char *) tags = { 0 };

	for (size_t i = 0; i < MEMBERS; i++) {
		char *member = (char *)facts + members[i].offset;
		const char *value = string_of(worker_get(reply, members[i].key), reply->arena);

		switch (members[i].kind) {
		case STRING:
			memcpy(member, &value, sizeof(value));
			break;
		case TRUTH:
			*(bool *)member = strcmp(value, "true") == 0;
			break;
		case NUMBER:
			*(int64_t *)(void *)member = strtoll(value, NULL, 10);
			break;
		}
	}
	for (size_t i = 0; i < reply->pairs.count; i++) {
		const struct worker_pair *pair = &reply->pairs.at[i];

		if (text_is(pair->key, KEY_TAG))
			*list_add(&tags, reply->arena) = string_of(pair->value, reply->arena);
	}
	facts->tags = tags.at;
	facts->tag_count = tags.count;
	facts->latest_tag = git_latest_tag(tags.at, tags.count);
}

bool git_serve(const struct worker_message *request, struct worker_message *reply,
	       struct io_failure *failure)
{
	struct arena *arena = reply->arena;
	struct git_facts facts;
	const struct git_driver *driver;
	const char *error;
	const struct git_query query = {
		.repo = string_of(worker_get(request, KEY_REPO), arena),
		.compare = optional_string(worker_get(request, KEY_COMPARE), arena),
		.tag = optional_string(worker_get(request, KEY_TAG), arena),
	};

	driver = module_open("git", arena, &error);
	if (!driver) {
		io_fail(failure, arena, IO_RESOURCE, "%s", error);
		return false;
	}
	if (!driver->read(&query, arena, &facts, failure))
		return false;
	put_facts(&facts, reply);
	return true;
}

static void answered(void *data, const struct worker_message *reply,
		     const struct io_failure *failure)
{
	struct git_call *git = data;
	struct git_facts facts;

	if (reply)
		get_facts(reply, &facts);
	git->answered(git->data, reply ? &facts : NULL, failure);
}

void git_ask(struct worker *worker, struct git_call *git, struct arena *arena)
{
	git->call = (struct worker_call){
		.service = "git",
		.request = { .arena = arena },
		.timeout = git->timeout,
		.answered = answered,
		.data = git,
	};
	worker_put(&git->call.request, KEY_REPO, text_of(git->query.repo));
	worker_put(&git->call.request, KEY_COMPARE, text_of(git->query.compare));
	worker_put(&git->call.request, KEY_TAG, text_of(git->query.tag));
	worker_ask(worker, &git->call);
}

void git_cancel(struct git_call *git)
{
	worker_cancel(&git->call);
}
