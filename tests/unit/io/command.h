/* command: runs one command in a loop and keeps all that it tells, for the tests of processes. */
#ifndef TESTS_UNIT_IO_COMMAND_H
#define TESTS_UNIT_IO_COMMAND_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "io/io.h"

struct command {
	struct loop *loop;
	struct process *process;
	struct buffer output[2];
	uint64_t bytes;   /* of both outputs */
	bool keeps_bytes; /* else they are only counted */
	pid_t pid;
	uint64_t started;
	int endings; /* how often `ended` was called */
	struct process_end end;
};

static inline void command_spawned(void *data, pid_t pid, uint64_t started)
{
	struct command *command = data;

	assert_int_equal(command->endings, 0);
	command->pid = pid;
	command->started = started;
}

static inline void command_output(void *data, enum process_stream stream, struct text bytes)
{
	struct command *command = data;

	assert_int_equal(command->endings, 0);
	assert_in_range(bytes.len, 1, 64 << 10);
	command->bytes += bytes.len;
	if (command->keeps_bytes)
		buffer_add(&command->output[stream], bytes);
}

static inline void command_ended(void *data, const struct process_end *end)
{
	struct command *command = data;

	command->endings++;
	command->end = *end;
	loop_quit(command->loop);
}

static const struct process_calls command_calls = { command_spawned, command_output,
						    command_ended };

static const char *const command_env[] = { "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C", NULL };

/* Starts it: argv and env as in *args; the rest is filled in. */
static inline void command_begin(struct command *command, struct loop *loop, struct arena *arena,
				 struct process_args args)
{
	*command = (struct command){ .loop = loop, .keeps_bytes = true };
	buffer_init(&command->output[0], arena);
	buffer_init(&command->output[1], arena);
	args.calls = &command_calls;
	args.data = command;
	if (!args.env)
		args.env = command_env;
	command->process = process_start(loop, &args, arena);
	assert_int_equal(command->endings, 0);
}

/* Turns the loop until it has ended. */
static inline void command_finish(struct command *command)
{
	while (command->endings == 0)
		loop_run(command->loop);
	assert_int_equal(command->endings, 1);
}

static inline void command_run(struct command *command, struct loop *loop, struct arena *arena,
			       struct process_args args)
{
	command_begin(command, loop, arena, args);
	command_finish(command);
}

/* `sh -c SCRIPT` */
static inline struct process_args command_script(struct arena *arena, const char *script)
{
	const char **argv = arena_array(arena, const char *, 4);

	argv[0] = "sh";
	argv[1] = "-c";
	argv[2] = script;
	return (struct process_args){ .argv = argv };
}

static inline void command_assert_exit(const struct command *command, int code)
{
	assert_int_equal(command->end.failure.class, IO_NONE);
	assert_false(command->end.signaled);
	assert_int_equal(command->end.code, code);
}

static inline void command_assert_output(struct command *command, enum process_stream stream,
					 const char *text)
{
	assert_string_equal(buffer_string(&command->output[stream]), text);
}

#endif
