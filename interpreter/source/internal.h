/* What the files of source/ share. */
#ifndef SOURCE_INTERNAL_H
#define SOURCE_INTERNAL_H

#include "source/source.h"

/* Bytes of the byte order mark at the start of the text: 3 or 0. */
uint32_t source_mark_len(const struct source *source);

/* 1-based. */
uint32_t source_line(const struct source *source, uint32_t offset);

/* The bytes of a line (1-based) without its end and without a byte order mark. */
struct span source_line_span(const struct source *source, uint32_t line);

/* ---- load.c ---- */

/* The bytes of a file, in the arena, NUL behind them. */
bool load_text(const struct source_file *file, struct arena *arena, struct text *text,
	       struct diags *diags);

/* ---- bytes.c ---- */

/* Refuses what FORMAT.md section 2 refuses below YAML: encodings and code points. */
bool bytes_check(const struct source *source, struct diags *diags);

/* Whether the code point is a blank of another width or kind than U+0020 and the tab. */
bool char_is_odd_blank(int32_t code_point);

/* ---- scan.c: the structure of a document, line by line ---- */

#define DEPTH_MAX 64            /* lists and maps inside one another */
#define NODES_MAX 500000        /* of one document */
#define SCALAR_MAX (256u << 10) /* bytes of one text */
#define KEYS_MAX 10000          /* of one map */
#define KEY_MAX 128             /* characters */

/* A list or map whose entries stand on lines of their own. */
struct block {
	uint32_t at;     /* its first entry */
	uint32_t column; /* 0-based; all entries begin there */
	bool is_map;
};

/* What stands before the reader in a list or map in brackets. */
enum bracket_state { WANT_ITEM, HAVE_ITEM, WANT_VALUE, HAVE_VALUE };

/* A list or map in brackets that is open. */
struct bracket {
	uint32_t at;       /* the bracket */
	uint32_t item;     /* the current item, or its key */
	uint32_t text;     /* the latest text, list or map in it: from */
	uint32_t text_end; /* and to */
	uint32_t comma;    /* the latest comma */
	uint32_t value; /* the text before the latest comma if it was an unquoted value, else 0 */
	uint8_t state;  /* enum bracket_state */
	char first;     /* the first byte of the latest text, 0 if that cannot go on */
};

/* A walk over a document that follows YAML closely enough to know where a text begins. */
struct scan {
	const struct source *source;
	struct diags *diags;
	const char *text; /* NUL behind it, and none in it */
	uint32_t at;      /* the byte before the reader */
	uint32_t line;    /* where its line begins */
	struct block blocks[DEPTH_MAX];
	unsigned block_count;
	struct bracket brackets[DEPTH_MAX];
	unsigned bracket_count;
	uint32_t start;        /* the "---" or the beginning of the document */
	bool pending;          /* a value may begin on the next line */
	bool has_content;      /* anything but comments and markers was seen */
	bool has_marker;       /* "---" was seen */
	bool has_ended;        /* "..." was seen */
	bool told_directive;   /* RB0042 was reported: once is enough */
	bool told_long_key;    /* RB0038 was reported, so the ':' of its value is known */
	bool told_indentation; /* RB0046 was reported for the brackets that are open */
	bool told_cut;         /* RB0056 was, for a text in them */
	bool told_merge;       /* RB0050 was reported, */
	uint32_t merge;        /* for the key here */
	bool stopped;          /* what follows cannot be understood */
};

/* Looks for the traps of YAML and for what the profile refuses, before libyaml sees the text. */
bool scan_yaml(const struct source *source, struct diags *diags);

struct span scan_span(const struct scan *scan, uint32_t from, uint32_t to);
struct text scan_slice(const struct scan *scan, uint32_t from, uint32_t to);

/* The column that the lines of a value must exceed; -1 at the root. */
int scan_parent(const struct scan *scan);

/* Counts one more list or map; false, and the end of the scan, when they are too deep. */
bool scan_deeper(struct scan *scan, uint32_t at);

/* Moves to the end of the line, and behind it. */
void scan_to_line_end(struct scan *scan);
void scan_next_line(struct scan *scan);
/* Moves over blanks and tabs; whether there were any. */
bool scan_blanks(struct scan *scan);
/* Moves over the blanks of an indentation and gives their number. */
uint32_t scan_indent(struct scan *scan);
/* Moves over all lines that are indented more than a column, from the beginning of a line. */
void scan_skip_deeper(struct scan *scan, int column);

bool char_is_break(char byte); /* the end of the line or of the text */
bool char_is_space(char byte); /* a blank, a tab, or a break */

/* Whether "---" or "..." stands before the reader, who is at the beginning of a line. */
bool scan_at_marker(const struct scan *scan);
/* Whether a line that begins at an offset begins like an entry: "name:" or "- ". */
bool scan_is_entry(const struct scan *scan, uint32_t at);

/* A key from..to whose colon stands before the reader; goes on with its value. */
void scan_key(struct scan *scan, uint32_t from, uint32_t to);
/* What every key is asked for. */
void scan_check_key(struct scan *scan, uint32_t from, uint32_t to);

/* ---- yaml_keys.c ---- */

/* Complains of a key with a character that nobody sees. */
void key_check_characters(struct text key, struct span span, struct diags *diags);
/* RB0049: the same key stands at both places. */
void diag_duplicate(struct diags *diags, struct text key, struct span first, struct span second);
/* Complains of keys that stand twice. */
void keys_check_unique(struct entry *entries, uint32_t count, struct arena *scratch,
		       struct diags *diags);

/* ---- scan_node.c: one value ---- */

/* A value, or a key if may_be_key, up to the beginning of another line. */
void scan_node(struct scan *scan, bool may_be_key);

/* '&', '*' or '!' before the reader: reports it and moves behind its word and the blanks. */
void scan_property(struct scan *scan);

/* ---- scan_plain.c: texts without quotes ---- */

void scan_plain(struct scan *scan, bool may_be_key);

/* Reports what a '#' behind an unquoted text cut off. */
void scan_check_comment(struct scan *scan, uint32_t from, uint32_t to, uint32_t hash);

/* Whether a text has a quote or a bracket that is open at its end, as half of an expression has. */
bool text_is_half(struct text text);

/* ---- scan_quoted.c ---- */

/* At a quote; ends behind the closing one. False when it was not found. */
bool scan_quoted(struct scan *scan);

/* ---- scan_flow.c: lists and maps in brackets ---- */

/* At a bracket; ends behind the closing one. False when it was not found. */
bool scan_flow(struct scan *scan);

/* A colon before the reader whose key, at an offset, began on another line. */
void scan_report_long_key(struct scan *scan, uint32_t from);

/* ---- scan_flow_space.c: between the tokens of brackets ---- */

struct bracket *scan_innermost(struct scan *scan);
bool bracket_is_map(const struct scan *scan, const struct bracket *bracket);
/* Whether a text, list or map stands before the reader, to which a key or a comma may belong. */
bool bracket_has_text(const struct bracket *bracket);
/* Whether the latest text has no quotes or brackets around it. */
bool bracket_is_plain(const struct bracket *bracket);
bool char_is_quote(char byte);
bool char_is_bracket(char byte);

/* Moves to the next token, over lines and comments. False when the brackets cannot go on. */
bool scan_flow_space(struct scan *scan);

/* ---- scan_block.c: texts below '|' and '>' ---- */

void scan_block(struct scan *scan);

/* ---- scan_hint.c ---- */

/* The text as it has to be written so that YAML takes it as it is. */
const char *quoted_form(struct text text, struct arena *arena);
/* "Quote the value: ..." with the rest of the line from an offset on. */
void hint_quote_line(struct scan *scan, uint32_t from);
/* How a quote inside of a quoted text is written, whose opening quote stands at from. */
void hint_inner_quote(struct scan *scan, uint32_t from);
/* The same for what was meant as one text inside of brackets. */
void hint_quote_item(struct scan *scan, uint32_t from);
/* The same for a key inside of brackets: without what stands behind its colon. */
void hint_quote_key(struct scan *scan, uint32_t from);
/* The item in brackets, else the rest of the line. */
void hint_quote(struct scan *scan, uint32_t from);
/* Where a text inside of brackets was meant to end: the next ',' or closing bracket outside of
 * its own quotes and brackets, or the end of the line, or limit bytes further. */
uint32_t scan_item_end(const struct scan *scan, uint32_t from, uint32_t limit);

/* ---- neutralise.c ---- */

/* Whether a terminal shows the code point, and shows it where it stands. */
bool char_is_safe(int32_t code_point);

/* Appends one character of a text as text_neutralise does; code_point is -1 for a byte that is not
 * UTF-8. */
void neutralise_char(struct buffer *out, struct text character, int32_t code_point);

#endif
