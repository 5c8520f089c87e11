/* yaml: libyaml's events -> nodes, in the strict profile of FORMAT.md section 2. */
#include <yaml.h>

#include "base/list.h"
#include "source/internal.h"

#define DATA_HINT "Put data into a file of its own and let a step read it."

/* A list or map that is being read: its nodes so far stand on the stack from first on. */
struct frame {
	size_t first;
	uint32_t from; /* where it begins */
	bool is_map;
	bool is_flow;
};

struct reader {
	const struct source *source;
	struct arena *arena;
	struct diags *diags;
	yaml_parser_t parser;
	struct arena scratch; /* of the stack and of the search for duplicates */
	LIST(struct node)
	stack; /* finished nodes of unfinished lists and maps; keys and values in turn */
	struct frame frames[DEPTH_MAX];
	unsigned depth;
	unsigned nodes;
	bool is_ascii;
	uint32_t start;  /* behind the byte order mark */
	size_t index;    /* a place that is known: so many code points are */
	uint32_t offset; /* so many bytes */
	bool has_root;
};

/* ---- places: libyaml counts code points ---- */

static bool is_ascii(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((uint8_t)text.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

static bool is_inside_char(const struct reader *reader, uint32_t offset)
{
	return ((uint8_t)reader->source->text.ptr[offset] & 0xc0) == 0x80;
}

/* Marks come nearly in order, so that a walk from the latest is short. */
static uint32_t offset_of(struct reader *reader, const yaml_mark_t *mark)
{
	uint32_t offset = reader->offset;

	if (reader->is_ascii)
		return reader->start + (uint32_t)mark->index;
	for (; reader->index < mark->index && offset < reader->source->text.len; reader->index++) {
		do
			offset++;
		while (is_inside_char(reader, offset));
	}
	for (; reader->index > mark->index; reader->index--) {
		do
			offset--;
		while (is_inside_char(reader, offset));
	}
	reader->offset = offset;
	return offset;
}

static struct span event_span(struct reader *reader, const yaml_event_t *event)
{
	uint32_t from = offset_of(reader, &event->start_mark);

	return (struct span){ reader->source, from, offset_of(reader, &event->end_mark) };
}

/* ---- errors ---- */

static bool report_memory(struct diags *diags)
{
	diag_at(diags, (struct span){ 0 }, RB0059, "the YAML library ran out of memory");
	diag_hint(diags, "Let the machine have more memory, and try again.");
	return false;
}

/* libyaml's own words for what the scan let pass. */
static bool report_parser(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	uint32_t at = offset_of(reader, &parser->problem_mark);
	struct span span = { reader->source, at, at };

	if (!parser->problem)
		return report_memory(reader->diags);
	diag_at(reader->diags, span, RB0059, "%s", parser->problem);
	if (parser->context) {
		at = offset_of(reader, &parser->context_mark);
		diag_note(reader->diags, (struct span){ reader->source, at, at }, "%s",
			  parser->context);
	}
	diag_hint(reader->diags,
		  "Quote the text here or shortly before, or look at the indentation.");
	return false;
}

/* hint: a sentence. Always false. */
static bool refuse(struct reader *reader, const yaml_event_t *event, enum diag_code code,
		   const char *message, const char *hint)
{
	diag_at(reader->diags, event_span(reader, event), code, "%s", message);
	diag_hint(reader->diags, "%s", hint);
	return false;
}

static bool check_property(struct reader *reader, const yaml_event_t *event,
			   const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		return refuse(reader, event, RB0034, "anchors and aliases are not supported",
			      "Quote the text if it begins with '&' or '*'.");
	if (tag)
		return refuse(reader, event, RB0035, "tags are not supported",
			      "Quote the text if it begins with '!'.");
	return true;
}

/* ---- nodes ---- */

/* The nodes of the list or map that is being read, so far. */
static size_t frame_count(const struct reader *reader)
{
	return reader->stack.count - reader->frames[reader->depth - 1].first;
}

static bool is_key(const struct reader *reader)
{
	return reader->depth && reader->frames[reader->depth - 1].is_map &&
	       frame_count(reader) % 2 == 0;
}

/* Counts what begins with this event. */
static bool count_node(struct reader *reader, const yaml_event_t *event)
{
	if (++reader->nodes > NODES_MAX)
		return refuse(reader, event, RB0052, "more than 500000 texts, lists and maps",
			      DATA_HINT);
	if (is_key(reader) && frame_count(reader) >= 2 * KEYS_MAX)
		return refuse(reader, event, RB0054, "more than 10000 keys in one map", DATA_HINT);
	return true;
}

/* A block text reaches over empty lines behind it, which are of no interest to a reader. */
static uint32_t trim_block(const struct reader *reader, struct span span)
{
	while (span.to > span.from && char_is_space(reader->source->text.ptr[span.to - 1]))
		span.to--;
	return span.to;
}

static const uint8_t styles[] = {
	[YAML_ANY_SCALAR_STYLE] = STYLE_PLAIN,
	[YAML_PLAIN_SCALAR_STYLE] = STYLE_PLAIN,
	[YAML_SINGLE_QUOTED_SCALAR_STYLE] = STYLE_SINGLE,
	[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = STYLE_DOUBLE,
	[YAML_LITERAL_SCALAR_STYLE] = STYLE_LITERAL,
	[YAML_FOLDED_SCALAR_STYLE] = STYLE_FOLDED,
};

static bool read_scalar(struct reader *reader, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct node node = { .kind = NODE_SCALAR, .style = styles[event->data.scalar.style] };

	if (!check_property(reader, event, event->data.scalar.anchor, event->data.scalar.tag) ||
	    !count_node(reader, event))
		return false;
	if (len > SCALAR_MAX)
		return refuse(reader, event, RB0053, "text longer than 256 KiB", DATA_HINT);
	node.span = event_span(reader, event);
	if (node.style >= STYLE_LITERAL)
		node.span.to = trim_block(reader, node.span);
	node.text = (struct text){ arena_copy(reader->arena, value, len), len };
	if (!reader->is_ascii && is_key(reader))
		key_check_characters(node.text, node.span, reader->diags);
	*list_add(&reader->stack, &reader->scratch) = node;
	return true;
}

static bool read_alias(struct reader *reader, const yaml_event_t *event)
{
	return refuse(reader, event, RB0034, "aliases are not supported",
		      "Quote the text if it begins with '*'.");
}

static bool open_frame(struct reader *reader, const yaml_event_t *event, bool is_map, bool is_flow)
{
	if (is_key(reader))
		return refuse(reader, event, RB0039,
			      is_map ? "keys must be plain names; found a map"
				     : "keys must be plain names; found a list",
			      "Quote the key if the brackets belong to it.");
	if (!count_node(reader, event))
		return false;
	if (reader->depth == DEPTH_MAX)
		return refuse(reader, event, RB0051, "nesting deeper than 64",
			      "Nothing in a runbook needs this depth.");
	reader->frames[reader->depth++] = (struct frame){ reader->stack.count,
							  offset_of(reader, &event->start_mark),
							  is_map, is_flow };
	return true;
}

static bool read_list(struct reader *reader, const yaml_event_t *event)
{
	return check_property(reader, event, event->data.sequence_start.anchor,
			      event->data.sequence_start.tag) &&
	       open_frame(reader, event, false,
			  event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
}

static bool read_map(struct reader *reader, const yaml_event_t *event)
{
	return check_property(reader, event, event->data.mapping_start.anchor,
			      event->data.mapping_start.tag) &&
	       open_frame(reader, event, true,
			  event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
}

/* ---- ends ---- */

static struct entry *take_entries(struct reader *reader, size_t first, uint32_t count)
{
	struct entry *entries = arena_array(reader->arena, struct entry, count);

	for (uint32_t i = 0; i < count; i++) {
		entries[i].key = reader->stack.at[first + 2 * i];
		entries[i].value = reader->stack.at[first + 2 * i + 1];
	}
	return entries;
}

static void end_map(struct reader *reader, size_t first, struct node *node)
{
	uint32_t count = (uint32_t)(reader->stack.count - first) / 2;
	struct entry *entries = take_entries(reader, first, count);

	node->kind = NODE_MAP;
	node->count = count;
	node->entries = entries;
	keys_check_unique(entries, count, &reader->scratch, reader->diags);
}

static void end_list(struct reader *reader, size_t first, struct node *node)
{
	uint32_t count = (uint32_t)(reader->stack.count - first);
	struct node *items = arena_array(reader->arena, struct node, count);

	if (count > 0)
		memcpy(items, &reader->stack.at[first], count * sizeof(*items));
	node->kind = NODE_LIST;
	node->count = count;
	node->items = items;
}

/* libyaml ends a block list or map where the next token begins; a reader sees it end before. */
static uint32_t frame_end(struct reader *reader, const struct frame *frame,
			  const yaml_event_t *event)
{
	if (frame->is_flow || reader->stack.count == frame->first)
		return offset_of(reader, &event->end_mark);
	return reader->stack.at[reader->stack.count - 1].span.to;
}

static bool close_frame(struct reader *reader, const yaml_event_t *event)
{
	const struct frame *frame = &reader->frames[--reader->depth];
	struct node node = { .span = { reader->source, frame->from,
				       frame_end(reader, frame, event) } };

	if (frame->is_map)
		end_map(reader, frame->first, &node);
	else
		end_list(reader, frame->first, &node);
	reader->stack.count = frame->first;
	*list_add(&reader->stack, &reader->scratch) = node;
	return true;
}

static bool start_document(struct reader *reader, const yaml_event_t *event)
{
	if (event->data.document_start.version_directive ||
	    event->data.document_start.tag_directives.start !=
		    event->data.document_start.tag_directives.end)
		return refuse(reader, event, RB0042, "directives ('%...') are not supported",
			      "Remove the line.");
	if (reader->has_root)
		return refuse(reader, event, RB0041, "only one document is allowed in a file",
			      "Put the rest into a file of its own.");
	reader->has_root = true;
	return true;
}

static bool end_stream(struct reader *reader, const yaml_event_t *event)
{
	if (reader->has_root)
		return true;
	return refuse(reader, event, RB0003, "document is empty", "Write the first key.");
}

/* ---- the loop ---- */

static bool (*const handlers[])(struct reader *, const yaml_event_t *) = {
	[YAML_DOCUMENT_START_EVENT] = start_document,
	[YAML_STREAM_END_EVENT] = end_stream,
	[YAML_SCALAR_EVENT] = read_scalar,
	[YAML_ALIAS_EVENT] = read_alias,
	[YAML_SEQUENCE_START_EVENT] = read_list,
	[YAML_SEQUENCE_END_EVENT] = close_frame,
	[YAML_MAPPING_START_EVENT] = read_map,
	[YAML_MAPPING_END_EVENT] = close_frame,
};

static bool read_events(struct reader *reader)
{
	yaml_event_type_t type = YAML_NO_EVENT;
	bool good = true;

	while (good && type != YAML_STREAM_END_EVENT) {
		yaml_event_t event;

		if (!yaml_parser_parse(&reader->parser, &event))
			return report_parser(reader);
		type = event.type;
		if (handlers[type])
			good = handlers[type](reader, &event);
		yaml_event_delete(&event);
	}
	return good;
}

bool yaml_read(const struct source *source, struct arena *arena, struct node *root,
	       struct diags *diags)
{
	struct reader reader = { .source = source, .arena = arena, .diags = diags };
	unsigned before = diags->errors;

	reader.start = reader.offset = source_mark_len(source);
	reader.is_ascii = is_ascii(text_slice(source->text, reader.start, source->text.len));
	if (!yaml_parser_initialize(&reader.parser))
		return report_memory(diags);
	arena_init(&reader.scratch);
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser,
				     (const unsigned char *)source->text.ptr + reader.start,
				     source->text.len - reader.start);
	if (read_events(&reader))
		*root = reader.stack.at[0];
	yaml_parser_delete(&reader.parser);
	arena_done(&reader.scratch);
	return diags->errors == before;
}

const char *yaml_version(void)
{
	return yaml_get_version_string();
}
