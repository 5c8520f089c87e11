/* run and shell: a process, with its output and its exit code. */

#include <string.h>

#include "base/list.h"
#include "step/internal.h"

struct command_args {
	struct words command;
	struct script script;
	const char *interpreter;
	struct codes exit;
	const char *input;
	int64_t max_output;
};

#define EXIT_ROW \
	CODES(struct command_args, exit, .dflt = "0", .min = 0, .max = 255, \
	      .doc = "Exit codes that count as success: 0, 0-3, or a list.")
#define INPUT_ROW \
	FIELD_AS(FIELD_STRING, const char *, struct command_args, input, "stdin", \
		 .doc = "Text for its standard input; default: none.")
#define MAX_OUTPUT_ROW \
	SIZE(struct command_args, max_output, .dflt = "1MiB", .min = 1, .max = 64 << 20, \
	     .doc = "Longer output is kept in the log only.")

static const struct field run_fields[] = {
	WORDS(struct command_args, command, .flags = FIELD_REQUIRED | FIELD_STARTS,
	      .doc = "One command: words, without a shell; or a list of words."),
	EXIT_ROW,
	INPUT_ROW,
	MAX_OUTPUT_ROW,
	{ 0 },
};

static const struct field shell_fields[] = {
	SCRIPT(struct command_args, script, .flags = FIELD_REQUIRED, .interpreter = "interpreter",
	       .doc = "A script; values reach it through its environment."),
	STRING(struct command_args, interpreter, .flags = FIELD_LITERAL | FIELD_STARTS,
	       .dflt = "/bin/sh -eu",
	       .doc = "The program that reads it; bash means bash -euo pipefail."),
	EXIT_ROW,
	INPUT_ROW,
	MAX_OUTPUT_ROW,
	{ 0 },
};

enum { OUT_EXIT_CODE, OUT_STDOUT, OUT_STDERR, OUT_TEXT, OUT_LINES, OUT_JSON };

static const struct output command_outputs[] = {
	[OUT_EXIT_CODE] = { "exit_code", &type_int, "The exit code." },
	[OUT_STDOUT] = { "stdout", &type_string, "All of standard output." },
	[OUT_STDERR] = { "stderr", &type_string, "All of standard error." },
	[OUT_TEXT] = { "text", &type_string, "Standard output less trailing line ends." },
	[OUT_LINES] = { "lines", &type_string_list, "Standard output line by line; [] of none." },
	[OUT_JSON] = { "json", &type_dyn, "Standard output as JSON." },
	{ 0 },
};

/* One command that runs. */
struct command {
	bool stopping; /* asked to end; asked again, it ends at once */
	struct task *task;
	const struct command_args *args;
	struct process *process;
	struct captured streams[2];
	int exit_code;
};

static struct value command_output(const struct outputs *outputs, size_t index, struct arena *arena)
{
	const struct command *command = outputs->data;
	const struct captured *out = &command->streams[PROCESS_STDOUT];
	switch (index) {
	case OUT_EXIT_CODE:
		return value_int(command->exit_code);
	case OUT_STDOUT:
		return captured_string(out, arena);
	case OUT_STDERR:
		return captured_string(&command->streams[PROCESS_STDERR], arena);
	case OUT_TEXT:
		return captured_text(out, arena);
	case OUT_LINES:
		return captured_lines(out, arena);
	default:
		return captured_json(out, arena);
	}
}

/* ---- the process --------------------------------------------------------------------------- */

static void on_spawned(void *data, pid_t pid, uint64_t started)
{
	struct command *command = data;
	task_spawned(command->task, pid, started);
}

static void on_output(void *data, enum process_stream stream, struct text bytes)
{
	struct command *command = data;
	captured_add(&command->streams[stream], bytes);
	task_output(command->task, stream == PROCESS_STDOUT ? 1 : 2, bytes);
}

static void left_add(struct task *task, struct outcome *outcome, const struct process_end *end)
{
	for (size_t i = 0; i < end->left_count; i++)
		outcome_line_add(task, outcome, "note", "left behind: %s (pid %d)",
				 end->left[i].name, (int)end->left[i].pid);
	if (end->output_open)
		outcome_line_add(task, outcome, "note",
				 "something still held its output when it ended");
}

/* What goes on with an output that nobody reads any more ends when it writes, and silently. */
static const char *left_warning(struct task *task, const struct process_end *end)
{
	if (!end->output_open)
		return NULL;
	if (end->left_count == 0)
		return "something still held the output of the command when it ended";
	return arena_format(task->arena,
			    "%s (pid %d) was left running, and its output is closed: it dies when "
			    "it writes",
			    end->left[0].name, (int)end->left[0].pid);
}

static void on_ended(void *data, const struct process_end *end)
{
	struct command *command = data;
	struct task *task = command->task;
	const struct outputs object = { command_outputs, command_output, command };
	struct outcome outcome = { .status = OUTCOME_SUCCEEDED };
	if (end->failure.class != IO_NONE) {
		task_fail_io(task, &end->failure, RB0402, value_null());
		return;
	}
	command->exit_code = end->signaled ? 128 + end->code : end->code;
	left_add(task, &outcome, end);
	outcome.warning = left_warning(task, end);
	if (end->stopped) { /* also where it answers the signal with a good exit code */
		outcome.status = OUTCOME_CANCELLED;
		outcome.class = "cancelled";
	} else if (end->signaled) {
		outcome.status = OUTCOME_FAILED;
		outcome.class = "signal";
		outcome.code = RB0404;
		outcome.message = arena_format(
			task->arena, "the command was ended by SIG%s%s",
			sigabbrev_np(end->code) ? sigabbrev_np(end->code) : "?",
			end->code == 9 && !end->killed ? " (out of memory?)" : "");
	} else if (!codes_have(&command->args->exit, end->code)) {
		outcome.status = OUTCOME_FAILED;
		outcome.class = "exit";
		outcome.code = RB0403;
		outcome.message = "unexpected exit code";
		outcome.expected = codes_text(&command->args->exit, task->arena);
		outcome.actual = arena_format(task->arena, "%d", end->code);
	}
	task_finish(task, &outcome, outputs_object(&object, task->arena));
}

static const struct process_calls calls = { on_spawned, on_output, on_ended };

static void on_cancel(struct task *task, void *data)
{
	struct command *command = data;
	(void)task;
	process_stop(command->process, command->stopping ? 0 : PROCESS_GRACE);
	command->stopping = true;
}

static void command_start(struct task *task, const struct command_args *args,
			  const char *const *argv, const char *const *env)
{
	struct command *command = arena_new(task->arena, struct command);
	*command = (struct command){ .task = task, .args = args };
	captured_init(&command->streams[PROCESS_STDOUT], "stdout", args->max_output, task->arena);
	captured_init(&command->streams[PROCESS_STDERR], "stderr", args->max_output, task->arena);
	const struct process_args process = {
		.argv = argv,
		.env = env,
		.cwd = task->cwd,
		.input = args->input ? text_of(args->input) : (struct text){ 0 },
		.calls = &calls,
		.data = command,
	};
	task_cancel_with(task, on_cancel, command);
	command->process = process_start(task->services->loop, &process, task->arena);
}

static void run_start(struct task *task, const void *data)
{
	const struct command_args *args = data;
	command_start(task, args, args->command.word, task->env);
}

/* ---- shell --------------------------------------------------------------------------------- */

/* The task's environment and the variables that carry the script's values. */
static const char *const *script_env(struct task *task, const struct script *script)
{
	size_t count = 0;
	while (task->env[count])
		count++;
	const char **env = arena_array(task->arena, const char *, count + script->count + 1);
	memcpy(env, task->env, count * sizeof(*env));
	for (size_t i = 0; i < script->count; i++)
		env[count++] = arena_format(task->arena, "%s=%s", script->name[i],
					    script->value[i]);
	return env;
}

/* "/bin/sh -eu" as words; bash by itself gets the flags that make it stop at the first failure. */
static const char *const *interpreter_words(struct task *task, const struct command_args *args)
{
	static const char *const bash[] = { "bash", "-euo", "pipefail", NULL };
	const char *written = args->interpreter;
	LIST(const char *) words = { 0 };
	if (strcmp(written, "bash") == 0)
		for (size_t i = 0; bash[i]; i++)
			*list_add(&words, task->arena) = bash[i];
	else
		for (struct text rest = text_of(written); rest.len > 0;) {
			size_t end = text_find(rest, TEXT(" "), 0);
			struct text word = text_slice(rest, 0, end);
			if (word.len)
				*list_add(&words, task->arena) = arena_text(task->arena, word).ptr;
			rest = end == SIZE_MAX ? TEXT("") : text_slice(rest, end + 1, rest.len);
		}
	*list_add(&words, task->arena) = "-c";
	*list_add(&words, task->arena) = args->script.text;
	*list_add(&words, task->arena) = NULL;
	return words.at;
}

static void shell_start(struct task *task, const void *data)
{
	const struct command_args *args = data;
	command_start(task, args, interpreter_words(task, args), script_env(task, &args->script));
}

extern const struct step_type step_run, step_shell;

const struct step_type step_run = {
	.name = "run",
	.main = "command",
	.summary = "Run one command, without a shell.",
	.previews = true,
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_WRITE,
	.fields = run_fields,
	.size = sizeof(struct command_args),
	.outputs = command_outputs,
	.start = run_start,
	.example = "- run: git status --short",
};

const struct step_type step_shell = {
	.name = "shell",
	.main = "script",
	.summary = "Run a script; values reach it through its environment.",
	.previews = true,
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_WRITE,
	.fields = shell_fields,
	.size = sizeof(struct command_args),
	.outputs = command_outputs,
	.start = shell_start,
	.example = "- shell: |\n    cd build\n    ls -l > list.txt",
};
