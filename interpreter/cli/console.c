/* Questions on the terminal: the latest that is open, and the line that answers it. */

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/console.h"
#include "io/io.h"
#include "report/report.h"
#include "run/run.h"

#define LINE_MAX 1024

struct console {
	struct arena *arena;
	struct sink inner;
	struct loop *loop;
	struct engine *engine;
	struct watch watch;
	struct timer timer; /* asks when the loop turns: a flag may answer before that */
	const char *asked;  /* id of the question on the screen, or NULL */
	bool prompted;      /* the cursor stands behind a prompt */
	bool color;
	char line[LINE_MAX];
	size_t len;
};

/* What may be typed. */
static const struct reply {
	const char *kind; /* of the question */
	const char *word; /* its first letter will do */
	const char *answer;
} replies[] = {
	{ "approve", "yes", "yes" },           { "approve", "no", "no" },
	{ "rollback", "yes", "yes" },          { "rollback", "no", "no" },
	{ "condition", "yes", "yes" },         { "condition", "no", "no" },
	{ "failure", "again", "again" },       { "failure", "go on", "go_on" },
	{ "failure", "stop", "stop" },         { "lost", "run it again", "again" },
	{ "lost", "say it was done", "done" }, { "lost", "abort", "abort" },
};

static void say(struct console *console, const char *text)
{
	file_write_all(STDERR_FILENO, text_of(text));
	console->prompted = text[strlen(text) - 1] != '\n';
}

/* A question whose step has ended by its timeout has no answer and waits for none. */
static bool is_open(const struct state *state, const struct ask_state *ask)
{
	return !ask->answered &&
	       (ask->slot < 0 || strcmp(ask->kind, "failure") == 0 ||
		strcmp(ask->kind, "lost") == 0 || state->steps[ask->slot].status == STEP_WAITING);
}

static const struct ask_state *open_ask(const struct console *console)
{
	const struct state *state = console->engine ? run_state(console->engine) : NULL;
	if (!state || state->phase == RUN_CLOSED)
		return NULL;
	for (size_t i = state->asks.count; i > 0; i--)
		if (is_open(state, &state->asks.at[i - 1]))
			return &state->asks.at[i - 1];
	return NULL;
}

/* ---- asking -------------------------------------------------------------------------------- */

static void put_safe(struct buffer *out, const char *text)
{
	text_neutralise(out, text_of(text), false);
}

static void put_prompt(const struct ask_state *ask, struct buffer *out)
{
	const char *separator = "  ";
	if (ask->must_type) {
		buffer_puts(out, "  type '");
		put_safe(out, ask->must_type);
		buffer_puts(out, "' to go on, 'no' to refuse: ");
		return;
	}
	if (strcmp(ask->kind, "manual") == 0) {
		buffer_puts(out, ask->evidence ? "  done? type what is to be noted, or 'no': "
					       : "  done? type 'yes' or a note, or 'no': ");
		return;
	}
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		if (strcmp(replies[i].kind, ask->kind) == 0) {
			buffer_printf(out, "%s[%c]%s", separator, replies[i].word[0],
				      replies[i].word + 1);
			separator = ", ";
		}
	buffer_puts(out, ": ");
}

static void prompt(struct console *console, const struct ask_state *ask, const char *before)
{
	struct arena arena;
	struct buffer out;
	arena_init(&arena);
	buffer_init(&out, &arena);
	buffer_puts(&out, before);
	put_prompt(ask, &out);
	say(console, buffer_string(&out));
	arena_done(&arena);
}

static void ask_now(void *data)
{
	struct console *console = data;
	const struct ask_state *ask = open_ask(console);
	struct arena arena;
	struct buffer out;
	if (!ask || console->prompted)
		return;
	arena_init(&arena);
	buffer_init(&out, &arena);
	report_question(&out, ask, console->color, report_width(STDERR_FILENO));
	if (!console->asked || strcmp(console->asked, ask->ask) != 0) {
		tcflush(STDIN_FILENO, TCIFLUSH);
		console->len = 0;
	}
	console->asked = ask->ask;
	prompt(console, ask, buffer_string(&out));
	arena_done(&arena);
	watch_start(&console->watch, console->loop);
}

/* ---- answers ------------------------------------------------------------------------------- */

static bool is_word(const char *line, const char *word)
{
	return strcmp(line, word) == 0 || (line[0] == word[0] && !line[1]);
}

/* NULL: it is none. *note: what was typed beside it, or NULL. */
static const char *answer_of(const struct ask_state *ask, const char *line, const char **note)
{
	bool manual = strcmp(ask->kind, "manual") == 0;
	*note = NULL;
	if (strcmp(line, "no") == 0 && (ask->must_type || manual))
		return "no";
	if (ask->must_type)
		return strcmp(line, ask->must_type) == 0 ? "yes" : NULL;
	if (manual && is_word(line, "yes"))
		return ask->evidence ? NULL : "yes";
	if (manual) {
		*note = line;
		return *line ? "yes" : NULL;
	}
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		if (strcmp(replies[i].kind, ask->kind) != 0)
			continue;
		/* "r nothing was there": why, of what was lost. */
		if (strcmp(ask->kind, "lost") == 0 && line[0] == replies[i].word[0] &&
		    line[1] == ' ' && !is_word(line, replies[i].word))
			*note = line + 2;
		if (*note || is_word(line, replies[i].word))
			return replies[i].answer;
	}
	return NULL;
}

static void take_line(struct console *console, const char *line)
{
	const struct ask_state *ask = open_ask(console);
	const char *note;
	console->prompted = false; /* Enter went to the next line */
	if (!ask)
		return;
	const char *answer = answer_of(ask, line, &note);
	if (!answer)
		prompt(console, ask, "  that is no answer\n");
	else if (run_answer(console->engine, ask->ask, answer, "terminal",
			    note ? arena_string(console->arena, note) : NULL) == ANSWER_NOT_YOURS)
		prompt(console, ask, "  you are none of those who may answer\n");
}

static char *line_end(struct console *console)
{
	return memchr(console->line, '\n', console->len);
}

static void take_lines(struct console *console)
{
	for (char *end; (end = line_end(console));) {
		char line[LINE_MAX];
		size_t len = (size_t)(end - console->line);
		memcpy(line, console->line, len);
		line[len] = '\0';
		console->len -= len + 1;
		memmove(console->line, end + 1, console->len);
		take_line(console, line);
	}
	if (console->len == LINE_MAX)
		console->len = 0; /* nobody types that much */
}

/* The terminal is gone: nobody will ever answer. */
static void hang_up(struct console *console)
{
	watch_stop(&console->watch);
	run_stop(console->engine);
}

static void on_ready(void *data, short events)
{
	struct console *console = data;
	const struct ask_state *ask = open_ask(console);
	ssize_t len = read(STDIN_FILENO, console->line + console->len, LINE_MAX - console->len);
	if (len < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (len < 0 || (len == 0 && events & POLLHUP)) {
		hang_up(console);
		return;
	}
	if (len == 0 && ask) { /* Ctrl-D */
		prompt(console, ask, "\n  that is no answer; Ctrl-C stops the run\n");
		return;
	}
	console->len += (size_t)len;
	take_lines(console);
}

/* ---- between the run and its screen -------------------------------------------------------- */

static void on_event(void *data, const struct event *event)
{
	struct console *console = data;
	if (console->prompted && !event->past)
		say(console, "\n");
	console->inner.event(console->inner.data, event);
	if (event->past || !console->engine)
		return;
	if (!open_ask(console))
		watch_stop(&console->watch);
	else
		timer_start(&console->timer, console->loop, 0);
}

struct console *console_new(struct sink inner, struct loop *loop, bool color, struct arena *arena)
{
	struct console *console = arena_new(arena, struct console);
	console->arena = arena;
	console->inner = inner;
	console->loop = loop;
	console->color = color;
	console->watch = (struct watch){
		.fd = STDIN_FILENO, .events = POLLIN, .ready = on_ready, .data = console
	};
	console->timer = (struct timer){ .fire = ask_now, .data = console };
	return console;
}

struct sink console_sink(struct console *console)
{
	return (struct sink){ on_event, console, console->inner.no_output };
}

void console_attach(struct console *console, struct engine *engine)
{
	console->engine = engine;
	if (open_ask(console)) /* what a resumed run must know first */
		timer_start(&console->timer, console->loop, 0);
}
