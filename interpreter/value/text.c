/* Values as text: inside other text, and for people. */
#include "value/internal.h"

static bool refuse(const char *reason, const char **why)
{
	*why = reason;
	return false;
}

static void write_scalar(struct buffer *out, struct value value)
{
	if (value.kind == VALUE_DOUBLE)
		value_write_double(out, value.real);
	else if (value.kind == VALUE_TIMESTAMP)
		value_write_timestamp(out, value);
	else if (value.kind == VALUE_DURATION)
		value_write_duration(out, value);
	else if (value.kind == VALUE_OPAQUE)
		value.opaque->class->write(out, value.opaque->data);
	else
		json_write(out, value);
}

bool value_to_text(struct value value, struct arena *arena, struct text *text, const char **why)
{
	struct buffer out;

	switch ((enum value_kind)value.kind) {
	case VALUE_STRING:
		*text = value_text(value);
		return true;
	case VALUE_BYTES:
		*text = value_text(value);
		return text_is_utf8(*text, NULL) ||
		       refuse("bytes that are not UTF-8 have no text", why);
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_UINT:
	case VALUE_DOUBLE:
	case VALUE_TIMESTAMP:
	case VALUE_DURATION:
	case VALUE_OPAQUE:
	case VALUE_LIST:
	case VALUE_MAP:
	case VALUE_OBJECT:
		buffer_init(&out, arena);
		write_scalar(&out, value);
		*text = buffer_text(&out);
		return true;
	case VALUE_NULL:
		return refuse("null has no text", why);
	case VALUE_TYPE:
		return refuse("a type has no text", why);
	case VALUE_OPTIONAL:
		return refuse("an optional has no text; orValue() gives what it holds", why);
	case VALUE_UNKNOWN:
		return refuse("it is not known before the run", why);
	case VALUE_ERROR:
		return refuse(value.error->message, why);
	}
	return false;
}

#define ELLIPSIS "\u2026"

/* The largest offset up to at where a character begins. */
static size_t character_start(const char *bytes, size_t at)
{
	while (at > 0 && ((unsigned char)bytes[at] & 0xc0) == 0x80)
		at--;
	return at;
}

void value_show(struct buffer *out, struct value value, size_t max)
{
	size_t start = out->len;
	struct json_style style = { .people = true, .end = start + max };
	size_t room = max > sizeof(ELLIPSIS) - 1 ? max - (sizeof(ELLIPSIS) - 1) : 0;

	json_write_styled(out, value, &style);
	if (out->len - start <= max)
		return;
	out->len = start + character_start(out->ptr + start, room);
	buffer_puts(out, ELLIPSIS);
}
