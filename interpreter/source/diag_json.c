/* diag_json: complaints for programs: one JSON object a line. */
#include "source/internal.h"

static const char *const severity_names[] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_NOTICE] = "notice",
};

/* What JSON must escape, and what a terminal must not see; bytes that are no UTF-8 become the
 * text \xHH. */
static void put_string_char(struct buffer *out, struct text character, int32_t code_point)
{
	if (code_point < 0)
		buffer_printf(out, "\\\\x%02x", (unsigned char)character.ptr[0]);
	else if (code_point == '"' || code_point == '\\')
		buffer_printf(out, "\\%c", (char)code_point);
	else if (code_point == '\n')
		buffer_puts(out, "\\n");
	else if (char_is_safe(code_point) || code_point > 0xffff)
		buffer_add(out, character);
	else
		buffer_printf(out, "\\u%04x", (unsigned)code_point);
}

static void put_member(struct buffer *out, const char *name, struct text text)
{
	buffer_printf(out, "\"%s\":\"", name);
	for (size_t offset = 0; offset < text.len;) {
		size_t start = offset;
		int32_t code_point = text_next(text, &offset);

		put_string_char(out, text_slice(text, start, offset), code_point);
	}
	buffer_putc(out, '"');
}

static void put_span(struct buffer *out, struct span span)
{
	struct position from, to;

	if (!span.source)
		return;
	from = source_position(span.source, span.from);
	to = source_position(span.source, span.to);
	buffer_putc(out, ',');
	put_member(out, "file", text_of(span.source->name));
	buffer_printf(out, ",\"line\":%u,\"col\":%u,\"end_line\":%u,\"end_col\":%u", from.line,
		      from.column, to.line, to.column);
}

static void put_line(struct buffer *out, const struct diag_line *line)
{
	buffer_putc(out, '{');
	put_member(out, "label", text_of(line->label));
	buffer_putc(out, ',');
	put_member(out, "text", text_of(line->text));
	put_span(out, line->span);
	buffer_putc(out, '}');
}

void diag_print_json(struct buffer *out, const struct diag *diag)
{
	buffer_putc(out, '{');
	put_member(out, "code", text_of(diag_info(diag->code)->name));
	buffer_putc(out, ',');
	put_member(out, "severity", text_of(severity_names[diag->severity]));
	buffer_putc(out, ',');
	put_member(out, "message", text_of(diag->message));
	put_span(out, diag->span);
	buffer_puts(out, ",\"lines\":[");
	for (const struct diag_line *line = diag->lines; line; line = line->next) {
		if (line != diag->lines)
			buffer_putc(out, ',');
		put_line(out, line);
	}
	buffer_puts(out, "]}\n");
}
