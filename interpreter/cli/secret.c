/* Secrets from a variable, a file or a command. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/secret.h"

/* A file and a command end their last line; that line end is not part of the secret. */
static struct text less_line_end(struct text text)
{
	if (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	if (text.len && text.ptr[text.len - 1] == '\r')
		text.len--;
	return text;
}

/* ---- sources ------------------------------------------------------------------------------- */

static bool from_variable(const struct cli *cli, const char *name, const char *variable,
			  struct text *secret)
{
	const char *value = getenv(variable);
	*secret = text_of(value);
	if (value && *value)
		return true;
	cli_complain(cli, NULL, "secret '%s': variable '%s' is not set", name, variable);
	return false;
}

static bool from_file(const struct cli *cli, const char *name, const char *path,
		      struct text *secret)
{
	int error = file_read(AT_FDCWD, path, SECRET_MAX, cli->arena, secret);
	*secret = less_line_end(*secret);
	if (!error && secret->len)
		return true;
	cli_complain(cli, NULL, "secret '%s': cannot read '%s': %s", name, path,
		     error ? strerror(error) : "it is empty");
	return false;
}

/* Words as the verb run reads them, so that an operator has one set of rules to know. */
static bool from_command(const struct cli *cli, const char *name, const char *line,
			 const char *const **command)
{
	static const struct expr_options no_names;
	static const struct expr_scope no_values;
	const struct place_options options = { .expr = &no_names };
	struct diags diags;
	struct failure failure;
	struct words words;
	struct text text = text_of(line);
	diags_init(&diags, cli->arena);
	const struct source *source = source_wrap(arena_format(cli->arena, "--secret %s", name),
						  text, cli->arena);
	struct node node = node_scalar(text, (struct span){ source, 0, (uint32_t)text.len });
	const struct place_text *place = place_read(PLACE_WORDS, &node, &options, cli->arena,
						    &diags);
	cli_print_diags(cli, &diags);
	if (!place)
		return false;
	if (place_words(place, &no_values, cli->arena, &words, &failure) && words.count) {
		*command = words.word;
		return true;
	}
	cli_complain(cli, "Write NAME='cmd:COMMAND WORD...'.", "secret '%s': no command is given",
		     name);
	return false;
}

bool secret_read(const struct cli *cli, const char *name, const char *from, struct text *secret,
		 const char *const **command)
{
	*command = NULL;
	*secret = (struct text){ 0 };
	if (strncmp(from, "env:", 4) == 0)
		return from_variable(cli, name, from + 4, secret);
	if (strncmp(from, "file:", 5) == 0)
		return from_file(cli, name, from + 5, secret);
	if (strncmp(from, "cmd:", 4) == 0)
		return from_command(cli, name, from + 4, command);
	cli_complain(cli,
		     "Write NAME=env:VARIABLE, file:PATH or cmd:COMMAND: a value on a command line "
		     "is seen by 'ps'.",
		     "secret '%s' is not given by a source", name);
	return false;
}

/* ---- a command ----------------------------------------------------------------------------- */

struct run {
	const struct secret_command *command;
	struct arena *arena;
	struct process *process;
	struct buffer out, err;
	bool over, late, stopped;
	const struct process_end *end;
};

static void on_output(void *data, enum process_stream stream, struct text bytes)
{
	struct run *run = data;
	struct buffer *into = stream == PROCESS_STDOUT ? &run->out : &run->err;
	size_t room = run->command->max - into->len;
	buffer_add(into, text_slice(bytes, 0, room));
	if (bytes.len <= room || stream != PROCESS_STDOUT || run->over)
		return;
	run->over = true;
	process_stop(run->process, 0);
}

static void on_ended(void *data, const struct process_end *end)
{
	struct run *run = data;
	run->end = end;
}

static const struct process_calls calls = { .output = on_output, .ended = on_ended };

static void on_late(void *data)
{
	struct run *run = data;
	run->late = true;
	process_stop(run->process, 0);
}

static void on_signal(void *data, int signal)
{
	struct run *run = data;
	if (signal == SIGWINCH)
		return;
	process_stop(run->process, run->stopped ? 0 : PROCESS_GRACE);
	run->stopped = true;
}

/* The last line that it complained with, less what it gave. */
static const char *last_words(const struct run *run)
{
	struct mask *mask = mask_new(run->arena);
	struct buffer shown;
	struct text text = text_trim(buffer_text(&run->err));
	for (size_t i = text.len; i > 0; i--)
		if (text.ptr[i - 1] == '\n') {
			text = text_slice(text, i, text.len);
			break;
		}
	mask_add(mask, text_trim(buffer_text(&run->out)));
	buffer_init(&shown, run->arena);
	buffer_puts(&shown, text.len ? ": " : "");
	text_neutralise(&shown, text_slice(mask_text(mask, text, run->arena), 0, 200), false);
	return buffer_string(&shown);
}

static const char *complaint(const struct run *run)
{
	const struct process_end *end = run->end;
	if (run->stopped)
		return "its command was stopped (cancelled)";
	if (run->late)
		return arena_format(run->arena, "its command took longer than %s (timeout)%s",
				    clock_span(run->command->time, run->arena), last_words(run));
	if (run->over)
		return arena_format(run->arena, "its command gave more than %zu bytes (resource)",
				    run->command->max);
	if (end->failure.class != IO_NONE)
		return arena_format(run->arena, "%s (%s)", end->failure.message,
				    io_class_name(end->failure.class));
	if (end->signaled)
		return arena_format(run->arena, "its command was ended by SIG%s (signal)%s",
				    sigabbrev_np(end->code), last_words(run));
	if (end->code)
		return arena_format(run->arena, "its command ended with %d (exit)%s", end->code,
				    last_words(run));
	return run->out.len ? NULL : "its command gave nothing (not_found)";
}

const char *secret_run(struct loop *loop, const struct secret_command *command, struct arena *arena,
		       struct text *secret)
{
	extern char **environ;
	struct run run = { .command = command, .arena = arena };
	struct timer timer = { .fire = on_late, .data = &run };
	const struct process_args args = { .argv = command->words,
					   .env = (const char *const *)environ,
					   .calls = &calls,
					   .data = &run };
	buffer_init(&run.out, arena);
	buffer_init(&run.err, arena);
	loop_on_signal(loop, on_signal, &run);
	timer_start(&timer, loop, command->time);
	run.process = process_start(loop, &args, arena);
	while (!run.end)
		loop_run_once(loop);
	timer_stop(&timer);
	loop_on_signal(loop, NULL, NULL);
	*secret = less_line_end(buffer_text(&run.out));
	return complaint(&run);
}
