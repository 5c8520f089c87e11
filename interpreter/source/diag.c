/* diag: the codes, and collections of complaints. */
#include <stdlib.h>
#include <strings.h>

#include "source/source.h"

static const struct diag_info infos[] = {
#define DIAG(code, severity, title, explanation) { #code, severity, title, explanation },
#include "source/diag.def"
#undef DIAG
};

const struct diag_info *diag_info(enum diag_code code)
{
	return &infos[code];
}

const struct diag_info *diag_find(struct text name)
{
	for (size_t i = 0; i < DIAG_CODE_COUNT; i++) {
		if (strlen(infos[i].name) == name.len &&
		    strncasecmp(infos[i].name, name.ptr, name.len) == 0)
			return &infos[i];
	}
	return NULL;
}

void diags_init(struct diags *diags, struct arena *arena)
{
	*diags = (struct diags){ .arena = arena };
}

static bool span_equal(struct span a, struct span b)
{
	return a.source == b.source && a.from == b.from && a.to == b.to;
}

/* Complaints without a place differ by what they say, not by where. */
static bool is_reported(const struct diags *diags, struct span span, enum diag_code code)
{
	if (!span.source)
		return false;
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		if (diag->code == code && span_equal(diag->span, span))
			return true;
	}
	return false;
}

/* Counts the complaint; false when there are too many of its severity to keep it. */
static bool count_one(struct diags *diags, enum severity severity)
{
	if (severity == SEVERITY_ERROR)
		return ++diags->errors <= DIAG_MAX;
	if (severity == SEVERITY_WARNING)
		return ++diags->warnings <= DIAG_MAX;
	return diags->kept < 3 * DIAG_MAX;
}

static void append(struct diags *diags, struct diag *diag)
{
	diag->next = NULL;
	if (diags->last)
		diags->last->next = diag;
	else
		diags->first = diag;
	diags->last = diag;
	diags->kept++;
}

void diag_at(struct diags *diags, struct span span, enum diag_code code, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	diags->latest = NULL;
	if ((diags->kept < DIAG_MAX && is_reported(diags, span, code)) ||
	    !count_one(diags, infos[code].severity))
		return;
	diag = arena_new(diags->arena, struct diag);
	diag->code = code;
	diag->severity = infos[code].severity;
	diag->span = span;
	va_start(args, format);
	diag->message = arena_vformat(diags->arena, format, args);
	va_end(args);
	append(diags, diag);
	diags->latest = diag;
}

static void add_line(struct diags *diags, struct span span, const char *label, const char *format,
		     va_list args) __attribute__((format(printf, 4, 0)));

static void add_line(struct diags *diags, struct span span, const char *label, const char *format,
		     va_list args)
{
	struct diag_line *line;
	struct diag_line **end;

	if (!diags->latest)
		return;
	line = arena_new(diags->arena, struct diag_line);
	line->label = arena_string(diags->arena, label);
	line->text = arena_vformat(diags->arena, format, args);
	line->span = span;
	for (end = &diags->latest->lines; *end;)
		end = &(*end)->next;
	*end = line;
}

void diag_hint(struct diags *diags, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_line(diags, (struct span){ 0 }, "hint", format, args);
	va_end(args);
}

void diag_note(struct diags *diags, struct span span, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_line(diags, span, "note", format, args);
	va_end(args);
}

void diag_line(struct diags *diags, const char *label, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_line(diags, (struct span){ 0 }, label, format, args);
	va_end(args);
}

bool diag_did_you_mean(struct diags *diags, struct text word, const char *const *candidates,
		       size_t count)
{
	const char *nearest = text_nearest(word, candidates, count);

	if (nearest)
		diag_hint(diags, "did you mean '%s'?", nearest);
	return nearest != NULL;
}

/* ---- order ---- */

struct ranked {
	struct diag *diag;
	size_t file;  /* when its source first appeared */
	size_t order; /* when it was reported */
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *left = a;
	const struct ranked *right = b;

	if (left->file != right->file)
		return left->file < right->file ? -1 : 1;
	if (left->diag->span.from != right->diag->span.from)
		return left->diag->span.from < right->diag->span.from ? -1 : 1;
	return left->order < right->order ? -1 : 1;
}

static size_t file_rank(const struct diags *diags, const struct source *source)
{
	size_t rank = 0;

	for (const struct diag *diag = diags->first; diag->span.source != source; diag = diag->next)
		rank++;
	return rank;
}

void diags_sort(struct diags *diags)
{
	struct ranked *all;
	size_t count = 0;

	if (!diags->first)
		return;
	all = arena_array(diags->arena, struct ranked, diags->kept);
	for (struct diag *diag = diags->first; diag; diag = diag->next, count++)
		all[count] = (struct ranked){ diag, file_rank(diags, diag->span.source), count };
	qsort(all, count, sizeof(*all), compare_ranked);
	diags->first = diags->last = diags->latest = NULL;
	diags->kept = 0;
	for (size_t i = 0; i < count; i++)
		append(diags, all[i].diag);
}
