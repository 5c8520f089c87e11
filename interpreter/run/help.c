/* What an operator or an author may try when an attempt failed in a way that is well known. */

#include "run/internal.h"

#define WAITS "While the service starts, 'retry: {within: 1m, every: 2s}' waits for it."

static const struct advice {
	enum diag_code code;
	const char *class;  /* NULL: any */
	const char *begins; /* what came, else the message, begins so; NULL: with anything */
	const char *verb;   /* NULL: any */
	bool waits;         /* not for a step that tries again already */
	const char *text;
} advices[] = {
	{ RB0402, "not_found", "program ", NULL, false,
	  "Install it, or mend PATH; 'requires: {programs: [NAME]}' says it before the run." },
	{ RB0402, NULL, "cannot enter the folder", NULL, false,
	  "A relative 'cwd' begins at the folder of the runbook that was started." },
	{ RB0402, "permission", "cannot run", NULL, false,
	  "chmod +x makes it executable; a script can also be an argument of its interpreter." },
	{ RB0403, NULL, "127", NULL, false,
	  "127 is a shell's word for a command that was not found; the output names it." },
	{ RB0404, NULL, "the command was ended by SIGKILL (", NULL, false,
	  "'dmesg' tells whether the kernel ended it because memory ran out." },
	{ RB0408, "connect", NULL, NULL, true, WAITS },
	{ RB0408, "tls", NULL, NULL, false,
	  "If the certificate is of an authority of your own, give its file as 'ca'." },
	{ RB0409, NULL, "401", NULL, false,
	  "Look at 'auth': the server knows the route, not who asks." },
	{ RB0409, NULL, "403", NULL, false,
	  "Look at 'auth': the server knows who asks, and refuses it." },
	{ RB0409, NULL, "404", "http", false,
	  "If the route moved, change the path here; if 404 is what you want: 'status: 404'." },
	{ RB0409, NULL, "405", NULL, false, "The route is there, and takes another method." },
	{ RB0409, NULL, "3", "http", false,
	  "'follow_redirects: 5' goes on to where it points; if it is what you want, give the code "
	  "as 'status'." },
	{ RB0409, NULL, "3", NULL, false, "'follow_redirects: 5' goes on to where it points." },
	{ RB0409, NULL, "502", NULL, true, WAITS },
	{ RB0409, NULL, "503", NULL, true, WAITS },
	{ RB0410, "connect", NULL, NULL, true, WAITS },
	{ RB0410, "not_found", "the database /", NULL, false,
	  "Mend the path, which begins at 'cwd' if it is relative; 'create: true' makes a new "
	  "file." },
	{ RB0506, "timeout", NULL, NULL, false,
	  "If it may take that long, raise the limit that stands in brackets; if not, look at what "
	  "it waited for." },
};

static bool fits(const struct advice *advice, const struct plan_node *node,
		 const struct checked *checked)
{
	const char *came = checked->actual ? checked->actual : checked->message;
	return advice->code == checked->code && !(advice->waits && node->retry) &&
	       (!advice->verb || (node->type && strcmp(node->type->name, advice->verb) == 0)) &&
	       (!advice->class || strcmp(advice->class, checked->class) == 0) &&
	       (!advice->begins || text_starts(text_of(came), advice->begins));
}

void help_add(const struct plan_node *node, struct checked *checked, struct arena *arena)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (fits(&advices[i], node, checked)) {
			line_add(&checked->lines, arena, "help", advices[i].text);
			return;
		}
}
