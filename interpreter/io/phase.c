/* Names of the phases of drivers: in the program itself, because messages need them without the
 * driver. */
#include "io/io.h"

const char *http_phase_name(enum http_phase phase)
{
	static const char *const names[] = {
		[HTTP_RESOLVE] = "resolve", [HTTP_CONNECT] = "connect", [HTTP_TLS] = "tls",
		[HTTP_SEND] = "send",       [HTTP_WAIT] = "wait",       [HTTP_RECEIVE] = "receive",
	};
	return names[phase];
}

const char *sql_phase_name(enum sql_phase phase)
{
	static const char *const names[] = {
		[SQL_CONNECT] = "connect",
		[SQL_BEGIN] = "begin",
		[SQL_STATEMENT] = "statement",
		[SQL_COMMIT] = "commit",
	};
	return names[phase];
}
