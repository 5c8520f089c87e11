/* run and shell: a process, with its output and its exit code. */
#include <signal.h>

#include "support.h"

static void run_gives_words_to_a_program_without_a_shell(void **state)
{
	struct host *host = *state;
	host->values[HOST_DATA] = value_mark(value_cstring("$(id); *"), VALUE_OUTSIDE);
	assert_succeeds(host, "run: printf '[%s]' 'a  b' ${{ data }} \"${{ data }}x\"");
	assert_string_equal(host_output(host, "stdout"), "\"[a  b][$(id); *][$(id); *x]\"");
	assert_int_equal(host->spawned, 1);
	assert_true(host->pid > 1);
}

static void outputs_are_what_the_process_wrote(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, "run: [printf, '[1, 2]\\n\\n']");
	assert_string_equal(host_output(host, "exit_code"), "0");
	assert_string_equal(host_output(host, "stdout"), "\"[1, 2]\\n\\n\"");
	assert_string_equal(host_output(host, "text"), "\"[1, 2]\"");
	assert_string_equal(host_output(host, "lines"), "[\"[1, 2]\",\"\"]");
	assert_string_equal(host_output(host, "json"), "[1,2]");
	assert_string_equal(host_output(host, "stderr"), "\"\"");
	assert_string_equal(host_output(host, "nope"), "none");
	assert_string_equal(buffer_string(&host->output[0]), "[1, 2]\n\n");
}

static void the_streams_are_kept_apart(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, "shell: echo out; echo err >&2");
	assert_string_equal(host_output(host, "stdout"), "\"out\\n\"");
	assert_string_equal(host_output(host, "stderr"), "\"err\\n\"");
	assert_string_equal(buffer_string(&host->output[1]), "err\n");
}

static void it_runs_in_its_folder_with_its_environment(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, "run: pwd");
	assert_string_equal(host_output(host, "text"),
			    arena_format(&host->arena, "\"%s\"", host->folder));
	assert_succeeds(host, "run: env");
	assert_string_equal(host_output(host, "lines"),
			    "[\"PATH=/usr/bin:/bin\",\"LC_ALL=C\",\"GIT_CONFIG_NOSYSTEM=1\","
			    "\"HOME=/nonexistent\"]");
}

static void exit_says_which_codes_are_a_success(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, "run: 'false'\nexit: 1");
	assert_string_equal(host_output(host, "exit_code"), "1");
	assert_succeeds(host, "shell: exit 17\nexit: [0, 16-18]");
	assert_fails(host, "run: 'false'",
		     "exit RB0403: unexpected exit code (expected 0, actual 1)");
	assert_fails(host, "run: 'true'\nexit: [3, 1-2]",
		     "exit RB0403: unexpected exit code (expected 1-3, actual 0)");
	/* The outputs are there for those who look at a failure. */
	assert_fails(host, "shell: echo why; exit 4",
		     "exit RB0403: unexpected exit code (expected 0, actual 4)");
	assert_string_equal(host_output(host, "text"), "\"why\"");
	assert_string_equal(host_output(host, "exit_code"), "4");
}

static void standard_input_is_empty_or_what_is_given(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, "run: cat");
	assert_string_equal(host_output(host, "stdout"), "\"\"");
	assert_succeeds(host, "run: cat\nstdin: \"one ${{ data }}\\n\"");
	assert_string_equal(host_output(host, "stdout"), "\"one a b\\n\"");
}

static void a_signal_ends_it(void **state)
{
	struct host *host = *state;
	assert_fails(host, "shell: kill -TERM $$",
		     "signal RB0404: the command was ended by SIGTERM");
	assert_string_equal(host_output(host, "exit_code"), "143");
	assert_fails(host, "shell: kill -KILL $$",
		     "signal RB0404: the command was ended by SIGKILL (out of memory?)");
}

static void what_cannot_start_says_why(void **state)
{
	struct host *host = *state;
	host_run(host, "run: no-such-program");
	assert_string_equal(host->outcome.class, "not_found");
	assert_int_equal(host->outcome.code, RB0402);
	assert_non_null(strstr(host->outcome.message, "no-such-program"));
	assert_int_equal(host->spawned, 0);
	assert_true(value_is(host->outputs, VALUE_NULL));
}

static void what_it_leaves_behind_is_told(void **state)
{
	struct host *host = *state;
	host_run(host, "shell: sleep 30 >/dev/null 2>&1 &");
	assert_int_equal(host->outcome.status, OUTCOME_SUCCEEDED);
	assert_non_null(host->outcome.lines);
	assert_string_equal(host->outcome.lines->label, "note");
	assert_memory_equal(host->outcome.lines->text, "left behind: sleep (pid ", 24);
	int pid = atoi(host->outcome.lines->text + 24);
	assert_true(pid > 1);
	kill(pid, SIGKILL);
}

static void a_cancelled_command_ends_as_cancelled(void **state)
{
	struct host *host = *state;
	host_start(host, "run: sleep 30");
	while (!host->spawned)
		loop_run_once(host->loop);
	host_cancel(host);
	host_finish(host);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	assert_string_equal(host->outcome.class, "cancelled");
	assert_string_equal(host_output(host, "exit_code"), "143");
}

static void a_cancelled_command_is_not_good_whatever_it_says(void **state)
{
	struct host *host = *state;
	host_start(host, "shell: trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done");
	while (!strstr(buffer_string(&host->output[0]), "ready"))
		loop_run_once(host->loop);
	host_cancel(host);
	host_finish(host);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	assert_string_equal(host_output(host, "exit_code"), "0");
}

static void output_over_the_limit_is_no_answer(void **state)
{
	struct host *host = *state;
	static const char *const names[] = { "stdout", "text", "lines", "json" };
	assert_succeeds(host, "run: printf 12345\nmax_output: 4");
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(host_output(host, names[i]),
				    "error: 'stdout' is longer than the limit of 4 bytes; it is in "
				    "the log only");
	assert_string_equal(buffer_string(&host->output[0]), "12345"); /* the log has all of it */
	assert_string_equal(host_output(host, "exit_code"), "0");
	assert_succeeds(host, "run: printf 1234\nmax_output: 4");
	assert_string_equal(host_output(host, "stdout"), "\"1234\"");
}

static void shell_gives_values_by_its_environment(void **state)
{
	struct host *host = *state;
	host->values[HOST_DATA] = value_mark(
		value_cstring("v1\"; echo PWNED; echo \"$(echo SUB)'; echo Q"), VALUE_OUTSIDE);
	assert_succeeds(host, "shell: printf '[%s]' ${{ data }} \"${{ data }}\"");
	assert_string_equal(host_output(host, "stdout"),
			    "\"[v1\\\"; echo PWNED; echo \\\"$(echo SUB)'; echo Q]"
			    "[v1\\\"; echo PWNED; echo \\\"$(echo SUB)'; echo Q]\"");
}

static void shell_stops_at_the_first_failure(void **state)
{
	struct host *host = *state;
	assert_fails(host, "shell: |\n  false\n  echo not reached\n",
		     "exit RB0403: unexpected exit code (expected 0, actual 1)");
	assert_string_equal(host_output(host, "stdout"), "\"\"");
	host_run(host, "shell: echo $UNSET_VARIABLE");
	assert_string_equal(host->outcome.class, "exit");
	/* bash fails by what fails in a pipe. */
	assert_succeeds(host, "shell: false | true");
	assert_fails(host, "shell: false | true\ninterpreter: bash",
		     "exit RB0403: unexpected exit code (expected 0, actual 1)");
}

static void the_interpreter_is_words(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, "shell: print(40 + 2)\ninterpreter: python3  -B");
	assert_string_equal(host_output(host, "text"), "\"42\"");
	host_run(host, "shell: x\ninterpreter: no-such-interpreter");
	assert_string_equal(host->outcome.class, "not_found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST(run_gives_words_to_a_program_without_a_shell),
		HOST(outputs_are_what_the_process_wrote),
		HOST(the_streams_are_kept_apart),
		HOST(it_runs_in_its_folder_with_its_environment),
		HOST(exit_says_which_codes_are_a_success),
		HOST(standard_input_is_empty_or_what_is_given),
		HOST(a_signal_ends_it),
		HOST(what_cannot_start_says_why),
		HOST(what_it_leaves_behind_is_told),
		HOST(a_cancelled_command_ends_as_cancelled),
		HOST(a_cancelled_command_is_not_good_whatever_it_says),
		HOST(output_over_the_limit_is_no_answer),
		HOST(shell_gives_values_by_its_environment),
		HOST(shell_stops_at_the_first_failure),
		HOST(the_interpreter_is_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
