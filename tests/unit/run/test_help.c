/* What is advised about failures that are well known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/internal.h"

static void each_failure_has_its_own_advice(void **state)
{
	static const struct {
		enum diag_code code;
		const char *class, *message, *actual;
		bool retries;
		const char *verb; /* NULL: http */
		const char *says; /* of the advice; NULL: there is none */
	} rows[] = {
		{ RB0402, "not_found", "program 'x' not found (PATH=/bin)", NULL, false, NULL,
		  "mend PATH" },
		{ RB0402, "not_found", "cannot enter the folder '/x': No such file or directory",
		  NULL, false, NULL, "'cwd' begins at" },
		{ RB0402, "permission", "cannot run './x': Permission denied", NULL, false, NULL,
		  "chmod +x" },
		{ RB0402, "resource", "cannot run 'x': no program, and no script", NULL, false,
		  NULL, NULL },
		{ RB0403, "exit", "unexpected exit code", "127", false, NULL,
		  "command that was not" },
		{ RB0403, "exit", "unexpected exit code", "1", false, NULL, NULL },
		{ RB0404, "signal", "the command was ended by SIGKILL (out of memory?)", NULL,
		  false, NULL, "dmesg" },
		{ RB0404, "signal", "the command was ended by SIGKILL", NULL, false, NULL, NULL },
		{ RB0408, "connect", "Failed to connect", NULL, false, NULL, "'retry: {within" },
		{ RB0408, "connect", "Failed to connect", NULL, true, NULL, NULL },
		{ RB0408, "tls", "no chain", NULL, true, NULL, "'ca'" },
		{ RB0408, "timeout", "too slow", NULL, false, NULL, NULL },
		{ RB0409, "http", "unexpected HTTP status", "401 Unauthorized", false, NULL,
		  "not who" },
		{ RB0409, "http", "unexpected HTTP status", "403 Forbidden", false, NULL,
		  "refuses it" },
		{ RB0409, "http", "unexpected HTTP status", "404 Not Found", true, NULL,
		  "'status: 404'" },
		{ RB0409, "http", "unexpected HTTP status", "405 Method Not Allowed", false, NULL,
		  "another method" },
		{ RB0409, "http", "unexpected HTTP status", "302 Found", false, NULL,
		  "follow_redirects" },
		{ RB0409, "http", "unexpected HTTP status", "503 Service Unavailable", false, NULL,
		  "'retry: {within" },
		{ RB0409, "http", "unexpected HTTP status", "503 Service Unavailable", true, NULL,
		  NULL },
		{ RB0409, "http", "unexpected HTTP status", "500 Internal Server Error", false,
		  NULL, NULL },
		{ RB0410, "connect", "connection refused", NULL, false, NULL, "'retry: {within" },
		{ RB0410, "sql", "syntax error", "42601", false, NULL, NULL },
		{ RB0501, "assertion", "assertion is false", "404 (int)", false, NULL, NULL },
		{ RB0409, "http", "unexpected HTTP status", "404 Not Found", false, "download",
		  NULL },
		{ RB0409, "http", "unexpected HTTP status", "302 Found", false, "download",
		  "goes on to where it points." },
	};
	static const struct plan_retry retry;
	struct arena arena;
	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct plan_node node = {
			.retry = rows[i].retries ? &retry : NULL,
			.type = step_type_find(text_of(rows[i].verb ? rows[i].verb : "http")),
		};
		struct checked checked = { .code = rows[i].code,
					   .class = rows[i].class,
					   .message = rows[i].message,
					   .actual = rows[i].actual };
		struct value text = value_null();
		help_add(&node, &checked, &arena);
		if (checked.lines.count != (rows[i].says ? 1 : 0))
			fail_msg("row %zu: %zu lines", i, checked.lines.count);
		if (!rows[i].says)
			continue;
		assert_string_equal(value_field_text(checked.lines.at[0], "label", &arena), "help");
		assert_true(value_field(checked.lines.at[0], "text", &arena, &text));
		if (text_find(value_text(text), text_of(rows[i].says), 0) == SIZE_MAX)
			fail_msg("row %zu: %s", i, value_text(text).ptr);
	}
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_failure_has_its_own_advice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
