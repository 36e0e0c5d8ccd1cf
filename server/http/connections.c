#include "http/internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Addresses with open connections, in a small hash of lists: an address is in it only while it has one. */
enum { BUCKETS = 1024 };

typedef struct address {
    struct address *next;
    int count;
    char name[ADDRESS_TEXT];
} address;

struct address_table {
    pthread_mutex_t lock;
    address *buckets[BUCKETS];
};

struct address_table *address_table_new(void)
{
    struct address_table *table = calloc(1, sizeof *table);
    if (table)
        pthread_mutex_init(&table->lock, NULL);
    return table;
}

void address_table_free(struct address_table *table)
{
    if (!table)
        return;
    for (int i = 0; i < BUCKETS; i++) {
        while (table->buckets[i]) {
            address *next = table->buckets[i]->next;
            free(table->buckets[i]);
            table->buckets[i] = next;
        }
    }
    pthread_mutex_destroy(&table->lock);
    free(table);
}

static address **find(struct address_table *table, const char *name)
{
    unsigned hash = 2166136261u;
    for (const char *p = name; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    address **at = &table->buckets[hash % BUCKETS];
    while (*at && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    return at;
}

bool address_table_enter(struct address_table *table, const char *name, int most)
{
    pthread_mutex_lock(&table->lock);
    address **at = find(table, name);
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (*at)
            memcpy((*at)->name, name, strlen(name) + 1);
    }
    bool room = *at && (*at)->count < most;
    if (room)
        (*at)->count++;
    pthread_mutex_unlock(&table->lock);
    return room;
}

void address_table_leave(struct address_table *table, const char *name)
{
    pthread_mutex_lock(&table->lock);
    address **at = find(table, name);
    address *old = *at;
    if (old && --old->count <= 0) {
        *at = old->next;
        free(old);
    }
    pthread_mutex_unlock(&table->lock);
}
