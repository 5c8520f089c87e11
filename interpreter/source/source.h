/*
 * source: text with positions, and complaints about it.
 *
 *	source_load -> struct source -> yaml_read -> struct node
 *	anything wrong -> diag_at(...) -> struct diags -> diags_print
 *
 * Rule of the signature: a function that takes struct diags * and returns false or NULL has
 * reported at least one error; a function that does not take it reports nothing.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

struct diags;

/* ---- texts with positions ------------------------------------------------------------------ */

#define SOURCE_MAX_SIZE (4u << 20) /* bytes of one document */

/* A document, or another text that a message may have to point into. Immutable. */
struct source {
	const char *name;      /* as the operator would type it; shown in messages */
	const char *path;      /* absolute, links resolved; NULL if it is no file */
	struct text text;      /* all of it, NUL behind it */
	const uint32_t *lines; /* offset at which each line starts; lines[0] is 0 */
	uint32_t line_count;
};

/* Bytes from (included) to to (excluded) of a source. source is NULL for "no place": a complaint
 * about the command line, say. */
struct span {
	const struct source *source;
	uint32_t from;
	uint32_t to;
};

/* The bytes of a span. */
struct text span_text(struct span span);

/* 1-based; column counts display cells, a tab as one. */
struct position {
	uint32_t line;
	uint32_t column;
};

/* What a message shows to the author of an empty document. */
#define SMALLEST_RUNBOOK "runbook: 1\nname: My first runbook\nsteps: [{run: 'true'}]"

/* A document that is to be read. */
struct source_file {
	const char *name;    /* what messages show: as the operator would type it */
	const char *path;    /* what is opened */
	const char *beneath; /* a folder that it must not leave, links included, or NULL */
	const char *written; /* as another document names it, or NULL: the command line does */
	struct span span;    /* where that document does */
};

/*
 * Reads a document: regular files of at most SOURCE_MAX_SIZE, UTF-8 (a byte order mark at the start
 * is passed over and does not count as a column), scanned for the code points that FORMAT.md
 * section 2 refuses. The source lives in the arena.
 */
const struct source *source_load(const struct source_file *file, struct arena *arena,
				 struct diags *diags);

/* A source over a text that is at hand (embedded library, command line, test). The text is
 * copied; it is scanned like a file. NULL after a diagnostic. */
const struct source *source_from_text(const char *name, struct text text, struct arena *arena,
				      struct diags *diags);

/* The same without the scan, for texts that are not YAML documents (an expression of the command
 * line). Cannot fail. */
const struct source *source_wrap(const char *name, struct text text, struct arena *arena);

struct position source_position(const struct source *source, uint32_t offset);
/* The offset of a position, or of the end of its line; beyond the last line that of the text. */
uint32_t source_at(const struct source *source, struct position position);

/* ---- YAML ---------------------------------------------------------------------------------- */

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };
enum node_style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL, STYLE_FOLDED };

/* One node of a document, in the document's arena. Immutable. */
struct node {
	uint8_t kind;     /* enum node_kind */
	uint8_t style;    /* enum node_style, of a scalar */
	uint32_t count;   /* items of a list, entries of a map */
	struct span span; /* all of it; quotes and block indicator included */
	union {
		struct text text; /* the scalar's text after YAML's unescaping, NUL behind it */
		const struct node *items;    /* of a list: count nodes */
		const struct entry *entries; /* of a map: count entries, in the order written */
	};
};

struct entry {
	struct node key; /* always a scalar */
	struct node value;
};

/*
 * Reads one YAML document in the strict profile of FORMAT.md section 2. On false at
 * least one error was reported; more may have been.
 */
bool yaml_read(const struct source *source, struct arena *arena, struct node *root,
	       struct diags *diags);

/* Version of libyaml. */
const char *yaml_version(void);

/* The entry of a key of a map, or NULL. Linear. */
const struct entry *node_entry(const struct node *map, const char *key);
/* Its value, or NULL. */
const struct node *node_get(const struct node *map, const char *key);

/* Whether a scalar stands there without text and without quotes ("key:"). */
bool node_is_empty(const struct node *node);

/*
 * Where bytes from..to of a scalar's text stand in its source, through quotes, escapes, folding
 * and block indentation. For other nodes their own span.
 */
struct span node_span(const struct node *node, size_t from, size_t to);

/* "text", "list" or "map", for messages; "nothing" behind a key without a value. */
const char *node_kind_name(const struct node *node);

/* A scalar made by the program (a default in YAML spelling), pointing at span. */
struct node node_scalar(struct text text, struct span span);

/* ---- complaints ---------------------------------------------------------------------------- */

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTICE };

enum diag_code {
#define DIAG(code, severity, title, explanation) code,
#include "source/diag.def"
#undef DIAG
	DIAG_CODE_COUNT
};

/* One row of diag.def. */
struct diag_info {
	const char *name; /* "RB0101" */
	enum severity severity;
	const char *title;       /* "unknown key" */
	const char *explanation; /* the long text of `runbook explain RB0101` */
};

const struct diag_info *diag_info(enum diag_code code);
/* By name, any case; NULL if there is none. */
const struct diag_info *diag_find(struct text name);

/* A line below a complaint: "hint: ...", "note: ...". */
struct diag_line {
	const char *label; /* "hint", "note", "help", "trace", ... */
	const char *text;
	struct span span; /* shown with its own excerpt when span.source is set */
	struct diag_line *next;
};

struct diag {
	enum diag_code code;
	enum severity severity;
	struct span span;
	const char *message; /* lower case, no full stop, subject in single quotes */
	struct diag_line *lines;
	struct diag *next;
};

#define DIAG_MAX 100 /* errors kept; the rest are counted */

/* A collection of complaints. */
struct diags {
	struct arena *arena;
	struct diag *first;
	struct diag *last;
	struct diag *latest; /* what diag_hint and the like add to; NULL if it was not kept */
	unsigned errors;     /* all of them, the ones beyond DIAG_MAX too */
	unsigned warnings;
	unsigned kept;
};

void diags_init(struct diags *diags, struct arena *arena);

/* Reports. The severity is the code's own. The format is literal; values in it are shown as they
 * are: a secret never stands there. The same code at the same span is reported once. */
void diag_at(struct diags *diags, struct span span, enum diag_code code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* These add to the latest complaint. Hints are sentences. */
void diag_hint(struct diags *diags, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_note(struct diags *diags, struct span span, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_line(struct diags *diags, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "did you mean 'x'?" as a hint to the latest complaint if one of the candidates is near word. True
 * if there was. */
bool diag_did_you_mean(struct diags *diags, struct text word, const char *const *candidates,
		       size_t count);

/* By file (order of first appearance), then place; stable. */
void diags_sort(struct diags *diags);

struct diag_style {
	bool color;
	unsigned width; /* columns; excerpts are cut to it with an ellipsis; 0: 100 */
	unsigned most; /* errors shown by diags_print, and as many warnings; 0: all that are kept */
};

/*
 * FILE:LINE:COL: error[RB0101]: message, the excerpt with its caret, and the lines. Control and
 * bidirectional characters of the source are shown as \x1b or U+202E, never obeyed.
 */
void diag_print(struct buffer *out, const struct diag *diag, const struct diag_style *style);
/* All of them, and "N errors, M warnings" with how many were left out. */
void diags_print(struct buffer *out, const struct diags *diags, const struct diag_style *style);
/* The line of a span with carets below it, and beside them a short text or nothing (NULL). */
void span_print(struct buffer *out, struct span span, const char *beside,
		const struct diag_style *style);
/* One JSON object a line: code, severity, message, file, line, col, end_line, end_col, lines. */
void diag_print_json(struct buffer *out, const struct diag *diag);

/* A text for a message: cut when it is long. */
const char *text_shown(struct text text, struct arena *arena);

/* Appends text for a screen: printable UTF-8 as it is, everything else as \x1b style. Keeps \n and
 * \t only if lines. */
void text_neutralise(struct buffer *out, struct text text, bool lines);

#endif
