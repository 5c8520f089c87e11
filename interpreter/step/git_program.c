/* Programs that answer for git: git itself, where it needs credentials, agents and the operator's
 * configuration, and those that check signatures. */

#include <string.h>

#include "step/git.h"

#define OUTPUT_MAX (16 << 20) /* bytes of what a program prints */

bool git_program_good(const struct process_end *end)
{
	return end->code == 0 && !end->signaled;
}

struct text git_line(struct text *rest)
{
	size_t end = text_find(*rest, TEXT("\n"), 0);
	struct text line = text_slice(*rest, 0, end);
	*rest = text_slice(*rest, end < rest->len ? end + 1 : rest->len, rest->len);
	return line;
}

/* ---- what it says -------------------------------------------------------------------------- */

/* ssh-keygen ends its lines with two characters. */
static struct text without_returns(struct text bytes, struct arena *arena)
{
	struct buffer out;
	if (text_find(bytes, TEXT("\r\n"), 0) == SIZE_MAX)
		return bytes;
	buffer_init(&out, arena);
	for (size_t i = 0; i < bytes.len; i++)
		if (!text_starts(text_slice(bytes, i, bytes.len), "\r\n"))
			buffer_putc(&out, bytes.ptr[i]);
	return buffer_text(&out);
}

static void on_output(void *data, enum process_stream stream, struct text bytes)
{
	struct question_git *git = data;
	struct git_program *program = &git->program;
	if (stream == PROCESS_STDOUT) {
		captured_add(&program->output, bytes);
		return;
	}
	bytes = without_returns(bytes, git->task->arena);
	struct text kept = text_slice(bytes, 0,
				      sizeof(program->errors.bytes) - program->errors.len);
	memcpy(program->errors.bytes + program->errors.len, kept.ptr, kept.len);
	program->errors.len += kept.len;
	if (!program->quiet)
		task_output(git->task, 2, bytes);
}

struct text git_program_errors(const struct question_git *git)
{
	const struct git_program *program = &git->program;
	struct text text = { program->errors.bytes, program->errors.len };
	while (program->errors.len == sizeof(program->errors.bytes) && text.len > 0 &&
	       text.ptr[text.len - 1] != '\n')
		text.len--;
	return text;
}

/* The line that says why: a fetch that is refused a tag begins with where it fetches from. The
 * others stand below it, as output. */
static struct text telling_line(struct text lines)
{
	static const char *const marks[] = { "fatal: ", "error: ", " ! " };
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		for (struct text rest = lines; rest.len > 0;) {
			struct text line = git_line(&rest);
			if (text_starts(line, marks[i]))
				return text_trim(line);
		}
	return git_line(&lines);
}

/* ---- how it ends --------------------------------------------------------------------------- */

static void on_ended(void *data, const struct process_end *end)
{
	struct question_git *git = data;
	git->program.process = NULL;
	if (end->failure.class != IO_NONE) {
		task_fail_io(git->task, &end->failure, RB0402, value_null());
		return;
	}
	if (end->stopped) {
		const struct outcome outcome = { .status = OUTCOME_CANCELLED,
						 .class = "cancelled" };
		task_finish(git->task, &outcome, value_null());
		return;
	}
	git->program.ended(git, end);
}

static void on_cancel(struct task *task, void *data)
{
	struct git_program *program = &((struct question_git *)data)->program;
	(void)task;
	process_stop(program->process, program->stopping ? 0 : PROCESS_GRACE);
	program->stopping = true;
}

static void must_be_good(struct question_git *git, const struct process_end *end)
{
	struct buffer words;
	if (git_program_good(end)) {
		git->next(git);
		return;
	}
	buffer_init(&words, git->task->arena);
	text_neutralise(&words, telling_line(text_trim(git_program_errors(git))), false);
	task_fail(git->task, "exit", RB0411, value_null(), "%s failed: %s", git->program.doing,
		  buffer_string(&words));
}

/* ---- the start ----------------------------------------------------------------------------- */

/* What tells git of another repository than the one that is asked about: a hook that runs us sets
 * them. */
static bool is_of_a_repository(const char *entry)
{
	static const char *const names[] = { "GIT_DIR=",
					     "GIT_WORK_TREE=",
					     "GIT_COMMON_DIR=",
					     "GIT_INDEX_FILE=",
					     "GIT_OBJECT_DIRECTORY=",
					     "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
					     "GIT_NAMESPACE=",
					     "GIT_PREFIX=" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(entry, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static bool is_set(const struct task *task, const char *name)
{
	for (size_t i = 0; task->env[i]; i++)
		if (strncmp(task->env[i], name, strlen(name)) == 0)
			return true;
	return false;
}

/* No questions; and no transport that starts a program of the repository's choice, as ext::, unless
 * whoever runs us has said which are allowed. */
static const char *const *environment(struct task *task)
{
	size_t count = 0, kept = 0;
	while (task->env[count])
		count++;
	const char **env = arena_array(task->arena, const char *, count + 3);
	for (size_t i = 0; i < count; i++)
		if (!is_of_a_repository(task->env[i]))
			env[kept++] = task->env[i];
	env[kept++] = "GIT_TERMINAL_PROMPT=0";
	if (!is_set(task, "GIT_ALLOW_PROTOCOL="))
		env[kept++] = "GIT_ALLOW_PROTOCOL=ssh:https:http:git:file";
	return env;
}

void git_program_run(struct question_git *git, const char *const *argv, struct text input,
		     const char *doing,
		     void (*ended)(struct question_git *git, const struct process_end *end))
{
	static const struct process_calls calls = { NULL, on_output, on_ended };
	struct git_program *program = &git->program;
	const struct process_args process = {
		.argv = argv,
		.env = environment(git->task),
		.cwd = git->args->repo ? task_path(git->task, git->args->repo) : git->task->cwd,
		.input = input,
		.calls = &calls,
		.data = git,
	};
	program->doing = doing;
	program->ended = ended;
	program->errors.len = 0;
	captured_init(&program->output, "output", OUTPUT_MAX, git->task->arena);
	task_cancel_with(git->task, on_cancel, git);
	program->process = process_start(git->task->services->loop, &process, git->task->arena);
}

void git_run(struct question_git *git, const char *const *argv, const char *doing, git_next *next)
{
	git->next = next;
	git_program_run(git, argv, (struct text){ 0 }, doing, must_be_good);
}
