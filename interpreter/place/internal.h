/* What the languages of place share: a template as one text with holes, pieces and their rules. */
#ifndef PLACE_INTERNAL_H
#define PLACE_INTERNAL_H

#include "base/list.h"
#include "place/place.h"

#define NO_HOLE SIZE_MAX

/* Bytes of one value in a script or of one word: Linux takes no more in one string of argv or
 * environ. */
#define PLACE_MAX_VALUE (100u << 10)
#define PLACE_MAX_WORD ((128u << 10) - 1)

/* One interpolation. */
struct hole {
	const struct expr *expr;
	struct span span; /* ${{ and }} included */
};

/* Its expression as written, without the blanks around it. */
struct text hole_text(const struct hole *hole);

/* How a value is written where it stands; rules.c says what may stand there. */
enum rule {
	RULE_WORD,      /* within a longer word of a command */
	RULE_WORDS,     /* a word by itself: a list gives one word an element */
	RULE_BARE,      /* shell: "${RB_1}" */
	RULE_QUOTED,    /* shell, within double quotes: ${RB_1} */
	RULE_HERE,      /* shell, in a here-document: ${RB_1} */
	RULE_PARAMETER, /* SQL: $1 */
	RULE_BASE,      /* URL: a value of type url, first */
	RULE_PORT,
	RULE_PATH,
	RULE_QUERY,
	RULE_FRAGMENT,
	RULE_HEADER,
	RULE_CONNECTION,      /* all of a connection string */
	RULE_KEYWORD,         /* the quoted value of a keyword */
	RULE_CONNECTION_PART, /* of a postgresql:// URL */
	RULE_FILE,            /* behind sqlite: */
	RULE_COUNT
};

/* A run of written text, or a hole. */
struct piece {
	struct text literal;
	size_t hole; /* NO_HOLE: literal */
	enum rule rule;
};

/* A word, a statement, or all of the text. */
struct unit {
	size_t first, count; /* of the pieces */
	struct span span;
};

struct place_text {
	enum place_language language;
	const struct hole *holes;
	size_t hole_count;
	const struct piece *pieces;
	size_t piece_count;
	const struct unit *units;
	size_t unit_count;
	const char *method; /* PLACE_REQUEST */
};

/* ---- reading ------------------------------------------------------------------------------- */

/* What one place_read collects. */
struct reader {
	const struct place_options *options;
	struct arena *arena;
	struct diags *diags;
	LIST(struct hole) holes;
	LIST(struct piece) pieces;
	LIST(struct unit) units;
	const char *method;
};

/* The written text of a scalar in one piece: a NUL stands for each hole (a written one is refused).
 */
struct flat {
	struct text text;
	const struct template *template;
	const size_t *starts; /* where in text each piece of the template begins */
	const size_t *holes;  /* where in text each hole stands */
	size_t hole_count;
	size_t first_hole; /* index of the first one among the reader's */
};

/* False after a diagnostic. */
bool flat_read(struct reader *reader, const struct node *node, struct flat *flat);
/* Where bytes of the text stand in the document. */
struct span flat_span(const struct flat *flat, size_t from, size_t to);
/* The reader's index of the hole that stands at this byte. */
size_t flat_hole(const struct flat *flat, size_t at);

/* A literal piece; nothing for an empty text. Adjacent ones stay apart. */
void reader_literal(struct reader *reader, struct text literal);
/* A hole, after looking whether its type may stand there. False after a diagnostic. */
bool reader_hole(struct reader *reader, size_t hole, enum rule rule);
/* All pieces since the last unit become one. */
void reader_end_unit(struct reader *reader, struct span span);

/* The hint that shows how a value reaches a script by the environment. */
void reader_hint_env(struct reader *reader, size_t hole);

/* To a hole whose value another program reads as source text. */
void reader_warn_second(struct reader *reader, size_t hole, const char *interpreter);

/* The languages; each false after a diagnostic. */
bool words_read(struct reader *reader, const struct node *node);
bool shell_read(struct reader *reader, const struct node *node);
bool sql_read(struct reader *reader, const struct node *node);
bool url_read(struct reader *reader, const struct node *node);
bool request_read(struct reader *reader, const struct node *node);
bool header_read(struct reader *reader, const struct node *node);
bool connection_read(struct reader *reader, const struct node *node);

/* ---- rules --------------------------------------------------------------------------------- */

/* Whether a value of this kind may stand there, if nothing else is wrong with it. */
bool rule_takes(enum rule rule, enum value_kind kind);
/* Whether a secret may. */
bool rule_takes_secret(enum rule rule);
const char *rule_where(enum rule rule); /* "a word of a command" */
const char *rule_hint(enum rule rule, bool secret);

/* ---- attempts ------------------------------------------------------------------------------ */

/* One evaluation of a text. */
struct placing {
	const struct place_text *text;
	const struct expr_scope *scope;
	struct arena *arena;
	struct failure *failure;
	bool secret; /* a secret was put in */
};

/* These give false after they have filled the failure. */
bool placing_value(struct placing *placing, const struct piece *piece, struct value *value);
/* The value as text: no NUL, no more than limit bytes. */
bool placing_text(struct placing *placing, const struct piece *piece, struct value value,
		  struct text *text);
bool placing_fail(struct placing *placing, const struct piece *piece, const char *class,
		  const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

bool url_place(struct placing *placing, struct buffer *out);
bool header_place(struct placing *placing, struct buffer *out);
bool connection_place(struct placing *placing, struct buffer *out);

/* A value within the quotes of libpq's keywords. */
void place_escape_keyword(struct buffer *out, struct text text);

/* ---- connections --------------------------------------------------------------------------- */

/* KEYWORD=VALUE, a parameter of a URL, or a part of one that has a keyword. */
struct connection_option {
	struct text name;
	struct text value; /* without quotes; a NUL is a hole */
	struct span name_span, value_span;
	bool in_url; /* what is written is percent-encoded */
};

/* All forms of a connection, as a sentence. */
extern const char connection_forms[];
/* The scheme of a URL that no driver knows; empty: there is none. */
struct text connection_scheme(struct text text);
/* False after a diagnostic: how the text begins says no driver. */
bool connection_scheme_check(struct reader *reader, const struct flat *flat);
/* Whether libpq knows the option and takes the value, as far as it is written. False after a
 * diagnostic. */
bool connection_option_check(const struct connection_option *option, struct diags *diags);
/* The same of all that is written in a postgresql:// URL. */
bool connection_url_check(struct reader *reader, const struct flat *flat);

/* ---- interpreters --------------------------------------------------------------------------- */

/* The part of a command's name behind the last '/'. */
struct text command_base_name(struct text word);
/* Index of the word that names the command, behind assignments and "sudo -n". */
size_t command_name(const struct text *words, size_t count);
/* Whether a word names a program that may read others of the command as source text. */
bool interpreter_is(struct text word);
/* Sets reads[i], for each word that a second interpreter reads as its source text, to that. */
void interpreters_find(const struct text *words, size_t count, const char **reads);
/* The one among the words that reads its standard input so, or NULL. */
const char *interpreter_of_stdin(const struct text *words, size_t count);

/* ---- SQL ----------------------------------------------------------------------------------- */

/* What a lexer of SQL found wrong. */
struct sql_problem {
	enum diag_code code;
	size_t from, to;
	const char *message;
	const char *hint;
};

struct sql_range {
	size_t from, to;
};
struct sql_ranges {
	size_t count;
	const struct sql_range *at;
};

/*
 * Splits a text into its statements; a NUL is a hole and stands for an expression. False: *problem
 * says what is wrong.
 */
bool sql_split(struct text text, struct arena *arena, struct sql_ranges *ranges,
	       struct sql_problem *problem);

/* ---- URL ----------------------------------------------------------------------------------- */

struct url_problem {
	enum diag_code code;
	size_t from, to;
	const char *message;
	const char *hint;
};

/* Where the parts of a URL begin; each ends where the next one begins. */
struct url_parts {
	size_t host;     /* behind "://" */
	size_t port;     /* behind the ':', or at path */
	size_t path;     /* the '/', or at query */
	size_t query;    /* the '?', or at fragment */
	size_t fragment; /* the '#', or the end */
};

/* Parses an absolute http or https URL; a NUL is a hole. base: a hole that stands first is scheme
 * and host. */
bool url_parse(struct text text, bool base, struct arena *arena, struct url_parts *parts,
	       struct url_problem *problem);

/* ---- shell --------------------------------------------------------------------------------- */

enum dialect {
	DIALECT_SH,
	DIALECT_DASH,
	DIALECT_BASH,
	DIALECT_KSH,
	DIALECT_BUSYBOX,
	DIALECT_OTHER
};

/* What the lexer found out about a hole. */
struct shell_place {
	enum rule rule;
	const char *why;     /* where it stands, if a value cannot stand there; else NULL */
	const char *reaches; /* a second interpreter that it reaches, or NULL */
};

/* What a script does that a step may not want: offsets, or SIZE_MAX. */
struct shell_habits {
	size_t pipe; /* the first pipe */
	/* The '&' behind the first command that is left running with the script's own output, if
	 * nothing in the script waits for what it has started, or ends it. */
	size_t left;
};

/* Lexes a script far enough to place each hole (holes[i]: its byte). */
struct shell_habits shell_lex(struct text text, const size_t *holes, size_t count,
			      enum dialect dialect, struct arena *arena,
			      struct shell_place *places);

struct shell_word {
	size_t from, to; /* bytes of the script */
};

struct shell_command {
	LIST(struct shell_word) words;
	bool test;     /* [[ ... ]] */
	bool moved[2]; /* its standard output, its standard error goes elsewhere */
};

/* A here-document. */
struct shell_here {
	struct text end;     /* the line that ends it */
	bool quoted;         /* nothing in it is expanded */
	bool tabs;           /* <<-: tabs before the end do not count */
	const char *reaches; /* a second interpreter that reads it, or NULL */
};
struct shell_heres {
	LIST(struct shell_here) list;
};

#define SHELL_MAX_DEPTH 64

/* What the lexer knows. */
struct shell_lexer {
	struct text text;
	size_t at, end;
	unsigned depth;
	bool lost;             /* what follows cannot be followed: no hole of it is placed */
	const char *forbidden; /* where all of this stands, if no value may stand in it */
	enum dialect dialect;
	const size_t *holes;
	size_t hole_count;
	struct shell_place *places;
	struct arena *arena;
	struct shell_habits habits;
	bool minds;                   /* something in it waits for its children, or ends them */
	struct shell_command command; /* the one being read */
	struct shell_heres here;      /* announced, their text not yet reached */
};

/* shell_lex.c: commands. The text of a substitution, up to its ')'. */
void shell_lex_substitution(struct shell_lexer *lexer);
/* Looks at the command that ended and begins another. */
void shell_end_command(struct shell_lexer *lexer);

/* shell_word.c: what words are made of. */
char shell_byte(const struct shell_lexer *lexer, size_t at); /* a line end behind the end */
bool shell_at_end(const struct shell_lexer *lexer);
bool shell_looking_at(const struct shell_lexer *lexer, const char *string);
bool shell_is_meta(char byte);
/* Gives up: what follows stays unplaced. */
void shell_lose(struct shell_lexer *lexer);
/* Index of the first hole at or behind a byte. */
size_t shell_hole(const struct shell_lexer *lexer, size_t at);
void shell_skip_blanks(struct shell_lexer *lexer, const char *blanks);
/* Goes to a byte; the holes on the way stand where why says, where no value may. */
void shell_skip_to(struct shell_lexer *lexer, size_t to, const char *why);
/* Text that is expanded, up to an end byte ('\0': up to the lexer's end); the end is not passed. */
void shell_lex_expanded(struct shell_lexer *lexer, char end, enum rule rule);
/* (( )) with its parentheses passed; a shell that finds no "))" reads commands instead. */
void shell_lex_arithmetic(struct shell_lexer *lexer);
struct shell_word shell_lex_word(struct shell_lexer *lexer);
struct text shell_word_text(const struct shell_lexer *lexer, struct shell_word word);

/* shell_here.c: redirections, and the documents that begin behind a line end. */
void shell_lex_redirection(struct shell_lexer *lexer);
void shell_lex_here(struct shell_lexer *lexer);

/* shell_rules.c: what evaluates its arguments again, what is a second interpreter. */
void shell_judge(struct shell_lexer *lexer);
/* The second interpreter among the words read so far that reads its standard input, or NULL. */
const char *shell_reads_stdin(const struct shell_lexer *lexer);

#endif
