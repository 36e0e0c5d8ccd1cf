#include "app/identity/internal.h"

static const dx_op operations[] = {
    {.name = "auth.dev_login",
     .text = "Sign in without a password, for development on one machine",
     .effect = DX_WRITES,
     .flags = DX_OP_PUBLIC | DX_OP_BARE | DX_OP_DEV,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"email\"],\"properties\":{"
                "\"email\":{\"type\":\"string\",\"minLength\":3,\"maxLength\":320},"
                "\"name\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200},"
                "\"role\":{\"type\":\"string\",\"enum\":[\"user\",\"admin\"]}}}",
     .answer = "{\"type\":\"object\",\"required\":[\"token\",\"user\",\"expires_in\"],\"properties\":{"
               "\"token\":{\"type\":\"string\"},\"user\":" DX_USER_PROFILE ",\"expires_in\":{\"type\":\"integer\"}}}",
     .run = dx_auth_dev_login},
    {.name = "auth.me",
     .text = "Who is signed in, and what they may do",
     .permission = "account",
     .effect = DX_READS,
     .request = "{\"type\":\"object\",\"additionalProperties\":false}",
     .answer = "{\"type\":\"object\",\"required\":[\"user\",\"permissions\"],\"properties\":{\"user\":" DX_USER_PROFILE
               ",\"permissions\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
     .run = dx_auth_me},
    {.name = "auth.logout",
     .text = "End the session: its token is of no use after",
     .permission = "account",
     .effect = DX_WRITES,
     .request = "{\"type\":\"object\",\"additionalProperties\":false}",
     .answer = "{\"type\":\"object\",\"required\":[\"success\"],\"properties\":{\"success\":{\"type\":\"boolean\"}}}",
     .run = dx_auth_logout},
    {.name = "tickets.create",
     .text = "A ticket for one WebSocket or one download: it works once and for half a minute",
     .permission = "account",
     .effect = DX_READS,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"kind\"],\"properties\":{"
                "\"kind\":{\"type\":\"string\",\"enum\":[\"websocket\",\"file\"]},"
                "\"file_id\":{\"type\":\"string\",\"format\":\"uuid\"}}}",
     .answer = "{\"type\":\"object\",\"required\":[\"ticket\",\"expires_at\"],\"properties\":{\"ticket\":{\"type\":"
               "\"string\"},\"expires_at\":{\"type\":\"string\",\"format\":\"date-time\"}}}",
     .run = dx_tickets_create},
    {.name = "tickets.redeem",
     .text = "Take a ticket: whose it was, and that the room or file is one that they see",
     .effect = DX_READS,
     .flags = DX_OP_PUBLIC | DX_OP_BARE,
     .request =
         "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"ticket\",\"kind\"],\"properties\":{"
         "\"ticket\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200},"
         "\"kind\":{\"type\":\"string\",\"enum\":[\"websocket\",\"file\"]},"
         "\"room\":{\"type\":\"string\",\"maxLength\":120},"
         "\"file_id\":{\"type\":\"string\",\"format\":\"uuid\"}}}",
     .answer =
         "{\"type\":\"object\",\"required\":[\"user_id\",\"role\"],\"properties\":{\"user_id\":{\"type\":\"string\","
         "\"format\":\"uuid\"},\"role\":{\"type\":\"string\"},\"session_id\":{\"type\":[\"string\",\"null\"]},"
         "\"file\":{\"type\":\"object\"}}}",
     .run = dx_tickets_redeem},
};

const dx_module dx_identity_module = {
    .name = "identity",
    .operations = operations,
    .operation_count = sizeof operations / sizeof operations[0],
};
