/* git: what a repository says of itself. It answers; what is absent is an answer. */

#include <string.h>

#include "step/git.h"

#define LISTED_MAX (16 << 20) /* bytes of what git prints */

struct git_args {
	const char *repo;
	const char *fetch;
	const char *compare;
	const char *tag;
	const char *remote;
};

static const struct field git_fields[] = {
	PATH(struct git_args, repo, .doc = "A work tree or bare repository, relative to cwd."),
	STRING(struct git_args, fetch, .flags = FIELD_TELLING | FIELD_NO_SECRET,
	       .doc = "Remote that is fetched first: origin."),
	STRING(struct git_args, compare, .flags = FIELD_TELLING,
	       .doc = "Branch, tag or commit to compare with: origin/main."),
	STRING(struct git_args, tag, .flags = FIELD_TELLING, .doc = "Tag to ask about."),
	STRING(struct git_args, remote, .flags = FIELD_TELLING | FIELD_NO_SECRET,
	       .doc = "Remote whose tags are listed (git ls-remote); without repo a URL."),
	{ 0 },
};

/* The steps of one question: fetch, ls-remote, then the worker. */
struct question_git {
	bool stopping; /* its program was asked to end; asked again, it ends at once */
	struct task *task;
	const struct git_args *args;
	struct process *process;
	struct captured output;
	struct tail_text {
		char bytes[512];
		size_t len;
	} errors;
	void (*next)(struct question_git *git);
	const char *doing;
	struct git_call call;
	struct git_known known;
};

/* ---- the worker ---------------------------------------------------------------------------- */

static const struct git_facts *facts_copy(const struct git_facts *facts, struct arena *arena)
{
	struct git_facts *copy = arena_new(arena, struct git_facts);
	const char **tags = arena_array(arena, const char *, facts->tag_count);
	*copy = *facts;
	copy->head = arena_string(arena, facts->head);
	copy->branch = arena_string(arena, facts->branch);
	copy->tag.commit = arena_string(arena, facts->tag.commit);
	copy->latest_tag = arena_string(arena, facts->latest_tag);
	for (size_t i = 0; i < facts->tag_count; i++)
		tags[i] = arena_string(arena, facts->tags[i]);
	copy->tags = tags;
	return copy;
}

static void succeed(struct question_git *git)
{
	const struct outputs outputs = { git_outputs, git_output, &git->known };
	task_succeed(git->task, outputs_object(&outputs, git->task->arena));
}

static void on_answered(void *data, const struct git_facts *facts, const struct io_failure *failure)
{
	struct question_git *git = data;
	if (!facts) {
		const struct io_failure copy = { failure->class, NULL,
						 arena_string(git->task->arena, failure->message) };
		task_fail_io(git->task, &copy, RB0411, value_null());
		return;
	}
	git->known.facts = facts_copy(facts, git->task->arena);
	succeed(git);
}

static void on_cancel_read(struct task *task, void *data)
{
	const struct outcome outcome = { .status = OUTCOME_CANCELLED, .class = "cancelled" };
	struct question_git *git = data;
	git_cancel(&git->call);
	task_finish(task, &outcome, value_null());
}

#define READ_TIMEOUT (60 * NS_PER_S)

static void read_repository(struct question_git *git)
{
	if (!git->args->repo) {
		succeed(git);
		return;
	}
	git->call = (struct git_call){
		.query = { task_path(git->task, git->args->repo), git->args->compare,
			   git->args->tag },
		.timeout = READ_TIMEOUT,
		.answered = on_answered,
		.data = git,
	};
	task_cancel_with(git->task, on_cancel_read, git);
	git_ask(task_worker(git->task), &git->call, git->task->arena);
}

/* ---- git as a program: what needs credentials, agents and the user's configuration --------- */

static void on_git_output(void *data, enum process_stream stream, struct text bytes)
{
	struct question_git *git = data;
	if (stream == PROCESS_STDOUT) {
		captured_add(&git->output, bytes);
		return;
	}
	struct text kept = text_slice(bytes, 0, sizeof(git->errors.bytes) - git->errors.len);
	memcpy(git->errors.bytes + git->errors.len, kept.ptr, kept.len);
	git->errors.len += kept.len;
	task_output(git->task, 2, bytes);
}

/* What it complained with; a line that was cut may end in a part of a secret, which nobody masks.
 */
static struct text whole_lines(const struct question_git *git)
{
	struct text text = { git->errors.bytes, git->errors.len };
	while (git->errors.len == sizeof(git->errors.bytes) && text.len > 0 &&
	       text.ptr[text.len - 1] != '\n')
		text.len--;
	return text;
}

/* The others stand below it, as output. */
static struct text first_line(struct text lines)
{
	return text_slice(lines, 0, text_find(lines, TEXT("\n"), 0));
}

static void on_git_ended(void *data, const struct process_end *end)
{
	struct question_git *git = data;
	struct buffer words;
	if (end->failure.class != IO_NONE) {
		task_fail_io(git->task, &end->failure, RB0411, value_null());
		return;
	}
	if (end->stopped) {
		const struct outcome outcome = { .status = OUTCOME_CANCELLED,
						 .class = "cancelled" };
		task_finish(git->task, &outcome, value_null());
		return;
	}
	if (end->code != 0 || end->signaled) {
		buffer_init(&words, git->task->arena);
		text_neutralise(&words, first_line(text_trim(whole_lines(git))), false);
		task_fail(git->task, "exit", RB0411, value_null(), "git %s failed: %s", git->doing,
			  buffer_string(&words));
		return;
	}
	git->next(git);
}

static void on_cancel_process(struct task *task, void *data)
{
	struct question_git *git = data;
	(void)task;
	process_stop(git->process, git->stopping ? 0 : PROCESS_GRACE);
	git->stopping = true;
}

static const char *const *git_env(struct task *task)
{
	size_t count = 0;
	while (task->env[count])
		count++;
	const char **env = arena_array(task->arena, const char *, count + 2);
	memcpy(env, task->env, count * sizeof(*env));
	env[count] = "GIT_TERMINAL_PROMPT=0";
	return env;
}

static void git_run(struct question_git *git, const char *const *argv, const char *doing,
		    void (*next)(struct question_git *git))
{
	static const struct process_calls calls = { NULL, on_git_output, on_git_ended };
	const struct process_args process = {
		.argv = argv,
		.env = git_env(git->task),
		.cwd = git->args->repo ? task_path(git->task, git->args->repo) : git->task->cwd,
		.calls = &calls,
		.data = git,
	};
	git->doing = doing;
	git->next = next;
	git->errors.len = 0;
	captured_init(&git->output, "output", LISTED_MAX, git->task->arena);
	task_cancel_with(git->task, on_cancel_process, git);
	git->process = process_start(git->task->services->loop, &process, git->task->arena);
}

/* "OID\trefs/tags/NAME" and, below an annotated one, "OID\trefs/tags/NAME^{}". */
static void remote_line(struct question_git *git, struct text line)
{
	struct arena *arena = git->task->arena;
	size_t tab = text_find(line, TEXT("\trefs/tags/"), 0);
	if (tab == SIZE_MAX)
		return;
	struct text oid = text_slice(line, 0, tab);
	struct text name = text_slice(line, tab + strlen("\trefs/tags/"), line.len);
	if (text_ends(name, "^{}")) {
		if (git->known.remote.count)
			git->known.remote.at[git->known.remote.count - 1].commit =
				arena_text(arena, oid).ptr;
		return;
	}
	*list_add(&git->known.remote, arena) = (struct remote_tag){ arena_text(arena, name).ptr,
								    arena_text(arena, oid).ptr,
								    NULL };
}

static void remote_listed(struct question_git *git)
{
	struct text text = buffer_text(&git->output.bytes);
	if (git->output.over) {
		task_fail(git->task, "resource", RB0411, value_null(),
			  "git ls-remote printed more than %d bytes", LISTED_MAX);
		return;
	}
	git->known.listed = true;
	for (size_t from = 0; from < text.len;) {
		size_t end = text_find(text, TEXT("\n"), from);
		remote_line(git, text_slice(text, from, end));
		if (end == SIZE_MAX)
			break;
		from = end + 1;
	}
	read_repository(git);
}

static void list_remote(struct question_git *git)
{
	const char **argv = arena_array(git->task->arena, const char *, 6);
	if (!git->args->remote) {
		read_repository(git);
		return;
	}
	argv[0] = "git";
	argv[1] = "ls-remote";
	argv[2] = "--tags";
	argv[3] = "--";
	argv[4] = git->args->remote;
	git_run(git, argv, "ls-remote", remote_listed);
}

/* What a value brings is held to what a written text is held to. */
static bool remote_is_good(struct task *task, const char *remote)
{
	const char *problem = remote ? git_remote_problem(text_of(remote)) : NULL;
	if (problem)
		task_fail(task, "refused", RB0503, value_null(), "'%s' cannot be a remote: %s",
			  text_shown(text_of(remote), task->arena), problem);
	return !problem;
}

static void git_start(struct task *task, const void *data)
{
	const struct git_args *args = data;
	if (!remote_is_good(task, args->fetch) || !remote_is_good(task, args->remote))
		return;
	struct question_git *git = arena_new(task->arena, struct question_git);
	const char **argv = arena_array(task->arena, const char *, 6);
	*git = (struct question_git){ .task = task, .args = args, .known = { .tag = args->tag } };
	if (!args->fetch) {
		list_remote(git);
		return;
	}
	argv[0] = "git";
	argv[1] = "fetch";
	argv[2] = "--tags";
	argv[3] = "--";
	argv[4] = args->fetch;
	git_run(git, argv, "fetch", list_remote);
}

/* ---- rules --------------------------------------------------------------------------------- */

static bool git_check(const struct bound *bound, struct span span, struct diags *diags)
{
	if (field_node(bound, "repo") || field_node(bound, "remote"))
		return git_check_names(bound, diags);
	diag_at(diags, span, RB0407, "'git' needs 'repo', or 'remote' with a URL");
	diag_hint(diags, "Write: git: . for the repository around the runbook's folder.");
	return false;
}

static const char *git_module(const struct bound *bound)
{
	return field_node(bound, "repo") ? "git" : NULL;
}

extern const struct step_type step_git;

const struct step_type step_git = {
	.name = "git",
	.main = "repo",
	.summary = "Ask a git repository.",
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_READ,
	.fields = git_fields,
	.size = sizeof(struct git_args),
	.outputs = git_outputs,
	.check = git_check,
	.driver = git_module,
	.start = git_start,
	.example = "- git: .\n  assert: [clean]",
};
