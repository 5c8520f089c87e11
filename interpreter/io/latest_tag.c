/* latest_tag: versions by semver.org 2.0.0, of which only the three numbers count here. */
#include <string.h>

#include "io/io.h"

enum { VERSION_PARTS = 3 };

struct version {
	struct text part[VERSION_PARTS]; /* digits without leading zeros, of any length */
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool read_version(const char *tag, struct version *version)
{
	const char *at = tag + (tag[0] == 'v');

	for (size_t i = 0; i < VERSION_PARTS; i++) {
		size_t len = 0;

		if (i > 0 && *at++ != '.')
			return false;
		while (is_digit(at[len]))
			len++;
		if (len == 0 || (len > 1 && at[0] == '0'))
			return false;
		version->part[i] = (struct text){ at, len };
		at += len;
	}
	return *at == '\0';
}

static bool is_higher(const struct version *a, const struct version *b)
{
	for (size_t i = 0; i < VERSION_PARTS; i++) {
		int order;

		if (a->part[i].len != b->part[i].len)
			return a->part[i].len > b->part[i].len;
		order = text_compare(a->part[i], b->part[i]);
		if (order != 0)
			return order > 0;
	}
	return false;
}

const char *git_latest_tag(const char *const *tags, size_t count)
{
	const char *latest = "";
	struct version highest;

	for (size_t i = 0; i < count; i++) {
		struct version version;

		if (!read_version(tags[i], &version))
			continue;
		if (latest[0] != '\0' && !is_higher(&version, &highest))
			continue;
		latest = tags[i];
		highest = version;
	}
	return latest;
}
