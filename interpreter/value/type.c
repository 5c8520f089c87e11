/* The types of values, as type() gives them. */
#include "value/internal.h"

static const struct value_type types[] = {
	[VALUE_NULL] = { "null_type" },
	[VALUE_BOOL] = { "bool" },
	[VALUE_INT] = { "int" },
	[VALUE_UINT] = { "uint" },
	[VALUE_DOUBLE] = { "double" },
	[VALUE_STRING] = { "string" },
	[VALUE_BYTES] = { "bytes" },
	[VALUE_LIST] = { "list" },
	[VALUE_MAP] = { "map" },
	[VALUE_TIMESTAMP] = { "google.protobuf.Timestamp" },
	[VALUE_DURATION] = { "google.protobuf.Duration" },
	[VALUE_TYPE] = { "type" },
	[VALUE_OPTIONAL] = { "optional_type" },
	[VALUE_OPAQUE] = { "opaque" },
	[VALUE_OBJECT] = { "map" },
	[VALUE_UNKNOWN] = { "unknown" },
	[VALUE_ERROR] = { "error" },
};

const struct value_type *value_type_of(struct value value)
{
	if (value.kind == VALUE_OPAQUE)
		return &value.opaque->class->type;
	return &types[value.kind];
}

const struct value_type *value_type_named(struct text name)
{
	for (size_t kind = VALUE_NULL; kind <= VALUE_OPTIONAL; kind++)
		if (text_is(name, types[kind].name))
			return &types[kind];
	return NULL;
}
