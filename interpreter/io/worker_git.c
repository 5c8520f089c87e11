/* worker_git: a query and its facts, over the worker's wire and back. The reading is git.c's. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/module.h"
#include "io/worker.h"

#define KEY_REPO "repo"
#define KEY_COMPARE "compare"
#define KEY_TAG "tag"
#define KEY_WANTS "wants"
#define KEY_TRUSTED "trusted"
#define KEY_PAYLOAD "payload"
#define KEY_SIGNATURE "signature"

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
	{ "tag_object", STRING, offsetof(struct git_facts, tag.object) },
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

/* Its bytes are a stranger's: they are read here, where nothing is lost by a mistake. */
static void take_apart(const struct git_query *query, struct git_tag_facts *tag)
{
	struct tag_object object;

	if (!tag_object_read(tag->raw, &object) || !text_is(object.name, query->tag))
		return;
	tag->is_signed = object.signature.len > 0;
	if (!tag->is_signed || !(query->wants & GIT_WANT_SIGNATURE) || tag->raw.len > GIT_TAG_MAX)
		return;
	tag->payload = object.payload;
	tag->signature = object.signature;
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
	worker_put(reply, KEY_PAYLOAD, facts->tag.payload);
	worker_put(reply, KEY_SIGNATURE, facts->tag.signature);
	for (size_t i = 0; i < facts->tag_count; i++)
		worker_put(reply, KEY_TAG, text_of(facts->tags[i]));
}

static void get_facts(const struct worker_message *reply, struct git_facts *facts)
{
	LIST(const char *) tags = { 0 };

	*facts = (struct git_facts){ 0 };
	facts->tag.payload = worker_get(reply, KEY_PAYLOAD);
	facts->tag.signature = worker_get(reply, KEY_SIGNATURE);
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
		.wants = (unsigned)strtoul(string_of(worker_get(request, KEY_WANTS), arena), NULL,
					   10),
		.trusted = worker_get(request, KEY_TRUSTED).len > 0,
	};

	driver = module_open("git", arena, &error);
	if (!driver) {
		io_fail(failure, arena, IO_RESOURCE, "%s", error);
		return false;
	}
	if (!driver->read(&query, arena, &facts, failure))
		return false;
	take_apart(&query, &facts.tag);
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
	worker_put(&git->call.request, KEY_WANTS,
		   text_of(arena_format(arena, "%u", git->query.wants)));
	worker_put(&git->call.request, KEY_TRUSTED, text_of(git->query.trusted ? "yes" : ""));
	worker_ask(worker, &git->call);
}

void git_cancel(struct git_call *git)
{
	worker_cancel(&git->call);
}
