/* The options of all commands: one table, from which they are read, checked and told. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static const char *const progress_forms[] = { "auto", "tty", "plain", "json", "quiet", NULL };
static const char *const color_times[] = { "auto", "always", "never", NULL };

const struct option cli_options[] = {
	{ STRINGS(struct cli, set, .doc = "Value of an input; lists and maps as JSON."), 's',
	  "NAME=VALUE", FOR_RUN | FOR_PLAN | FOR_ROLLBACK | FOR_EVAL },
	{ STRINGS(struct cli, inputs, .doc = "YAML map of inputs; --set wins over it."), 0, "FILE",
	  FOR_RUN | FOR_PLAN | FOR_ROLLBACK },
	{ STRING(struct cli, from,
		 .doc = "Inputs from the outputs of a run, or of a file's last good run."),
	  0, "RUN|FILE", FOR_RUN | FOR_PLAN },
	{ STRINGS(struct cli, secret,
		  .doc = "Secret input from env:VARIABLE, file:PATH or cmd:COMMAND."),
	  0, "NAME=SOURCE", FOR_RUN | FOR_PLAN | FOR_ROLLBACK | FOR_RESUME },
	{ STRINGS(struct cli, approve,
		  .doc = "Opens the gate of that id, with its must_type; recorded as by flag."),
	  0, "ID[=TEXT]", FOR_RUN | FOR_ROLLBACK | FOR_RESUME },
	{ STRINGS(struct cli, evidence,
		  .doc = "What is noted of a manual step that --approve opens; recorded."),
	  0, "ID=TEXT", FOR_RUN | FOR_ROLLBACK | FOR_RESUME },
	{ STRINGS(struct cli, only,
		  .doc = "Runs of 'steps' only these; of a called runbook CALL.STEP."),
	  0, "ID,...", FOR_RUN | FOR_PLAN },
	{ STRINGS(struct cli, tag, .doc = "Only steps with one of these tags; --only adds to it."),
	  0, "TAG,...", FOR_RUN | FOR_PLAN },
	{ FIELD_AS(FIELD_STRING, const char *, struct cli, start_at, "start-at",
		   .doc = "Leaves out the steps that stand before this one."),
	  0, "ID", FOR_RUN | FOR_PLAN },
	{ STRINGS(struct cli, skip, .doc = "Leaves these steps out, whatever else chooses them."),
	  0, "ID,...", FOR_RUN | FOR_PLAN },
	{ STRINGS(struct cli, rerun,
		  .doc = "Step whose end was lost: it was not done, and runs again."),
	  0, "ID", FOR_RESUME | FOR_ROLLBACK },
	{ STRINGS(struct cli, done, .doc = "Step whose end was lost: it was done."), 0, "ID",
	  FOR_RESUME | FOR_ROLLBACK },
	{ BOOL(struct cli, abort, .doc = "Ends the run as cancelled; starts nothing more of it."),
	  0, NULL, FOR_RESUME },
	{ FIELD_AS(FIELD_BOOL, bool, struct cli, accept_changes, "accept-changes",
		   .doc = "Goes by the documents as they are now; undoes below a later run."),
	  0, NULL, FOR_RESUME | FOR_ROLLBACK },
	{ STRING(struct cli, note, .doc = "Why; recorded."), 0, "TEXT", FOR_RESUME | FOR_ROLLBACK },
	{ STRING(struct cli, reason,
		 .doc = "Which of the runbook's rollback conditions; needed if it has any."),
	  0, "REASON", FOR_ROLLBACK },
	{ FIELD_AS(FIELD_BOOL, bool, struct cli, dry_run, "dry-run",
		   .doc = "Says what would run, as 'runbook plan' does; runs nothing."),
	  0, NULL, FOR_RUN },
	{ STRING(struct cli, json,
		 .doc = "JSON map whose fields are the names; --set wins over it."),
	  0, "FILE", FOR_EVAL },
	{ INTEGER(struct cli, prune, .min = 1, .max = 1000000,
		  .doc = "Keeps so many and removes older ones that nobody can go on with."),
	  0, "KEEP", FOR_HISTORY },
	{ BOOL(struct cli, libs, .doc = "The libraries that are in use, too; -v does the same."), 0,
	  NULL, FOR_VERSION },
	{ FIELD_AS(FIELD_STRING, const char *, struct cli, folder, "directory",
		   .doc = "Works as if started in DIR."),
	  'C', "DIR", FOR_ALL | FROM_ENVIRONMENT },
	{ BOOL(struct cli, quiet, .doc = "Failures and the end only."), 'q', NULL,
	  FOR_ALL | FROM_ENVIRONMENT },
	{ BOOL(struct cli, verbose, .doc = "Output of steps, what library steps do, all mistakes."),
	  'v', NULL, FOR_ALL | FROM_ENVIRONMENT },
	{ CHOICE(struct cli, color, .choices = color_times, .doc = "Colours repeat words."), 0,
	  "WHEN", FOR_ALL | FROM_ENVIRONMENT },
	{ CHOICE(struct cli, progress, .choices = progress_forms, .doc = "How a run is shown."), 0,
	  "FORM", FOR_ALL | FROM_ENVIRONMENT },
	{ FIELD_AS(FIELD_BOOL, bool, struct cli, no_input, "no-input",
		   .doc = "Asks nothing: a gate without --approve parks."),
	  0, NULL, FOR_ALL | FROM_ENVIRONMENT },
	{ INTEGER(struct cli, jobs, .min = 1, .max = CLI_MAX_JOBS,
		  .doc = "So many steps run at once, at most; default: 8."),
	  'j', "N", FOR_RUN | FOR_ROLLBACK | FROM_ENVIRONMENT },
	{ FIELD_AS(FIELD_DURATION, int64_t, struct cli, lock_timeout, "lock-timeout",
		   .doc = "Waits so long for a lock that another run holds."),
	  0, "DURATION", FOR_RUN | FOR_ROLLBACK | FOR_RESUME | FROM_ENVIRONMENT },
	{ STRING(struct cli, state, .doc = "Folder of the runs' records."), 0, "DIR",
	  FOR_ALL | FROM_ENVIRONMENT },
	{ BOOL(struct cli, help, .doc = "Tells this."), 'h', NULL, FOR_ALL },
	{ BOOL(struct cli, version, .doc = "As the command 'version'."), 0, NULL, FOR_ALL },
	{ { 0 }, 0, NULL, 0 },
};

bool option_is_for(const struct option *option, const struct command *command)
{
	return option->commands & (FOR_ALL | (command ? command->options : 0));
}

const char *option_variable(const struct option *option, struct arena *arena)
{
	char *name = arena_format(arena, "RUNBOOK_%s", option->field.name);
	if (!(option->commands & FROM_ENVIRONMENT))
		return NULL;
	for (char *at = name; *at; at++)
		*at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
	return name;
}

/* ---- words --------------------------------------------------------------------------------- */

struct reading {
	struct cli *cli;
	const char *const *word;            /* that is read next */
	const char *given[CLI_MAX_OPTIONS]; /* by row: the word that gave it; NULL: none did */
};

static const struct option *find(struct text name)
{
	for (const struct option *option = cli_options; option->field.name; option++)
		if (text_is(name, option->field.name))
			return option;
	return NULL;
}

static const struct option *find_letter(char letter)
{
	for (const struct option *option = cli_options; option->field.name; option++)
		if (option->letter && option->letter == letter)
			return option;
	return NULL;
}

static bool unknown(const struct cli *cli, struct text name)
{
	const char *names[CLI_MAX_OPTIONS];
	size_t count = 0;
	for (const struct option *option = cli_options; option->field.name; option++)
		if (!cli->command || option_is_for(option, cli->command))
			names[count++] = option->field.name;
	const char *near = name.len > 1 ? text_nearest(name, names, count) : NULL;
	cli_complain(cli,
		     near ? arena_format(cli->arena, "did you mean '--%s'?", near)
			  : arena_format(cli->arena, "See: runbook help%s%s",
					 cli->command ? " " : "",
					 cli->command ? cli->command->name : ""),
		     "unknown option '%s%.*s'", name.len > 1 ? "--" : "-", TEXT_ARG(name));
	return false;
}

/* Takes the option's value, or the truth of a flag. */
static bool take(struct reading *reading, const struct option *option, struct text value)
{
	struct cli *cli = reading->cli;
	const char **given = &reading->given[option - cli_options];
	struct failure failure;
	bool once = option->field.kind != FIELD_STRINGS && option->field.kind != FIELD_BOOL;
	if (once && *given && !text_is(value, *given)) {
		cli_complain(cli, NULL, "option '--%s' is given twice: '%s' and '%.*s'",
			     option->field.name, *given, TEXT_ARG(value));
		return false;
	}
	*given = arena_text(cli->arena, value).ptr;
	if (field_from_text(&option->field, value, cli->arena, cli, &failure))
		return true;
	cli_complain(cli, failure.hint, "option %s", failure.message);
	return false;
}

/* The value behind an option's name: after '=', or the next word. */
static bool take_argument(struct reading *reading, const struct option *option, const char *rest)
{
	struct cli *cli = reading->cli;
	if (rest)
		return take(reading, option, text_of(rest));
	if (*reading->word)
		return take(reading, option, text_of(*reading->word++));
	cli_complain(cli, NULL, "option '--%s' needs %s", option->field.name, option->argument);
	return false;
}

static bool read_long(struct reading *reading, const char *name)
{
	const char *equals = strchr(name, '=');
	struct text text = text_slice(text_of(name), 0,
				      equals ? (size_t)(equals - name) : SIZE_MAX);
	const struct option *option = find(text);
	if (!option)
		return unknown(reading->cli, text);
	if (!option->argument)
		return take(reading, option, equals ? text_of(equals + 1) : TEXT("true"));
	return take_argument(reading, option, equals ? equals + 1 : NULL);
}

/* -q, -qv, -s NAME=VALUE, -sNAME=VALUE */
static bool read_letters(struct reading *reading, const char *letters)
{
	for (; *letters; letters++) {
		const struct option *option = find_letter(*letters);
		if (!option)
			return unknown(reading->cli, (struct text){ letters, 1 });
		if (option->argument)
			return take_argument(reading, option, letters[1] ? letters + 1 : NULL);
		if (!take(reading, option, TEXT("true")))
			return false;
	}
	return true;
}

static bool read_operand(struct cli *cli, const char *word)
{
	if (cli->command) {
		*list_add(&cli->operands, cli->arena) = word;
		return true;
	}
	cli->command = command_find(cli, word);
	return cli->command != NULL;
}

static bool read_words(struct reading *reading)
{
	bool options = true;
	while (*reading->word) {
		const char *word = *reading->word++;
		bool good = true;
		if (options && strcmp(word, "--") == 0)
			options = false;
		else if (options && strncmp(word, "--", 2) == 0)
			good = read_long(reading, word + 2);
		else if (options && word[0] == '-' && word[1])
			good = read_letters(reading, word + 1);
		else
			good = read_operand(reading->cli, word);
		if (!good)
			return false;
	}
	return true;
}

/* ---- what belongs together ----------------------------------------------------------------- */

static const char *takers(const struct option *option, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	for (const struct command *command = cli_commands; command->name; command++)
		if (option->commands & command->options)
			buffer_printf(&out, "%s'%s'", out.len ? ", " : "", command->name);
	return buffer_string(&out);
}

/* An option may stand before its command, so that this is looked at when all was read. */
static bool check_takers(const struct reading *reading)
{
	const struct cli *cli = reading->cli;
	for (const struct option *option = cli_options; option->field.name; option++) {
		if (!reading->given[option - cli_options] || !cli->command ||
		    option_is_for(option, cli->command))
			continue;
		cli_complain(cli,
			     arena_format(cli->arena, "It is an option of %s.",
					  takers(option, cli->arena)),
			     "'%s' takes no option '--%s'", cli->command->name, option->field.name);
		return false;
	}
	return true;
}

static bool take_variables(struct reading *reading)
{
	struct cli *cli = reading->cli;
	for (const struct option *option = cli_options; option->field.name; option++) {
		const char *name = option_variable(option, cli->arena);
		const char *value = name ? getenv(name) : NULL;
		struct failure failure;
		if (!value || !*value || reading->given[option - cli_options])
			continue;
		if (option->field.kind == FIELD_BOOL && strcmp(value, "1") == 0)
			value = "true";
		if (option->field.kind == FIELD_BOOL && strcmp(value, "0") == 0)
			value = "false";
		if (!field_from_text(&option->field, text_of(value), cli->arena, cli, &failure)) {
			cli_complain(cli, failure.hint, "variable %s: %s", name, failure.message);
			return false;
		}
	}
	return true;
}

bool cli_read(struct cli *cli)
{
	struct reading reading = { .cli = cli, .word = cli->words + 1 };
	for (size_t i = 1; cli->words[i]; i++)
		if (!text_is_utf8(text_of(cli->words[i]), NULL)) {
			cli_complain(cli, NULL, "word %zu of the command line is not UTF-8: '%s'",
				     i, cli->words[i]);
			return false;
		}
	if (!read_words(&reading) || !check_takers(&reading) || !take_variables(&reading))
		return false;
	if (cli->quiet && cli->verbose) {
		cli_complain(cli, NULL, "'--quiet' and '--verbose' exclude each other");
		return false;
	}
	return true;
}
