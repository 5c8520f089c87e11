/* http_server: tests/support/http_server.py as a child, and one request at a time. */
#ifndef TESTS_UNIT_IO_HTTP_SERVER_H
#define TESTS_UNIT_IO_HTTP_SERVER_H

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/module.h"
#include "io/io.h"

struct http_server {
	pid_t pid;
	int input; /* closed to end it */
	struct arena arena;
	const char *http; /* "http://127.0.0.1:PORT" */
	const char *https;
	const char *unix_socket;
	const char *ca;
};

static inline void http_server_keep(struct http_server *server, const char *name, const char *value)
{
	if (strcmp(name, "http") == 0)
		server->http = arena_format(&server->arena, "http://127.0.0.1:%s", value);
	else if (strcmp(name, "https") == 0)
		server->https = arena_format(&server->arena, "https://localhost:%s", value);
	else if (strcmp(name, "unix") == 0)
		server->unix_socket = arena_string(&server->arena, value);
	else if (strcmp(name, "ca") == 0)
		server->ca = arena_string(&server->arena, value);
}

static inline void http_server_start(struct http_server *server)
{
	char *argv[] = { (char[]){ "tests/support/http_server.py" }, NULL };
	posix_spawn_file_actions_t actions;
	char name[16], value[256];
	int input[2], output[2];
	FILE *lines;

	assert_int_equal(pipe2(input, O_CLOEXEC), 0);
	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input[0], 0);
	posix_spawn_file_actions_adddup2(&actions, output[1], 1);
	assert_int_equal(posix_spawn(&server->pid, argv[0], &actions, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(input[0]);
	close(output[1]);
	server->input = input[1];
	arena_init(&server->arena);
	lines = fdopen(output[0], "r");
	while (fscanf(lines, "%15s", name) == 1 && strcmp(name, "ready") != 0) {
		assert_int_equal(fscanf(lines, "%255s", value), 1);
		http_server_keep(server, name, value);
	}
	fclose(lines);
	assert_non_null(server->https);
}

static inline void http_server_stop(struct http_server *server)
{
	close(server->input);
	waitpid(server->pid, NULL, 0);
	arena_done(&server->arena);
}

#endif
