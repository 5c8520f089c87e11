/* The options of a PostgreSQL connection: those that libpq knows, up to that of PostgreSQL 17, and
 * what can be told of a written value (PostgreSQL documentation, section 34.1.2). */

#include <string.h>
#include <strings.h>

#include "place/internal.h"

/* What a value may be. */
enum option_kind {
	OPTION_TEXT,
	OPTION_COUNT, /* decimal digits */
	OPTION_PORTS, /* 1 to 65535, more of them behind commas */
	OPTION_WORD,  /* one of the words */
	OPTION_NONE   /* the driver refuses the option */
};

struct option {
	const char *name;
	enum option_kind kind;
	const char *const *words;
	const char *why; /* OPTION_NONE: a sentence */
};

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define TRUTHS WORDS("0", "1")
#define GSS WORDS("disable", "prefer", "require")
#define TLS WORDS("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
#define SERVICES "Service files are not read: write host, user and dbname."

static const struct option options[] = {
	{ "host", OPTION_TEXT, NULL, NULL },
	{ "port", OPTION_PORTS, NULL, NULL },
	{ "dbname", OPTION_TEXT, NULL, NULL },
	{ "user", OPTION_TEXT, NULL, NULL },
	{ "password", OPTION_TEXT, NULL, NULL },
	{ "sslmode", OPTION_WORD,
	  WORDS("disable", "allow", "prefer", "require", "verify-ca", "verify-full"), NULL },
	{ "sslrootcert", OPTION_TEXT, NULL, NULL },
	{ "sslcert", OPTION_TEXT, NULL, NULL },
	{ "sslkey", OPTION_TEXT, NULL, NULL },
	{ "sslpassword", OPTION_TEXT, NULL, NULL },
	{ "sslcrl", OPTION_TEXT, NULL, NULL },
	{ "sslcrldir", OPTION_TEXT, NULL, NULL },
	{ "sslsni", OPTION_WORD, TRUTHS, NULL },
	{ "sslcompression", OPTION_WORD, TRUTHS, NULL },
	{ "sslcertmode", OPTION_WORD, WORDS("disable", "allow", "require"), NULL },
	{ "sslnegotiation", OPTION_WORD, WORDS("postgres", "direct"), NULL },
	{ "ssl_min_protocol_version", OPTION_WORD, TLS, NULL },
	{ "ssl_max_protocol_version", OPTION_WORD, TLS, NULL },
	{ "hostaddr", OPTION_TEXT, NULL, NULL },
	{ "passfile", OPTION_TEXT, NULL, NULL },
	{ "require_auth", OPTION_TEXT, NULL, NULL },
	{ "channel_binding", OPTION_WORD, WORDS("disable", "prefer", "require"), NULL },
	{ "connect_timeout", OPTION_COUNT, NULL, NULL },
	{ "client_encoding", OPTION_WORD, WORDS("UTF8", "auto"), NULL },
	{ "options", OPTION_TEXT, NULL, NULL },
	{ "application_name", OPTION_TEXT, NULL, NULL },
	{ "fallback_application_name", OPTION_TEXT, NULL, NULL },
	{ "keepalives", OPTION_WORD, TRUTHS, NULL },
	{ "keepalives_idle", OPTION_COUNT, NULL, NULL },
	{ "keepalives_interval", OPTION_COUNT, NULL, NULL },
	{ "keepalives_count", OPTION_COUNT, NULL, NULL },
	{ "tcp_user_timeout", OPTION_COUNT, NULL, NULL },
	{ "requirepeer", OPTION_TEXT, NULL, NULL },
	{ "krbsrvname", OPTION_TEXT, NULL, NULL },
	{ "gsslib", OPTION_TEXT, NULL, NULL },
	{ "gssencmode", OPTION_WORD, GSS, NULL },
	{ "gssdelegation", OPTION_WORD, TRUTHS, NULL },
	{ "load_balance_hosts", OPTION_WORD, WORDS("disable", "random"), NULL },
	{ "target_session_attrs", OPTION_WORD,
	  WORDS("any", "read-write", "read-only", "primary", "standby", "prefer-standby"), NULL },
	{ "service", OPTION_NONE, NULL, SERVICES },
	{ "servicefile", OPTION_NONE, NULL, SERVICES },
	{ "replication", OPTION_NONE, NULL, "Such a connection takes no statements." },
};

#define OPTION_COUNT_ALL (sizeof(options) / sizeof(options[0]))

static const struct option *option_find(struct text name)
{
	for (size_t i = 0; i < OPTION_COUNT_ALL; i++)
		if (text_is(name, options[i].name))
			return &options[i];
	return NULL;
}

/* ---- unknown ones -------------------------------------------------------------------------- */

/* As other drivers call them. */
static const char *known_as(struct text name)
{
	static const char *const rows[][2] = {
		{ "database", "dbname" },
		{ "db", "dbname" },
		{ "username", "user" },
		{ "pass", "password" },
		{ "pwd", "password" },
		{ "hostname", "host" },
		{ "server", "host" },
		{ "timeout", "connect_timeout" },
		{ "encoding", "client_encoding" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (text_is(name, rows[i][0]))
			return rows[i][1];
	return NULL;
}

static bool complain_unknown(const struct connection_option *option, struct diags *diags)
{
	const char *names[OPTION_COUNT_ALL], *known = known_as(option->name);
	for (size_t i = 0; i < OPTION_COUNT_ALL; i++)
		names[i] = options[i].name;
	diag_at(diags, option->name_span, RB0626, "unknown option '%s' of a connection",
		text_shown(option->name, diags->arena));
	if (known)
		diag_hint(diags, "Here it is called '%s'.", known);
	else if (text_is(option->name, "ssl"))
		diag_hint(diags, "Write sslmode=require, or sslmode=disable.");
	else if (!diag_did_you_mean(diags, option->name, names, OPTION_COUNT_ALL))
		diag_hint(diags, "The usual ones are host, port, dbname, user, password and "
				 "sslmode.");
	return false;
}

/* Query parameters that libpq does not know and that are taken all the same. */
static bool is_taken(const struct connection_option *option)
{
	return option->in_url &&
	       (text_is(option->name, "serverVersion") || text_is(option->name, "charset") ||
		(text_is(option->name, "ssl") && text_is(option->value, "true")));
}

/* ---- values -------------------------------------------------------------------------------- */

static bool is_count(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len > 0 && text.len < 10;
}

static bool is_port(struct text text)
{
	long port = 0;
	for (size_t i = 0; i < text.len && is_count(text); i++)
		port = port * 10 + (text.ptr[i] - '0');
	return text.len == 0 || (port >= 1 && port <= 65535);
}

static bool are_ports(struct text text)
{
	for (size_t from = 0, to; from <= text.len; from = to + 1) {
		to = text_find(text, TEXT(","), from);
		to = to < text.len ? to : text.len;
		if (!is_port(text_slice(text, from, to)))
			return false;
	}
	return true;
}

/* libpq takes its words in one spelling, but names of encodings in any. */
static bool is_word(const struct option *known, struct text text)
{
	bool encoding = strcmp(known->name, "client_encoding") == 0;
	for (const char *const *word = known->words; *word; word++)
		if (text_is(text, *word) || (encoding && strlen(*word) == text.len &&
					     !strncasecmp(*word, text.ptr, text.len)))
			return true;
	return encoding && text.len == 5 && !strncasecmp(text.ptr, "utf-8", 5);
}

static void hint_words(const struct option *known, struct text text, struct diags *diags)
{
	struct buffer list;
	size_t count = 0;
	buffer_init(&list, diags->arena);
	for (; known->words[count]; count++)
		buffer_printf(&list, "%s%s", count ? ", " : "", known->words[count]);
	diag_did_you_mean(diags, text, known->words, count);
	diag_hint(diags, "Allowed are %s.", buffer_string(&list));
}

/* What the driver, or libpq, would say at the attempt. */
static bool complain_value(const struct option *known, const struct connection_option *option,
			   struct diags *diags)
{
	diag_at(diags, option->value_span, RB0627, "'%s' of a connection cannot be '%s'",
		known->name, text_shown(option->value, diags->arena));
	if (known->kind == OPTION_WORD)
		hint_words(known, option->value, diags);
	else if (known->kind == OPTION_PORTS)
		diag_hint(diags, "Allowed are 1 to 65535.");
	else
		diag_hint(diags, "Write a number, as in %s=10.", known->name);
	return false;
}

static bool value_is_good(const struct option *known, struct text value)
{
	switch (known->kind) {
	case OPTION_TEXT:
	case OPTION_NONE:
		return true;
	case OPTION_COUNT:
		return is_count(value);
	case OPTION_PORTS:
		return are_ports(value);
	case OPTION_WORD:
		return is_word(known, value);
	}
	return true;
}

static bool check_value(const struct option *known, const struct connection_option *option,
			struct diags *diags)
{
	bool hole = memchr(option->value.ptr ? option->value.ptr : "", '\0', option->value.len);
	bool encoded = option->in_url && text_find(option->value, TEXT("%"), 0) != SIZE_MAX;
	if (hole)
		return true; /* the attempt knows it */
	if (option->value.len && text_ends(option->name, "password")) {
		diag_at(diags, option->value_span, RB0628, "a password is written in the document");
		diag_hint(diags, "Declare inputs: {password: {secret: true, env: PGPASSWORD}}, and "
				 "write ${{ inputs.password }} here.");
	}
	return encoded || value_is_good(known, option->value) ||
	       complain_value(known, option, diags);
}

bool connection_option_check(const struct connection_option *option, struct diags *diags)
{
	const struct option *known = option_find(option->name);
	if (!known)
		return is_taken(option) || complain_unknown(option, diags);
	if (known->kind != OPTION_NONE)
		return check_value(known, option, diags);
	diag_at(diags, option->name_span, RB0627, "'%s' cannot be an option of a connection",
		known->name);
	diag_hint(diags, "%s", known->why);
	return false;
}
