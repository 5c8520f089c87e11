#include <ctype.h>
#include <string.h>

#include "io/postgres_internal.h"

/* ---- what a string must not say ---- */

const char pg_no_memory[] = "there is no memory to read it";

/* libpq's complaints by how they begin; its own words hold parts of the string, perhaps of a
 * password. */
static const char *complaint_without_parts(const char *complaint)
{
	static const struct {
		const char *begins, *instead;
	} rows[] = {
		{ "out of memory", pg_no_memory },
		{ "no memory", pg_no_memory },
		{ "missing \"=\"", "a keyword without '='" },
		{ "unterminated quoted string", "a quote is never closed" },
		{ "invalid connection option", "an unknown keyword" },
		{ "invalid URI query parameter", "an unknown query parameter" },
		{ "extra key/value separator", "two '=' in a query parameter" },
		{ "missing key/value separator", "a query parameter without '='" },
		{ "invalid percent-encoded token", "'%' without two hexadecimal digits" },
		{ "forbidden value", "%00" },
		{ "unexpected character", "a character that cannot stand behind the host" },
		{ "end of string reached", "'[' without ']'" },
		{ "IPv6 host address may not be empty", "an empty address in []" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strncmp(complaint, rows[i].begins, strlen(rows[i].begins)) == 0)
			return rows[i].instead;
	}
	return "it is neither a postgresql:// URL nor keywords of libpq";
}

static bool is_url(const char *string)
{
	return strncmp(string, "postgresql://", 13) == 0 || strncmp(string, "postgres://", 11) == 0;
}

/* A '@' or '/' of a password that is not encoded makes another host of its end, which messages
 * would then show. */
static bool is_ambiguous(const char *url)
{
	const char *from = strstr(url, "://") + 3;
	size_t authority = strcspn(from, "/?"), end = strcspn(from, "?");
	size_t count = 0, last = 0;

	for (size_t i = 0; i < end; i++) {
		if (from[i] == '@') {
			count++;
			last = i;
		}
	}
	return count > 1 || (count == 1 && last > authority);
}

static const char *refusal_of(const struct pg_options *options)
{
	const char *encoding = pg_option(options, "client_encoding");
	const char *timeout = pg_option(options, "connect_timeout");

	if (pg_option(options, "service") || pg_option(options, "servicefile"))
		return "it names a service; service files are not read, write host, user and "
		       "dbname";
	if (pg_option(options, "replication"))
		return "it asks for replication, which has no statements";
	if (encoding && strcasecmp(encoding, "utf8") != 0 && strcasecmp(encoding, "utf-8") != 0 &&
	    strcmp(encoding, "auto") != 0)
		return "its client_encoding is not UTF8";
	if (timeout && timeout[strspn(timeout, "0123456789")])
		return "its connect_timeout is not a number of seconds";
	return NULL;
}

/* ---- Doctrine ---- */

static bool is_doctrines(struct text parameter)
{
	return text_starts(parameter, "serverVersion=") || text_starts(parameter, "charset=");
}

/* A URL without the query parameters that are Doctrine's. */
static const char *without_doctrines(struct pg_target *target, const char *url, struct arena *arena)
{
	size_t query = strcspn(url, "?");
	struct buffer out;
	const char *at = url + query;
	char separator = '?';

	buffer_init(&out, arena);
	buffer_add(&out, (struct text){ url, query });
	while (*at) {
		struct text parameter = { at + 1, strcspn(at + 1, "&") };

		at += 1 + parameter.len;
		if (is_doctrines(parameter)) {
			target->dropped = "serverVersion and charset are Doctrine's, not libpq's: "
					  "left out of the connection";
			continue;
		}
		buffer_putc(&out, separator);
		buffer_add(&out, parameter);
		separator = '&';
	}
	return buffer_string(&out);
}

/* ---- servers ---- */

/* A list with commas: its element, "" behind its end. */
static const char *element(const char *list, size_t index, struct arena *arena)
{
	while (index--) {
		list += strcspn(list, ",");
		if (!*list)
			return "";
		list++;
	}
	return arena_copy(arena, list, strcspn(list, ","));
}

static size_t element_count(const char *list)
{
	size_t count = list != NULL;

	for (; list && *list; list++)
		count += *list == ',';
	return count;
}

static const char *given(const char *text)
{
	return text && *text ? text : NULL;
}

static const char *read_servers(struct pg_target *target, struct arena *arena)
{
	const char *hosts = pg_option(&target->options, "host");
	const char *addresses = pg_option(&target->options, "hostaddr");
	const char *ports = pg_option(&target->options, "port");
	size_t count = element_count(addresses ? addresses : hosts);
	size_t port_count = element_count(ports);

	count = count ? count : 1;
	if (addresses && hosts && element_count(hosts) != count)
		return "host and hostaddr do not name as many servers";
	if (port_count > 1 && port_count != count)
		return "there are not as many ports as servers";
	for (size_t i = 0; i < count; i++)
		*list_add(&target->servers, arena) = (struct pg_server){
			.host = hosts ? given(element(hosts, i, arena)) : NULL,
			.address = addresses ? given(element(addresses, i, arena)) : NULL,
			.port = ports ? given(element(ports, port_count > 1 ? i : 0, arena)) : NULL,
		};
	return NULL;
}

/* ---- the other options ---- */

static void set_option(struct pg_options *options, const char *keyword, const char *value,
		       struct arena *arena)
{
	*list_add(&options->list, arena) = (struct pg_option){ keyword, value };
}

/* What the link sets itself for each server it tries. */
static bool is_taken_out(const char *keyword)
{
	static const char *const keywords[] = { "host", "hostaddr", "port", "connect_timeout",
						"client_encoding" };

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strcmp(keyword, keywords[i]) == 0)
			return true;
	}
	return false;
}

static void add_defaults(struct pg_options *options, struct arena *arena)
{
	static const struct pg_option defaults[] = {
		{ "application_name", "runbook" }, { "gssencmode", "disable" },
		{ "keepalives_idle", "30" },       { "keepalives_interval", "10" },
		{ "keepalives_count", "3" },       { "tcp_user_timeout", "60000" },
	};

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		if (!pg_option(options, defaults[i].keyword))
			set_option(options, defaults[i].keyword, defaults[i].value, arena);
	}
	set_option(options, "client_encoding", "UTF8", arena);
}

static void keep_options(struct pg_target *target, struct arena *arena)
{
	struct pg_options all = target->options;
	const char *timeout = pg_option(&all, "connect_timeout");

	target->connect_timeout = timeout ? strtol(timeout, NULL, 10) * NS_PER_S
					  : POSTGRES_CONNECT_TIMEOUT;
	target->options = (struct pg_options){ 0 };
	for (size_t i = 0; i < all.list.count; i++) {
		const struct pg_option *option = &all.list.at[i];

		if (!is_taken_out(option->keyword))
			set_option(&target->options, option->keyword, option->value, arena);
	}
	add_defaults(&target->options, arena);
}

const struct pg_target *pg_target_read(const char *string, struct arena *arena)
{
	struct pg_target *target = arena_new(arena, struct pg_target);
	const char *complaint;

	if (is_url(string) && is_ambiguous(string)) {
		target->refusal = "'@' and '/' in a user or password must be written %40 and %2F";
		return target;
	}
	if (is_url(string))
		string = without_doctrines(target, string, arena);
	complaint = pg_options_read(&target->options, string, arena);
	if (complaint)
		target->refusal = complaint_without_parts(complaint);
	else
		target->refusal = refusal_of(&target->options);
	if (!target->refusal)
		target->refusal = read_servers(target, arena);
	keep_options(target, arena);
	return target;
}
