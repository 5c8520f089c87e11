/* help: commands and options, as the tables have them. */

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"

#define NAME_WIDTH 26 /* of "-s, --set NAME=VALUE" */

/* What stands behind the name: what the table says, or the choices. */
static void put_argument(struct buffer *out, const struct option *option)
{
	const char *const *choices = option->field.choices;
	if (option->argument && !choices)
		buffer_printf(out, " %s", option->argument);
	for (size_t i = 0; choices && choices[i]; i++)
		buffer_printf(out, "%s%s", i ? "|" : " ", choices[i]);
}

static void put_option(struct buffer *out, const struct option *option)
{
	const char *variable = option_variable(option, out->arena);
	struct buffer name;
	buffer_init(&name, out->arena);
	buffer_printf(&name, "--%s", option->field.name);
	put_argument(&name, option);
	buffer_printf(out, "  %c%c%c %s", option->letter ? '-' : ' ',
		      option->letter ? option->letter : ' ', option->letter ? ',' : ' ',
		      buffer_string(&name));
	if (name.len > NAME_WIDTH)
		buffer_printf(out, "\n%*s", NAME_WIDTH + 7, "");
	else
		buffer_printf(out, "%*s", (int)(NAME_WIDTH + 1 - name.len), "");
	buffer_puts(out, option->field.doc);
	if (variable)
		buffer_printf(out, " [%s]", variable);
	buffer_putc(out, '\n');
}

/* The command's own options, or those of all. */
static void put_options(struct buffer *out, const char *heading, int commands)
{
	buffer_printf(out, "\n%s\n", heading);
	for (const struct option *option = cli_options; option->field.name; option++)
		if (option->commands & commands)
			put_option(out, option);
}

static void put_all(struct buffer *out)
{
	buffer_puts(out, "Runs procedures that are checked before they start, recorded while they "
			 "run,\nand undone when they fail.\n\n"
			 "usage: runbook COMMAND [OPTION]...\n\ncommands\n");
	for (const struct command *command = cli_commands; command->name; command++)
		buffer_printf(out, "  %-8s %-10s  %s\n", command->name, command->usage,
			      command->summary);
}

static void put_command(struct buffer *out, const struct command *command)
{
	buffer_printf(out, "%s\n\nusage: runbook %s [OPTION]...%s%s\n", command->summary,
		      command->name, *command->usage ? " " : "", command->usage);
	if (command->options)
		put_options(out, "options", command->options);
}

int command_help(struct cli *cli)
{
	struct buffer out;
	const struct command *command = cli->help ? cli->command : NULL;
	if (!cli->help && cli->operands.count > 0) {
		command = command_find(cli, cli->operands.at[0]);
		if (!command)
			return EXIT_USAGE;
	}
	buffer_init(&out, cli->arena);
	if (command)
		put_command(&out, command);
	else
		put_all(&out);
	put_options(&out, "options of all commands", FOR_ALL);
	buffer_puts(&out, "\nA variable in [] gives its option too; the command line wins over it. "
			  "There is no\nconfiguration file.\n\n"
			  "What a run tells goes to standard error, results (tables, plans, "
			  "--progress json) to\nstandard output.\n\n"
			  "exit codes: runbook explain exit-codes\n");
	/* Without a command there is nothing to do, and a script should hear of it. */
	bool asked = cli->help || cli->command;
	if (asked)
		cli_out(buffer_text(&out));
	else
		file_write_all(STDERR_FILENO, buffer_text(&out));
	return asked ? EXIT_DONE : EXIT_USAGE;
}
