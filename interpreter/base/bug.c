#include "base/bug.h"

#include <execinfo.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#define FRAMES_MAX 64

/* The words we were started with; a secret is never one of them. */
static void put_command(FILE *report)
{
	FILE *words = fopen("/proc/self/cmdline", "re");
	int byte;

	fputs("command: ", report);
	while (words && (byte = getc(words)) != EOF)
		putc(byte ? byte : '\n', report);
	if (words)
		fclose(words);
}

static void put_system(FILE *report)
{
	struct utsname name;

	if (uname(&name) == 0)
		fprintf(report, "system: %s %s %s\n", name.sysname, name.release, name.machine);
}

static void put_frames(FILE *report)
{
	void *frames[FRAMES_MAX];
	int count = backtrace(frames, FRAMES_MAX);

	fflush(report);
	backtrace_symbols_fd(frames, count, fileno(report));
}

/* A file that a maintainer can work from. path: where it is. */
static bool write_report(char *path, const char *message)
{
	int fd = mkstemp(path);
	FILE *report = fd < 0 ? NULL : fdopen(fd, "w");

	if (!report)
		return false;
	fprintf(report, "internal error: %s\nprogram: runbook %s\n", message, RUNBOOK_VERSION);
	put_command(report);
	put_system(report);
	put_frames(report);
	return fclose(report) == 0;
}

void bug_at(const char *file, int line, const char *format, ...)
{
	const char *folder = getenv("TMPDIR");
	char message[1024], path[1024];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (len >= 0 && (size_t)len < sizeof(message))
		snprintf(message + len, sizeof(message) - (size_t)len, " (%s:%d)", file, line);
	fprintf(stderr, "internal error: %s\n", message);
	snprintf(path, sizeof(path), "%s/runbook-bug-XXXXXX", folder && *folder ? folder : "/tmp");
	if (write_report(path, message))
		fprintf(stderr, "  a report is in %s: send it with what you did\n", path);
	fputs("  what is recorded is whole: 'runbook status' says what to do next\n", stderr);
	abort();
}
