/* Regular expressions: RE2's dialect, matched by PCRE2 within limits. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "expr/functions.h"

#define MAX_PATTERN (4u << 10)  /* bytes */
#define MATCH_LIMIT 100000      /* of PCRE2's inner steps back */
#define HEAP_LIMIT (16u << 10)  /* KiB */
#define WORKSPACE 1024          /* ints for the places that are followed at once */
#define FOLLOWED 16             /* steps that a byte costs that is followed so */
#define WALKED 64               /* bytes that a repetition walks for one step */
#define LONG_SUBJECT (4u << 10) /* bytes from which compiling to machine code pays */

/* A class of a script: since 10.40 the plain name also means characters that are merely used in it.
 */
#if PCRE2_MAJOR > 10 || PCRE2_MINOR >= 40
#define SCRIPT "sc:"
#else
#define SCRIPT ""
#endif

/* PCRE2's own limits hold for each place where a match may begin, of which a text has millions:
 * what all of them take is counted here, in fuel. */
struct meter {
	uint64_t fuel;
	size_t at; /* of the subject, at the latest step */
};

struct regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	/* What changes while it matches. */
	struct meter *meter;
	bool *tried_jit;
};

/* PCRE2 calls it before each item of the pattern that it tries. */
static int pay_step(pcre2_callout_block *block, void *data)
{
	struct meter *meter = data;
	size_t at = block->current_position;
	uint64_t price = 1 + (at > meter->at ? at - meter->at : meter->at - at) / WALKED;

	meter->at = at;
	if (price > meter->fuel) {
		meter->fuel = 0;
		return PCRE2_ERROR_CALLOUT;
	}
	meter->fuel -= price;
	return 0;
}

static void *take(size_t size, void *arena)
{
	return arena_alloc(arena, size);
}

static void leave(void *memory, void *arena)
{
	(void)memory;
	(void)arena;
}

/* What PCRE2 takes is counted as the evaluation's memory, and ends with the arena. */
static pcre2_general_context *memory_of(struct arena *arena)
{
	return pcre2_general_context_create(take, leave, arena);
}

/* The machine code stands in memory of its own. */
static void release(void *code)
{
	pcre2_code_free(code);
}

static pcre2_code *compile(struct text pattern, struct arena *arena, int *error, size_t *offset)
{
	pcre2_compile_context *context = pcre2_compile_context_create(memory_of(arena));
	pcre2_code *code;

	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	code = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
			     PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C |
				     PCRE2_AUTO_CALLOUT,
			     error, offset, context);
	if (code)
		arena_defer(arena, release, code);
	return code;
}

static const char *describe(int error, struct arena *arena)
{
	char message[128] = "";

	pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof(message));
	char *option = strstr(message, " (PCRE2_"); /* that could be set: nobody here can */
	if (option)
		*option = '\0';
	return arena_string(arena, message);
}

/* Where PCRE2's complaint stands in the pattern as it was written. */
static size_t find_origin(struct text pattern, size_t offset, struct arena *arena)
{
	struct regex_fault fault = { .watch = offset };
	struct buffer out;

	buffer_init(&out, arena);
	regex_translate(pattern, SCRIPT, &out, &fault);
	return fault.watched;
}

static const struct regex *make(pcre2_code *code, struct arena *arena)
{
	struct regex *regex = arena_new(arena, struct regex);

	regex->code = code;
	regex->match = pcre2_match_data_create_from_pattern(code, NULL);
	regex->context = pcre2_match_context_create(memory_of(arena));
	regex->tried_jit = arena_new(arena, bool);
	regex->meter = arena_new(arena, struct meter);
	pcre2_set_callout(regex->context, pay_step, regex->meter);
	pcre2_set_match_limit(regex->context, MATCH_LIMIT);
	pcre2_set_depth_limit(regex->context, MATCH_LIMIT);
	pcre2_set_heap_limit(regex->context, HEAP_LIMIT);
	return regex;
}

const struct regex *regex_compile(struct text pattern, struct arena *arena, const char **error,
				  size_t *offset)
{
	struct regex_fault fault = { 0 };
	struct buffer translated;
	pcre2_code *code;
	int code_error = 0;

	buffer_init(&translated, arena);
	if (pattern.len > MAX_PATTERN)
		fault.message = "a pattern of more than 4096 bytes";
	if (pattern.len > MAX_PATTERN || !regex_translate(pattern, SCRIPT, &translated, &fault)) {
		*error = fault.message;
		*offset = fault.offset;
		return NULL;
	}
	code = compile((struct text){ buffer_string(&translated), translated.len }, arena,
		       &code_error, offset);
	if (!code) {
		*error = describe(code_error, arena);
		*offset = find_origin(pattern, *offset, arena);
		return NULL;
	}
	return make(code, arena);
}

static int run(const struct regex *regex, struct text subject, size_t from)
{
	/* A text that was searched from its start has been seen to be UTF-8. */
	uint32_t options = from > 0 ? PCRE2_NO_UTF_CHECK : 0;
	PCRE2_SPTR bytes = (PCRE2_SPTR)(subject.ptr ? subject.ptr : "");
	int count;

	if (subject.len - from >= LONG_SUBJECT && !*regex->tried_jit) {
		*regex->tried_jit = true;
		/* Where memory may not become code this fails, and the interpreter does it. */
		pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
	}
	count = pcre2_match(regex->code, bytes, subject.len, from, options, regex->match,
			    regex->context);
	if (count == PCRE2_ERROR_JIT_STACKLIMIT)
		count = pcre2_match(regex->code, bytes, subject.len, from, options | PCRE2_NO_JIT,
				    regex->match, regex->context);
	return count;
}

static bool is_limit(int error)
{
	return error == PCRE2_ERROR_MATCHLIMIT || error == PCRE2_ERROR_DEPTHLIMIT ||
	       error == PCRE2_ERROR_HEAPLIMIT || error == PCRE2_ERROR_CALLOUT;
}

/* Begins at every byte anew, unless the pattern holds on to the start. */
static bool pay_breadth(const struct regex *regex, size_t len)
{
	uint32_t options = 0;
	pcre2_pattern_info(regex->code, PCRE2_INFO_ALLOPTIONS, &options);
	uint64_t starts = options & PCRE2_ANCHORED ? 1 : len / 2 + 1;
	uint64_t price = FOLLOWED * (uint64_t)len * starts;
	if (price > regex->meter->fuel)
		return false;
	regex->meter->fuel -= price;
	return true;
}

/* Follows all ways at once, so that ^(a+)+$ takes no longer than it should; finds no groups. */
static int run_breadth(const struct regex *regex, struct text subject, size_t from)
{
	int workspace[WORKSPACE];
	if (!pay_breadth(regex, subject.len - from))
		return PCRE2_ERROR_MATCHLIMIT;
	return pcre2_dfa_match(regex->code, (PCRE2_SPTR)(subject.ptr ? subject.ptr : ""),
			       subject.len, from, PCRE2_NO_UTF_CHECK | PCRE2_DFA_SHORTEST,
			       regex->match, regex->context, workspace, WORKSPACE);
}

static const char *explain(int error)
{
	if (is_limit(error))
		return "the regular expression takes too many steps on this text";
	return "the text cannot be searched";
}

static void give_groups(const struct regex *regex, struct text subject, size_t count,
			const struct match_groups *groups)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(regex->match);

	for (size_t i = 0; i < groups->count; i++) {
		bool set = i < count && ends[2 * i] != PCRE2_UNSET;

		groups->at[i] = (struct text){ NULL, 0 };
		if (set)
			groups->at[i] = (struct text){ (subject.ptr ? subject.ptr : "") +
							       ends[2 * i],
						       ends[2 * i + 1] - ends[2 * i] };
	}
}

int regex_match(const struct regex *regex, struct text subject, size_t from,
		const struct match_groups *groups, uint64_t *fuel, const char **error)
{
	*regex->meter = (struct meter){ .fuel = *fuel, .at = from };
	int count = run(regex, subject, from);

	if (is_limit(count) && !groups) {
		int found = run_breadth(regex, subject, from);
		if (found >= 0 || found == PCRE2_ERROR_NOMATCH)
			count = found;
	}
	*fuel = regex->meter->fuel;
	if (count == PCRE2_ERROR_NOMATCH)
		return 0;
	if (count < 0) {
		*error = explain(count);
		return -1;
	}
	if (groups)
		give_groups(regex, subject, (size_t)count, groups);
	return 1;
}

size_t regex_groups(const struct regex *regex)
{
	uint32_t count = 0;

	pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &count);
	return count;
}

#define MATCH_SIZE 1024 /* bytes of what is needed to match, about */

size_t regex_size(const struct regex *regex)
{
	size_t size = 0;

	pcre2_pattern_info(regex->code, PCRE2_INFO_SIZE, &size);
	return size + MATCH_SIZE;
}

const char *regex_version(struct arena *arena)
{
	int size = pcre2_config(PCRE2_CONFIG_VERSION, NULL);
	char *version = arena_alloc(arena, size > 0 ? (size_t)size : 1);
	if (size > 0)
		pcre2_config(PCRE2_CONFIG_VERSION, version);
	return version;
}
