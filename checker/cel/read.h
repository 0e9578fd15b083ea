/*
 * Nodes read as values, inline because every select does it. For values.c and access.c.
 *
 * A value is written part by part into the struct of the caller: reading back a struct that was
 * just copied as a whole costs more than everything else here.
 */
#ifndef PLANLINT_CEL_READ_H
#define PLANLINT_CEL_READ_H

#include "cel/program.h"

#include <math.h>

/* A node of type date that is one: false, with `out` untouched, where it is none. */
bool cel_read_date(const struct doc_node *node, struct cel_value *out);

static inline void cel_read_head(struct cel_value *out, enum cel_kind kind,
				 const struct doc_node *node)
{
	out->kind = (uint8_t)kind;
	out->flags = 0;
	out->scheme = 0;
	out->node = node;
}

static inline void cel_read_integer(struct cel_value *out, const struct doc_node *node,
				    enum cel_type_kind kind)
{
	if (kind == CEL_T_DOUBLE || !(node->flags & DOC_INT64)) {
		cel_read_head(out, CEL_DOUBLE, node);
		out->number = node->flags & DOC_INT64 ? (double)node->integer : node->number;
	} else {
		cel_read_head(out, kind == CEL_T_UINT && node->integer >= 0 ? CEL_UINT : CEL_INT,
			      node);
		out->integer = node->integer;
	}
}

/* JSON Schema 2020-12 core 4.2.3: 1.0 is an integer. */
static inline void cel_read_number(struct cel_value *out, const struct doc_node *node,
				   enum cel_type_kind kind)
{
	if ((kind == CEL_T_INT || kind == CEL_T_UINT) && node->number == floor(node->number) &&
	    fabs(node->number) < 9007199254740992.0) {
		cel_read_head(out, CEL_INT, node);
		out->integer = (int64_t)node->number;
	} else {
		cel_read_head(out, CEL_DOUBLE, node);
		out->number = node->number;
	}
}

/* A node read as a type that is not nullable, whose kind is known (NULL: CEL_T_DYN). */
static inline void cel_read_plain(struct cel_value *out, const struct doc_node *node,
				  const struct cel_type *type, enum cel_type_kind kind)
{
	if (kind == CEL_T_DATE && cel_read_date(node, out))
		return;
	if (node->type == DOC_STRING) { /* what most are, without a jump through a table */
		cel_read_head(out, CEL_STRING, node);
		out->string = (struct slice){node->text, node->len};
		return;
	}
	switch ((enum doc_type)node->type) {
	case DOC_NULL:
		cel_read_head(out, CEL_NULL, node);
		out->unsigned_ = 0;
		return;
	case DOC_BOOLEAN:
		cel_read_head(out, CEL_BOOL, node);
		out->boolean = node->integer != 0;
		return;
	case DOC_INTEGER:
		cel_read_integer(out, node, kind);
		return;
	case DOC_NUMBER:
		cel_read_number(out, node, kind);
		return;
	case DOC_STRING:
		return;
	case DOC_ARRAY:
		cel_read_head(out, CEL_LIST, node);
		out->flags = CEL_LAZY;
		out->type = kind == CEL_T_LIST ? type : NULL;
		return;
	case DOC_OBJECT:
		cel_read_head(out, CEL_MAP, node);
		out->flags = CEL_LAZY;
		out->type = kind == CEL_T_OBJECT || kind == CEL_T_MAP ? type : NULL;
		return;
	}
	g_assert_not_reached();
}

static inline void cel_read_node(struct cel_value *out, const struct doc_node *node,
				 const struct cel_type *type)
{
	while (type && type->kind == CEL_T_NULLABLE)
		type = type->params[0];
	cel_read_plain(out, node, type, type ? type->kind : CEL_T_DYN);
}

/* The type by which a container's child is to be read. */
static inline const struct cel_type *cel_read_child_type(const struct cel_value *container,
							 const struct doc_node *child)
{
	const struct cel_type *type = container->type;

	if (!type)
		return NULL;
	if (type->kind == CEL_T_LIST)
		return type->params[0];
	if (type->kind == CEL_T_MAP)
		return type->params[1];
	for (size_t i = 0; i < type->field_count; i++) {
		const struct cel_field *field = &type->fields[i];

		if (field->symbol ? field->symbol == child->symbol
				  : slice_equal(field->name, doc_key_text(child)))
			return field->type;
	}
	return type->rest;
}

/* The member with a symbol, or NULL; `object` is a DOC_OBJECT. */
static inline const struct doc_node *cel_read_find(const struct doc_node *object, uint32_t symbol)
{
	const struct doc_node *at = object + 1;

	for (uint32_t left = object->count; left; left--, at += at->next)
		if (at->symbol == symbol)
			return at;
	return NULL;
}

#endif
