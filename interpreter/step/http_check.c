/* The rules across the fields of an http step. */

#include <strings.h>

#include "step/http.h"

/* Names of headers are the same in any case. */
static struct written authorization(const struct node *headers)
{
	struct written header = { "Authorization", NULL };
	for (uint32_t i = 0; headers && headers->kind == NODE_MAP && i < headers->count; i++)
		if (strcasecmp(headers->entries[i].key.text.ptr, header.name) == 0)
			header.node = &headers->entries[i].value;
	return header;
}

bool http_check_auth(const struct bound *bound, struct diags *diags)
{
	static const char keep[] = "Keep 'bearer' for a token, 'user' and 'password' for basic "
				   "authentication.";
	struct written auth = { "auth", field_node(bound, "auth") };
	struct written bearer = written_in(auth.node, "bearer");
	struct written user = written_in(auth.node, "user");
	struct written password = written_in(auth.node, "password");
	if (!alternatives_exclude(bearer, user, keep, diags) ||
	    !alternatives_exclude(bearer, password, keep, diags) ||
	    !alternatives_exclude(auth, authorization(field_node(bound, "headers")),
				  "Keep 'auth': it makes that header.", diags))
		return false;
	if (user.node || !password.node)
		return true;
	diag_at(diags, password.node->span, RB0407, "'password' needs 'user'");
	diag_hint(diags, "Write both: auth: {user: NAME, password: ...}");
	return false;
}

static bool check_method(const struct bound *bound, struct diags *diags)
{
	const struct place_text *request = field_place(bound, "request");
	struct written url = { "request", field_node(bound, "request") };
	struct written method = { "method", field_node(bound, "method") };
	return !request || !place_method(request) ||
	       alternatives_exclude(url, method,
				    "Keep one method: the one before the URL, or 'method'.", diags);
}

bool http_check(const struct bound *bound, struct span span, struct diags *diags)
{
	static const char *const targets[] = { "request", "url", NULL };
	static const char *const bodies[] = { "json", "form", "body", "upload", NULL };
	static const struct alternatives rules[] = {
		{ "http", targets, true, "Write: http: GET https://HOST/PATH",
		  "Keep 'request' for METHOD URL, or 'url' with 'method' beside it." },
		{ "http", bodies, false, NULL,
		  "Keep 'json' for a value as JSON, 'form' for fields of a form, 'body' for a text "
		  "as "
		  "it stands, 'upload' for a file." },
	};
	bool good = alternatives_check(&rules[0], bound, span, diags);
	good = alternatives_check(&rules[1], bound, span, diags) && good;
	good = http_check_auth(bound, diags) && good;
	return check_method(bound, diags) && good;
}
