/* A command that gives a secret: what is taken of it, its limits, and what is told of its failure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/secret.h"
#include "support/valgrind.h"

static struct arena arena;
static struct loop *loop;
static struct text secret;

static int set_up(void **state)
{
	struct io_failure failure;
	(void)state;
	arena_init(&arena);
	loop = loop_open(&clock_system, &arena, &failure);
	return loop ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

/* Why there is none, or "". */
static const char *run(const char *script, int64_t time, size_t max)
{
	const char *const words[] = { "sh", "-c", script, NULL };
	const struct secret_command command = { words, time, max };
	const char *why = secret_run(loop, &command, &arena, &secret);
	return why ? why : "";
}

static void assert_secret(const char *script, const char *wanted)
{
	assert_string_equal(run(script, SECRET_TIME, SECRET_MAX), "");
	assert_string_equal(arena_text(&arena, secret).ptr, wanted);
}

static void one_line_end_is_no_part_of_it(void **state)
{
	(void)state;
	assert_secret("printf 'hunter2'", "hunter2");
	assert_secret("printf 'hunter2\n'", "hunter2");
	assert_secret("printf 'hunter2\r\n'", "hunter2");
	assert_secret("printf 'hunter2\n\n'", "hunter2\n");
	assert_secret("printf 'a\nb\n'; echo complaint >&2", "a\nb");
}

static void a_failure_is_told_with_its_class(void **state)
{
	static const char *const missing[] = { "/nonexistent/pass", NULL };
	const struct secret_command command = { missing, SECRET_TIME, SECRET_MAX };
	(void)state;
	assert_string_equal(run("echo no key >&2; exit 3", SECRET_TIME, SECRET_MAX),
			    "its command ended with 3 (exit): no key");
	assert_string_equal(run("kill -9 $$", SECRET_TIME, SECRET_MAX),
			    "its command was ended by SIGKILL (signal)");
	assert_string_equal(run("true", SECRET_TIME, SECRET_MAX),
			    "its command gave nothing (not_found)");
	if (!under_valgrind()) /* it tells no failed exec */
		assert_non_null(
			strstr(secret_run(loop, &command, &arena, &secret), " (not_found)"));
}

static void it_has_limits(void **state)
{
	(void)state;
	assert_string_equal(run("echo waits >&2; sleep 60", NS_PER_S / 2, SECRET_MAX),
			    "its command took longer than 0.5s (timeout): waits");
	assert_string_equal(run("head -c 101 /dev/zero; sleep 60", SECRET_TIME, 100),
			    "its command gave more than 100 bytes (resource)");
	assert_secret("head -c 65536 /dev/zero | tr '\\0' x | tail -c 10", "xxxxxxxxxx");
}

static void what_it_gave_is_not_told(void **state)
{
	(void)state;
	assert_string_equal(run("echo hunter2hunter2; echo got hunter2hunter2 >&2; exit 1",
				SECRET_TIME, SECRET_MAX),
			    "its command ended with 1 (exit): got ***");
}

static void it_has_no_input_and_no_terminal(void **state)
{
	(void)state;
	assert_secret("read line || echo none", "none");
	assert_secret("(: < /dev/tty) 2> /dev/null || echo none", "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_line_end_is_no_part_of_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_failure_is_told_with_its_class, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(it_has_limits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_it_gave_is_not_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_has_no_input_and_no_terminal, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
