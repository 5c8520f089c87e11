/* What a download must say, in the document and by the values of a run. */

#include <string.h>

#include "step/download.h"

static bool is_hex(struct text text, size_t len)
{
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("0123456789abcdefABCDEF", text.ptr[i], 22))
			return false;
	return text.len == len;
}

static bool is_digest(struct text text)
{
	return is_hex(text, SHA256_HEX - 1);
}

static bool is_fingerprint(struct text text)
{
	return is_hex(text, GPG_FINGERPRINT) || is_hex(text, 64);
}

static bool is_key(struct text text)
{
	struct minisign_key key;
	return minisign_read_key(text, &key);
}

static bool is_version(struct text text)
{
	int order;
	return semver_compare(text, text, &order);
}

/* Texts that have a form. */
static const struct form {
	const char *name;
	bool (*is)(struct text text);
	const char *what;
	const char *hint;
} forms[] = {
	{ "sha256", is_digest, "SHA-256 digest", "It is 64 hex digits, as sha256sum prints them." },
	{ "version", is_version, "semantic version", "Write it as 1.4.0 or v1.4.0." },
	{ "minisign_key", is_key, "public key of minisign",
	  "Write the second line of minisign.pub: RW..." },
	{ "fingerprint", is_fingerprint, "full fingerprint",
	  "Write its 40 hex digits without blanks, as gpg --with-colons --fingerprint does." },
};

static bool check_form(const struct form *form, const struct node *node, struct diags *diags)
{
	if (!node || node->kind != NODE_SCALAR ||
	    text_find(node->text, TEXT("${{"), 0) != SIZE_MAX || form->is(node->text))
		return true;
	diag_at(diags, node->span, RB0202, "'%s' is no %s", text_shown(node->text, diags->arena),
		form->what);
	diag_hint(diags, "%s", form->hint);
	return false;
}

/* One of the two, and not both. */
static bool check_pair(const struct node *map, const char *one, const char *other, const char *keep,
		       struct diags *diags)
{
	struct written first = written_in(map, one);
	struct written second = written_in(map, other);
	if (first.node || second.node)
		return alternatives_exclude(first, second, keep, diags);
	diag_at(diags, map->span, RB0407, "'signature' needs '%s' or '%s'", one, other);
	diag_hint(diags, "%s", keep);
	return false;
}

static bool check_signature(const struct node *map, struct diags *diags)
{
	struct written fingerprint = written_in(map, "fingerprint");
	bool good = check_pair(map, "file", "url",
			       "Write 'file' for a signature that is here, 'url' for one that is "
			       "downloaded.",
			       diags);
	good = check_pair(map, "minisign_key", "keyring",
			  "Write 'minisign_key' for a public key of minisign, 'keyring' for a file "
			  "that gpg --export made.",
			  diags) &&
	       good;
	if (!fingerprint.node || written_in(map, "keyring").node)
		return good;
	diag_at(diags, fingerprint.node->span, RB0407, "'fingerprint' needs 'keyring'");
	diag_hint(diags, "A key of minisign is its own fingerprint.");
	return false;
}

bool download_check(const struct bound *bound, struct span span, struct diags *diags)
{
	const struct node *signature = field_node(bound, "signature");
	bool good = mode_check(bound, diags);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct node *node = i < 2 ? field_node(bound, forms[i].name)
						: written_in(signature, forms[i].name).node;
		good = check_form(&forms[i], node, diags) && good;
	}
	if (signature)
		good = check_signature(signature, diags) && good;
	if (!signature && !field_node(bound, "sha256")) {
		diag_at(diags, span, RB0407, "'download' needs 'sha256' or 'signature'");
		diag_hint(diags, "Write what sha256sum prints of the file: sha256: DIGEST");
		good = false;
	}
	return http_check_auth(bound, diags) && good;
}

bool download_check_values(struct download *download)
{
	const struct download_args *args = download->args;
	const char *const values[] = { args->sha256, args->version, args->signature.minisign_key,
				       args->signature.fingerprint };
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!values[i] || forms[i].is(text_of(values[i])))
			continue;
		download_fail(download, "refused", RB0503, "'%s' is no %s",
			      text_shown(text_of(values[i]), download->task->arena), forms[i].what);
		return false;
	}
	return true;
}
