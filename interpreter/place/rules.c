/* What may stand where: one table for check (types) and for the attempt (values). */

#include "place/internal.h"

#define KIND(kind) (1u << (kind))
#define SCALARS \
	(KIND(VALUE_BOOL) | KIND(VALUE_INT) | KIND(VALUE_UINT) | KIND(VALUE_DOUBLE) | \
	 KIND(VALUE_STRING) | KIND(VALUE_BYTES) | KIND(VALUE_TIMESTAMP) | KIND(VALUE_DURATION) | \
	 KIND(VALUE_OPAQUE))
#define CONTAINERS (KIND(VALUE_LIST) | KIND(VALUE_MAP) | KIND(VALUE_OBJECT))

#define HINT_TEXT \
	"Choose what to put in: an element, a field, or x.orValue(...) for what may be absent."

static const struct rule_info {
	uint32_t kinds;
	bool secret;
	const char *where;
	const char *hint;        /* when the kind is wrong */
	const char *hint_secret; /* when a secret may not stand there */
} rules[RULE_COUNT] = {
	[RULE_WORD] = { SCALARS, false, "a longer word of a command",
			"A list makes one word per element where it stands alone; else join() it.",
			"Anybody can read a command line: pass it by env: or stdin:." },
	[RULE_WORDS] = { SCALARS | KIND(VALUE_LIST), false, "a command", HINT_TEXT,
			 "Anybody can read a command line: pass it by env: or stdin:." },
	[RULE_BARE] = { SCALARS | CONTAINERS, true, "a script", HINT_TEXT, NULL },
	[RULE_QUOTED] = { SCALARS | CONTAINERS, true, "a script", HINT_TEXT, NULL },
	[RULE_HERE] = { SCALARS | CONTAINERS, true, "a script", HINT_TEXT, NULL },
	[RULE_PARAMETER] = { SCALARS | CONTAINERS | KIND(VALUE_NULL), true, "a statement",
			     "Choose a value with x.orValue(...) for what may be absent.", NULL },
	[RULE_BASE] = { KIND(VALUE_STRING), true, "the front of a URL",
			"Declare an input with 'type: url' and begin with it.", NULL },
	[RULE_PORT] = { KIND(VALUE_INT) | KIND(VALUE_UINT), false, "the port of a URL",
			"A port takes an int: declare the input with 'type: int', or write int(x).",
			"Put a secret into a header or the query." },
	[RULE_PATH] = { SCALARS, false, "the path of a URL", HINT_TEXT,
			"Paths are written to logs: put a secret into a header or the query." },
	[RULE_QUERY] = { SCALARS, true, "the query of a URL", HINT_TEXT, NULL },
	[RULE_FRAGMENT] = { SCALARS, false, "the fragment of a URL", HINT_TEXT,
			    "Put a secret into a header or the query." },
	[RULE_HEADER] = { SCALARS, true, "a header", HINT_TEXT, NULL },
	[RULE_CONNECTION] = { KIND(VALUE_STRING), true, "a connection", HINT_TEXT, NULL },
	[RULE_KEYWORD] = { SCALARS, true, "a connection string", HINT_TEXT, NULL },
	[RULE_CONNECTION_PART] = { SCALARS, true, "a connection URL", HINT_TEXT, NULL },
	[RULE_FILE] = { SCALARS, true, "the path of a database", HINT_TEXT, NULL },
};

bool rule_takes(enum rule rule, enum value_kind kind)
{
	return rules[rule].kinds & KIND(kind);
}

bool rule_takes_secret(enum rule rule)
{
	return rules[rule].secret;
}

const char *rule_where(enum rule rule)
{
	return rules[rule].where;
}

const char *rule_hint(enum rule rule, bool secret)
{
	return secret ? rules[rule].hint_secret : rules[rule].hint;
}
