/*
 * Scripts: where a value may stand, and that it comes out of a real shell as it went in, from
 * every place where it may.
 */
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

/* ---- real shells --------------------------------------------------------------------------- */

static const char *const shells[] = { "/bin/sh", "/bin/dash", "/bin/bash" };

/* Runs a script as a step would and gives what it printed. */
static const char *output_of(struct bench *bench, const char *shell, const struct script *script)
{
	int ends[2];
	pid_t pid;
	int status;
	posix_spawn_file_actions_t actions;
	const char **environment = arena_array(&bench->arena, const char *, script->count + 1);
	for (size_t i = 0; i < script->count; i++)
		environment[i] = arena_format(&bench->arena, "%s=%s", script->name[i],
					      script->value[i]);
	char *const argv[] = { arena_string(&bench->arena, shell),
			       arena_string(&bench->arena, "-eu"),
			       arena_string(&bench->arena, "-c"),
			       arena_string(&bench->arena, script->text), NULL };
	assert_int_equal(pipe(ends), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	assert_int_equal(posix_spawn(&pid, shell, &actions, NULL, argv,
				     (char *const *)(uintptr_t)environment),
			 0);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	struct buffer out;
	char block[4096];
	ssize_t len;
	buffer_init(&out, &bench->arena);
	while ((len = read(ends[0], block, sizeof(block))) > 0)
		buffer_add(&out, (struct text){ block, (size_t)len });
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return buffer_string(&out);
}

/* A document with the script as a block text. */
static const char *document_of(struct bench *bench, const char *script)
{
	struct buffer out;
	buffer_init(&out, &bench->arena);
	buffer_puts(&out, "x: |\n  ");
	for (; *script; script++) {
		buffer_putc(&out, *script);
		if (*script == '\n')
			buffer_puts(&out, "  ");
	}
	buffer_puts(&out, "\n");
	return buffer_string(&out);
}

/* Scripts that print <VALUE> from each place where a value may stand. */
static const char *const placeable[] = {
	"printf '<%s>' ${{ data }}",
	"printf '<%s>' \"${{ data }}\"",
	"printf '%s' '<'${{ data }}'>'",
	"printf '%s' \"<\"${{ data }}\">\"",
	"printf '%s' \"<${{ data }}>\"",
	"printf '<%s>' ${{ data }} # it's \"a comment",
	"x=${{ data }}\nprintf '<%s>' \"$x\"",
	"x=\"${{ data }}\"; printf '<%s>' \"$x\"",
	"export x=${{ data }}; printf '<%s>' \"$x\"",
	"readonly x=\"${{ data }}\"; printf '<%s>' \"$x\"",
	"f() { printf '<%s>' \"$1\"; }; f ${{ data }}",
	"f() { printf '<%s>' ${{ data }}; }\nf",
	"if true; then printf '<%s>' ${{ data }}; fi",
	"for i in ${{ data }}; do printf '<%s>' \"$i\"; done",
	"set -- a ${{ data }}\nshift\nprintf '<%s>' \"$@\"",
	"case ${{ data }} in ${{ data }}) printf '<%s>' ${{ data }};; *) echo no;; esac",
	"case a in\n(b|c) echo ')' ;;\n  # it's\n  a) printf '<%s>' ${{ data }}\nesac",
	"case a in a) case b in b) printf '<%s>' ${{ data }};; esac;; esac",
	"test ${{ data }} = ${{ data }} && printf '<%s>' ${{ data }}",
	"( printf '<%s>' ${{ data }} )",
	"{ printf '<%s>' ${{ data }}; }",
	"x=$(printf '<%s>.' ${{ data }})\nprintf %s \"${x%.}\"",
	"x=$(printf '%s.' \"$(printf '<%s>' ${{ data }})\"); printf %s \"${x%.}\"",
	"printf '%s' \"$(printf '<%s>' \"${{ data }}\")\"",
	"true || printf no; printf '<%s>' ${{ data }}",
	": 'a\\'; printf '' \"\\\"\" \\' \\\\; printf '<%s>' ${{ data }}",
	"x=${y:-\"}\"}; printf '<%s>' ${{ data }}",
	"x=\"${y:-'a'}\"; printf '<%s>' ${{ data }}",
	"x=$((1 + (2 * 3))); printf '<%s>' ${{ data }}",
	"x=`printf \"'\"`; printf '<%s>' ${{ data }}",
	"printf '<%s>' \\\n  ${{ data }}",
	"cat <<'END' > /dev/null\nit's \"$( ` \nEND\nprintf '<%s>' ${{ data }}",
	"cat <<END > /dev/null; printf '<%s>' ${{ data }}\nit's \" \\` \\$( \\\\\nEND\n",
	"cat <<-END > /dev/null\n\tit's\n\tEND\nprintf '<%s>' ${{ data }}",
	"cat <<A <<B > /dev/null\nit's\nA\n\"\nB\nprintf '<%s>' ${{ data }}",
	"> /dev/null printf no; printf '<%s>' ${{ data }} 2>&1",
	"while read -r x; do printf '<%s>' ${{ data }}; done <<END\na\nEND\n",
};

/* Scripts whose here-document prints <VALUE> and a line end. */
static const char *const placeable_here[] = {
	"cat <<END\n<${{ data }}>\nEND\n",
	"cat <<-END\n\t<${{ data }}>\n\tEND\n",
	"cat << END\n<$(printf %s \"${{ data }}\")>\nEND\n",
	"cat <<END\n<$(printf %s ${{ data }})>\nEND\n",
	"cat <<A\nit's \"A\nA\ncat <<END\n<${{ data }}>\nEND\n",
	"x=$(cat <<END\n<${{ data }}>.\nEND\n)\nprintf '%s\\n' \"${x%.}\"",
};

static const char *const hostile[] = {
	"v1\"; echo PWNED; echo \"$(echo SUB)'; echo Q",
	"",
	"-n",
	"-e \\n",
	"a\nb\n",
	" two  blanks ",
	"*",
	"/*",
	"~",
	"\\",
	"\\\\n\\t\\0",
	"$HOME ${HOME} $(id) `id` $((1+1))",
	"'",
	"\"",
	"${RB_1}",
	"END",
	"\nEND\necho PWNED\n",
	"a\tb\x01\x1b[31m",
	"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	"a[$(echo PWNED >&2)]",
	"}; echo PWNED; {",
	"!! !x",
	"a=b;c&d|e>f<g(h)i#j",
};

static void check_value(struct bench *bench, const char *script_text, const char *expected)
{
	struct script script;
	assert_true(
		place_script(bench->text, &bench->scope, &bench->arena, &script, &bench->failure));
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		const char *printed = output_of(bench, shells[i], &script);
		if (strcmp(printed, expected) != 0)
			print_error("%s: %s\nprinted %s\n", shells[i], script_text, printed);
		assert_string_equal(printed, expected);
	}
}

static void prints_every_value_unchanged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(placeable) / sizeof(*placeable); i++)
		for (size_t j = 0; j < sizeof(hostile) / sizeof(*hostile); j++) {
			struct bench bench;
			bench_init(&bench);
			bench_data(&bench, DATA, hostile[j]);
			bench_read(&bench, PLACE_SHELL, document_of(&bench, placeable[i]));
			if (!bench.text)
				print_error("%s\n%s\n", placeable[i], bench.diags.first->message);
			assert_non_null(bench.text);
			/* A command substitution drops line ends at its end: not what is tested. */
			size_t len = strlen(hostile[j]);
			bool cut = strstr(placeable[i], "$(") && len && hostile[j][len - 1] == '\n';
			if (!cut)
				check_value(&bench, placeable[i],
					    arena_format(&bench.arena, "<%s>", hostile[j]));
			bench_done(&bench);
		}
}

static void prints_every_value_from_here_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(placeable_here) / sizeof(*placeable_here); i++)
		for (size_t j = 0; j < sizeof(hostile) / sizeof(*hostile); j++) {
			struct bench bench;
			bench_init(&bench);
			bench_data(&bench, DATA, hostile[j]);
			bench_read(&bench, PLACE_SHELL, document_of(&bench, placeable_here[i]));
			if (!bench.text)
				print_error("%s\n%s\n", placeable_here[i],
					    bench.diags.first->message);
			assert_non_null(bench.text);
			size_t len = strlen(hostile[j]);
			bool cut = strstr(placeable_here[i], "$(printf") && len &&
				   hostile[j][len - 1] == '\n';
			if (!cut)
				check_value(&bench, placeable_here[i],
					    arena_format(&bench.arena, "%s<%s>\n",
							 i == 4 ? "it's \"A\n" : "", hostile[j]));
			bench_done(&bench);
		}
}

/* ---- places -------------------------------------------------------------------------------- */

struct refused {
	const char *script;
	const char *why;
	const char *interpreter;
};

static const struct refused refused[] = {
	{ "echo '${{ data }}'", "in single quotes", NULL },
	{ "echo a # ${{ data }}", "in a comment", NULL },
	{ "# it's ${{ data }}\necho", "in a comment", NULL },
	{ "cat <<'END'\n${{ data }}\nEND\n", "in a here-document whose end is quoted", NULL },
	{ "cat <<\\END\n${{ data }}\nEND\n", "in a here-document whose end is quoted", NULL },
	{ "cat <<\"E\"ND\n${{ data }}\nEND\n", "in a here-document whose end is quoted", NULL },
	{ "cat <<-'END'\n\t${{ data }}\n\tEND\n", "in a here-document whose end is quoted", NULL },
	{ "echo $((1 + ${{ number }}))", "in arithmetic", NULL },
	{ "echo \"$((1 + ${{ number }}))\"", "in arithmetic", NULL },
	{ "echo $(( $(echo ${{ data }}) ))", "in arithmetic", NULL },
	{ "((x = ${{ number }}))", "in arithmetic", "bash" },
	{ "for ((i = 0; i < ${{ number }}; i++)); do :; done", "in arithmetic", "bash" },
	{ "echo $[${{ number }}]", "in arithmetic", "bash" },
	{ "echo ${x:-${{ data }}}", "in ${ }", NULL },
	{ "echo \"${x:-${{ data }}}\"", "in ${ }", NULL },
	{ "echo ${x#${{ data }}}", "in ${ }", NULL },
	{ "echo ${x:-$(echo ${{ data }})}", "in ${ }", NULL },
	{ "echo `echo ${{ data }}`", "in backquotes (write $( ) instead)", NULL },
	{ "echo \"`echo ${{ data }}`\"", "in backquotes (write $( ) instead)", NULL },
	{ "cat <<END\n`echo ${{ data }}`\nEND\n", "in backquotes (write $( ) instead)", NULL },
	{ "echo \\${{ data }}", "behind a backslash", NULL },
	{ "echo \"\\${{ data }}\"", "behind a backslash", NULL },
	{ "cat <<END\n\\${{ data }}\nEND\n", "behind a backslash", NULL },
	{ "eval ${{ data }}", "where the shell evaluates it again", NULL },
	{ "eval \"echo ${{ data }}\"", "where the shell evaluates it again", NULL },
	{ "if true; then eval echo ${{ data }}; fi", "where the shell evaluates it again", NULL },
	{ "true && command eval ${{ data }}", "where the shell evaluates it again", NULL },
	{ "A=b eval ${{ data }}", "where the shell evaluates it again", NULL },
	{ "f() { eval ${{ data }}; }", "where the shell evaluates it again", NULL },
	{ "function f { eval ${{ data }}; }", "where the shell evaluates it again", "bash" },
	{ "case a in a) eval ${{ data }};; esac", "where the shell evaluates it again", NULL },
	{ "x=$(eval ${{ data }})", "where the shell evaluates it again", NULL },
	{ "trap \"rm ${{ data }}\" EXIT", "where the shell evaluates it again", NULL },
	{ "alias a=${{ data }}", "where the shell evaluates it again", NULL },
	{ "let x=${{ data }}", "where the shell evaluates it again", "bash" },
	{ "read ${{ data }}", "where the shell evaluates it again", NULL },
	{ "printf -v ${{ data }} x", "where the shell evaluates it as a name", "bash" },
	{ "export ${{ data }}", "where the shell evaluates it as a name or a number", NULL },
	{ "declare ${{ data }}=1", "where the shell evaluates it as a name or a number", "bash" },
	{ "declare -i x=${{ data }}", "where the shell evaluates it as a name or a number",
	  "bash" },
	{ "a[${{ data }}]=1", "in the index of an array", "bash" },
	{ "a[\"${{ data }}\"]=1", "in the index of an array", "bash" },
	{ "a=([${{ data }}]=1)", "in the index of an array", "bash" },
	{ "[[ ${{ data }} -eq 1 ]]", "where the shell computes it", "bash" },
	{ "[[ a == b && ${{ data }} -lt 1 ]]", "where the shell computes it", "bash" },
	{ "[ ${{ data }} -eq 1 ]", "where the shell computes it", "ksh" },
	{ "test -v ${{ data }}", "where the shell computes it", "bash" },
	{ "for ${{ data }} in a; do :; done", "as the name of a loop's variable", NULL },
	{ "echo $'${{ data }}'", "in single quotes", "bash" },
	{ "echo $\"${{ data }}\"", "in a translated text ($\"...\")", "bash" },
	{ "cat << ${{ data }}\nEND\n", "where the script cannot be followed", NULL },
	{ "cat <<END\n${{ data }}\n", "where the script cannot be followed", NULL },
	{ "cat <<END\na \\\nEND\n${{ data }}\nEND\n", "where the script cannot be followed", NULL },
	{ "echo 'a\n${{ data }}", "in single quotes", NULL },
	{ "echo )\necho ${{ data }}", "where the script cannot be followed", NULL },
	{ "((a\n) ; b); echo ${{ data }}", "where the script cannot be followed", NULL },
	{ "x=$((a) | b); echo ${{ data }}", "where the script cannot be followed", NULL },
	{ "x=\"${y:-'}'}\"; echo ${{ data }}", "where the script cannot be followed", NULL },
	{ "echo $'it\\'s'; echo ${{ data }}", "where the script cannot be followed", NULL },
};

static void refuses_places_without_a_safe_reference(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct bench bench;
		bench_init(&bench);
		bench.options.interpreter = refused[i].interpreter;
		bench_read(&bench, PLACE_SHELL, document_of(&bench, refused[i].script));
		if (bench.text || !strstr(bench.diags.first->message, refused[i].why))
			print_error("%s\n", refused[i].script);
		assert_null(bench.text);
		const char *message = bench.diags.first->message;
		assert_string_equal(message, arena_format(&bench.arena, "a value cannot stand %s",
							  refused[i].why));
		assert_int_equal(bench.diags.first->code, RB0610);
		assert_true(text_starts(bench_pointed(&bench), "${{"));
		assert_true(bench_hints(&bench, "env: {"));
		bench_done(&bench);
	}
}

static void shows_the_environment_form(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench_read(&bench, PLACE_SHELL, "x: echo '${{ data }}'");
	assert_true(bench_hints(&bench, "env: {DATA: '${{ data }}'}, in the text \"$DATA\""));
	bench_read(&bench, PLACE_SHELL, "x: echo '${{ data + 'a' }}'");
	assert_true(bench_hints(&bench, "env: {DATA: \"${{ data + 'a' }}\"}"));
	bench_read(&bench, PLACE_SHELL, "x: echo '${{ 1 + 1 }}'");
	assert_true(bench_hints(&bench, "env: {VALUE: '${{ 1 + 1 }}'}"));
	bench_done(&bench);
}

static void points_into_every_style(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_complaint(&bench, PLACE_SHELL, "x: echo '${{ data }}'", "RB0610 1:10");
	assert_complaint(&bench, PLACE_SHELL, "x: 'echo ''${{ data }}'''", "RB0610 1:12");
	assert_complaint(&bench, PLACE_SHELL, "x: \"echo \\x27${{ data }}'\"", "RB0610 1:14");
	assert_complaint(&bench, PLACE_SHELL, "x: |\n  a\n  echo '${{ data }}'\n", "RB0610 3:9");
	assert_complaint(&bench, PLACE_SHELL, "x: >-\n  a\n  '${{ data }}'\n", "RB0610 3:4");
	assert_complaint(&bench, PLACE_SHELL, "x: echo $${{ '${{ data }}'", "RB0610 1:15");
	bench_done(&bench);
}

static void keeps_dialects_apart(void **state)
{
	static const struct {
		const char *interpreter;
		bool known;
	} rows[] = {
		{ NULL, true },   { "/bin/sh -eu", true },    { "sh", true },
		{ "dash", true }, { "bash", true },           { "/usr/bin/env bash -x", true },
		{ "ksh", true },  { "busybox sh", true },     { "python3", false },
		{ "zsh", false }, { "/usr/bin/perl", false }, { "", false },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bench.options.interpreter = rows[i].interpreter;
		assert_complaint(&bench, PLACE_SHELL, "x: f ${{ data }}",
				 rows[i].known ? "" : "RB0612 1:6");
		assert_complaint(&bench, PLACE_SHELL, "x: print('a')", "");
	}
	bench.options.interpreter = "bash";
	assert_complaint(&bench, PLACE_SHELL, "x: '[[ ${{ data }} == a* && -n ${{ data }} ]]'", "");
	assert_complaint(&bench, PLACE_SHELL,
			 "x: a=(b ${{ data }}) f <(g ${{ data }}) <<< ${{ data }}", "");
	assert_complaint(&bench, PLACE_SHELL, "x: echo $'it\\'s' ${{ data }}", "");
	bench.options.interpreter = NULL;
	assert_complaint(&bench, PLACE_SHELL, "x: '[ ${{ data }} -gt 5 ]'", "");
	bench_done(&bench);
}

static void warns_of_pipelines_under_sh(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_complaint(&bench, PLACE_SHELL, "x: a || b | c | d", "RB0613 1:11");
	assert_true(bench_hints(&bench, "interpreter: bash"));
	assert_complaint(&bench, PLACE_SHELL, "x: x=$(a | b)", "RB0613 1:10");
	assert_complaint(&bench, PLACE_SHELL,
			 "x: |\n  case a in b|c) d;; esac # e | f\n  g 'h | i' || j\n", "");
	bench.options.interpreter = "bash";
	assert_complaint(&bench, PLACE_SHELL, "x: a | b", "");
	bench_done(&bench);
}

static void warns_of_second_interpreters(void **state)
{
	static const struct {
		const char *script, *reaches;
	} rows[] = {
		{ "sh -c \"echo ${{ data }}\"", "'sh -c'" },
		{ "sudo bash -ec ${{ data }}", "'bash -c'" },
		{ "docker exec a sh -c \"b ${{ data }}\"", "'sh -c'" },
		{ "ssh host rm ${{ data }}", "'ssh'" },
		{ "A=b /usr/bin/ssh host ${{ data }}", "'ssh'" },
		{ "psql -c \"select ${{ data }}\"", "'psql -c'" },
		{ "psql --command=\"select ${{ data }}\"", "'psql --command'" },
		{ "awk ${{ data }} file", "'awk'" },
		{ "psql <<END\nselect ${{ data }};\nEND\n", "'psql'" },
		{ "ssh host sh <<END\nrm ${{ data }}\nEND\n", "'ssh'" },
		{ "python3 -c \"print(${{ data }})\"", "'python3 -c'" },
		{ "sqlite3 -cmd x file ${{ data }}", "'sqlite3'" },
		{ "ssh -p 22 host a ${{ data }}", "'ssh'" },
		{ "sed -n ${{ data }} file", "'sed'" },
		{ "sed -e s/a/b/ ${{ data }}", NULL },
		{ "ssh -i ${{ data }} host ls", NULL },
		{ "ssh ${{ data }} ls", NULL },
		{ "awk -v a=${{ data }} p file", NULL },
		{ "awk p ${{ data }}", NULL },
		{ "sh -c 'echo $1' sh ${{ data }}", NULL },
		{ "sh -c \"exit ${{ number }}\"", NULL },
		{ "sh a.sh ${{ data }}", NULL },
		{ "apt-get install ssh ${{ data }}", NULL },
		{ "psql -f ${{ data }}", NULL },
		{ "echo sh; echo -c ${{ data }}", NULL },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_non_null(
			bench_read(&bench, PLACE_SHELL, document_of(&bench, rows[i].script)));
		assert_int_equal(bench.diags.warnings, rows[i].reaches != NULL);
		if (rows[i].reaches) {
			assert_int_equal(bench.diags.first->code, RB0611);
			assert_non_null(strstr(bench.diags.first->message, rows[i].reaches));
		}
	}
	bench_done(&bench);
}

static void follows_only_so_deep(void **state)
{
	struct bench bench;
	struct buffer script;
	(void)state;
	bench_init(&bench);
	buffer_init(&script, &bench.arena);
	for (int i = 0; i < 30000; i++)
		buffer_puts(&script, "$(");
	buffer_puts(&script, "${{ data }}");
	bench_read(&bench, PLACE_SHELL, document_of(&bench, buffer_string(&script)));
	assert_string_equal(bench.diags.first->message,
			    "a value cannot stand where the script cannot be followed");
	bench_done(&bench);
}

/* ---- values -------------------------------------------------------------------------------- */

static const char *value_of(struct bench *bench, const char *document)
{
	struct script script;
	assert_non_null(bench_read(bench, PLACE_SHELL, document));
	if (!place_script(bench->text, &bench->scope, &bench->arena, &script, &bench->failure))
		return arena_format(&bench->arena, "%s: %s", bench->failure.class,
				    bench->failure.message);
	assert_int_equal(script.count, 1);
	assert_string_equal(script.name[0], "RB_1");
	return script.value[0];
}

static void carries_values_in_variables(void **state)
{
	static char big[110000];
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_string_equal(value_of(&bench, "x: echo ${{ list }}"), "[\"a b\",\"c\"]");
	assert_string_equal(value_of(&bench, "x: echo ${{ number }}"), "8080");
	assert_string_equal(value_of(&bench, "x: echo ${{ secret }}"), "hunter22");
	assert_complaint(&bench, PLACE_SHELL, "x: echo ${{ none }}", "RB0604 1:9");
	assert_string_equal(value_of(&bench, "x: echo ${{ any }}"),
			    "refused: 'any' is null, which cannot stand in a script");
	bench.values[DATA] = value_string((struct text){ "a\0b", 3 });
	assert_string_equal(value_of(&bench, "x: echo ${{ data }}"),
			    "refused: 'data' holds a NUL byte, which cannot stand in a script");
	memset(big, 'a', sizeof(big) - 1);
	bench.values[DATA] = value_string((struct text){ big, 102400 });
	assert_int_equal(strlen(value_of(&bench, "x: echo ${{ data }}")), 102400);
	bench.values[DATA] = value_string((struct text){ big, 102401 });
	assert_string_equal(
		value_of(&bench, "x: echo ${{ data }}"),
		"resource: 'data' has 102401 bytes, more than the 102400 that a variable takes");
	assert_non_null(strstr(bench.failure.hint, "stdin:"));
	assert_complaint(&bench, PLACE_SHELL, "x: '  '", "RB0608 1:4");
	bench_done(&bench);
}

static void writes_references(void **state)
{
	struct bench bench;
	struct script script;
	(void)state;
	bench_init(&bench);
	bench_read(
		&bench, PLACE_SHELL,
		"x: |\n  a ${{ data }}\"b ${{ number }}\"\n  cat <<E\n  ${{ data }} $${{ c\n  E\n");
	assert_true(place_script(bench.text, &bench.scope, &bench.arena, &script, &bench.failure));
	assert_string_equal(script.text, "a \"${RB_1}\"\"b ${RB_2}\"\ncat <<E\n${RB_3} ${{ c\nE\n");
	assert_int_equal(script.count, 3);
	assert_string_equal(script.value[1], "8080");
	bench_done(&bench);
}

static void shows_values_in_their_places(void **state)
{
	static const struct {
		const char *document, *shown;
	} rows[] = {
		{ "x: a ${{ data }} \"b ${{ data }}\"",
		  "a 'it'\\''s \"$x\"' \"b it's \\\"\\$x\\\"\"" },
		{ "x: \"a <<E\\n${{ data }}\\nE\\n\"", "a <<E\nit's \"\\$x\"\nE\n" },
		{ "x: a ${{ secret }} ${{ any }}", "a (secret) <steps.a>" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench_data(&bench, DATA, "it's \"$x\"");
	bench.values[ANY] = value_unknown("steps.a", &bench.arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buffer out;
		assert_non_null(bench_read(&bench, PLACE_SHELL, rows[i].document));
		buffer_init(&out, &bench.arena);
		place_show(&out, bench.text, &bench.scope, &bench.arena);
		assert_string_equal(buffer_string(&out), rows[i].shown);
	}
	bench_done(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_every_value_unchanged),
		cmocka_unit_test(prints_every_value_from_here_documents),
		cmocka_unit_test(refuses_places_without_a_safe_reference),
		cmocka_unit_test(shows_the_environment_form),
		cmocka_unit_test(points_into_every_style),
		cmocka_unit_test(keeps_dialects_apart),
		cmocka_unit_test(warns_of_pipelines_under_sh),
		cmocka_unit_test(warns_of_second_interpreters),
		cmocka_unit_test(follows_only_so_deep),
		cmocka_unit_test(carries_values_in_variables),
		cmocka_unit_test(writes_references),
		cmocka_unit_test(shows_values_in_their_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
