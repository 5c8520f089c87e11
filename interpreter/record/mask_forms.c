/* The forms in which a secret shows up in what programs print. */
#include <stdio.h>
#include <string.h>

#include "record/internal.h"

struct forms {
	struct text secret;
	struct buffer form; /* the one that is being made */
	void (*give)(void *data, struct text form);
	void *data;
};

static void give_form(struct forms *forms)
{
	forms->give(forms->data, buffer_text(&forms->form));
	forms->form.len = 0;
}

static void put_hex(struct buffer *out, const char *before, uint8_t byte, bool upper)
{
	buffer_puts(out, before);
	buffer_printf(out, upper ? "%02X" : "%02x", byte);
}

static void give_hex(struct forms *forms, bool upper)
{
	for (size_t i = 0; i < forms->secret.len; i++)
		put_hex(&forms->form, "", (uint8_t)forms->secret.ptr[i], upper);
	give_form(forms);
}

/* ---- base64 -------------------------------------------------------------------------------- */

/*
 * The digits that depend on the secret alone when it stands at offset 0, 1 or 2 of a group of three
 * bytes (RFC 4648). With end also the digit that it shares with what follows: there nothing does.
 */
static void give_base64(struct forms *forms, const char digits[65], size_t offset, bool end)
{
	struct text secret = forms->secret;
	size_t bits = 8 * (offset + secret.len);
	size_t count = end ? (bits + 5) / 6 : bits / 6;

	for (size_t i = (8 * offset + 5) / 6; i < count; i++) {
		unsigned digit = 0;

		for (size_t bit = 6 * i; bit < 6 * i + 6; bit++) {
			unsigned char byte = bit < bits
						     ? (unsigned char)secret.ptr[bit / 8 - offset]
						     : 0;

			digit = digit << 1 | (byte >> (7 - bit % 8) & 1);
		}
		buffer_putc(&forms->form, digits[digit]);
	}
	give_form(forms);
}

static void give_all_base64(struct forms *forms)
{
	static const char *const alphabets[] = {
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
	};

	for (size_t i = 0; i < 2; i++) {
		for (size_t offset = 0; offset < 3; offset++) {
			give_base64(forms, alphabets[i], offset, false);
			give_base64(forms, alphabets[i], offset, true);
		}
	}
}

/* ---- percent ------------------------------------------------------------------------------- */

static bool is_alphanumeric(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z');
}

static void give_percent(struct forms *forms, const char *kept, bool plus, bool upper)
{
	for (size_t i = 0; i < forms->secret.len; i++) {
		char byte = forms->secret.ptr[i];

		if (is_alphanumeric(byte) || (byte && strchr(kept, byte)))
			buffer_putc(&forms->form, byte);
		else if (plus && byte == ' ')
			buffer_putc(&forms->form, '+');
		else
			put_hex(&forms->form, "%", (uint8_t)byte, upper);
	}
	give_form(forms);
}

static void give_all_percent(struct forms *forms)
{
	static const struct {
		const char *kept;
		bool plus;
	} styles[] = {
		{ "-._~", false },                 /* RFC 3986: a component */
		{ "-._~/", false },                /* a path */
		{ "-._~!'()*", false },            /* encodeURIComponent */
		{ "-._~!'()*;/?:@&=+$,#", false }, /* encodeURI */
		{ "-._*", true },                  /* a form, as the URL standard has it */
		{ "-._", true },                   /* a form, as PHP has it */
	};

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		give_percent(forms, styles[i].kept, styles[i].plus, true);
		give_percent(forms, styles[i].kept, styles[i].plus, false);
	}
}

/* ---- JSON ---------------------------------------------------------------------------------- */

enum json_unicode { UNICODE_RAW, UNICODE_LOWER, UNICODE_UPPER };

static void put_json_unit(struct buffer *out, unsigned unit, enum json_unicode unicode)
{
	buffer_printf(out, unicode == UNICODE_UPPER ? "\\u%04X" : "\\u%04x", unit);
}

static void put_json(struct buffer *out, uint32_t code_point, enum json_unicode unicode)
{
	static const char escaped[] = "\"\\\b\f\n\r\t";
	static const char names[] = "\"\\bfnrt";
	const char *found = code_point && code_point < 0x80 ? strchr(escaped, (int)code_point)
							    : NULL;

	if (found) {
		buffer_putc(out, '\\');
		buffer_putc(out, names[found - escaped]);
	} else if (code_point < 0x20) {
		put_json_unit(out, code_point, unicode);
	} else if (code_point < 0x80 || unicode == UNICODE_RAW) {
		buffer_put_utf8(out, code_point);
	} else if (code_point < 0x10000) {
		put_json_unit(out, code_point, unicode);
	} else {
		put_json_unit(out, 0xd7c0 + (code_point >> 10), unicode);
		put_json_unit(out, 0xdc00 + (code_point & 0x3ff), unicode);
	}
}

static void give_json(struct forms *forms, enum json_unicode unicode, bool slash)
{
	size_t offset = 0;

	while (offset < forms->secret.len) {
		int32_t code_point = text_next(forms->secret, &offset);

		if (code_point == '/' && slash)
			buffer_putc(&forms->form, '\\');
		put_json(&forms->form, code_point < 0 ? 0xfffd : (uint32_t)code_point, unicode);
	}
	give_form(forms);
}

static void give_all_json(struct forms *forms)
{
	for (int unicode = UNICODE_RAW; unicode <= UNICODE_UPPER; unicode++) {
		give_json(forms, (enum json_unicode)unicode, false);
		give_json(forms, (enum json_unicode)unicode, true); /* PHP escapes slashes */
	}
	/* As this program writes it: DEL and the line separators are escaped too. */
	json_write_string(&forms->form, keep_utf8(forms->secret, forms->form.arena));
	forms->form.len--;
	forms->give(forms->data, text_slice(buffer_text(&forms->form), 1, forms->form.len));
	forms->form.len = 0;
}

/* ---- shell --------------------------------------------------------------------------------- */

/* Each byte of special is replaced by the text, in which & stands for the byte. */
static void give_shell(struct forms *forms, const char *special, const char *replacement)
{
	for (size_t i = 0; i < forms->secret.len; i++) {
		char byte = forms->secret.ptr[i];

		if (!byte || !strchr(special, byte)) {
			buffer_putc(&forms->form, byte);
			continue;
		}
		for (const char *ptr = replacement; *ptr; ptr++)
			buffer_putc(&forms->form, *ptr == '&' ? byte : *ptr);
	}
	give_form(forms);
}

static void give_all_shell(struct forms *forms)
{
	give_shell(forms, "'", "'\\''");    /* in single quotes */
	give_shell(forms, "'", "'\"'\"'");  /* the same, as Python has it */
	give_shell(forms, "\"\\$`", "\\&"); /* in double quotes */
	give_shell(forms, "'\\", "\\&");    /* in $'...' */
	/* printf %q, of bash and of dash's kin */
	give_shell(forms, " !\"#$&'()*,;<>?[\\]^`{|}", "\\&");
	give_shell(forms, " !\"#$&'()*;<=>?[\\]^`{|}~", "\\&");
}

void mask_forms(struct text secret, struct arena *arena, void (*give)(void *data, struct text form),
		void *data)
{
	struct forms forms = { .secret = secret, .give = give, .data = data };

	buffer_init(&forms.form, arena);
	give(data, secret);
	give_hex(&forms, false);
	give_hex(&forms, true);
	give_all_base64(&forms);
	give_all_percent(&forms);
	give_all_json(&forms);
	give_all_shell(&forms);
}
