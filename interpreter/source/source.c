/* source: a text and where its lines begin. */
#include "base/bug.h"
#include "base/file.h"
#include "source/internal.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static uint32_t count_lines(struct text text)
{
	const char *at = text.ptr;
	size_t left = text.len;
	uint32_t count = 1;

	while (left > 0 && (at = memchr(at, '\n', left))) {
		at++;
		count++;
		left = (size_t)(text.ptr + text.len - at);
	}
	return count;
}

static const uint32_t *find_lines(struct text text, uint32_t count, struct arena *arena)
{
	uint32_t *lines = arena_array(arena, uint32_t, count);
	const char *at = text.ptr;

	for (uint32_t i = 1; i < count; i++) {
		at = memchr(at, '\n', (size_t)(text.ptr + text.len - at));
		lines[i] = (uint32_t)(++at - text.ptr);
	}
	return lines;
}

/* The text is in the arena already, with a NUL behind it. */
static struct source *make_source(const char *name, struct text text, struct arena *arena)
{
	struct source *source = arena_new(arena, struct source);

	if (text.len >= UINT32_MAX)
		bug("a source of %zu bytes", text.len);
	source->name = arena_string(arena, name);
	source->text = text;
	source->line_count = count_lines(text);
	source->lines = find_lines(text, source->line_count, arena);
	return source;
}

const struct source *source_wrap(const char *name, struct text text, struct arena *arena)
{
	return make_source(name, arena_text(arena, text), arena);
}

static const struct source *check_source(const struct source *source, struct diags *diags)
{
	return bytes_check(source, diags) && scan_yaml(source, diags) ? source : NULL;
}

const struct source *source_from_text(const char *name, struct text text, struct arena *arena,
				      struct diags *diags)
{
	if (text.len > SOURCE_MAX_SIZE) {
		diag_at(diags, (struct span){ 0 }, RB0002, "'%s' is larger than the limit of 4 MiB",
			name);
		diag_hint(diags, "Put data into a file of its own and let a step read it.");
		return NULL;
	}
	return check_source(source_wrap(name, text, arena), diags);
}

const struct source *source_load(const struct source_file *file, struct arena *arena,
				 struct diags *diags)
{
	struct source *source;
	struct text text;

	if (!load_text(file, arena, &text, diags))
		return NULL;
	source = make_source(file->name, text, arena);
	source->path = file_real(file->path, arena);
	return check_source(source, diags);
}

/* ---- places ---- */

uint32_t source_mark_len(const struct source *source)
{
	return text_starts(source->text, BYTE_ORDER_MARK) ? 3 : 0;
}

uint32_t source_line(const struct source *source, uint32_t offset)
{
	uint32_t low = 0, high = source->line_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (source->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low + 1;
}

struct span source_line_span(const struct source *source, uint32_t line)
{
	struct span span = { source, source->lines[line - 1], (uint32_t)source->text.len };

	if (line < source->line_count)
		span.to = source->lines[line] - 1;
	if (line < source->line_count && span.to > span.from &&
	    source->text.ptr[span.to - 1] == '\r')
		span.to--;
	if (line == 1)
		span.from += source_mark_len(source);
	return span;
}

struct position source_position(const struct source *source, uint32_t offset)
{
	uint32_t line = source_line(source, offset);
	uint32_t start = source_line_span(source, line).from;
	struct position position = { line, 1 };

	if (offset > start)
		position.column += (uint32_t)text_cells(text_slice(source->text, start, offset));
	return position;
}

uint32_t source_at(const struct source *source, struct position position)
{
	struct span line;

	if (position.line < 1 || position.line > source->line_count)
		return (uint32_t)source->text.len;
	line = source_line_span(source, position.line);
	return line.from + (uint32_t)text_fit(text_slice(source->text, line.from, line.to),
					      position.column ? position.column - 1 : 0);
}

struct text span_text(struct span span)
{
	return text_slice(span.source->text, span.from, span.to);
}
