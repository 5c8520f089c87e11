/* What git takes for a name or a repository, told before it is asked. */

#include <ctype.h>
#include <string.h>

#include "step/internal.h"

/* ---- names of tags and branches (git-check-ref-format) ------------------------------------- */

static const char *problem_of_part(struct text part)
{
	if (part.len == 0)
		return "it has an empty part beside a '/'";
	if (part.ptr[0] == '.')
		return "a part of it begins with '.'";
	return text_ends(part, ".lock") ? "a part of it ends with '.lock'" : NULL;
}

static const char *problem_of_bytes(struct text name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char byte = (unsigned char)name.ptr[i];
		if (byte == ' ')
			return "it holds a blank";
		if (byte < 0x20 || byte == 0x7f)
			return "it holds a control character";
		if (strchr("~^:?*[\\", byte))
			return "it holds one of ~ ^ : ? * [ \\";
	}
	return NULL;
}

static const char *name_problem(struct text name)
{
	const char *problem = problem_of_bytes(name);
	if (name.len == 0)
		return "it is empty";
	if (name.ptr[0] == '-')
		return "it begins with '-'";
	if (text_starts(name, "refs/"))
		return "it begins with 'refs/'";
	for (size_t from = 0, to; !problem && from <= name.len; from = to + 1) {
		to = text_find(name, TEXT("/"), from);
		to = to < name.len ? to : name.len;
		problem = problem_of_part(text_slice(name, from, to));
	}
	if (problem)
		return problem;
	if (text_find(name, TEXT(".."), 0) != SIZE_MAX)
		return "it holds '..'";
	if (text_find(name, TEXT("@{"), 0) != SIZE_MAX)
		return "it holds '@{'";
	if (text_is(name, "@"))
		return "'@' alone means HEAD";
	return text_ends(name, ".") ? "it ends with '.'" : NULL;
}

/* ---- repositories -------------------------------------------------------------------------- */

static size_t scheme_len(struct text text)
{
	size_t len = 0;
	while (len < text.len &&
	       (isalnum((unsigned char)text.ptr[len]) || strchr("+.-", text.ptr[len])))
		len++;
	return len;
}

static bool is_known_scheme(struct text scheme)
{
	static const char *const known[] = { "ssh", "https", "http", "git", "file" };
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_is(scheme, known[i]))
			return true;
	return false;
}

/* Behind "ssh://" or of "user@host:path". */
static bool host_is_option(struct text host)
{
	size_t end = text_find(host, TEXT("/"), 0), at = text_find(host, TEXT("@"), 0);
	at = at < end && at < host.len ? at + 1 : 0;
	return at < host.len && host.ptr[at] == '-';
}

static bool is_url(struct text text)
{
	size_t scheme = scheme_len(text), colon = text_find(text, TEXT(":"), 0);
	struct text rest = text_slice(text, scheme, text.len);
	return (scheme && (text_starts(rest, "://") || text_starts(rest, "::"))) ||
	       (colon != SIZE_MAX && text_find(text, TEXT("@"), 0) < colon &&
		text_find(text, TEXT("/"), 0) > colon);
}

const char *git_remote_problem(struct text remote)
{
	size_t scheme = scheme_len(remote);
	struct text rest = text_slice(remote, scheme, remote.len);
	if (remote.len == 0)
		return "it is empty";
	if (remote.ptr[0] == '-')
		return "it begins with '-'";
	for (size_t i = 0; i < remote.len; i++)
		if (iscntrl((unsigned char)remote.ptr[i]))
			return "it holds a control character";
	if (text_starts(rest, "::"))
		return "it names a program that git would start";
	if (text_starts(rest, "://") && !is_known_scheme(text_slice(remote, 0, scheme)))
		return "its scheme is not allowed";
	if (host_is_option(text_starts(rest, "://") ? text_slice(rest, 3, rest.len) : remote))
		return "its host begins with '-'";
	return NULL;
}

static const char *repository_problem(struct text path)
{
	if (path.len && path.ptr[0] == '-')
		return "it begins with '-'";
	return is_url(path) ? "it is a URL" : NULL;
}

/* ---- what is written ----------------------------------------------------------------------- */

static const char hint_name[] =
	"Names of git hold no blanks, '..', '@{' and ~^:?*[\\, and no part of "
	"them begins with '.' or ends with '.lock'.";
static const char hint_remote[] = "Write the name of a remote, as origin, a path, or a URL of ssh, "
				  "https, http, git or file.";

static const struct {
	const char *field, *what;
	enum diag_code code;
	const char *(*problem)(struct text text);
	const char *hint;
} rules[] = {
	{ "tag", "the name of a tag", RB0112, name_problem, hint_name },
	{ "compare", "a branch, tag or commit", RB0112, name_problem, hint_name },
	{ "fetch", "a remote", RB0118, git_remote_problem, hint_remote },
	{ "remote", "a remote", RB0118, git_remote_problem, hint_remote },
	{ "repo", "the folder of a repository", RB0118, repository_problem,
	  "Write a path, as . or ./shop; a repository that is not here is asked for its tags by "
	  "git: "
	  "{remote: URL}." },
};

bool git_check_names(const struct bound *bound, struct diags *diags)
{
	bool good = true;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const char *text = field_constant_text(bound, rules[i].field);
		const char *problem = text ? rules[i].problem(text_of(text)) : NULL;
		if (!problem)
			continue;
		good = false;
		diag_at(diags, field_node(bound, rules[i].field)->span, rules[i].code,
			"'%s' cannot be %s: %s", text_shown(text_of(text), diags->arena),
			rules[i].what, problem);
		diag_hint(diags, "%s", rules[i].hint);
	}
	return good;
}
