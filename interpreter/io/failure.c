#include <errno.h>
#include <string.h>

#include "io/internal.h"

static const char *const names[] = {
	[IO_NONE] = "",
	[IO_CANCELLED] = "cancelled",
	[IO_CONNECT] = "connect",
	[IO_DNS] = "dns",
	[IO_HTTP] = "http",
	[IO_NOT_FOUND] = "not_found",
	[IO_PERMISSION] = "permission",
	[IO_REFUSED] = "refused",
	[IO_RESOURCE] = "resource",
	[IO_SQL] = "sql",
	[IO_TIMEOUT] = "timeout",
	[IO_TLS] = "tls",
};

static const struct {
	int error;
	enum io_class class;
} classes[] = {
	{ ENOENT, IO_NOT_FOUND },     { ENOTDIR, IO_NOT_FOUND },    { EACCES, IO_PERMISSION },
	{ EPERM, IO_PERMISSION },     { EROFS, IO_PERMISSION },     { ETIMEDOUT, IO_TIMEOUT },
	{ ECONNREFUSED, IO_CONNECT }, { ECONNRESET, IO_CONNECT },   { ECONNABORTED, IO_CONNECT },
	{ ENETUNREACH, IO_CONNECT },  { EHOSTUNREACH, IO_CONNECT }, { ENETDOWN, IO_CONNECT },
};

const char *io_class_name(enum io_class class)
{
	return names[class];
}

enum io_class io_class_of_name(struct text name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (text_is(name, names[i]))
			return (enum io_class)i;
	}
	return IO_RESOURCE;
}

enum io_class io_class_of_errno(int error)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (classes[i].error == error)
			return classes[i].class;
	}
	return IO_RESOURCE;
}

void io_fail(struct io_failure *failure, struct arena *arena, enum io_class class,
	     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*failure = (struct io_failure){
		.class = class,
		.message = arena_vformat(arena, format, args),
	};
	va_end(args);
}

void io_fail_errno(struct io_failure *failure, struct arena *arena, int error, const char *format,
		   ...)
{
	const char *subject;
	va_list args;

	va_start(args, format);
	subject = arena_vformat(arena, format, args);
	va_end(args);
	*failure = (struct io_failure){
		.class = io_class_of_errno(error),
		.code = strerrorname_np(error),
		.message = arena_format(arena, "%s: %s", subject, strerror(error)),
	};
}
