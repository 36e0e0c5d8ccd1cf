/* Names as PostgreSQL resolves them (parse_relation.c): level by level outwards; within a level, what FROM made visible. */
#include "core/guard/walk.h"

#include <string.h>

/* ---- the host ----------------------------------------------------------------------------------------------------------- */

doxin_status dx_ask_host(dx_walk *walk, const char *action, const char *table, const char *column, const char *function,
                         bool *asked, int location)
{
    bool allowed = false;
    if (!walk->filter || *asked)
        return DOXIN_OK;
    doxin_status status = walk->filter->ask(walk->ctx, walk->filter->data, action, table, column, function, &allowed);
    if (status != DOXIN_OK)
        return status;
    *asked = true;
    if (allowed)
        return DOXIN_OK;
    const char *name = function ? function : column ? column : table;
    return dx_walk_refuse(walk, DOXIN_E_SQL_FILTERED, location, "ask without it",
                          "the host does not allow the %s \"%s\"", action, name);
}

/* ---- ranges --------------------------------------------------------------------------------------------------------------- */

static bool can_see(const dx_query *level, const dx_range *range)
{
    return !range->lateral_only || level->lateral;
}

dx_range *dx_find_range(const char *name, dx_query *level)
{
    for (; level; level = level->parent)
        for (int i = level->first; i < level->range_count; i++) {
            dx_range *range = level->ranges[i];
            if (range->named && range->name && can_see(level, range) && strcmp(range->name, name) == 0)
                return range;
        }
    return NULL;
}

dx_cte *dx_find_cte(const char *name, dx_query *level)
{
    for (; level; level = level->parent)
        for (dx_cte *cte = level->ctes; cte; cte = cte->next)
            if (strcmp(cte->name, name) == 0)
                return cte;
    return NULL;
}

bool dx_range_column(dx_range *range, const char *name, dx_column *out)
{
    if (range->table) {
        int index = dx_policy_find_column(range->table, name);
        if (index < 0)
            return false;
        *out = (dx_column){range->table->columns[index].name, range, index, DX_COLUMN_BYTES};
        return true;
    }
    for (size_t i = 0; i < range->columns.count; i++)
        if (range->columns.items[i].name && strcmp(range->columns.items[i].name, name) == 0) {
            *out = range->columns.items[i];
            return true;
        }
    return false;
}

doxin_status dx_use_column(dx_walk *walk, const dx_column *column, int location)
{
    dx_range *range = column->origin;
    if (!range || range->used[column->index])
        return DOXIN_OK;
    range->used[column->index] = true;
    bool *asked = walk->asked_columns + range->table_index * DX_POLICY_COLUMNS + column->index;
    return dx_ask_host(walk, "column", range->table->name, column->name, NULL, asked, location);
}

doxin_status dx_add_column(dx_walk *walk, dx_columns *columns, const dx_column *column)
{
    if (columns->count >= 1664)
        return dx_walk_refuse(walk, DOXIN_E_SQL_SIZE, -1, "name fewer columns", "a row has at most 1664 columns");
    dx_column *added = dx_push(walk->ctx, (void **)&columns->items, &columns->count, &columns->capacity, sizeof *added);
    if (!added)
        return DOXIN_E_NOMEM;
    *added = *column;
    return DOXIN_OK;
}

doxin_status dx_use_range(dx_walk *walk, dx_range *range, int location, dx_columns *out)
{
    size_t count = range->table ? (size_t)range->table->column_count : range->columns.count;
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < count && status == DOXIN_OK; i++) {
        dx_column column = range->table ? (dx_column){range->table->columns[i].name, range, (int)i, DX_COLUMN_BYTES}
                                        : range->columns.items[i];
        status = dx_use_column(walk, &column, location);
        if (status == DOXIN_OK && out)
            status = dx_add_column(walk, out, &column);
    }
    return status;
}

/* ---- references ----------------------------------------------------------------------------------------------------------- */

doxin_status dx_find_column(dx_walk *walk, const char *name, dx_query *level, bool local, int location,
                            dx_column *found, bool *any)
{
    *any = false;
    for (; level && !*any; level = local ? NULL : level->parent)
        for (int i = level->first; i < level->range_count; i++) {
            dx_range *range = level->ranges[i];
            dx_column column;
            if (!range->visible || !can_see(level, range) || !dx_range_column(range, name, &column))
                continue;
            if (*any)
                return dx_walk_refuse(walk, DOXIN_E_SQL_COLUMN, location, "write table.column",
                                      "the column \"%.64s\" is ambiguous", name);
            if (range->lateral_only && !range->lateral_ok)
                return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, location, "use LEFT JOIN",
                                      "the column \"%.64s\" cannot be seen here", name);
            *found = column;
            *any = true;
        }
    return DOXIN_OK;
}

static doxin_status whole_row(dx_walk *walk, dx_range *range, int location, uint64_t *size)
{
    size_t count = range->table ? (size_t)range->table->column_count : range->columns.count;
    *size = 0;
    if (!walk->row_allowed)
        return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, location, "name the columns, or write row_to_json(table)",
                              "the whole row of \"%.64s\" is not allowed here", range->name);
    for (size_t i = 0; i < count; i++)
        *size += range->table ? DX_COLUMN_BYTES : range->columns.items[i].size;
    return dx_use_range(walk, range, location, NULL);
}

static doxin_status bare_name(dx_walk *walk, const char *name, dx_query *level, int location, uint64_t *size)
{
    dx_column column;
    bool any;
    doxin_status status = dx_find_column(walk, name, level, false, location, &column, &any);
    if (status != DOXIN_OK)
        return status;
    if (any) {
        *size = column.size;
        return dx_use_column(walk, &column, location);
    }
    dx_range *range = dx_find_range(name, level);
    if (range)
        return whole_row(walk, range, location, size);
    return dx_walk_refuse(walk, DOXIN_E_SQL_COLUMN, location, "use a column of the tables in FROM",
                          "there is no column \"%.64s\" here", name);
}

static doxin_status qualified_name(dx_walk *walk, const char *qualifier, const char *name, dx_query *level,
                                   int location, uint64_t *size)
{
    dx_column column;
    dx_range *range = dx_find_range(qualifier, level);
    if (!range)
        return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, location, "add the table to FROM, or use its alias",
                              "there is no table \"%.64s\" in FROM here", qualifier);
    if (range->lateral_only && !range->lateral_ok)
        return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, location, "use LEFT JOIN", "\"%.64s\" cannot be seen here",
                              qualifier);
    if (!name)
        return whole_row(walk, range, location, size);
    if (!dx_range_column(range, name, &column))
        return dx_walk_refuse(walk, DOXIN_E_SQL_COLUMN, location,
                              "use a column of that table; a function is written f(x)",
                              "there is no column \"%.64s\" in \"%.64s\"", name, qualifier);
    *size = column.size;
    return dx_use_column(walk, &column, location);
}

doxin_status dx_walk_column(dx_walk *walk, const PgQuery__ColumnRef *reference, dx_query *level, uint64_t *size)
{
    size_t count = reference->n_fields;
    walk->near = reference->location >= 0 ? reference->location : walk->near;
    const char *first = count > 0 ? dx_string_of(reference->fields[0]) : NULL;
    const char *second = count > 1 ? dx_string_of(reference->fields[1]) : NULL;
    bool star = count == 2 && reference->fields[1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
    if (count == 1 && first)
        return bare_name(walk, first, level, reference->location, size);
    if (count == 2 && first && (second || star))
        return qualified_name(walk, first, second, level, reference->location, size);
    if (count == 1)
        return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, reference->location,
                              "write * in the select list or in count(*) only", "* is not allowed here");
    return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, reference->location, "write table.column, or use an alias",
                          "a column's name has at most two parts");
}
