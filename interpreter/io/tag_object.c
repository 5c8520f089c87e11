/* tag_object: "object ID", "type TYPE", "tag NAME", perhaps "tagger WHO", a blank line, a message,
 * and perhaps a signature over all of that. */
#include "io/io.h"

static const char *const marks[] = {
	[TAG_SIGNED_OPENPGP] = "-----BEGIN PGP SIGNATURE-----",
	[TAG_SIGNED_SSH] = "-----BEGIN SSH SIGNATURE-----",
	[TAG_SIGNED_X509] = "-----BEGIN SIGNED MESSAGE-----",
};

enum tag_signature tag_signature_kind(struct text signature)
{
	for (int kind = 0; kind < TAG_UNSIGNED; kind++)
		if (text_starts(signature, marks[kind]))
			return (enum tag_signature)kind;
	return TAG_UNSIGNED;
}

/* The next line, without its end, which *rest loses too. */
static struct text next_line(struct text *rest)
{
	size_t end = text_find(*rest, TEXT("\n"), 0);
	struct text line = text_slice(*rest, 0, end);

	*rest = text_slice(*rest, end < rest->len ? end + 1 : rest->len, rest->len);
	return line;
}

static bool read_header(struct text *rest, const char *key, struct text *value)
{
	struct text line = next_line(rest);
	size_t space = text_find(line, TEXT(" "), 0);

	*value = text_slice(line, space < line.len ? space + 1 : line.len, line.len);
	return text_is(text_slice(line, 0, space), key);
}

bool tag_object_read(struct text bytes, struct tag_object *tag)
{
	struct text rest = bytes, ignored;

	*tag = (struct tag_object){ .payload = bytes };
	if (!read_header(&rest, "object", &ignored) || !read_header(&rest, "type", &ignored) ||
	    !read_header(&rest, "tag", &tag->name))
		return false;
	while (rest.len > 0) {
		if (tag_signature_kind(rest) != TAG_UNSIGNED) {
			tag->payload = text_slice(bytes, 0, bytes.len - rest.len);
			tag->signature = rest;
		}
		next_line(&rest);
	}
	return true;
}
