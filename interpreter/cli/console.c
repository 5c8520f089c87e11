/* Questions on the terminal. The question itself is printed when it opens; each line that is typed
 * answers the latest one that is open. */

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/console.h"
#include "io/io.h"
#include "run/run.h"
#include "source/source.h"

struct console {
	struct arena *arena;
	struct engine *engine;
	struct watch watch;
	struct timer timer;
	size_t shown; /* questions that were shown */
	char line[512];
	size_t len;
};

#define LOOK_AGAIN (50 * NS_PER_MS)

static void say(struct console *console, const char *text)
{
	struct buffer out;
	buffer_init(&out, console->arena);
	text_neutralise(&out, text_of(text), true);
	file_write_all(STDERR_FILENO, buffer_text(&out));
}

static const struct ask_state *open_ask(const struct console *console)
{
	const struct state *state = run_state(console->engine);
	for (size_t i = state->asks.count; i > 0; i--)
		if (!state->asks.at[i - 1].answered)
			return &state->asks.at[i - 1];
	return NULL;
}

static const char *prompt_of(const struct ask_state *ask, struct arena *arena)
{
	if (ask->must_type)
		return arena_format(
			arena, "type '%s' to go on, anything else to refuse: ", ask->must_type);
	if (strcmp(ask->kind, "failure") == 0)
		return "[a]gain, [g]o on, [s]top: ";
	if (strcmp(ask->kind, "manual") == 0)
		return "done? type what you noted, or 'no': ";
	return "[y]es or [n]o: ";
}

static void show_new(struct console *console)
{
	const struct state *state = run_state(console->engine);
	const struct ask_state *ask = open_ask(console);
	if (!ask || console->shown == state->asks.count)
		return;
	console->shown = state->asks.count;
	say(console, arena_format(console->arena, "\n? %s\n%s%s  %s",
				  ask->text ? ask->text : ask->ask, ask->show ? ask->show : "",
				  ask->show ? "\n" : "", prompt_of(ask, console->arena)));
}

static const char *answer_of(const struct ask_state *ask, const char *line)
{
	if (ask->must_type)
		return strcmp(line, ask->must_type) == 0 ? "yes" : "no";
	if (strcmp(ask->kind, "failure") == 0)
		return line[0] == 'a' ? "again" : line[0] == 'g' ? "go_on" : "stop";
	if (strcmp(ask->kind, "manual") == 0)
		return strcmp(line, "no") == 0 ? "no" : "yes";
	if (line[0] == 'y' || line[0] == 'Y')
		return "yes";
	return line[0] == 'n' || line[0] == 'N' ? "no" : NULL;
}

static void take_line(struct console *console, const char *line)
{
	const struct ask_state *ask = open_ask(console);
	if (!ask)
		return;
	const char *answer = answer_of(ask, line);
	if (!answer) {
		say(console, prompt_of(ask, console->arena));
		return;
	}
	bool noted = strcmp(ask->kind, "manual") == 0 && *line;
	run_answer(console->engine, ask->ask, answer, "terminal",
		   noted ? arena_string(console->arena, line) : NULL);
}

static void on_ready(void *data, short events)
{
	struct console *console = data;
	(void)events;
	ssize_t len = read(STDIN_FILENO, console->line + console->len,
			   sizeof(console->line) - 1 - console->len);
	if (len <= 0) {
		watch_stop(&console->watch);
		return;
	}
	console->len += (size_t)len;
	char *end;
	while ((end = memchr(console->line, '\n', console->len))) {
		*end = '\0';
		take_line(console, console->line);
		console->len -= (size_t)(end + 1 - console->line);
		memmove(console->line, end + 1, console->len);
	}
	if (console->len == sizeof(console->line) - 1)
		console->len = 0; /* nobody types that much */
}

static void on_time(void *data)
{
	struct console *console = data;
	show_new(console);
	timer_start(&console->timer, console->watch.loop, LOOK_AGAIN);
}

void console_open(struct loop *loop, struct engine *engine, struct arena *arena)
{
	struct console *console = arena_new(arena, struct console);
	console->arena = arena;
	console->engine = engine;
	console->watch = (struct watch){
		.fd = STDIN_FILENO, .events = POLLIN, .ready = on_ready, .data = console
	};
	watch_start(&console->watch, loop);
	console->timer = (struct timer){ .fire = on_time, .data = console };
	timer_start(&console->timer, loop, 0);
}
