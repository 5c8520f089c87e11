/* What two lists or maps have not in common. */
#include "base/list.h"
#include "value/internal.h"

struct comparison {
	struct arena *arena;
	LIST(struct value) path; /* of what is being compared */
	struct value_difference *out;
	size_t max;
	size_t count; /* found so far */
};

static void compare(struct comparison *comparison, struct value left, struct value right);

static void add(struct comparison *comparison, const struct value *left, const struct value *right)
{
	if (comparison->count++ >= comparison->max)
		return;
	size_t depth = comparison->path.count;
	struct value *path = arena_array(comparison->arena, struct value, depth);
	for (size_t i = 0; i < depth; i++)
		path[i] = comparison->path.at[i];
	comparison->out[comparison->count - 1] = (struct value_difference){
		.path = path,
		.depth = depth,
		.in_left = left,
		.in_right = right,
		.left = left ? *left : value_null(),
		.right = right ? *right : value_null(),
	};
}

/* What stands under a key on each side; NULL where there is nothing. */
static void compare_under(struct comparison *comparison, struct value key, const struct value *left,
			  const struct value *right)
{
	*list_add(&comparison->path, comparison->arena) = key;
	if (left && right)
		compare(comparison, *left, *right);
	else
		add(comparison, left, right);
	comparison->path.count--;
}

static void compare_lists(struct comparison *comparison, struct value left, struct value right)
{
	size_t left_count = value_count(left), right_count = value_count(right);
	for (size_t i = 0; i < left_count || i < right_count; i++) {
		struct value a = i < left_count ? value_item(left, i) : value_null();
		struct value b = i < right_count ? value_item(right, i) : value_null();
		compare_under(comparison, value_int((int64_t)i), i < left_count ? &a : NULL,
			      i < right_count ? &b : NULL);
	}
}

static void compare_maps(struct comparison *comparison, struct value left, struct value right)
{
	struct arena *arena = comparison->arena;
	struct value key, a, b;
	for (size_t i = 0; value_entry_at(left, i, arena, &key, &a); i++)
		compare_under(comparison, key, &a, value_get(right, key, arena, &b) ? &b : NULL);
	for (size_t i = 0; value_entry_at(right, i, arena, &key, &b); i++)
		if (!value_get(left, key, arena, &a))
			compare_under(comparison, key, NULL, &b);
}

static void compare(struct comparison *comparison, struct value left, struct value right)
{
	left = value_force(left, comparison->arena);
	right = value_force(right, comparison->arena);
	if (left.kind == VALUE_LIST && right.kind == VALUE_LIST)
		compare_lists(comparison, left, right);
	else if (left.kind == VALUE_MAP && right.kind == VALUE_MAP)
		compare_maps(comparison, left, right);
	else if (!value_equal(left, right))
		add(comparison, &left, &right);
}

size_t value_differences(struct value left, struct value right, struct arena *arena,
			 struct value_difference *out, size_t max)
{
	struct comparison comparison = { .arena = arena, .out = out, .max = max };
	compare(&comparison, left, right);
	return comparison.count;
}
