/*
 * One automaton (Aho and Corasick, 1975) over all forms of all secrets. Every byte that belongs to
 * an occurrence of a form is hidden, overlapping ones too; a run of hidden bytes is shown as "***".
 */
#include <string.h>

#include "record/internal.h"

#define SHORTEST 8 /* characters: what is shorter stands in too many innocent texts */

/* A place in the tree of forms: the bytes on the way to it. The root is number 0. */
struct node {
	uint32_t child;   /* first; 0: none */
	uint32_t sibling; /* next; 0: none */
	uint32_t suffix;  /* the longest proper suffix of its bytes that is also in the tree */
	uint32_t depth;
	uint32_t longest; /* of the forms that end here; 0: none does */
	uint8_t byte;     /* the last on the way */
	bool form;        /* a form ends exactly here */
};

struct mask {
	struct arena *arena;
	LIST(struct node) nodes;
	size_t bytes;        /* of the secrets */
	bool full;           /* one was left out */
	bool unlinked;       /* forms were added, and suffixes are not known */
	uint32_t first[256]; /* children of the root */
};

struct mask *mask_new(struct arena *arena)
{
	struct mask *mask = arena_new(arena, struct mask);

	mask->arena = arena;
	list_add(&mask->nodes, arena);
	return mask;
}

static uint32_t child_of(const struct mask *mask, uint32_t at, uint8_t byte)
{
	uint32_t child;

	if (at == 0)
		return mask->first[byte];
	child = mask->nodes.at[at].child;
	while (child && mask->nodes.at[child].byte != byte)
		child = mask->nodes.at[child].sibling;
	return child;
}

static uint32_t add_child(struct mask *mask, uint32_t at, uint8_t byte)
{
	uint32_t child = (uint32_t)mask->nodes.count;
	struct node *node = list_add(&mask->nodes, mask->arena);

	node->byte = byte;
	node->depth = mask->nodes.at[at].depth + 1;
	node->sibling = mask->nodes.at[at].child;
	mask->nodes.at[at].child = child;
	if (at == 0)
		mask->first[byte] = child;
	return child;
}

static void add_form(void *data, struct text form)
{
	struct mask *mask = data;
	uint32_t at = 0;

	for (size_t i = 0; i < form.len; i++) {
		uint8_t byte = (uint8_t)form.ptr[i];
		uint32_t child = child_of(mask, at, byte);

		at = child ? child : add_child(mask, at, byte);
	}
	mask->nodes.at[at].form = true;
}

static uint32_t step(const struct mask *mask, uint32_t at, uint8_t byte)
{
	uint32_t child = child_of(mask, at, byte);

	while (!child && at) {
		at = mask->nodes.at[at].suffix;
		child = child_of(mask, at, byte);
	}
	return child;
}

/* Suffixes are shorter than what they end: nodes are linked level by level. */
void mask_link(struct mask *mask)
{
	struct arena arena;
	uint32_t *queue;
	size_t count = 1;

	if (!mask->unlinked)
		return;
	mask->unlinked = false;
	arena_init(&arena);
	queue = arena_array(&arena, uint32_t, mask->nodes.count);
	for (size_t i = 0; i < count; i++) {
		uint32_t parent = queue[i];
		uint32_t at = mask->nodes.at[parent].child;

		for (; at; at = mask->nodes.at[at].sibling) {
			struct node *node = &mask->nodes.at[at];

			node->suffix = parent ? step(mask, mask->nodes.at[parent].suffix,
						     node->byte)
					      : 0;
			node->longest = node->form ? node->depth
						   : mask->nodes.at[node->suffix].longest;
			queue[count++] = at;
		}
	}
	arena_done(&arena);
}

static size_t characters(struct text text)
{
	size_t offset = 0;
	size_t count = 0;

	for (; offset < text.len; count++)
		text_next(text, &offset);
	return count;
}

static bool is_known(const struct mask *mask, struct text secret)
{
	uint32_t at = 0;

	for (size_t i = 0; i < secret.len; i++) {
		at = child_of(mask, at, (uint8_t)secret.ptr[i]);
		if (!at)
			return false;
	}
	return mask->nodes.at[at].form;
}

static bool put_forms(struct mask *mask, struct text secret)
{
	struct arena arena;

	if (characters(secret) < SHORTEST)
		return false;
	if (is_known(mask, secret))
		return true;
	if (secret.len > MASK_MAX - mask->bytes) {
		mask->full = true;
		return false;
	}
	mask->bytes += secret.len;
	mask->unlinked = true;
	arena_init(&arena);
	mask_forms(secret, &arena, add_form, mask);
	/* What has several lines is often shown line by line: a key, a file. */
	for (size_t from = 0, to; from < secret.len; from = to + 1) {
		struct text line;

		to = text_find(secret, TEXT("\n"), from);
		if (to == SIZE_MAX)
			to = secret.len;
		line = text_trim(text_slice(secret, from, to));
		if (line.len < secret.len && characters(line) >= SHORTEST)
			mask_forms(line, &arena, add_form, mask);
	}
	arena_done(&arena);
	return true;
}

static void put_password(void *data, struct text password)
{
	put_forms(data, password); /* what is short stands in too many innocent texts */
}

bool mask_put(struct mask *mask, struct text secret)
{
	struct arena arena;

	if (!put_forms(mask, secret))
		return false;
	arena_init(&arena);
	mask_passwords(secret, &arena, put_password, mask);
	arena_done(&arena);
	return true;
}

bool mask_add(struct mask *mask, struct text secret)
{
	bool added = mask_put(mask, secret);

	mask_link(mask);
	return added;
}

void mask_add_passwords(struct mask *mask, struct text text)
{
	struct arena arena;

	arena_init(&arena);
	mask_passwords(text, &arena, put_password, mask);
	arena_done(&arena);
	mask_link(mask);
}

static bool is_empty(const struct mask *mask)
{
	return !mask || mask->nodes.count == 1;
}

bool mask_leaves(const struct mask *mask, struct value value)
{
	return is_empty(mask) && !mask_has_taint(value, VALUE_SECRET);
}

bool mask_is_full(const struct mask *mask)
{
	return mask->full;
}

/* ---- streams ------------------------------------------------------------------------------- */

struct mask_stream {
	const struct mask *mask;
	uint32_t at;
	struct buffer held;   /* bytes that are not yet given */
	struct buffer hidden; /* for each of them: 1 if it is hidden */
	struct buffer out;    /* what the last call gave */
	bool inside;          /* the last byte given was hidden */
};

struct mask_stream *mask_stream_new(const struct mask *mask, struct arena *arena)
{
	struct mask_stream *stream = arena_new(arena, struct mask_stream);

	stream->mask = mask;
	buffer_init(&stream->held, arena);
	buffer_init(&stream->hidden, arena);
	buffer_init(&stream->out, arena);
	return stream;
}

static void take(struct mask_stream *stream, struct text bytes)
{
	const struct mask *mask = stream->mask;
	size_t held = stream->held.len;
	uint32_t at = stream->at;

	buffer_add(&stream->held, bytes);
	buffer_add(&stream->hidden, bytes); /* for the room */
	if (bytes.len)
		memset(stream->hidden.ptr + held, 0, bytes.len);
	for (size_t i = 0; i < bytes.len; i++) {
		uint32_t longest;

		at = step(mask, at, (uint8_t)bytes.ptr[i]);
		longest = mask->nodes.at[at].longest;
		if (longest)
			memset(stream->hidden.ptr + held + i + 1 - longest, 1, longest);
	}
	/* Where no longer form goes on, only a suffix can. */
	while (at && !mask->nodes.at[at].child)
		at = mask->nodes.at[at].suffix;
	stream->at = at;
}

/* Gives all but the last rest bytes that are held. */
static struct text give(struct mask_stream *stream, size_t rest)
{
	size_t count = stream->held.len - rest;

	stream->out.len = 0;
	for (size_t i = 0, to; i < count; i = to) {
		bool hidden = stream->hidden.ptr[i];
		const char *end = memchr(stream->hidden.ptr + i, !hidden, count - i);

		to = end ? (size_t)(end - stream->hidden.ptr) : count;
		if (!hidden)
			buffer_add(&stream->out, (struct text){ stream->held.ptr + i, to - i });
		else if (!stream->inside)
			buffer_puts(&stream->out, "***");
		stream->inside = hidden;
	}
	if (rest && count) {
		memmove(stream->held.ptr, stream->held.ptr + count, rest);
		memmove(stream->hidden.ptr, stream->hidden.ptr + count, rest);
	}
	stream->held.len = rest;
	stream->hidden.len = rest;
	return buffer_text(&stream->out);
}

/* Takes what none of the forms begins with without a look at the tree. */
static bool is_innocent(const struct mask_stream *stream, struct text bytes)
{
	if (stream->at || stream->held.len || stream->inside)
		return false;
	for (size_t i = 0; i < bytes.len && !is_empty(stream->mask); i++)
		if (stream->mask->first[(uint8_t)bytes.ptr[i]])
			return false;
	return true;
}

struct text mask_feed(struct mask_stream *stream, struct text bytes)
{
	if (!stream->mask || is_innocent(stream, bytes))
		return bytes;
	take(stream, bytes);
	/* A form that is still to come began at most as far back as the tree has been walked down.
	 */
	return give(stream, stream->mask->nodes.at[stream->at].depth);
}

struct text mask_flush(struct mask_stream *stream)
{
	stream->at = 0;
	return give(stream, 0);
}

struct text mask_text(const struct mask *mask, struct text text, struct arena *arena)
{
	uint32_t at = 0;
	struct mask_stream *stream;
	struct text start;
	struct buffer out;
	bool found = false;

	for (size_t i = 0; !is_empty(mask) && i < text.len && !found; i++) {
		at = step(mask, at, (uint8_t)text.ptr[i]);
		found = mask->nodes.at[at].longest > 0;
	}
	if (!found)
		return text;
	stream = mask_stream_new(mask, arena);
	buffer_init(&out, arena);
	start = mask_feed(stream, text);
	buffer_add(&out, start);
	buffer_add(&out, mask_flush(stream));
	return buffer_text(&out);
}
