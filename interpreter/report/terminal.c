/*
 * The screen of a terminal: lines that stay scroll away above a block that is redrawn.
 *
 * The cursor stands at the beginning of the block. What was drawn is taken away by clearing from
 * there to the end of the screen, so that nothing has to be counted: not after a resize that broke
 * lines, nor after somebody stopped the program and went on with it. No mode of the terminal is
 * changed and the cursor is never hidden: there is nothing to be set right again.
 */

#include <string.h>
#include <sys/ioctl.h>

#include "base/file.h"
#include "report/internal.h"

#define FRAME_MS 100 /* at most ten frames a second */
#define CLEAR "\r\x1b[J"
#define MIN_ROWS 4 /* below it the block is one line */

struct terminal {
	struct story story;
	struct live live;
	const struct clock *clock;
	struct arena arena;    /* of what waits: reset with each frame */
	struct buffer waiting; /* lines that stay and are not yet written */
	int64_t drawn_ms;      /* boot clock, when the last frame was drawn */
	bool drawn;            /* a block stands on the screen */
	bool silent;           /* no block: a question is open, or the run has ended */
};

static int64_t boot_ms(const struct terminal *terminal)
{
	return clock_boot(terminal->clock) / NS_PER_MS;
}

/* Lines that the block may have: the last of what stays is still seen above it. */
static size_t most_lines(int fd)
{
	struct winsize size;
	size_t rows = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : SIZE_MAX;
	return rows < MIN_ROWS ? 1 : rows <= LIVE_LINES ? rows - 1 : LIVE_LINES;
}

/* The block, and the cursor back to its beginning. */
static void put_block(struct terminal *terminal, struct buffer *out)
{
	struct story *story = &terminal->story;
	struct live_view view = {
		.story = story,
		.now = boot_ms(terminal),
		.width = story->width > 1 ? story->width - 1 : 1,
		.most = most_lines(story->options.fd),
	};
	size_t lines = live_draw(&terminal->live, &view, out);
	if (lines > 1)
		buffer_printf(out, "\x1b[%zuA", lines - 1);
	if (lines)
		buffer_putc(out, '\r');
	terminal->drawn = lines > 0;
}

/* One write a frame, so that nothing flickers. */
static void draw(struct terminal *terminal, bool block)
{
	struct buffer out;
	bool was_drawn = terminal->drawn;
	buffer_init(&out, &terminal->arena);
	terminal->story.width = report_width(terminal->story.options.fd);
	terminal->drawn = false;
	if (was_drawn)
		buffer_puts(&out, CLEAR);
	buffer_add(&out, buffer_text(&terminal->waiting));
	if (block)
		put_block(terminal, &out);
	file_write_all(terminal->story.options.fd, buffer_text(&out));
	terminal->drawn_ms = boot_ms(terminal);
	arena_reset(&terminal->story.tick);
	arena_reset(&terminal->arena);
	buffer_init(&terminal->waiting, &terminal->arena);
}

void terminal_frame(struct terminal *terminal)
{
	if (!terminal->silent && boot_ms(terminal) - terminal->drawn_ms >= FRAME_MS)
		draw(terminal, true);
}

void terminal_clear(struct terminal *terminal)
{
	draw(terminal, false);
}

static void on_event(void *data, const struct event *event)
{
	struct terminal *terminal = data;
	struct story *story = &terminal->story;
	story->width = report_width(story->options.fd);
	story->wrap = story->width;
	story_event(story, event, &terminal->waiting);
	live_event(&terminal->live, story, event, boot_ms(terminal));
	if (event->past)
		return;
	if (event->type == EVENT_ASK_OPENED || event->type == EVENT_RUN_CLOSED)
		terminal->silent = true;
	else if (event->type != EVENT_STEP_OUTPUT && event->type != EVENT_STEP_WAITING)
		terminal->silent = false;
	if (terminal->silent)
		draw(terminal, false);
	else
		terminal_frame(terminal);
}

static void done(void *data)
{
	struct terminal *terminal = data;
	terminal_clear(terminal);
	arena_done(&terminal->arena);
}

struct terminal *report_terminal(const struct report_options *options, const struct clock *clock,
				 struct arena *arena)
{
	struct terminal *terminal = arena_new(arena, struct terminal);
	story_init(&terminal->story, options, arena);
	live_init(&terminal->live, arena);
	terminal->clock = clock;
	arena_init(&terminal->arena);
	buffer_init(&terminal->waiting, &terminal->arena);
	arena_defer(arena, done, terminal);
	return terminal;
}

struct sink terminal_sink(struct terminal *terminal)
{
	return (struct sink){ .event = on_event, .data = terminal };
}
