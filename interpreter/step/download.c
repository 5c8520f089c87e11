/* download: a file from a server, whole and verified, or not at all. */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/list.h"
#include "step/download.h"

#define BODY_SHOWN 200                           /* bytes of the body of an unexpected answer */
#define VERSION_ATTRIBUTE "user.runbook.version" /* of the file: it goes where the file goes */
#define VERSION_MAX 256

static const struct field signature_rows[] = {
	PATH(struct download_signature, file, .flags = FIELD_READS,
	     .doc = "The signature, a file that is here."),
	URL(struct download_signature, url, .doc = "The signature, where it is downloaded from."),
	STRING(struct download_signature, minisign_key,
	       .doc = "Public key of minisign that must have signed, the second line of "
		      "minisign.pub."),
	PATH(struct download_signature, keyring, .flags = FIELD_READS,
	     .doc = "File of the keys of which one must have signed, for gpgv; gpg --export makes "
		    "it."),
	STRING(struct download_signature, fingerprint,
	       .doc = "Fingerprint of the key of the keyring that must have signed."),
	{ 0 },
};

static const struct field download_fields[] = {
	URL(struct download_args, url, .flags = FIELD_REQUIRED, .doc = "Absolute URL of the file."),
	PATH(struct download_args, to, .flags = FIELD_REQUIRED | FIELD_MAKES,
	     .doc = "The file that it becomes, relative to cwd."),
	STRING(struct download_args, sha256, .flags = FIELD_DETAIL,
	       .doc = "Digest that it must have, in hex; needed without a signature."),
	RECORD(struct download_args, signature, .rows = signature_rows, .flags = FIELD_DETAIL,
	       .doc = "Signature that it must have: file or url, minisign_key or keyring."),
	STRING(struct download_args, version, .flags = FIELD_DETAIL,
	       .doc = "Semantic version of the file, kept as its attribute user.runbook.version: "
		      "a lower one does not take the place of a higher one."),
	BOOL(struct download_args, downgrade, .dflt = "false",
	     .doc = "Whether a lower version may take the place of a higher one."),
	SIZE(struct download_args, max_size, .dflt = "1GiB", .min = 1, .max = INT64_C(1) << 40,
	     .doc = "A longer file is refused."),
	STRING(struct download_args, mode, .flags = FIELD_LITERAL, .dflt = "0644",
	       .doc = "Its permissions in octal."),
	HTTP_REACH_ROWS(struct download_args),
	{ 0 },
};

enum { OUT_PATH, OUT_SHA256, OUT_SIZE, OUT_CHANGED, OUT_VERSION, OUT_SIGNER, OUT_COMMENT };

static const struct output download_outputs[] = {
	[OUT_PATH] = { "path", &type_string, "Absolute path of the file." },
	[OUT_SHA256] = { "sha256", &type_string, "Digest of the file in hex." },
	[OUT_SIZE] = { "size", &type_int, "Bytes." },
	[OUT_CHANGED] = { "changed", &type_bool,
			  "Whether the content was another before; false: nothing was "
			  "downloaded." },
	[OUT_VERSION] = { "version", &type_string, "The version; '' if none was written." },
	[OUT_SIGNER] = { "signer", &type_string,
			 "Id or fingerprint of the key that signed it; '' without a signature." },
	[OUT_COMMENT] = { "comment", &type_string, "minisign's trusted comment; '' without one." },
	{ 0 },
};

/* ---- the ends ------------------------------------------------------------------------------ */

static void release(void *data)
{
	struct download *download = data;
	timer_stop(&download->timer);
	specimen_close(&download->present);
	file_draft_drop(&download->draft);
}

void download_finish(struct download *download, const struct outcome *outcome, struct value outputs)
{
	release(download);
	task_finish(download->task, outcome, outputs);
}

void download_fail(struct download *download, const char *class, enum diag_code code,
		   const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = class,
		.code = code,
		.message = arena_vformat(download->task->arena, format, args),
		.untouched = true,
	};
	va_end(args);
	download_finish(download, &outcome, value_null());
}

void download_fail_errno(struct download *download, int error, const char *doing, const char *path)
{
	download_fail(download, io_class_name(io_class_of_errno(error)), RB0406, "cannot %s %s: %s",
		      doing, path, strerror(error));
}

static void refuse(struct download *download, const struct refusal *refusal)
{
	const struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = "refused",
		.code = RB0412,
		.message = refusal->message,
		.expected = refusal->expected,
		.actual = refusal->actual,
		.untouched = true,
	};
	download_finish(download, &outcome, value_null());
}

static void succeed(struct download *download, const struct specimen *file, bool changed)
{
	const struct outcome outcome = { .status = OUTCOME_SUCCEEDED };
	struct text comment = download->minisign.comment;
	const char *version = download->args->version;
	struct value_map_builder map;
	value_map_init(&map, download->task->arena);
	value_map_set(&map, "path", value_cstring(download->path));
	value_map_set(&map, "sha256",
		      value_cstring(arena_string(download->task->arena, file->hex)));
	value_map_set(&map, "size", value_int(file->size));
	value_map_set(&map, "changed", value_bool(changed));
	value_map_set(&map, "version", value_cstring(version ? version : ""));
	value_map_set(&map, "signer", value_cstring(download->signer ? download->signer : ""));
	value_map_set(
		&map, "comment",
		value_string(comment.ptr && text_is_utf8(comment, NULL) ? comment : TEXT("")));
	download_finish(download, &outcome, value_map_end(&map));
}

/* ---- requests ------------------------------------------------------------------------------ */

static void request_failed(struct download *download, const struct http_result *result)
{
	struct outcome outcome = {
		.status = result->failure.class == IO_CANCELLED ? OUTCOME_CANCELLED
								: OUTCOME_FAILED,
		.class = io_class_name(result->failure.class),
		.code = RB0408,
		.message = result->failure.message,
		.untouched = true,
	};
	http_put_phase(download->task, result, &outcome);
	download_finish(download, &outcome, value_null());
}

static void status_failed(struct download *download, const struct http_result *result)
{
	struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = "http",
		.code = RB0409,
		.message = "unexpected HTTP status",
		.expected = "200",
		.actual = arena_format(download->task->arena, "%d %s", result->code,
				       result->reason),
		.untouched = true,
	};
	if (result->body.len)
		outcome_quote_add(download->task, &outcome, "body", result->body, BODY_SHOWN);
	download_finish(download, &outcome, value_null());
}

bool download_answered(struct download *download, const struct http_result *result)
{
	download->sending = false;
	if (result->failure.class == IO_NONE && result->code == 200)
		return true;
	if (result->failure.class == IO_NONE)
		status_failed(download, result);
	else
		request_failed(download, result);
	return false;
}

void download_send(struct download *download, struct text url, bool own)
{
	static const struct http_reach nothing = { 0 };
	struct task *task = download->task;
	struct http_call *call = &download->call;
	struct headers headers = { 0 };
	http_put_headers(task, own ? &download->args->reach : &nothing, &headers);
	*list_add(&headers, task->arena) = (struct http_header){ TEXT("Accept-Encoding"),
								 TEXT("identity") };
	http_put_reach(task, &download->args->reach, call);
	call->method = "GET";
	call->url = arena_text(task->arena, url).ptr;
	call->headers = headers.at;
	call->header_count = headers.count;
	call->data = download;
	download->sending = true;
	download->http->send(task->services->http, call, task->arena);
}

/* ---- the way ------------------------------------------------------------------------------- */

/* 0, or an errno value: the file system may keep no attributes. */
static int keep_version(const struct download *download, int fd)
{
	const char *version = download->args->version;
	return version && fsetxattr(fd, VERSION_ATTRIBUTE, version, strlen(version), 0) != 0 ? errno
											     : 0;
}

/* It may have its name, and the folder was not synced. */
static void keep_failed(struct download *download, int error)
{
	const struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = io_class_name(io_class_of_errno(error)),
		.code = RB0406,
		.message = arena_format(download->task->arena, "cannot write %s: %s",
					download->path, strerror(error)),
	};
	download_finish(download, &outcome, value_null());
}

static void activate(struct download *download, const struct refusal *refusal)
{
	struct specimen made = download->made;
	int error;
	if (refusal->message) {
		refuse(download, refusal);
		return;
	}
	error = keep_version(download, download->draft.fd);
	if (error) {
		download_fail_errno(download, error, "keep the version with", download->path);
		return;
	}
	error = file_draft_keep(&download->draft, download->mode);
	if (error)
		keep_failed(download, error);
	else
		succeed(download, &made, true);
}

static bool wants_more(const struct download *download)
{
	return !download->error && download->made.size <= download->args->max_size;
}

static void on_done(void *data, const struct http_result *result)
{
	struct download *download = data;
	if (!wants_more(download) && result->code != 200) {
		status_failed(download, result);
		return;
	}
	if (download->error) {
		download_fail_errno(download, download->error, "write", download->path);
		return;
	}
	if (!wants_more(download)) {
		download_fail(download, "resource", RB0412,
			      "the file is longer than max_size, %lld bytes",
			      (long long)download->args->max_size);
		return;
	}
	if (download_answered(download, result) && specimen_end(download, &download->made))
		download_judge(download, &download->made, activate);
}

/* The body of any answer; what came of it is looked at when it has ended. */
static bool on_received(void *data, struct text bytes)
{
	struct download *download = data;
	if (!specimen_add(download, &download->made, bytes))
		download->error = ENOMEM;
	if (wants_more(download))
		download->error = file_write_all(download->draft.fd, bytes);
	return wants_more(download);
}

static void fetch(struct download *download)
{
	specimen_close(&download->present);
	if (!download_draft(download))
		return;
	download->call = (struct http_call){ .max_body = BODY_SHOWN,
					     .received = on_received,
					     .done = on_done };
	download_send(download, download->args->url, true);
}

/* It is all there: what is missing is at most its mode and its version. */
static void present_judged(struct download *download, const struct refusal *refusal)
{
	struct specimen present = download->present;
	struct stat status;
	int error;
	if (refusal->message) {
		fetch(download);
		return;
	}
	error = keep_version(download, present.fd);
	if (!error && fstat(present.fd, &status) == 0 &&
	    (status.st_mode & 07777) != download->mode && fchmod(present.fd, download->mode) != 0)
		error = errno;
	if (error)
		download_fail_errno(download, error, "write", download->path);
	else
		succeed(download, &present, false);
}

static void present_examined(struct download *download)
{
	if (download->present.size > download->args->max_size)
		fetch(download);
	else
		download_judge(download, &download->present, present_judged);
}

static void signature_loaded(struct download *download)
{
	if (download->present.fd >= 0)
		download_examine(download, present_examined);
	else
		fetch(download);
}

/* False after a failure: a higher version is there. */
static bool may_replace(struct download *download)
{
	char there[VERSION_MAX];
	const char *version = download->args->version;
	int order;
	if (!version || download->args->downgrade || download->present.fd < 0)
		return true;
	ssize_t len = fgetxattr(download->present.fd, VERSION_ATTRIBUTE, there, sizeof(there));
	struct text present = { there, len < 0 ? 0 : (size_t)len };
	if (!semver_compare(text_of(version), present, &order) || order >= 0)
		return true;
	struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = "refused",
		.code = RB0412,
		.message = arena_format(download->task->arena,
					"version %s would take the place of the higher version %s",
					version, text_shown(present, download->task->arena)),
		.untouched = true,
	};
	outcome_line_add(download->task, &outcome, "hint", "Write downgrade: true to go back.");
	download_finish(download, &outcome, value_null());
	return false;
}

/* ---- the start ----------------------------------------------------------------------------- */

static void on_cancel(struct task *task, void *data)
{
	struct download *download = data;
	const struct outcome outcome = { .status = OUTCOME_CANCELLED,
					 .class = "cancelled",
					 .untouched = true };
	(void)task;
	if (download->process) {
		process_stop(download->process, download->stopping ? 0 : PROCESS_GRACE);
		download->stopping = true;
	} else if (download->sending) {
		download->http->cancel(&download->call);
	} else {
		download_finish(download, &outcome, value_null());
	}
}

static void download_start(struct task *task, const void *data)
{
	const struct download_args *args = data;
	struct download *download = arena_new(task->arena, struct download);
	*download = (struct download){
		.task = task,
		.args = args,
		.path = task_path(task, args->to),
		.mode = mode_read(args->mode),
		.present = { .fd = -1 },
		.draft = { .folder = -1, .fd = -1 },
	};
	arena_defer(task->arena, release, download);
	task_cancel_with(task, on_cancel, download);
	if (!download_check_values(download))
		return;
	download->http = http_open(task);
	if (!download->http)
		return;
	if (args->signature.minisign_key) {
		download->verify = task_driver(task, "verify");
		if (!download->verify)
			return;
	}
	if (download_look(download) && may_replace(download))
		download_load_signature(download, signature_loaded);
}

/* ---- the table ----------------------------------------------------------------------------- */

static void download_show(struct buffer *out, const struct bound *bound,
			  const struct expr_scope *scope, struct arena *arena)
{
	field_show_one(out, bound, "url", scope, arena);
	buffer_puts(out, " to ");
	field_show_one(out, bound, "to", scope, arena);
}

static const char *download_module(const struct bound *bound)
{
	(void)bound;
	return "http";
}

extern const struct step_type step_download;

const struct step_type step_download = {
	.name = "download",
	.main = "url",
	.summary = "Download a file, verified, whole or not at all.",
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_WRITE,
	.fields = download_fields,
	.size = sizeof(struct download_args),
	.outputs = download_outputs,
	.timeout = "10m",
	.check = download_check,
	.show = download_show,
	.driver = download_module,
	.start = download_start,
	.example = "- download: https://example.org/app-1.4.0.tar.gz\n  to: app.tar.gz\n"
		   "  sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
};
