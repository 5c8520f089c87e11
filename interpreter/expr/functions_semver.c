/* Versions: Semantic Versioning 2.0.0, functions as Kubernetes names them. */
#include <string.h>

#include "expr/functions.h"

struct version {
	uint64_t number[3];     /* major, minor, patch */
	struct text prerelease; /* without the '-' */
};

/* ---- reading ------------------------------------------------------------------------------- */

static bool is_digits(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len > 0;
}

/* lax: leading zeros may stand. */
static bool read_number(struct text text, bool lax, uint64_t *number)
{
	if (!is_digits(text) || (!lax && text.len > 1 && text.ptr[0] == '0'))
		return false;
	*number = 0;
	for (size_t i = 0; i < text.len; i++)
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(text.ptr[i] - '0'), number))
			return false;
	return *number <= INT64_MAX;
}

/* The part before the next dot; *at moves behind that, or behind the end by one. */
static struct text next_part(struct text text, size_t *at)
{
	size_t dot = text_find(text, TEXT("."), *at);
	struct text part = text_slice(text, *at, dot);

	*at = dot == SIZE_MAX ? text.len + 1 : dot + 1;
	return part;
}

/* "alpha.1": identifiers of letters, digits and '-'. numbers: they have no leading zeros. */
static bool check_identifiers(struct text text, bool numbers)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-";

	for (size_t at = 0; at <= text.len;) {
		struct text part = next_part(text, &at);

		if (part.len == 0 ||
		    (numbers && is_digits(part) && part.len > 1 && part.ptr[0] == '0'))
			return false;
		for (size_t i = 0; i < part.len; i++)
			if (!memchr(allowed, part.ptr[i], sizeof(allowed) - 1))
				return false;
	}
	return true;
}

/* lax: "v1.2" will do. */
static bool read_core(struct text text, bool lax, struct version *version)
{
	size_t at = 0;
	size_t parts = 0;

	if (lax && text_starts(text, "v"))
		text = text_slice(text, 1, text.len);
	for (; at <= text.len; parts++)
		if (parts == 3 || !read_number(next_part(text, &at), lax, &version->number[parts]))
			return false;
	return lax || parts == 3;
}

static bool read_version(struct text text, bool lax, struct version *version)
{
	size_t plus = text_find(text, TEXT("+"), 0);
	struct text rest = text_slice(text, 0, plus);
	size_t dash = text_find(rest, TEXT("-"), 0);

	*version = (struct version){ .prerelease = { "", 0 } };
	if (plus != SIZE_MAX && !check_identifiers(text_slice(text, plus + 1, text.len), false))
		return false;
	if (dash != SIZE_MAX) {
		version->prerelease = text_slice(rest, dash + 1, rest.len);
		if (!check_identifiers(version->prerelease, true))
			return false;
	}
	return read_core(text_slice(rest, 0, dash), lax, version);
}

/* ---- order (section 11 of the specification) ----------------------------------------------- */

/* Numbers stand before words, among one another by size. */
static int compare_identifiers(struct text a, struct text b)
{
	bool numbers = is_digits(a) && is_digits(b);

	if (is_digits(a) != is_digits(b))
		return is_digits(a) ? -1 : 1;
	if (numbers && a.len != b.len) /* no leading zeros */
		return a.len < b.len ? -1 : 1;
	return text_compare(a, b);
}

static int compare_prereleases(struct text a, struct text b)
{
	size_t at_a = 0;
	size_t at_b = 0;

	if (a.len == 0 || b.len == 0)
		return (a.len == 0) - (b.len == 0);
	while (at_a <= a.len && at_b <= b.len) {
		int order = compare_identifiers(next_part(a, &at_a), next_part(b, &at_b));

		if (order)
			return order;
	}
	return (at_a <= a.len) - (at_b <= b.len);
}

static int compare(const struct version *a, const struct version *b)
{
	int order;

	for (int i = 0; i < 3; i++)
		if (a->number[i] != b->number[i])
			return a->number[i] < b->number[i] ? -1 : 1;
	order = compare_prereleases(a->prerelease, b->prerelease);
	return (order > 0) - (order < 0);
}

bool semver_compare(struct text a, struct text b, int *order)
{
	struct version first, second;

	if (!read_version(a, true, &first) || !read_version(b, true, &second))
		return false;
	*order = compare(&first, &second);
	return true;
}

/* ---- values -------------------------------------------------------------------------------- */

static bool equal_versions(const void *a, const void *b)
{
	return compare(a, b) == 0;
}

static void write_version(struct buffer *out, const void *data)
{
	const struct version *version = data;

	buffer_printf(out, "%llu.%llu.%llu%s%.*s", (unsigned long long)version->number[0],
		      (unsigned long long)version->number[1],
		      (unsigned long long)version->number[2], version->prerelease.len ? "-" : "",
		      TEXT_ARG(version->prerelease));
}

static const void *copy_version(const void *data, struct arena *arena)
{
	struct version *copy = arena_new(arena, struct version);

	*copy = *(const struct version *)data;
	copy->prerelease = arena_text(arena, copy->prerelease);
	return copy;
}

const struct value_opaque_class opaque_semver = {
	.type = { "kubernetes.Semver" },
	.equal = equal_versions,
	.write = write_version,
	.copy = copy_version,
};

static const struct version *version_of(struct value value)
{
	return value.opaque->data;
}

FUNCTION(make)
{
	struct version *version = arena_new(call->arena, struct version);

	if (!read_version(value_text(args[0]), count > 1 && args[1].boolean, version))
		return function_fail(call, "the text is no semantic version, like 1.2.3-rc.1");
	return value_opaque(&opaque_semver, version, call->arena);
}

FUNCTION(is_semver)
{
	struct version version;

	return value_bool(
		read_version(value_text(args[0]), count > 1 && args[1].boolean, &version));
}

FUNCTION(major)
{
	return value_int((int64_t)version_of(args[0])->number[0]);
}

FUNCTION(minor)
{
	return value_int((int64_t)version_of(args[0])->number[1]);
}

FUNCTION(patch)
{
	return value_int((int64_t)version_of(args[0])->number[2]);
}

FUNCTION(compare_to)
{
	return value_int(compare(version_of(args[0]), version_of(args[1])));
}

FUNCTION(is_less)
{
	return value_bool(compare(version_of(args[0]), version_of(args[1])) < 0);
}

FUNCTION(is_greater)
{
	return value_bool(compare(version_of(args[0]), version_of(args[1])) > 0);
}

#define TWO "(kubernetes.Semver, kubernetes.Semver) -> "

const struct function functions_semver[] = {
	PLAIN("semver", "(string) -> kubernetes.Semver", make, "The semantic version.",
	      "semver('1.2.3').minor() == 2"),
	PLAIN("semver", "(string, bool) -> kubernetes.Semver", make,
	      "The semantic version; true: a leading v, leading zeros and missing parts are "
	      "mended.",
	      "semver('v1.2', true) == semver('1.2.0')"),
	PLAIN("isSemver", "(string) -> bool", is_semver, "Whether the text is a semantic version.",
	      "!isSemver('v1.2.3')"),
	PLAIN("isSemver", "(string, bool) -> bool", is_semver,
	      "Whether semver() with the same arguments would read it.", "isSemver('v1.2', true)"),
	METHOD("major", "(kubernetes.Semver) -> int", major, "The first number.",
	       "semver('1.2.3').major() == 1"),
	METHOD("minor", "(kubernetes.Semver) -> int", minor, "The second number.",
	       "semver('1.2.3').minor() == 2"),
	METHOD("patch", "(kubernetes.Semver) -> int", patch, "The third number.",
	       "semver('1.2.3').patch() == 3"),
	METHOD("compareTo", TWO "int", compare_to,
	       "-1, 0 or 1, as the first is below, as or above.",
	       "semver('1.2.3').compareTo(semver('1.10.0')) == -1"),
	METHOD("isLessThan", TWO "bool", is_less,
	       "Whether the first version comes before the second.",
	       "semver('1.0.0-rc.1').isLessThan(semver('1.0.0'))"),
	METHOD("isGreaterThan", TWO "bool", is_greater,
	       "Whether the first version comes after the second.",
	       "semver('1.10.0').isGreaterThan(semver('1.9.0'))"),
	{ 0 },
};
