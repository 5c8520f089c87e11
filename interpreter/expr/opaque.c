/* The names of the types of opaque values: net.IP, kubernetes.Semver, ... */
#include "expr/functions.h"

static const struct value_opaque_class *const classes[] = {
	&opaque_ip, &opaque_cidr, &opaque_semver, &opaque_quantity, &opaque_url,
};

const struct value_type *opaque_type_named(struct text name)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (text_is(name, classes[i]->type.name))
			return &classes[i]->type;
	return NULL;
}
