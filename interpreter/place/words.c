/*
 * One command. Words are split from what was written, never from values: a hole lies within one
 * word, whatever is put into it.
 */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

/* A character that a shell would act on, and what to write instead. */
static const struct refusal {
	char byte;
	const char *hint;
} refusals[] = {
	{ '|', "There is no shell here: quote it, or write the pipe under shell:." },
	{ '&', "There is no shell here: quote it, or write it under shell:; two commands are two "
	       "steps." },
	{ ';', "There is no shell here: quote it, or write two steps." },
	{ '<', "There is no shell here: quote it, give the input by stdin:, or use shell:." },
	{ '>', "There is no shell here: quote it, capture the output (capture: {x: text}), or use "
	       "shell:." },
	{ '(', "There is no shell here: quote it, or use shell:." },
	{ ')', "There is no shell here: quote it, or use shell:." },
	{ '$', "There is no shell here: '$' in single quotes is itself; a variable is ${{ env.NAME "
	       "}}, or use shell:." },
	{ '*', "There is no shell here: quote it to pass it as it is, or let shell: expand it." },
	{ '\\',
	  "There is no shell here: quote the word in single quotes, which keep a backslash." },
	{ '`', "There is no shell here: quote it, or capture the output of a step of its own." },
};

struct splitter {
	struct reader *reader;
	struct flat flat;
	size_t at;
	struct buffer literal; /* of the word, since the last hole */
	size_t word;           /* where the word began */
};

static const char *refusal_hint(char byte)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (refusals[i].byte == byte)
			return refusals[i].hint;
	return NULL;
}

static bool refuse(struct splitter *splitter, const char *where, const char *hint)
{
	size_t at = splitter->at;
	char byte = splitter->flat.text.ptr[at];
	diag_at(splitter->reader->diags, flat_span(&splitter->flat, at, at + 1), RB0601,
		"'%c' %s has no meaning without a shell", byte, where);
	diag_hint(splitter->reader->diags, "%s", hint);
	return false;
}

static void flush(struct splitter *splitter)
{
	reader_literal(splitter->reader,
		       arena_text(splitter->reader->arena, buffer_text(&splitter->literal)));
	splitter->literal.len = 0;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

/* Whether the hole at this place is a word by itself. */
static bool stands_alone(const struct splitter *splitter)
{
	struct text text = splitter->flat.text;
	size_t next = splitter->at + 1;
	return splitter->at == splitter->word && (next == text.len || is_blank(text.ptr[next]));
}

static bool take_hole(struct splitter *splitter)
{
	enum rule rule = stands_alone(splitter) ? RULE_WORDS : RULE_WORD;
	flush(splitter);
	size_t hole = flat_hole(&splitter->flat, splitter->at++);
	return reader_hole(splitter->reader, hole, rule);
}

static bool unclosed(struct splitter *splitter, size_t open)
{
	diag_at(splitter->reader->diags, flat_span(&splitter->flat, open, open + 1), RB0602,
		"this quote is never closed");
	diag_hint(splitter->reader->diags,
		  "Close it, or put a lone quote into the other kind of quotes: \"it's\".");
	return false;
}

static bool take_single(struct splitter *splitter)
{
	size_t open = splitter->at++;
	struct text text = splitter->flat.text;
	while (splitter->at < text.len && text.ptr[splitter->at] != '\'')
		if (text.ptr[splitter->at])
			buffer_putc(&splitter->literal, text.ptr[splitter->at++]);
		else if (!take_hole(splitter))
			return false;
	if (splitter->at == text.len)
		return unclosed(splitter, open);
	splitter->at++;
	return true;
}

static bool take_double(struct splitter *splitter)
{
	size_t open = splitter->at++;
	struct text text = splitter->flat.text;
	while (splitter->at < text.len && text.ptr[splitter->at] != '"') {
		char byte = text.ptr[splitter->at];
		if (byte == '$' || byte == '`')
			return refuse(splitter, "within double quotes",
				      "Single quotes keep it as it is; a value is ${{ ... }}, a "
				      "shell is shell:.");
		if (byte == '\0') {
			if (!take_hole(splitter))
				return false;
			continue;
		}
		if (byte == '\\' && splitter->at + 1 < text.len &&
		    (text.ptr[splitter->at + 1] == '"' || text.ptr[splitter->at + 1] == '\\'))
			splitter->at++;
		buffer_putc(&splitter->literal, text.ptr[splitter->at++]);
	}
	if (splitter->at == text.len)
		return unclosed(splitter, open);
	splitter->at++;
	return true;
}

static bool take_plain(struct splitter *splitter)
{
	char byte = splitter->flat.text.ptr[splitter->at];
	const char *hint = refusal_hint(byte);
	if (hint)
		return refuse(splitter, "outside quotes", hint);
	if (byte == '~' && splitter->at == splitter->word)
		return refuse(splitter, "at the start of a word",
			      "Write the folder's whole path, or quote it to pass a tilde.");
	buffer_putc(&splitter->literal, byte);
	splitter->at++;
	return true;
}

static bool take_part(struct splitter *splitter)
{
	switch (splitter->flat.text.ptr[splitter->at]) {
	case '\0':
		return take_hole(splitter);
	case '\'':
		return take_single(splitter);
	case '"':
		return take_double(splitter);
	default:
		return take_plain(splitter);
	}
}

/* NAME= at the start of the first word: a shell would take it for a variable. */
static bool refuse_assignment(struct splitter *splitter)
{
	struct text text = text_slice(splitter->flat.text, splitter->word, SIZE_MAX);
	size_t len = 0;
	while (len < text.len && (isalpha((unsigned char)text.ptr[len]) || text.ptr[len] == '_' ||
				  (len && isdigit((unsigned char)text.ptr[len]))))
		len++;
	if (len == 0 || len == text.len || text.ptr[len] != '=')
		return true;
	diag_at(splitter->reader->diags,
		flat_span(&splitter->flat, splitter->word, splitter->word + len + 1), RB0606,
		"'%.*s=' before a command has no meaning without a shell", (int)len, text.ptr);
	diag_hint(splitter->reader->diags,
		  "Give the variable by env: {%.*s: ...} beside the command.", (int)len, text.ptr);
	return false;
}

static bool take_word(struct splitter *splitter)
{
	struct text text = splitter->flat.text;
	splitter->word = splitter->at;
	if (splitter->reader->units.count == 0 && !refuse_assignment(splitter))
		return false;
	while (splitter->at < text.len && !is_blank(text.ptr[splitter->at]))
		if (!take_part(splitter))
			return false;
	flush(splitter);
	reader_end_unit(splitter->reader, flat_span(&splitter->flat, splitter->word, splitter->at));
	return true;
}

/* A command is one line: two lines in a block text would silently become one command. */
static bool refuse_lines(struct splitter *splitter)
{
	const struct node *node = splitter->flat.template->node;
	struct text text = text_trim(splitter->flat.text);
	size_t newline = text_find(text, TEXT("\n"), 0);
	if (newline == SIZE_MAX)
		return true;
	size_t at = (size_t)(text.ptr - splitter->flat.text.ptr) + newline;
	while (at < splitter->flat.text.len && is_blank(splitter->flat.text.ptr[at]))
		at++;
	diag_at(splitter->reader->diags, flat_span(&splitter->flat, at, at + 1), RB0607,
		"a command is one line; here a second one begins");
	diag_hint(splitter->reader->diags, "%s",
		  node->style == STYLE_LITERAL
			  ? "Write >- instead of | if the lines are one command; else write two "
			    "steps, or shell:."
			  : "Write the command on one line; else write two steps, or shell:.");
	return false;
}

static bool split(struct reader *reader, const struct node *node)
{
	struct splitter splitter = { .reader = reader };
	if (!flat_read(reader, node, &splitter.flat))
		return false;
	buffer_init(&splitter.literal, reader->arena);
	if (!refuse_lines(&splitter))
		return false;
	while (splitter.at < splitter.flat.text.len)
		if (is_blank(splitter.flat.text.ptr[splitter.at]))
			splitter.at++;
		else if (!take_word(&splitter))
			return false;
	return true;
}

/* An item of a list: one word as it is written, without quotes of its own. */
static bool read_item(struct reader *reader, const struct node *node)
{
	struct flat flat;
	if (node->kind != NODE_SCALAR || node_is_empty(node)) {
		diag_at(reader->diags, node->span, RB0102, "a word of a command is text; found %s",
			node->kind == NODE_SCALAR ? "nothing" : node_kind_name(node));
		diag_hint(reader->diags, "Write '' for an empty word.");
		return false;
	}
	if (!flat_read(reader, node, &flat))
		return false;
	size_t from = 0;
	for (size_t i = 0; i < flat.hole_count; i++) {
		reader_literal(reader, text_slice(flat.text, from, flat.holes[i]));
		if (!reader_hole(reader, flat.first_hole + i,
				 flat.template->sole ? RULE_WORDS : RULE_WORD))
			return false;
		from = flat.holes[i] + 1;
	}
	reader_literal(reader, text_slice(flat.text, from, flat.text.len));
	reader_end_unit(reader, node->span);
	return true;
}

/* What was written of a word; a NUL stands for each hole. */
static struct text unit_text(const struct reader *reader, const struct unit *unit)
{
	struct buffer out;
	buffer_init(&out, reader->arena);
	for (size_t i = unit->first; i < unit->first + unit->count; i++)
		if (reader->pieces.at[i].hole == NO_HOLE)
			buffer_add(&out, reader->pieces.at[i].literal);
		else
			buffer_putc(&out, '\0');
	return buffer_text(&out);
}

/* Whether some word, all of it written, names an interpreter: most commands have none. */
static bool names_interpreter(const struct reader *reader)
{
	for (size_t i = 0; i < reader->units.count; i++) {
		const struct unit *unit = &reader->units.at[i];
		const struct piece *piece = &reader->pieces.at[unit->first];
		if (unit->count == 1 && piece->hole == NO_HOLE && interpreter_is(piece->literal))
			return true;
	}
	return false;
}

static void warn_second(struct reader *reader)
{
	size_t count = reader->units.count;
	if (reader->holes.count == 0 || !names_interpreter(reader))
		return;
	struct text *words = arena_array(reader->arena, struct text, count);
	const char **reads = arena_array(reader->arena, const char *, count);
	for (size_t i = 0; i < count; i++)
		words[i] = unit_text(reader, &reader->units.at[i]);
	interpreters_find(words, count, reads);
	for (size_t i = 0; i < count; i++) {
		const struct unit *unit = &reader->units.at[i];
		for (size_t k = unit->first; reads[i] && k < unit->first + unit->count; k++)
			if (reader->pieces.at[k].hole != NO_HOLE)
				reader_warn_second(reader, reader->pieces.at[k].hole, reads[i]);
	}
}

bool words_read(struct reader *reader, const struct node *node)
{
	if (node->kind == NODE_MAP) {
		diag_at(reader->diags, node->span, RB0102, "expected a command; found map");
		diag_hint(reader->diags,
			  "Write the command as one text, or as a list of its words.");
		return false;
	}
	bool good = true;
	if (node->kind == NODE_LIST)
		for (uint32_t i = 0; i < node->count; i++)
			good &= read_item(reader, &node->items[i]);
	else
		good = split(reader, node);
	if (!good)
		return false;
	if (reader->units.count == 0) {
		diag_at(reader->diags, node->span, RB0608, "the command is empty");
		diag_hint(reader->diags, "Write the program and its arguments: run: docker ps.");
		return false;
	}
	warn_second(reader);
	return true;
}

/* ---- attempts ------------------------------------------------------------------------------ */

struct collector {
	struct placing placing;
	LIST(const char *) words;
	bool dashes; /* a written "--" came before */
	struct buffer word;
	bool written;              /* the word begins with something written */
	bool data;                 /* something in it is data */
	const struct piece *first; /* the piece that its first byte came from */
};

static void add_text(struct collector *collector, const struct piece *piece, struct text text,
		     bool data)
{
	if (text.len && collector->word.len == 0) {
		collector->written = !data;
		collector->first = piece;
	}
	collector->data |= data;
	buffer_add(&collector->word, text);
}

static bool add_value(struct collector *collector, const struct piece *piece, struct value value)
{
	struct text text;
	if (!placing_text(&collector->placing, piece, value, &text))
		return false;
	add_text(collector, piece, text, value.flags & VALUE_OUTSIDE);
	return true;
}

/* Whether the word that was collected may stand in the command. */
static bool end_word(struct collector *collector, const struct piece *piece)
{
	struct placing *placing = &collector->placing;
	struct text word = buffer_text(&collector->word);
	if (text_starts(word, "-") && !collector->written && !collector->dashes)
		return placing_fail(
			placing, collector->first, "refused",
			"Write -- before it if the program knows it, or ./ before a file; else "
			"refuse the value in a when or a pattern.",
			"a value that begins with '-' cannot begin a word: it would be an option");
	if (word.len > PLACE_MAX_WORD)
		return placing_fail(
			placing, piece, "resource",
			"Give it to the program by stdin: or in a file.",
			"a word of %zu bytes is longer than the 131071 that Linux takes", word.len);
	if (text_is(word, "--") && !collector->data)
		collector->dashes = true;
	*list_add(&collector->words, placing->arena) = buffer_string(&collector->word);
	buffer_init(&collector->word, placing->arena);
	collector->written = collector->data = false;
	return true;
}

static bool add_list(struct collector *collector, const struct piece *piece, struct value list)
{
	for (size_t i = 0; i < value_count(list); i++) {
		struct value item = value_item(list, i);
		if (!rule_takes(RULE_WORD, item.kind))
			return placing_fail(&collector->placing, piece, "refused", NULL,
					    "element %zu of the list is %s, which cannot be a word",
					    i, value_type_of(item)->name);
		if (!add_value(collector, piece, item) || !end_word(collector, piece))
			return false;
	}
	return true;
}

static bool add_unit(struct collector *collector, const struct unit *unit)
{
	const struct piece *pieces = &collector->placing.text->pieces[unit->first];
	for (size_t i = 0; i < unit->count; i++) {
		struct value value;
		if (pieces[i].hole == NO_HOLE) {
			add_text(collector, &pieces[i], pieces[i].literal, false);
			continue;
		}
		if (!placing_value(&collector->placing, &pieces[i], &value))
			return false;
		if (value_is(value, VALUE_LIST))
			return add_list(collector, &pieces[i], value);
		if (!add_value(collector, &pieces[i], value))
			return false;
	}
	return end_word(collector, pieces);
}

bool place_words(const struct place_text *text, const struct expr_scope *scope, struct arena *arena,
		 struct words *words, struct failure *failure)
{
	struct collector collector = { .placing = { text, scope, arena, failure, false } };
	buffer_init(&collector.word, arena);
	for (size_t i = 0; i < text->unit_count; i++)
		if (!add_unit(&collector, &text->units[i]))
			return false;
	if (collector.words.count == 0 || !collector.words.at[0][0]) {
		*failure = (struct failure){
			.class = "refused",
			.message = "the command has no program",
			.hint = "Its first word is empty, or an empty list.",
			.span = text->units[0].span,
		};
		return false;
	}
	words->count = collector.words.count;
	*list_add(&collector.words, arena) = NULL;
	words->word = collector.words.at;
	return true;
}

bool place_program(const struct place_text *text, const struct expr_scope *scope,
		   struct arena *arena, const char **name, struct span *span)
{
	struct failure ignored;
	struct collector collector = { .placing = { text, scope, arena, &ignored, false } };
	buffer_init(&collector.word, arena);
	if (!add_unit(&collector, &text->units[0]) || collector.words.count == 0)
		return false;
	*name = collector.words.at[0];
	*span = text->units[0].span;
	return true;
}
