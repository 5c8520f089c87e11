/* What the holder of a lock is doing: the step that its journal says runs. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/internal.h"
#include "source/source.h"

#define JOURNAL_MAX ((off_t)16 << 20) /* of a longer one it is not worth while */

struct doing {
	struct arena *arena;
	int32_t slot;
	struct value outline;
	const char *text; /* NULL: nothing runs */
};

/* The name of a step as it is written. */
static const char *title(const struct doing *doing, int32_t slot)
{
	if (slot < 0 || doing->outline.kind != VALUE_LIST ||
	    (size_t)slot >= value_count(doing->outline))
		return "";
	return value_field_text(value_item(doing->outline, (size_t)slot), "name", doing->arena);
}

static bool follow(const struct event *event, void *data)
{
	struct doing *doing = data;
	const char *name;

	if (event->type == EVENT_RUN_OPENED)
		doing->outline = event_get(event, "outline");
	if (event->type == EVENT_STEP_ENDED && event->slot == doing->slot)
		doing->text = NULL;
	if (event->type != EVENT_STEP_STARTED || !event->path)
		return true;
	name = event_text(event, "name", doing->arena);
	doing->slot = event->slot;
	doing->text = arena_format(doing->arena, "%s %s", event->path,
				   *name ? name : title(doing, event->slot));
	return true;
}

/* Another user could have put anything there. */
static bool is_theirs(int folder, unsigned user)
{
	struct stat status;

	return fstatat(folder, JOURNAL_NAME, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(status.st_mode) && status.st_uid == user && status.st_size <= JOURNAL_MAX;
}

const char *lock_doing(const struct value *description, unsigned user, struct arena *arena)
{
	struct run_folder run = { .arena = arena };
	struct doing doing = { .arena = arena, .slot = -1, .outline = value_null() };
	struct store_error error;
	struct buffer safe;

	run.path = value_field_text(*description, "folder", arena);
	run.id = run.short_id = value_field_text(*description, "run", arena);
	run.fd = *run.path ? open(run.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (run.fd < 0)
		return NULL;
	if (is_theirs(run.fd, user))
		journal_read(&run, arena, follow, &doing, &error);
	close(run.fd);
	if (!doing.text)
		return NULL;
	buffer_init(&safe, arena);
	text_neutralise(&safe, text_of(doing.text), false);
	return buffer_string(&safe);
}
