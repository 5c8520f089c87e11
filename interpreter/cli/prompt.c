/* One line of an operator, shown as it is typed or, of a secret, not. */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/prompt.h"

#define LINE_BYTES 4096 /* a terminal takes no longer line */

struct prompt {
	const char *question;
	bool secret;
	bool hidden;           /* the terminal shows nothing of what is typed */
	struct termios before; /* of the terminal, where it is hidden */
	sigset_t keys;         /* what the loop does not hear, and the echo must be back for */
	int keys_fd;
	struct watch input, heard;
	bool done;
	enum prompt_end end;
	char line[LINE_BYTES];
	size_t len;
};

/* ---- the terminal -------------------------------------------------------------------------- */

static void show(const char *text)
{
	file_write_all(STDERR_FILENO, text_of(text));
}

static void ask(const struct prompt *prompt)
{
	show(prompt->question);
	show(": ");
}

/* What was typed before the question was shown is dropped: it stands on the screen. */
static bool hide(struct prompt *prompt)
{
	struct termios quiet;
	if (!prompt->secret)
		return true;
	if (tcgetattr(STDIN_FILENO, &prompt->before) != 0)
		return false;
	quiet = prompt->before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	prompt->hidden = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
	return prompt->hidden;
}

static void unhide(struct prompt *prompt)
{
	if (prompt->hidden)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &prompt->before);
	prompt->hidden = false;
}

static void finish(struct prompt *prompt, enum prompt_end end)
{
	prompt->done = true;
	prompt->end = end;
}

/* ---- what happens -------------------------------------------------------------------------- */

static void on_input(void *data, short events)
{
	struct prompt *prompt = data;
	ssize_t len = read(STDIN_FILENO, prompt->line + prompt->len, LINE_BYTES - prompt->len);
	if (len < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (len < 0 || (len == 0 && events & POLLHUP)) {
		finish(prompt, PROMPT_CANCELLED);
		return;
	}
	prompt->len += (size_t)len;
	const char *end = memchr(prompt->line, '\n', prompt->len);
	if (!end && len > 0 && prompt->len < LINE_BYTES)
		return; /* Ctrl-D behind something: the line goes on */
	prompt->len = end ? (size_t)(end - prompt->line) : prompt->len;
	finish(prompt, prompt->len ? PROMPT_LINE : PROMPT_NOTHING);
}

static void on_signal(void *data, int signal)
{
	if (signal != SIGWINCH)
		finish(data, PROMPT_CANCELLED);
}

/* Does what the signal does to a program that does not hear it: stops it, or ends it. */
static void obey(const struct prompt *prompt, int signal)
{
	const struct timespec at_once = { 0 };
	sigset_t one, continued;
	sigemptyset(&one);
	sigaddset(&one, signal);
	sigemptyset(&continued);
	sigaddset(&continued, SIGCONT);
	raise(signal);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &prompt->keys, NULL);
	sigtimedwait(&continued, NULL, &at_once);
}

/* Ctrl-Z, Ctrl-\, and that it goes on: a shell may have given the terminal its own ways. */
static void on_keys(void *data, short events)
{
	struct prompt *prompt = data;
	struct signalfd_siginfo heard;
	(void)events;
	if (read(prompt->keys_fd, &heard, sizeof(heard)) != (ssize_t)sizeof(heard))
		return;
	unhide(prompt);
	if (heard.ssi_signo != SIGCONT)
		obey(prompt, (int)heard.ssi_signo);
	prompt->len = 0;
	show("\n");
	if (!hide(prompt))
		finish(prompt, PROMPT_CANCELLED);
	else
		ask(prompt);
}

/* ---- asking -------------------------------------------------------------------------------- */

static void begin(struct prompt *prompt, struct loop *loop)
{
	sigemptyset(&prompt->keys);
	sigaddset(&prompt->keys, SIGTSTP);
	sigaddset(&prompt->keys, SIGQUIT);
	sigaddset(&prompt->keys, SIGCONT);
	sigprocmask(SIG_BLOCK, &prompt->keys, NULL);
	prompt->keys_fd = signalfd(-1, &prompt->keys, SFD_CLOEXEC | SFD_NONBLOCK);
	prompt->input = (struct watch){
		.fd = STDIN_FILENO, .events = POLLIN, .ready = on_input, .data = prompt
	};
	prompt->heard = (struct watch){
		.fd = prompt->keys_fd, .events = POLLIN, .ready = on_keys, .data = prompt
	};
	watch_start(&prompt->heard, loop);
	watch_start(&prompt->input, loop);
	loop_on_signal(loop, on_signal, prompt);
}

static void end(struct prompt *prompt, struct loop *loop)
{
	loop_on_signal(loop, NULL, NULL);
	watch_stop(&prompt->input);
	watch_stop(&prompt->heard);
	unhide(prompt);
	close(prompt->keys_fd);
	sigprocmask(SIG_UNBLOCK, &prompt->keys, NULL);
}

enum prompt_end prompt_line(struct loop *loop, const char *question, bool secret,
			    struct arena *arena, struct text *line)
{
	struct prompt prompt = { .question = question, .secret = secret };
	begin(&prompt, loop);
	if (prompt.keys_fd < 0 || !hide(&prompt))
		finish(&prompt, PROMPT_CANCELLED);
	else
		ask(&prompt);
	while (!prompt.done)
		loop_run_once(loop);
	/* Enter was not shown, nor does Ctrl-C or Ctrl-D end the line. */
	bool open = prompt.hidden || prompt.end != PROMPT_LINE;
	end(&prompt, loop);
	if (open)
		show("\n");
	*line = (struct text){ arena_copy(arena, prompt.line, prompt.len), prompt.len };
	explicit_bzero(prompt.line, sizeof(prompt.line));
	return prompt.end;
}
