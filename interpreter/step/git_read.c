/* What a repository that is here says: the worker reads it. */

#include <string.h>

#include "step/git.h"

#define READ_TIMEOUT (60 * NS_PER_S)

static const struct git_facts *facts_copy(const struct git_facts *facts, struct arena *arena)
{
	struct git_facts *copy = arena_new(arena, struct git_facts);
	const char **tags = arena_array(arena, const char *, facts->tag_count);
	*copy = *facts;
	copy->head = arena_string(arena, facts->head);
	copy->branch = arena_string(arena, facts->branch);
	copy->tag.commit = arena_string(arena, facts->tag.commit);
	copy->tag.object = arena_string(arena, facts->tag.object);
	copy->tag.payload = arena_text(arena, facts->tag.payload);
	copy->tag.signature = arena_text(arena, facts->tag.signature);
	copy->latest_tag = arena_string(arena, facts->latest_tag);
	for (size_t i = 0; i < facts->tag_count; i++)
		tags[i] = arena_string(arena, facts->tags[i]);
	copy->tags = tags;
	return copy;
}

void git_succeed(struct question_git *git)
{
	const struct outputs outputs = { git_outputs, git_output, &git->known };
	task_succeed(git->task, outputs_object(&outputs, git->task->arena));
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void fail(struct question_git *git, const struct io_failure *failure, const char *hint)
{
	struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = io_class_name(failure->class),
		.code = RB0411,
		.message = failure->message,
		.untouched = true,
	};
	if (hint)
		outcome_line_add(git->task, &outcome, "hint", "%s", hint);
	task_finish(git->task, &outcome, value_null());
}

static bool has_code(const struct io_failure *failure, const char *code)
{
	return failure->code && strcmp(failure->code, code) == 0;
}

static void ask(struct question_git *git, bool trusted);

/* "	git config --global --add safe.directory FOLDER", which git advises on standard error. */
static const char *advice(const struct question_git *git)
{
	struct arena *arena = git->task->arena;
	struct text rest = git_program_errors(git);
	struct buffer words;
	while (rest.len > 0) {
		struct text line = text_trim(git_line(&rest));
		if (!text_starts(line, "git config "))
			continue;
		buffer_init(&words, arena);
		text_neutralise(&words, line, false);
		return arena_format(arena, "If you trust it, run: %s", buffer_string(&words));
	}
	return "If you trust it, add it to git's safe.directory, or run as its owner.";
}

/* The worker sees no configuration but the repository's. Whether the operator trusts it git knows:
 * from safe.directory, or because sudo was used by its owner. */
static void on_owner_asked(struct question_git *git, const struct process_end *end)
{
	const struct io_failure failure = {
		.class = IO_PERMISSION,
		.message = arena_format(git->task->arena,
					"the repository of '%s' belongs to another user",
					task_path(git->task, git->args->repo)),
	};
	git->program.quiet = false;
	if (git_program_good(end))
		ask(git, true);
	else
		fail(git, &failure, advice(git));
}

static void ask_about_owner(struct question_git *git)
{
	static const char *const argv[] = { "git", "rev-parse", "--git-dir", NULL };
	git->program.quiet = true;
	git_program_run(git, argv, (struct text){ 0 }, "git rev-parse", on_owner_asked);
}

/* ---- the question -------------------------------------------------------------------------- */

static void on_answered(void *data, const struct git_facts *facts, const struct io_failure *failure)
{
	struct question_git *git = data;
	struct arena *arena = git->task->arena;
	if (facts) {
		git->known.facts = facts_copy(facts, arena);
		git_verify(git);
		return;
	}
	if (has_code(failure, GIT_CODE_OWNER) && !git->call.query.trusted) {
		ask_about_owner(git);
		return;
	}
	const struct io_failure copy = { failure->class, NULL,
					 arena_string(arena, failure->message) };
	fail(git, &copy,
	     has_code(failure, GIT_CODE_SHALLOW)
		     ? arena_format(arena, "Fetch the rest of it: git -C %s fetch --unshallow",
				    git->args->repo)
		     : NULL);
}

static void on_cancel(struct task *task, void *data)
{
	const struct outcome outcome = { .status = OUTCOME_CANCELLED, .class = "cancelled" };
	struct question_git *git = data;
	git_cancel(&git->call);
	task_finish(task, &outcome, value_null());
}

static unsigned wants(const struct task *task)
{
	static const struct {
		const char *output, *field;
		unsigned want;
	} rows[] = {
		{ "clean", NULL, GIT_WANT_CLEAN },
		{ "ahead", NULL, GIT_WANT_DISTANCE },
		{ "behind", NULL, GIT_WANT_DISTANCE },
		{ "tag", "in_compare", GIT_WANT_IN_COMPARE },
		{ "tag", "signer", GIT_WANT_SIGNATURE },
		{ "latest_tag", NULL, GIT_WANT_TAGS },
		{ "tags", NULL, GIT_WANT_TAGS },
	};
	unsigned all = 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (task_asked(task, rows[i].output, rows[i].field))
			all |= rows[i].want;
	return all;
}

static void ask(struct question_git *git, bool trusted)
{
	git->call = (struct git_call){
		.query = { .repo = task_path(git->task, git->args->repo),
			   .compare = git->args->compare,
			   .tag = git->args->tag,
			   .wants = wants(git->task),
			   .trusted = trusted },
		.timeout = READ_TIMEOUT,
		.answered = on_answered,
		.data = git,
	};
	task_cancel_with(git->task, on_cancel, git);
	git_ask(task_worker(git->task), &git->call, git->task->arena);
}

void git_read_repository(struct question_git *git)
{
	if (git->args->repo)
		ask(git, false);
	else
		git_succeed(git);
}
