/* What the macros are for: rows of the table of functions, which only the reference reads. */
#include "expr/functions.h"

/* How a macro is written stands where a function has its signature. */
#define MACRO(row_name, row_form, row_doc, row_example) \
	{ \
		.name = row_name, .signature = row_form, .doc = row_doc, .example = row_example \
	}

#define ALL_DOC "Whether the condition holds for every item, or for every key of a map."
#define EXISTS_DOC "Whether the condition holds for an item, or for a key of a map."
#define ONE_DOC "Whether the condition holds for exactly one item, or one key of a map."
#define TWO_DOC "The same with the index and the item of a list, or the key and the value of a map."
#define MAP_DOC \
	"A list of what the expression gives for each item, or each key of a map; of those only " \
	"for which a condition holds."
#define LIST_DOC \
	"A list of what the expression gives for each item, or each value of a map; of those " \
	"only for which a condition holds."
#define VALUES_DOC "The map with other values; only the entries for which a condition holds."
#define ENTRY_DOC \
	"A map of the entries that the expression gives, each as a map; only those for which a " \
	"condition holds."

const struct function functions_macros[] = {
	MACRO("has", "has(map.field) -> bool", "Whether the field is there.",
	      "has({'a': 1}.a) && !has({'a': 1}.b)"),
	MACRO("all", "list.all(item, condition) -> bool", ALL_DOC, "[1, 2].all(x, x > 0)"),
	MACRO("all", "list.all(index, item, condition) -> bool", TWO_DOC,
	      "{'a': 1}.all(k, v, k == 'a' && v == 1)"),
	MACRO("exists", "list.exists(item, condition) -> bool", EXISTS_DOC,
	      "[1, 2].exists(x, x > 1)"),
	MACRO("exists", "list.exists(index, item, condition) -> bool", TWO_DOC,
	      "['a', 'b'].exists(i, x, i == 1 && x == 'b')"),
	MACRO("exists_one", "list.exists_one(item, condition) -> bool", ONE_DOC,
	      "[1, 2].exists_one(x, x > 1)"),
	MACRO("exists_one", "list.exists_one(index, item, condition) -> bool", TWO_DOC,
	      "[3, 4].exists_one(i, x, i == 0)"),
	MACRO("existsOne", "list.existsOne(item, condition) -> bool", ONE_DOC,
	      "[1, 2].existsOne(x, x > 1)"),
	MACRO("existsOne", "list.existsOne(index, item, condition) -> bool", TWO_DOC,
	      "{'a': 1}.existsOne(k, v, v == 1)"),
	MACRO("map", "list.map(item, value) -> list", MAP_DOC, "[1, 2].map(x, x * 2) == [2, 4]"),
	MACRO("map", "list.map(item, condition, value) -> list", MAP_DOC,
	      "[1, 2].map(x, x > 1, x * 2) == [4]"),
	MACRO("filter", "list.filter(item, condition) -> list",
	      "The items, or the keys of a map, for which the condition holds.",
	      "[1, 2, 3].filter(x, x > 1) == [2, 3]"),
	MACRO("sortBy", "list.sortBy(item, key) -> list",
	      "The items in the ascending order of what the expression gives for each.",
	      "['ccc', 'a', 'bb'].sortBy(x, size(x)) == ['a', 'bb', 'ccc']"),
	MACRO("transformList", "list.transformList(index, item, value) -> list", LIST_DOC,
	      "['a', 'b'].transformList(i, x, x + string(i)) == ['a0', 'b1']"),
	MACRO("transformList", "list.transformList(index, item, condition, value) -> list",
	      LIST_DOC, "{'a': 1, 'b': 2}.transformList(k, v, v > 1, k) == ['b']"),
	MACRO("transformMap", "map.transformMap(key, value, result) -> map", VALUES_DOC,
	      "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}"),
	MACRO("transformMap", "map.transformMap(key, value, condition, result) -> map", VALUES_DOC,
	      "{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v) == {'b': 2}"),
	MACRO("transformMapEntry", "map.transformMapEntry(key, value, entry) -> map", ENTRY_DOC,
	      "{'a': 'x'}.transformMapEntry(k, v, {v: k}) == {'x': 'a'}"),
	MACRO("transformMapEntry", "map.transformMapEntry(key, value, condition, entry) -> map",
	      ENTRY_DOC, "['a', 'b'].transformMapEntry(i, x, i > 0, {x: i}) == {'b': 1}"),
	MACRO("cel.bind", "cel.bind(name, value, result)",
	      "The result, in which the name stands for the value; that is computed when it is "
	      "needed, once.",
	      "cel.bind(x, 'a' + 'b', x + x) == 'abab'"),
	MACRO("optMap", "optional.optMap(value, result) -> optional",
	      "An optional of the result for the value that it holds; nothing if it holds nothing.",
	      "{'a': 1}.?a.optMap(x, x + 1).value() == 2"),
	MACRO("optFlatMap", "optional.optFlatMap(value, optional) -> optional",
	      "The optional that the expression gives for the value that it holds.",
	      "{'a': {'b': 1}}.?a.optFlatMap(x, x.?b).value() == 1"),
	{ 0 },
};
