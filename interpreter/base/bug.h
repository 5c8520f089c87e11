/*
 * bug: the third kind of failure, ours. An author's mistake is a diagnostic and the world's
 * refusal is an outcome; what can only be a defect of this program ends it at once.
 */
#ifndef BASE_BUG_H
#define BASE_BUG_H

#define EXIT_INTERNAL 70 /* of the program: a defect of ours, or no memory */

/* Writes "internal error: MESSAGE (FILE:LINE)" to standard error, with the path of a report in
 * $TMPDIR (else /tmp) that holds the message, the version, the command line, the system and the
 * calls that led there, and aborts: a debugger and a fuzzer see where. The program turns abort(),
 * ours or a library's, into EXIT_INTERNAL. */
#define bug(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)

_Noreturn void bug_at(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
